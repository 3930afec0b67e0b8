from collections.abc import Callable
from typing import Any

import pytest
from openai_http import OpenAI
from openai_mock import MockServer, serve
from openai_webhooks import InvalidWebhookSignatureError, Webhook

from .receivers import Inbox

PATIENCE = 30.0  # seconds; reached only when something is broken
Received = Callable[..., Any]


@pytest.fixture
def received(inbox: Inbox) -> Received:
    """Waits for the next event, and checks it with a secret."""

    def next_event(secret: str) -> Any:
        _, headers, body = inbox.requests.get(timeout=PATIENCE)
        return Webhook(secret).unwrap(body, headers)

    return next_event


def client_of(server: MockServer) -> OpenAI:
    return OpenAI(api_key=server.api_key, base_url=server.base_url, max_retries=0)


def test_background_response_is_told_when_nobody_asks(inbox: Inbox, received: Received):
    with serve(webhook_url=inbox.url) as server, client_of(server) as client:
        response = client.responses.create(model="gpt-5.5", input="Hi", background=True)
        server.clock.advance(60)
        event = received(server.webhook_secret)
        assert (event.type, event.data.id) == ("response.completed", response.id)
        assert client.responses.retrieve(response.id).status == "completed"


def test_response_that_is_streamed_to_its_end_is_told_once(inbox: Inbox, received: Received):
    with serve(webhook_url=inbox.url) as server, client_of(server) as client:
        told = [
            event.type
            for event in client.responses.create(
                model="gpt-5.5", input="Hi", background=True, stream=True
            )
        ]
        assert told[-1] == "response.completed"
        assert received(server.webhook_secret).type == "response.completed"
        server.clock.advance(60)
        cancelled = client.responses.create(model="gpt-5.5", input="Hi", background=True)
        client.responses.cancel(cancelled.id)
        assert received(server.webhook_secret).data.id == cancelled.id


def test_only_jobs_in_the_background_are_told(inbox: Inbox, received: Received):
    with serve(webhook_url=inbox.url) as server, client_of(server) as client:
        client.responses.create(model="gpt-5.5", input="Hi")
        file = client.files.create(file=("a.jsonl", b"not a line"), purpose="batch")
        batch = client.batches.create(
            input_file_id=file.id, endpoint="/v1/responses", completion_window="24h"
        )
        server.clock.advance(60)
        event = received(server.webhook_secret)
        assert (event.type, event.data.id) == ("batch.failed", batch.id)


def test_endpoint_is_sent_what_it_wants_signed_with_its_secrets(inbox: Inbox):
    with serve() as server, client_of(server) as client:
        endpoint = client.webhooks.create(
            name="hook", url=inbox.url, event_types=["response.cancelled"]
        )
        rotated = client.webhooks.rotate_secret(
            endpoint.id, keep_old_secret_active_for_24_hours=True
        )
        client.responses.create(model="gpt-5.5", input="Hi", background=True)
        server.clock.advance(60)
        response = client.responses.create(model="gpt-5.5", input="Hi", background=True)
        client.responses.cancel(response.id)
        _, headers, body = inbox.requests.get(timeout=PATIENCE)
        for secret in (endpoint.signing_secret, rotated.signing_secret):
            event: Any = Webhook(secret).unwrap(body, headers)
            assert (event.type, event.data.id) == ("response.cancelled", response.id)

        server.clock.advance(25 * 3600)
        client.webhooks.test(endpoint.id, event_type="batch.completed")
        _, headers, body = inbox.requests.get(timeout=PATIENCE)
        assert b"batch.completed" in body
        Webhook(rotated.signing_secret).unwrap(body, headers)
        with pytest.raises(InvalidWebhookSignatureError):
            Webhook(endpoint.signing_secret).unwrap(body, headers)


def test_deliveries_are_noted_with_how_they_went(inbox: Inbox):
    inbox.status = 500
    with serve(webhook_url=f"{inbox.url}/hook") as server, client_of(server) as client:
        client.responses.create(model="gpt-5.5", input="Hi", background=True)
        server.clock.advance(60)
        inbox.requests.get(timeout=PATIENCE)
    (delivery,) = server.deliveries  # the end waited for it
    assert (delivery.url, delivery.status, delivery.error) == (f"{inbox.url}/hook", 500, None)
    assert delivery.event["type"] == "response.completed"
    assert server.webhook_secret not in repr(delivery)


def test_receiver_that_is_not_there_is_told(caplog: pytest.LogCaptureFixture):
    with serve(webhook_url="http://127.0.0.1:9") as server, client_of(server) as client:
        response = client.responses.create(model="gpt-5.5", input="Hi", background=True)
        client.responses.cancel(response.id)
    (delivery,) = server.deliveries
    assert (delivery.status, type(delivery.error).__name__) == (None, "WebhookDeliveryError")
    assert "start the receiver first" in caplog.text
