import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openai_types.webhooks import UnknownUnwrapWebhookEvent, UnwrapWebhookEvent
from openai_webhooks import WebhookSecretError, deliver
from openai_webhooks.adapters.flask import webhook_event

from .deliveries import BODY, CAP, LARGE, SECRET, UNKNOWN, Application, Case, signed
from .servers import serving_wsgi


@pytest.fixture
def app(application: Application) -> Flask:
    app = Flask("receiver")

    @app.post("/webhook")
    @webhook_event(application.webhook)
    def receive(event: UnwrapWebhookEvent) -> None:
        application.events.append(event)

    @app.post("/<tenant>/webhook")
    @webhook_event(application.webhook)
    def receive_for(event: UnwrapWebhookEvent, tenant: str) -> tuple[str, int]:
        return f"{event.type} for {tenant}", 202

    @app.post("/async")
    @webhook_event(application.webhook)
    async def receive_async(event: UnwrapWebhookEvent) -> None:
        application.events.append(event)

    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize("to", ["/webhook", "/async"])
def test_genuine_event_is_given_to_the_view(client: FlaskClient, application: Application, to: str):
    answer = client.post(to, data=BODY, headers=signed(BODY))
    assert (answer.status_code, answer.data) == (204, b"")
    (event,) = application.events
    assert event.type == "response.completed"
    assert event.data.id == "resp_ü"


def test_view_has_its_arguments_and_its_answer(client: FlaskClient):
    answer = client.post("/acme/webhook", data=UNKNOWN, headers=signed(UNKNOWN))
    assert (answer.status_code, answer.text) == (202, "moon.risen for acme")


def test_unknown_event_is_given_too(client: FlaskClient, application: Application):
    assert client.post("/webhook", data=UNKNOWN, headers=signed(UNKNOWN)).status_code == 204
    assert isinstance(application.events[0], UnknownUnwrapWebhookEvent)


def test_request_is_refused(client: FlaskClient, application: Application, case: Case):
    answer = client.post("/webhook", data=case.body, headers=case.headers)
    assert (answer.status_code, answer.text) == (case.status, case.text)
    assert application.metrics.calls == ["received", case.counted]
    assert application.events == []


def test_body_without_a_length_is_read_no_further_than_the_cap(client: FlaskClient):
    stream = io.BytesIO(b"x" * 100_000)
    environment = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = client.post(
        "/webhook", input_stream=stream, headers=signed(b""), environ_overrides=environment
    )
    assert answer.status_code == 413
    assert stream.tell() < 10 * CAP


def test_smaller_limit_of_the_application_holds(app: Flask, client: FlaskClient):
    app.config["MAX_CONTENT_LENGTH"] = len(BODY) - 1
    assert client.post("/webhook", data=BODY, headers=signed(BODY)).status_code == 413


def test_larger_limit_of_the_application_is_that_of_its_other_views(
    app: Flask, client: FlaskClient
):
    app.config["MAX_CONTENT_LENGTH"] = 10**9
    assert client.post("/webhook", data=LARGE, headers=signed(LARGE)).status_code == 413


def test_other_methods_are_refused(client: FlaskClient):
    assert client.get("/webhook").status_code == 405


def test_decorator_without_a_secret_is_not_made(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("OPENAI_WEBHOOK_SECRET", raising=False)
    with pytest.raises(WebhookSecretError, match="OPENAI_WEBHOOK_SECRET"):
        webhook_event()


def test_delivery_over_a_socket(app: Flask, application: Application):
    with serving_wsgi(app) as port:
        url = f"http://127.0.0.1:{port}/webhook"
        assert deliver(url, BODY, secret=SECRET).status == 204
        assert deliver(url, BODY, secret="other").status == 400
    assert [event.type for event in application.events] == ["response.completed"]
