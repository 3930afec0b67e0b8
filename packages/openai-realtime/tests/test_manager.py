from typing import Any

import pytest
from openai_realtime import connect
from openai_types.errors import OpenAIError


def test_connect_with_a_bad_setting_fails_before_any_connection():
    with pytest.raises(OpenAIError, match="line break"):
        connect(model="gpt-realtime", api_key="sk-1\n")


def test_connect_passes_on_model_call_and_query(server: Any):
    url = server.play()
    with connect(model="m", call_id="call_1", api_key="k", base_url=url, extra_query={"x": True}):
        pass
    assert server.requests[0].path == "/v1/realtime?model=m&call_id=call_1&x=true"


def test_repr_shows_the_endpoint_and_no_key():
    manager = connect(model="m", api_key="sk-secret", base_url="https://h/v1")
    assert repr(manager) == "RealtimeConnectionManager('wss://h/v1/realtime')"


def test_enter_opens_and_leaves_closing_to_the_caller(server: Any):
    connection = connect(model="m", api_key="k", base_url=server.play()).enter()
    try:
        assert list(connection) == []
    finally:
        connection.close()


def test_function_gives_the_key_when_the_session_is_opened(server: Any):
    with connect(model="m", api_key=lambda: "sk-given", base_url=server.play()):
        pass
    assert server.requests[0].headers["Authorization"] == "Bearer sk-given"


def test_coroutine_function_for_a_session_of_threads_is_refused():
    async def token() -> str:
        raise NotImplementedError

    wrong: Any = token
    with pytest.raises(OpenAIError, match="coroutine function"):
        connect(model="m", api_key=wrong)
