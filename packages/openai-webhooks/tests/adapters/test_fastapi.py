from http.client import HTTPConnection
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, Request, Response
from fastapi.testclient import TestClient
from openai_types.webhooks import UnknownUnwrapWebhookEvent, UnwrapWebhookEvent
from openai_webhooks import VerifiedWebhook, WebhookSecretError, deliver
from openai_webhooks.adapters.fastapi import verified_webhook, webhook_event
from starlette.middleware.base import RequestResponseEndpoint

from .deliveries import BODY, CAP, SECRET, UNKNOWN, Application, Case, signed
from .servers import serving_asgi


@pytest.fixture
def app(application: Application) -> FastAPI:
    app = FastAPI()
    webhook = webhook_event(application.webhook)
    verified = verified_webhook(application.webhook)

    @app.post("/webhook", status_code=204)
    async def receive(
        event: UnwrapWebhookEvent = Depends(webhook),  # noqa: B008, FAST002 - many write it so
    ) -> None:
        application.events.append(event)

    @app.post("/blocking")
    def receive_blocking(event: Annotated[UnwrapWebhookEvent, Depends(webhook)]) -> str | None:
        return event.type

    @app.post("/verified")
    async def store(delivery: Annotated[VerifiedWebhook, Depends(verified)]) -> list[object]:
        return [delivery.id, delivery.timestamp, delivery.body.decode()]

    return app


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app)


def test_genuine_event_is_given_to_the_function(client: TestClient, application: Application):
    answer = client.post("/webhook", content=BODY, headers=signed(BODY))
    assert (answer.status_code, answer.content) == (204, b"")
    (event,) = application.events
    assert event.type == "response.completed"
    assert event.data.id == "resp_ü"


def test_unknown_event_is_given_too(client: TestClient, application: Application):
    assert client.post("/webhook", content=UNKNOWN, headers=signed(UNKNOWN)).status_code == 204
    assert isinstance(application.events[0], UnknownUnwrapWebhookEvent)


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/webhook", "/verified"])
async def test_sender_that_leaves_is_no_failure(app: FastAPI, application: Application, path: str):
    said: list[Any] = []
    parts = iter(
        [{"type": "http.request", "body": BODY[:5], "more_body": True}, {"type": "http.disconnect"}]
    )

    async def receive() -> Any:
        return next(parts)

    async def send(message: Any) -> None:
        said.append(message)

    headers = [(name.encode(), value.encode()) for name, value in signed(BODY).items()]
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b""}
    await app({**scope, "headers": headers}, receive, send)
    assert said[0]["status"] == 400
    assert application.events == []


def test_blocking_functions_have_their_thread_and_the_event(client: TestClient):
    answer = client.post("/blocking", content=BODY, headers=signed(BODY))
    assert answer.json() == "response.completed"


def test_body_that_a_middleware_has_read_is_there(app: FastAPI, client: TestClient):
    @app.middleware("http")
    async def log(request: Request, call_next: RequestResponseEndpoint) -> Response:
        await request.body()
        return await call_next(request)

    assert client.post("/webhook", content=BODY, headers=signed(BODY)).status_code == 204


def test_verified_delivery_has_id_time_and_bytes(client: TestClient):
    headers = signed(BODY)
    answer = client.post("/verified", content=BODY, headers=headers)
    assert answer.json() == ["wh_1", int(headers["webhook-timestamp"]), BODY.decode()]
    assert client.post("/verified", content=b"[]", headers=signed(b"[]")).status_code == 200
    assert client.post("/verified", content=BODY + b" ", headers=headers).status_code == 400


def test_request_is_refused(client: TestClient, application: Application, case: Case):
    answer = client.post("/webhook", content=case.body, headers=case.headers)
    assert (answer.status_code, answer.json()) == (case.status, {"detail": case.text})
    assert application.metrics.calls == ["received", case.counted]
    assert application.events == []


def test_description_of_the_application_can_be_made(app: FastAPI):
    assert set(app.openapi()["paths"]) == {"/webhook", "/blocking", "/verified"}


@pytest.mark.parametrize("make", [webhook_event, verified_webhook])
def test_dependency_without_a_secret_is_not_made(make: object, monkeypatch: pytest.MonkeyPatch):
    assert callable(make)
    monkeypatch.delenv("OPENAI_WEBHOOK_SECRET", raising=False)
    with pytest.raises(WebhookSecretError, match="OPENAI_WEBHOOK_SECRET"):
        make()


def test_delivery_over_a_socket(app: FastAPI, application: Application):
    with serving_asgi(app) as port:
        url = f"http://127.0.0.1:{port}/webhook"
        assert deliver(url, BODY, secret=SECRET).status == 204
        assert deliver(url, BODY, secret="other").status == 400
    assert [event.type for event in application.events] == ["response.completed"]


def test_body_without_a_length_is_read_no_further_than_the_cap(app: FastAPI):
    with serving_asgi(app) as port:
        connection = HTTPConnection("127.0.0.1", port)
        pieces = (b"x" * 1000 for _ in range(CAP // 1000 + 1))
        connection.request("POST", "/webhook", pieces, signed(b""), encode_chunked=True)
        assert connection.getresponse().status == 413
        connection.close()
