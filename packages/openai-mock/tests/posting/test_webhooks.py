import json
import socket
import threading
from typing import Any, get_args

import pytest
from openai_mock import MockServer, MockServerError, WebhookDeliveryError
from openai_mock.posting.webhooks import deliver, make_event
from openai_mock.state.ids import Identifiers
from openai_types import Decoder
from openai_types.webhooks import UnwrapWebhookEvent
from openai_webhooks import Webhook

from .receivers import Inbox

decode = Decoder[Any](UnwrapWebhookEvent, strict=True)  # Any: a union of all events
TYPES = [
    get_args(member.model_fields["type"].annotation)[0]
    for member in get_args(get_args(UnwrapWebhookEvent)[0])[:-1]
]


def test_event_arrives_signed_and_typed(mock: MockServer, inbox: Inbox):
    assert mock.send_webhook(f"{inbox.url}/hooks?tenant=1") == 200
    path, headers, body = inbox.requests.get_nowait()
    assert path == "/hooks?tenant=1"
    assert headers["content-type"] == "application/json"
    event: Any = Webhook(mock.webhook_secret).unwrap(body, headers)
    assert (event.type, event.object) == ("response.completed", "event")
    assert event.data.id.startswith("resp_")
    assert event.id.startswith("evt_")


def test_deliveries_have_ids_of_their_own(mock: MockServer, inbox: Inbox):
    for _ in range(2):
        mock.send_webhook(inbox.url)
    seen = [inbox.requests.get_nowait()[1]["webhook-id"] for _ in range(2)]
    assert len(set(seen)) == 2


@pytest.mark.parametrize("status", [204, 302, 400, 500])
def test_status_of_the_receiver_is_given_as_it_is(mock: MockServer, inbox: Inbox, status: int):
    inbox.status = status
    assert mock.send_webhook(inbox.url, "batch.failed", data={"id": "batch_1"}) == status
    _, _, body = inbox.requests.get_nowait()
    assert (json.loads(body)["type"], json.loads(body)["data"]["id"]) == ("batch.failed", "batch_1")


@pytest.mark.parametrize("event_type", TYPES)
def test_every_event_satisfies_the_description(event_type: str, ids: Identifiers):
    event = decode(json.dumps(make_event(event_type, None, ids=ids, created_at=1_750_000_000)))
    assert (event.type, event.created_at) == (event_type, 1_750_000_000)


def test_unknown_event_is_told_with_those_that_exist(mock: MockServer):
    with pytest.raises(MockServerError, match=r"'response\.teleported'.*response\.completed"):
        mock.send_webhook("http://127.0.0.1:9", "response.teleported")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_refused_connection_names_the_place_and_the_remedy(mock: MockServer):
    url = f"http://user:secret@127.0.0.1:{free_port()}/hook?token=secret"
    with pytest.raises(WebhookDeliveryError, match=r"127\.0\.0\.1:\d+/hook.*start") as caught:
        mock.send_webhook(url)
    assert "secret" not in str(caught.value)
    assert caught.value.url == url.replace("user:secret@", "").partition("?")[0]
    assert json.loads(caught.value.body)["type"] == "response.completed"
    assert isinstance(caught.value.__cause__, ConnectionRefusedError)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "not an http or https URL"),
        ("ftp://h/", "not an http or https URL"),
        ("http:///path", "not an http or https URL"),
        ("http://127.0.0.1:port/", "Correct the URL"),
        ("http://127.0.0.1:9/a b", "Correct the URL|does not speak HTTP"),
    ],
)
def test_impossible_url_is_told(mock: MockServer, url: str, words: str):
    with pytest.raises(WebhookDeliveryError, match=words):
        mock.send_webhook(url)


def test_receiver_that_never_answers_ends_at_the_timeout(mock: MockServer):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(WebhookDeliveryError, match="raise the timeout"):
            mock.send_webhook(url, timeout=0.01)


def answer_with(listener: socket.socket, answer: bytes) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(65_536)
        connection.sendall(answer)


@pytest.mark.parametrize(
    ("answer", "words"), [(b"hello\r\n\r\n", "does not speak HTTP"), (b"", "what the receiver did")]
)
def test_receiver_that_does_not_speak_http(mock: MockServer, answer: bytes, words: str):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer_with, args=(listener, answer))
        thread.start()
        with pytest.raises(WebhookDeliveryError, match=words):
            mock.send_webhook(f"http://127.0.0.1:{listener.getsockname()[1]}")
        thread.join()


def test_encrypted_receivers_are_spoken_to_in_tls():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer_with, args=(listener, b"no TLS"))
        thread.start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(WebhookDeliveryError):
            deliver(url, {}, secrets=["secret"], webhook_id="wh_1", timeout=10, clock=lambda: 1.0)
        thread.join()
