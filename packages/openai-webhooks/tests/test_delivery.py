import contextlib
import itertools
import json
import pickle
import socket
import struct
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest
from openai_webhooks import (
    DeliveryAttempt,
    InvalidWebhookSignatureError,
    Webhook,
    WebhookDeliveryError,
    WebhookSecretError,
    deliver,
    exponential_backoff,
)

from .receivers import receiving

EVENT = {"id": "evt_1", "object": "event", "type": "response.completed", "data": {"id": "resp_ü"}}
NOW = 1_760_000_000


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = float(NOW)
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_delivery_is_taken_and_genuine():
    with receiving() as receiver:
        delivery = deliver(f"{receiver.url}?tenant=1", EVENT, secret="secret", clock=Time())
    (request,) = receiver.requests
    assert request.path == "/hook?tenant=1"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["user-agent"].startswith("openai-webhooks/")
    assert delivery == (request.headers["webhook-id"], 204, (DeliveryAttempt(1, NOW, 204),))
    assert delivery.delivered
    verified = Webhook("secret", clock=Time()).verified(request.body, request.headers)
    assert json.loads(verified.body) == EVENT
    assert verified.id == delivery.webhook_id


@contextmanager
def answering(answer: bytes, then: bytes, *, reset: bool = False) -> Generator[str]:
    """A receiver that answers with this, then with more for as long as somebody listens."""

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError):
            connection.recv(65_536)
            connection.sendall(answer)
            if reset:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            while then:
                connection.sendall(then)
                left.wait(0.001)

    left = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        left.set()
        thread.join()


def test_answer_that_never_ends_is_an_answer():
    with answering(b"HTTP/1.1 202 Yes\r\n\r\n", b".") as url:
        assert deliver(url, EVENT, secret="secret", timeout=0.1).status == 202


@pytest.mark.parametrize("reset", [True, False])
def test_receiver_has_answered_though_it_did_not_finish(reset: bool):
    head = b"HTTP/1.1 200 Yes\r\ncontent-length: 100\r\n\r\n"
    with answering(head, b"", reset=reset) as url:
        assert deliver(url, EVENT, secret="secret").delivered


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf")])
def test_timeout_has_to_be_a_time(timeout: float):
    with pytest.raises(ValueError, match=r"timeout is .*; it must be more than zero seconds"):
        deliver("http://127.0.0.1:9", EVENT, secret="secret", timeout=timeout)


@pytest.mark.parametrize("payload", [b' {"a":\t1}\n', ' {"a":\t1}\n', b"\xff", b""])
def test_delivery_of_a_body_sends_it_byte_for_byte(payload: bytes | str):
    with receiving() as receiver:
        deliver(receiver.url, payload, secret="secret")
    sent = payload.encode() if isinstance(payload, str) else payload
    assert receiver.requests[0].body == sent
    Webhook("secret").verify(sent, receiver.requests[0].headers)


def test_deliveries_have_ids_of_their_own():
    with receiving() as receiver:
        made = {deliver(receiver.url, EVENT, secret="s").webhook_id for _ in range(2)}
    assert len(made) == 2


def test_delivery_is_signed_with_every_secret():
    with receiving() as receiver:
        deliver(receiver.url, EVENT, secret=["old", "whsec_bmV3"], webhook_id="wh_ü")
    (request,) = receiver.requests
    headers = {**request.headers, "webhook-id": "wh_ü"}  # http.server reads headers as Latin-1
    for secret in ("old", "whsec_bmV3"):
        Webhook(secret).verify(request.body, headers)
    with pytest.raises(InvalidWebhookSignatureError):
        Webhook("other").verify(request.body, headers)


def test_delivery_is_repeated_with_a_signature_of_its_own_until_it_is_taken():
    time, seen = Time(), list[DeliveryAttempt]()
    with receiving(500, 302, 204) as receiver:
        delivery = deliver(
            receiver.url,
            EVENT,
            secret="secret",
            backoff=[5, 600, 7, 8],
            clock=time,
            sleep=time.sleep,
            on_attempt=seen.append,
        )
    assert time.slept == [5, 600]
    assert [each.outcome for each in delivery.attempts] == [500, 302, 204]
    assert tuple(seen) == delivery.attempts
    assert (delivery.status, delivery.delivered) == (204, True)
    ids = {each.headers["webhook-id"] for each in receiver.requests}
    assert ids == {delivery.webhook_id}
    for request, attempt in zip(receiver.requests, delivery.attempts, strict=True):
        checked = Webhook("secret", tolerance=0, clock=lambda at=attempt.timestamp: at)
        checked.verify(request.body, request.headers)


def test_delivery_that_nobody_takes_ends_with_the_backoff():
    time = Time()
    with receiving(503) as receiver:
        delivery = deliver(
            receiver.url, EVENT, secret="s", backoff=(1, 2), clock=time, sleep=time.sleep
        )
    assert (len(receiver.requests), delivery.status, delivery.delivered) == (3, 503, False)


def test_delivery_without_backoff_is_tried_once():
    with receiving(500) as receiver:
        assert deliver(receiver.url, EVENT, secret="s").status == 500
    assert len(receiver.requests) == 1


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_receiver_that_is_not_there_is_told_after_the_last_attempt():
    time = Time()
    url = f"http://user:password@127.0.0.1:{free_port()}/hook?token=password"
    with pytest.raises(WebhookDeliveryError, match=r"127\.0\.0\.1:\d+/hook .*start the") as caught:
        deliver(url, EVENT, secret="hidden", backoff=[1, 2], clock=time, sleep=time.sleep)
    error = caught.value
    assert time.slept == [1, 2]
    assert (error.attempts, json.loads(error.body)) == (3, EVENT)
    assert isinstance(error.__cause__, ConnectionRefusedError)
    shown = f"{error}{error.url}{pickle.dumps(error)}"
    assert "password" not in shown
    assert "hidden" not in shown


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "not an http or https URL"),
        ("ftp://h/", "not an http or https URL"),
        ("http:///path", "not an http or https URL"),
        ("http://127.0.0.1:port/", "Port could not be cast"),
        ("http://127.0.0.1:9/a b?password", "characters that no URL has"),
        ("http://127.0.0.1:9/a\r\nx: y", "characters that no URL has"),
        ("http://a..b/", "label"),
        (f"http://{'a' * 64}/", "label"),
        ("http://127.0.0.1:9/ü", "characters that no URL has"),
        ("http://[::1/", "Invalid IPv6 URL"),
    ],
)
def test_impossible_url_is_told_at_once(url: str, words: str):
    time = Time()
    with pytest.raises(WebhookDeliveryError, match=f"{words}.*Correct the URL") as caught:
        deliver(url, EVENT, secret="s", backoff=[1], sleep=time.sleep)
    assert (caught.value.attempts, time.slept) == (0, [])
    assert "password" not in str(caught.value)


def test_receiver_that_never_answers_ends_at_the_timeout():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(WebhookDeliveryError, match="raise the timeout"):
            deliver(url, EVENT, secret="s", timeout=0.01)


def answer_with(listener: socket.socket, answer: bytes) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(65_536)
        connection.sendall(answer)


@pytest.mark.parametrize(
    ("answer", "words"), [(b"hello\r\n\r\n", "does not speak HTTP"), (b"", "what the receiver did")]
)
def test_receiver_that_does_not_speak_http(answer: bytes, words: str):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer_with, args=(listener, answer))
        thread.start()
        with pytest.raises(WebhookDeliveryError, match=words):
            deliver(f"http://127.0.0.1:{listener.getsockname()[1]}", EVENT, secret="s")
        thread.join()


def test_receiver_that_refuses_without_reading_the_body_has_answered():
    answer = b"HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer_with, args=(listener, answer))
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        assert deliver(url, b"x" * 20_000_000, secret="s").status == 413
        thread.join()


def test_encrypted_receiver_is_spoken_to_in_tls():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer_with, args=(listener, b"no TLS"))
        thread.start()
        with pytest.raises(WebhookDeliveryError, match=r"(?i)ssl|tls"):
            deliver(f"https://127.0.0.1:{listener.getsockname()[1]}", EVENT, secret="s")
        thread.join()


def test_delivery_with_an_unusable_secret_sends_nothing():
    with receiving() as receiver, pytest.raises(WebhookSecretError):
        deliver(receiver.url, EVENT, secret="whsec_!")
    assert receiver.requests == []


def test_delivery_of_what_is_no_body():
    parsed: Any = ["parsed"]
    with pytest.raises(TypeError, match="raw body"):
        deliver("http://127.0.0.1:9", parsed, secret="s")


def test_exponential_backoff_grows_to_its_longest_and_ends_in_time():
    waits = list(exponential_backoff(first=1, factor=3, longest=10, total=40))
    assert waits == [1, 3, 9, 10, 10]


def test_exponential_backoff_by_default_goes_on_for_three_days():
    waits = list(exponential_backoff())
    assert all(0 < a <= b for a, b in itertools.pairwise(waits))
    assert 66 * 3600 < sum(waits) <= 72 * 3600
