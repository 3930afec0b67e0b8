from dataclasses import dataclass, field
from typing import Any

import pytest
from openai_realtime import AsyncRealtime, Realtime


@dataclass
class Client:
    base_url: str
    api_key: str = "sk-client"
    websocket_base_url: str | None = None
    organization: str | None = "org_1"
    project: str | None = "proj_1"
    default_headers: dict[str, str] = field(default_factory=lambda: {"X-Default": "1"})


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
