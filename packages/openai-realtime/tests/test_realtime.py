from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from anyio.lowlevel import checkpoint
from openai_realtime import AsyncRealtime, Realtime
from openai_types.errors import InvalidArgumentError


@dataclass
class Client:
    base_url: str
    api_key: str = "sk-client"
    websocket_base_url: str | None = None
    organization: str | None = "org_1"
    project: str | None = "proj_1"
    default_headers: dict[str, str] = field(default_factory=lambda: {"X-Default": "1"})


@dataclass
class Keyed(Client):
    """A client whose key a function gives."""

    api_key: str = ""
    key_function: Callable[[], Any] | None = None


def check_request(server: Any) -> None:
    (request,) = server.requests
    assert request.path == "/v1/realtime?model=gpt-realtime&x=1"
    assert request.headers["Authorization"] == "Bearer sk-client"
    assert request.headers["OpenAI-Organization"] == "org_1"
    assert request.headers["OpenAI-Project"] == "proj_1"
    assert request.headers["X-Default"] == "1"
    assert request.headers["X-Extra"] == "2"


def test_realtime_connects_with_the_clients_settings(server: Any):
    realtime = Realtime(Client(server.play()))
    with realtime.connect(
        model="gpt-realtime", extra_query={"x": 1}, extra_headers={"X-Extra": "2"}
    ) as connection:
        assert list(connection) == []
    check_request(server)


@pytest.mark.anyio
async def test_async_realtime_connects_with_the_clients_settings(server: Any):
    realtime = AsyncRealtime(Client(server.play()))
    async with realtime.connect(
        model="gpt-realtime", extra_query={"x": 1}, extra_headers={"X-Extra": "2"}
    ) as connection:
        assert [event async for event in connection] == []
    check_request(server)


@pytest.mark.anyio
async def test_async_enter_opens_and_leaves_closing_to_the_caller(server: Any):
    realtime = AsyncRealtime(Client(server.play()))
    connection = await realtime.connect(model="m").enter()
    try:
        assert [event async for event in connection] == []
    finally:
        await connection.close()


def sent(server: Any) -> list[str]:
    return [request.headers["Authorization"] for request in server.requests]


def test_function_is_asked_when_a_session_is_opened(server: Any):
    keys = iter(["sk-1", "sk-2"])
    manager = Realtime(Keyed(server.play(), key_function=lambda: next(keys))).connect(model="m")
    for _ in range(2):
        with manager:
            pass
    assert sent(server) == ["Bearer sk-1", "Bearer sk-2"]
    assert repr(manager) == f"RealtimeConnectionManager({manager._settings.endpoint!r})"


@pytest.mark.anyio
async def test_coroutine_function_is_awaited_when_a_session_is_opened(server: Any):
    async def token() -> str:
        await checkpoint()
        return "sk-awaited"

    url = server.play()
    for realtime in (
        AsyncRealtime(Keyed(url, key_function=token)),
        AsyncRealtime(Keyed(url, key_function=lambda: "sk-plain")),
        AsyncRealtime(Keyed(url, "sk-text")),
    ):
        async with realtime.connect(model="m"):
            pass
    assert sent(server) == ["Bearer sk-awaited", "Bearer sk-plain", "Bearer sk-text"]


@pytest.mark.anyio
async def test_function_is_not_asked_where_a_header_authenticates(server: Any):
    def never() -> str:
        raise AssertionError

    client = Keyed(server.play(), key_function=never)
    mine = {"Authorization": "Bearer mine"}
    with Realtime(client).connect(model="m", extra_headers=mine):
        pass
    async with AsyncRealtime(client).connect(model="m", extra_headers=mine):
        pass
    assert sent(server) == ["Bearer mine"] * 2


@pytest.mark.anyio
async def test_what_the_function_does_wrong_is_told_and_nothing_is_sent(server: Any):
    def fails() -> str:
        raise KeyError("no token")

    url = server.play()
    for function, error in ((fails, KeyError), (lambda: "sk-1\n", InvalidArgumentError)):
        client = Keyed(url, key_function=function)
        with pytest.raises(error), Realtime(client).connect(model="m"):
            pass
        with pytest.raises(error):
            await AsyncRealtime(client).connect(model="m").enter()
    assert server.requests == []
