import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeAlias
from unittest.mock import Mock

import pytest
from aiohttp import StreamReader, web
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request
from openai_types.webhooks import UnknownUnwrapWebhookEvent, UnwrapWebhookEvent
from openai_webhooks import WebhookSecretError
from openai_webhooks.adapters.aiohttp import webhook_event

from .deliveries import BODY, CAP, LARGE, UNKNOWN, Application, Case, signed

pytestmark = pytest.mark.anyio
Client: TypeAlias = "TestClient[web.Request, web.Application]"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@web.middleware
async def reading(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    if "x-read-before" in request.headers:
        await request.read()
    return await handler(request)


@pytest.fixture
async def client(application: Application) -> AsyncIterator[Client]:
    routes = web.RouteTableDef()

    @routes.post("/webhook")
    @webhook_event(application.webhook)
    async def receive(request: web.Request, event: UnwrapWebhookEvent) -> None:
        assert request.path == "/webhook"
        application.events.append(event)

    @routes.post("/answering")
    @webhook_event(application.webhook)
    async def answer(request: web.Request, event: UnwrapWebhookEvent) -> web.Response:
        assert request.path == "/answering"
        return web.json_response({"type": event.type}, status=202)

    app = web.Application(middlewares=[reading], client_max_size=10**9)
    app.add_routes(routes)
    async with TestClient(TestServer(app)) as client:  # on a real socket
        yield client


async def test_genuine_event_is_given_to_the_handler(client: Client, application: Application):
    answer = await client.post("/webhook", data=BODY, headers=signed(BODY))
    assert (answer.status, await answer.read()) == (204, b"")
    (event,) = application.events
    assert event.type == "response.completed"
    assert event.data.id == "resp_ü"


async def test_handler_may_answer_itself(client: Client):
    answer = await client.post("/answering", data=UNKNOWN, headers=signed(UNKNOWN))
    assert (answer.status, await answer.json()) == (202, {"type": "moon.risen"})


async def test_unknown_event_is_given_too(client: Client, application: Application):
    answer = await client.post("/webhook", data=UNKNOWN, headers=signed(UNKNOWN))
    assert answer.status == 204
    assert isinstance(application.events[0], UnknownUnwrapWebhookEvent)


async def test_body_that_a_middleware_has_read_is_there(client: Client):
    headers = {**signed(BODY), "x-read-before": "1"}
    assert (await client.post("/webhook", data=BODY, headers=headers)).status == 204
    headers = {**signed(LARGE), "x-read-before": "1"}
    assert (await client.post("/webhook", data=LARGE, headers=headers)).status == 413


async def test_request_is_refused(client: Client, application: Application, case: Case):
    answer = await client.post("/webhook", data=case.body, headers=case.headers)
    assert (answer.status, await answer.text()) == (case.status, case.text)
    assert application.metrics.calls == ["received", case.counted]
    assert application.events == []


async def test_body_without_a_length_is_read_no_further_than_the_cap(client: Client):
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(CAP // 1000 + 1):
            yield b"x" * 1000

    answer = await client.post("/webhook", data=pieces(), headers=signed(b""))
    assert answer.status == 413


async def test_sender_that_leaves_is_no_failure(application: Application):
    @webhook_event(application.webhook)
    async def receive(request: web.Request, event: UnwrapWebhookEvent) -> None:
        raise AssertionError(f"{event} was not sent, in {request}")

    body = StreamReader(Mock(), 1000, loop=asyncio.get_running_loop())
    body.feed_data(BODY[:5])
    body.set_exception(ConnectionResetError("Connection lost"))
    answer = await receive(make_mocked_request("POST", "/", signed(BODY), payload=body))
    assert answer.status == 400


async def test_header_twice_with_different_values_is_refused(
    client: Client, application: Application
):
    headers = [*signed(BODY).items(), ("webhook-id", "wh_2")]
    assert (await client.post("/webhook", data=BODY, headers=headers)).status == 400
    assert application.metrics.calls == ["received", "header_repeated"]


async def test_other_methods_are_refused(client: Client):
    assert (await client.get("/webhook")).status == 405


async def test_decorator_without_a_secret_is_not_made(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("OPENAI_WEBHOOK_SECRET", raising=False)
    with pytest.raises(WebhookSecretError, match="OPENAI_WEBHOOK_SECRET"):
        webhook_event()
