from collections.abc import Iterator
from types import ModuleType
from typing import Any

import django
import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient, Client, override_settings
from django.urls import path
from openai_types.webhooks import UnknownUnwrapWebhookEvent, UnwrapWebhookEvent
from openai_webhooks import WebhookSecretError, deliver
from openai_webhooks.adapters.django import webhook_event

from .deliveries import BODY, LARGE, SECRET, UNKNOWN, Application, Case, signed
from .servers import serving_wsgi

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["testserver", "127.0.0.1"],
        MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"],
        SECRET_KEY="made up",
    )
    django.setup()


@pytest.fixture(autouse=True)
def _urls(application: Application) -> Iterator[None]:
    @webhook_event(application.webhook)
    def receive(request: HttpRequest, event: UnwrapWebhookEvent) -> None:
        assert request.path == "/webhook"
        application.events.append(event)

    @webhook_event(application.webhook)
    def receive_for(request: HttpRequest, event: UnwrapWebhookEvent, tenant: str) -> HttpResponse:
        return HttpResponse(f"{event.type} for {tenant} in {len(request.body)} bytes", status=202)

    @webhook_event(application.webhook)
    async def receive_async(request: HttpRequest, event: UnwrapWebhookEvent) -> None:
        assert request.path == "/async"
        application.events.append(event)

    urls: Any = ModuleType("urls")
    urls.urlpatterns = [
        path("webhook", receive),
        path("async", receive_async),
        path("<tenant>/webhook", receive_for),
    ]
    with override_settings(ROOT_URLCONF=urls):
        yield


def post(body: bytes, headers: dict[str, str], to: str = "/webhook") -> Any:
    # Any: the answer of a test client has what its base class has not.
    kind = headers.get("content-type", "application/octet-stream")
    client = Client(enforce_csrf_checks=True)
    return client.generic("POST", to, body, kind, headers=headers)


@pytest.mark.parametrize("to", ["/webhook", "/async"])
def test_genuine_event_is_given_to_the_view(application: Application, to: str):
    answer = post(BODY, signed(BODY), to)
    assert (answer.status_code, answer.content) == (204, b"")
    (event,) = application.events
    assert event.type == "response.completed"
    assert event.data.id == "resp_ü"


def test_view_has_its_arguments_its_answer_and_the_body():
    answer = post(UNKNOWN, signed(UNKNOWN), "/acme/webhook")
    expected = f"moon.risen for acme in {len(UNKNOWN)} bytes"
    assert (answer.status_code, answer.content.decode()) == (202, expected)


def test_unknown_event_is_given_too(application: Application):
    assert post(UNKNOWN, signed(UNKNOWN)).status_code == 204
    assert isinstance(application.events[0], UnknownUnwrapWebhookEvent)


def test_request_is_refused(application: Application, case: Case):
    answer = post(case.body, case.headers)
    assert (answer.status_code, answer.content.decode()) == (case.status, case.text)
    assert application.metrics.calls == ["received", case.counted]
    assert application.events == []


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.parametrize("to", ["/webhook", "/async"])
async def test_asgi_gives_the_same(application: Application, to: str):
    client = AsyncClient(enforce_csrf_checks=True)
    for body, status in ((BODY, 204), (BODY + b" ", 400), (LARGE, 413)):
        answer = await client.generic(
            "POST", to, body, "application/json", headers=signed(BODY if status == 400 else body)
        )
        assert answer.status_code == status
    assert application.metrics.calls == [
        *("received", "accepted"),
        *("received", "signature_mismatch"),
        *("received", "too_large"),
    ]


def test_delivery_over_a_socket(application: Application):
    with serving_wsgi(WSGIHandler()) as port:
        url = f"http://127.0.0.1:{port}/webhook"
        assert deliver(url, BODY, secret=SECRET).status == 204
        assert deliver(url, BODY, secret="other").status == 400
    assert [event.type for event in application.events] == ["response.completed"]


def test_smaller_limit_of_the_application_holds(application: Application):
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=len(BODY) - 1):
        assert post(BODY, signed(BODY)).status_code == 413
    assert application.metrics.calls == ["received", "too_large"]


@pytest.mark.parametrize("length", ["many", "1,2", "-"])
def test_length_that_is_no_number_is_none(application: Application, length: str):
    client = Client()
    client.raise_request_exception = False
    made: Any = {"CONTENT_LENGTH": length}
    answer = client.generic("POST", "/webhook", BODY, headers=signed(BODY), **made)
    assert answer.status_code == 400
    assert application.metrics.calls == ["received", "signature_mismatch"]


def test_other_methods_are_refused(application: Application):
    assert Client().get("/webhook").status_code == 405
    assert application.metrics.calls == []


def test_decorator_without_a_secret_is_not_made(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("OPENAI_WEBHOOK_SECRET", raising=False)
    with pytest.raises(WebhookSecretError, match="OPENAI_WEBHOOK_SECRET"):
        webhook_event()
