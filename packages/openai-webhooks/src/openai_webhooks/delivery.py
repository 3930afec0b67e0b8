"""Deliver a webhook as OpenAI does: post it, and try again until somebody takes it.

Decides what an attempt is, when there is another one, and how an attempt without an answer is
told. A redirect is an answer like any other and is not followed. It waits, so asynchronous code
calls it in a thread: `await asyncio.to_thread(deliver, url, event)`.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from openai_webhooks.errors import WebhookDeliveryError
from openai_webhooks.signature import as_bytes
from openai_webhooks.signing import new_webhook_id, sign
from openai_webhooks.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

DEFAULT_TIMEOUT: Final = 5.0
"""Seconds. OpenAI waits "a few" for the answer."""

_HOUR = 3600.0
_ANSWER_BYTES = 65_536  # of an answer are read, so that the receiver is not reset while it writes
_OK = range(200, 300)


class DeliveryAttempt(NamedTuple):
    """One attempt at delivering a webhook.

    Attributes:
        number: Which one it was; the first is 1.
        timestamp: When it was signed, in seconds since the epoch.
        outcome: The HTTP status of the answer, or why there was none.
    """

    number: int
    timestamp: int
    outcome: int | WebhookDeliveryError

    @property
    def delivered(self) -> bool:
        """Whether the receiver took it: the status is 2xx."""
        return self.outcome in _OK


class WebhookDelivery(NamedTuple):
    """A webhook whose last attempt was answered.

    Attributes:
        webhook_id: The id that all attempts had.
        status: The HTTP status of the last answer.
        attempts: All attempts, the first one first.
    """

    webhook_id: str
    status: int
    attempts: tuple[DeliveryAttempt, ...]

    @property
    def delivered(self) -> bool:
        """Whether the receiver took it: the last status is 2xx."""
        return self.status in _OK


def exponential_backoff(
    *,
    first: float = 5.0,
    factor: float = 2.0,
    longest: float = 6 * _HOUR,
    total: float = 72 * _HOUR,
) -> Iterator[float]:
    """Give waits that grow, for `deliver(..., backoff=exponential_backoff())`.

    OpenAI says that it tries for up to 72 hours with exponential backoff, and no more than that;
    the other numbers are guesses.

    Args:
        first: The first wait, in seconds.
        factor: By what each wait is longer than the one before it.
        longest: No wait is longer, in seconds.
        total: No wait ends later than this after the first attempt, in seconds.
    """
    wait, waited = min(first, longest), 0.0
    while waited + wait <= total:
        yield wait
        waited += wait
        wait = min(wait * factor, longest)


def deliver(
    url: str,
    payload: bytes | str | Mapping[str, object],
    *,
    secret: str | Sequence[str] | None = None,
    webhook_id: str | None = None,
    backoff: Iterable[float] = (),
    timeout: float = DEFAULT_TIMEOUT,
    user_agent: str = f"openai-webhooks/{__version__}",
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], object] = time.sleep,
    on_attempt: Callable[[DeliveryAttempt], object] | None = None,
) -> WebhookDelivery:
    """Sign a payload and post it, until the receiver answers with 2xx or `backoff` is used up.

    Each attempt has the same id and body, and a timestamp and signature of its own.

    Args:
        url: The receiver's URL, http or https.
        payload: The body; a mapping is sent as JSON, a str as UTF-8.
        secret: What to sign with, one or several; by default OPENAI_WEBHOOK_SECRET.
        webhook_id: The id of the delivery; by default a new one.
        backoff: How long to wait before each further attempt, in seconds. By default there is
            none; `exponential_backoff()` goes on for as long as OpenAI does.
        timeout: How long the receiver may be silent, in seconds.
        user_agent: The header of that name.
        clock: Gives the current time in seconds since the epoch.
        sleep: Waits for as many seconds as it is told.
        on_attempt: Is given each attempt when it is over.

    Returns:
        All attempts; `delivered` says whether the receiver took it, `status` what it said last.

    Raises:
        WebhookDeliveryError: The last attempt was not answered; the message says why.
        WebhookSecretError: A secret is missing, empty or malformed.
        ValueError: The id cannot be the value of a header, or the timeout is not more than zero.
        TypeError: The payload is no body, or a mapping that is no JSON.
    """
    if not 0 < timeout < threading.TIMEOUT_MAX:
        raise ValueError(f"timeout is {timeout}; it must be more than zero seconds")
    webhook_id = new_webhook_id() if webhook_id is None else webhook_id
    body = as_bytes(json.dumps(payload) if isinstance(payload, Mapping) else payload)
    message = _Message(url, _target(url, body), body, webhook_id, secret, timeout, user_agent)
    waits = iter(backoff)
    attempts: list[DeliveryAttempt] = []
    while True:
        attempts.append(message.send(len(attempts) + 1, int(clock())))
        if on_attempt is not None:
            on_attempt(attempts[-1])
        wait = None if attempts[-1].delivered else next(waits, None)
        if wait is None:
            break
        sleep(wait)
    outcome = attempts[-1].outcome
    if isinstance(outcome, WebhookDeliveryError):
        raise outcome
    return WebhookDelivery(webhook_id, outcome, tuple(attempts))


class _Target(NamedTuple):
    """Where to post to."""

    secure: bool
    host: str
    port: int | None
    path: str


class _Message(NamedTuple):
    """What all attempts have in common."""

    url: str
    target: _Target
    body: bytes
    webhook_id: str
    secret: str | Sequence[str] | None
    timeout: float
    user_agent: str

    def send(self, number: int, timestamp: int) -> DeliveryAttempt:
        """Sign and post it once."""
        signed = sign(
            self.body, secret=self.secret, webhook_id=self.webhook_id, timestamp=timestamp
        )
        headers = {"content-type": "application/json", "user-agent": self.user_agent, **signed}
        try:
            outcome = _post(self.target, self.body, headers, self.timeout)
        except (OSError, http.client.HTTPException) as failure:
            outcome = _delivery_error(self.url, self.body, failure, attempts=number)
        return DeliveryAttempt(number, timestamp, outcome)


def _target(url: str, body: bytes) -> _Target:
    try:
        return _split(url)
    except ValueError as failure:
        raise _delivery_error(url, body, failure, attempts=0) from failure


def _split(url: str) -> _Target:
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("it has characters that no URL has")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("it is not an http or https URL with a host")
    parts.hostname.encode("idna")  # fails if no host can be called so, as looking it up would
    query = f"?{parts.query}" if parts.query else ""
    path = (parts.path or "/") + query
    return _Target(parts.scheme == "https", parts.hostname, parts.port, path)


def _delivery_error(
    url: str, body: bytes, failure: Exception, *, attempts: int
) -> WebhookDeliveryError:
    shown = _without_secrets(url)
    error = WebhookDeliveryError(
        f"The webhook for {shown} was not delivered: {str(failure) or type(failure).__name__}. "
        f"{_remedy(failure)}",
        url=shown,
        body=body,
        attempts=attempts,
    )
    error.__cause__ = failure
    return error


def _post(target: _Target, body: bytes, headers: Mapping[str, str], timeout: float) -> int:
    kind = http.client.HTTPSConnection if target.secure else http.client.HTTPConnection
    connection = kind(target.host, target.port, timeout=timeout)
    encoded = {name: value.encode("utf-8", "surrogatepass") for name, value in headers.items()}
    try:
        connection.connect()
        # A receiver may refuse a large body and stop reading it: its answer counts all the same.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.request("POST", target.path, body, encoded)
        response = connection.getresponse()
        # It has answered, whatever becomes of the rest.
        with contextlib.suppress(OSError, http.client.HTTPException):
            _read(response, time.monotonic() + timeout)
        return response.status
    finally:
        connection.close()


def _read(response: http.client.HTTPResponse, until: float) -> None:
    """Read some of an answer, for no longer than that: it may come byte by byte, and never end."""
    left = _ANSWER_BYTES
    while left > 0 and time.monotonic() < until and (piece := response.read1(left)):
        left -= len(piece)


def _remedy(failure: Exception) -> str:
    if isinstance(failure, ConnectionRefusedError):
        return "Nothing listens there: start the receiver first, or correct the URL."
    if isinstance(failure, TimeoutError):
        return "The receiver did not answer in time: answer before working, or raise the timeout."
    if isinstance(failure, OSError):
        return "Check the host and the port in the URL, and what the receiver did."
    if isinstance(failure, http.client.HTTPException):
        return "What listens there does not speak HTTP: correct the URL."
    return "Correct the URL."


def _without_secrets(url: str) -> str:
    """The URL without credentials and query, which may hold a token."""
    scheme, separator, rest = url.partition("?")[0].partition("#")[0].rpartition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"
