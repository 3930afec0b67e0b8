"""`client.realtime.connect`: what it hands to the package that opens sessions."""

import sys
from typing import Any
from unittest import mock

import pytest
from openai_http import AsyncOpenAI, OpenAI
from openai_types.errors import OpenAIError

REALTIME = {OpenAI: "Realtime", AsyncOpenAI: "AsyncRealtime"}
BOTH_CLIENTS = pytest.mark.parametrize("made", REALTIME)


@BOTH_CLIENTS
def test_connect_hands_everything_on(made: Any):
    pytest.importorskip("openai_realtime")
    client = made(api_key="sk-1")
    given: dict[str, Any] = {
        "model": "gpt-realtime",
        "call_id": "call_1",
        "extra_query": {"a": "b"},
        "extra_headers": {"x-a": "1"},
        "websocket_connection_options": {"max_size": 7},
    }
    with mock.patch(f"openai_realtime.{REALTIME[made]}") as realtime:
        manager = client.realtime.connect(**given)
    realtime.assert_called_once_with(client)
    realtime.return_value.connect.assert_called_once_with(**given)
    assert manager is realtime.return_value.connect.return_value


@BOTH_CLIENTS
def test_package_that_is_not_installed_is_named(made: Any, monkeypatch: pytest.MonkeyPatch):
    realtime = made(api_key="sk-1").realtime
    monkeypatch.setitem(sys.modules, "openai_realtime", None)
    with pytest.raises(OpenAIError, match=r"needs the package openai-realtime\. Install it"):
        realtime.connect(model="gpt-realtime")


@BOTH_CLIENTS
def test_session_asks_the_function_that_gives_the_key_of_its_client(made: Any):
    pytest.importorskip("openai_realtime")

    def token() -> str:
        raise NotImplementedError

    manager = made(api_key=token).realtime.connect(model="gpt-realtime")
    assert manager._settings.key_function is token
    assert "authorization" not in manager._settings.headers
