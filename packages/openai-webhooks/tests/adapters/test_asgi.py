from typing import Any

import pytest
from openai_types.webhooks import UnknownUnwrapWebhookEvent, UnwrapWebhookEvent
from openai_webhooks import WebhookSecretError, deliver
from openai_webhooks.adapters.asgi import WebhookEndpoint
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from .deliveries import BODY, CAP, LARGE, SECRET, UNKNOWN, Application, Case, signed
from .servers import serving_asgi


@pytest.fixture
def endpoint(application: Application) -> WebhookEndpoint:
    async def handle(event: UnwrapWebhookEvent) -> None:
        application.events.append(event)

    return WebhookEndpoint(handle, webhook=application.webhook)


@pytest.fixture
def client(endpoint: WebhookEndpoint) -> TestClient:
    return TestClient(Starlette(routes=[Route("/webhook", endpoint)]))


def test_genuine_event_is_handled_and_answered_with_204(
    client: TestClient, application: Application
):
    answer = client.post("/webhook", content=BODY, headers=signed(BODY))
    assert (answer.status_code, answer.content) == (204, b"")
    (event,) = application.events
    assert event.type == "response.completed"
    assert event.data.id == "resp_ü"


def test_unknown_event_is_handled_too(client: TestClient, application: Application):
    assert client.post("/webhook", content=UNKNOWN, headers=signed(UNKNOWN)).status_code == 204
    assert isinstance(application.events[0], UnknownUnwrapWebhookEvent)


def test_request_is_refused(client: TestClient, application: Application, case: Case):
    answer = client.post("/webhook", content=case.body, headers=case.headers)
    assert (answer.status_code, answer.text) == (case.status, case.text)
    assert application.metrics.calls == ["received", case.counted]
    assert application.events == []


def test_other_methods_are_refused(client: TestClient, application: Application):
    answer = client.get("/webhook")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert application.metrics.calls == []


def test_handler_that_fails_is_not_answered_with_success(application: Application):
    async def fail(event: UnwrapWebhookEvent) -> None:
        raise ConnectionError(event.type)

    app = Starlette(routes=[Route("/", WebhookEndpoint(fail, webhook=application.webhook))])
    client = TestClient(app, raise_server_exceptions=False)
    assert client.post("/", content=BODY, headers=signed(BODY)).status_code == 500


def test_delivery_over_a_socket(endpoint: WebhookEndpoint, application: Application):
    with serving_asgi(endpoint) as port:  # without any framework
        url = f"http://127.0.0.1:{port}/"
        assert deliver(url, BODY, secret=SECRET).status == 204
        assert deliver(url, BODY, secret="other").status == 400
        assert deliver(url, LARGE, secret=SECRET).status == 413
    assert [event.type for event in application.events] == ["response.completed"]


async def exchange(endpoint: WebhookEndpoint, messages: list[Any], scope: Any) -> list[Any]:
    sent: list[Any] = []

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    await endpoint(scope, receive, send)
    return sent


def posted(body: bytes) -> dict[str, object]:
    headers = [(name.encode(), value.encode()) for name, value in signed(body).items()]
    return {"type": "http", "method": "POST", "headers": headers}


@pytest.mark.anyio
async def test_body_in_pieces_is_one_body(endpoint: WebhookEndpoint, application: Application):
    pieces = [{"type": "http.request", "body": bytes([each]), "more_body": True} for each in BODY]
    sent = await exchange(endpoint, [*pieces, {"type": "http.request"}], posted(BODY))
    assert sent[0]["status"] == 204
    assert len(application.events) == 1


@pytest.mark.anyio
async def test_endless_body_is_read_no_further_than_the_cap(endpoint: WebhookEndpoint):
    piece = {"type": "http.request", "body": b"x" * 1000, "more_body": True}
    messages = [piece] * 100
    sent = await exchange(endpoint, messages, posted(b""))
    assert sent[0]["status"] == 413
    assert len(messages) == 100 - (CAP // 1000 + 1)


@pytest.mark.anyio
async def test_sender_that_went_away_is_not_answered(
    endpoint: WebhookEndpoint, application: Application
):
    messages = [
        {"type": "http.request", "body": BODY[:5], "more_body": True},
        {"type": "http.disconnect"},
    ]
    assert await exchange(endpoint, messages, posted(BODY)) == []
    assert application.events == []


@pytest.mark.anyio
@pytest.mark.parametrize("kind", ["lifespan", "websocket"])
async def test_what_is_no_request_is_not_served(endpoint: WebhookEndpoint, kind: str):
    with pytest.raises(RuntimeError, match=f"of type {kind}"):
        await exchange(endpoint, [], {"type": kind})


def test_endpoint_without_a_secret_is_not_made(monkeypatch: pytest.MonkeyPatch):
    async def handle(event: UnwrapWebhookEvent) -> None: ...

    monkeypatch.delenv("OPENAI_WEBHOOK_SECRET", raising=False)
    with pytest.raises(WebhookSecretError, match="OPENAI_WEBHOOK_SECRET"):
        WebhookEndpoint(handle)
