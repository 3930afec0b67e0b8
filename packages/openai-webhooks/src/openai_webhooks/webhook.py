"""Check webhook requests and read their events.

Decides the order of the checks (size, headers, time, signature, then and only then the payload)
and what each failure is called. Does no I/O and asks the clock it was given.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn

from openai_webhooks.errors import (
    InvalidWebhookSignatureError,
    WebhookTooLargeError,
)
from openai_webhooks.events import read_event
from openai_webhooks.headers import HeadersLike, WebhookHeaders, find_headers
from openai_webhooks.metrics import NoMetrics
from openai_webhooks.signature import as_bytes, compute, load_keys, matches

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from openai_types.webhooks import UnwrapWebhookEvent

    from openai_webhooks.metrics import WebhookMetrics

DEFAULT_TOLERANCE: Final = 300.0
"""Seconds; what the Standard Webhooks libraries and the official package allow."""

DEFAULT_MAX_BODY_BYTES: Final = 1024 * 1024
"""Far more than any event has: they carry ids, not contents."""

# Whole seconds. Fifteen digits reach far beyond any date and keep int() cheap.
_TIMESTAMP = re.compile(rb"[0-9]{1,15}")


class VerifiedWebhook(NamedTuple):
    r"""A delivery that is proven to come from OpenAI.

    Attributes:
        id: The `webhook-id`: the same for each attempt at delivering one event, so it tells a
            repetition. Bytes that are no UTF-8 are written as `\xff`.
        timestamp: When this attempt was sent, in seconds since the epoch.
        body: The payload, byte for byte.
    """

    id: str
    timestamp: int
    body: bytes

    def event(self) -> UnwrapWebhookEvent:
        """Read the event.

        Raises:
            WebhookPayloadError: The body is not a JSON object.
        """
        return read_event(self.body)


class Webhook:
    """Verifies requests against one or more signing secrets.

    Make it once and share it: it holds no state besides its settings and is safe in threads.

    Args:
        secret: The endpoint's signing secret, `whsec_<base64>` or other text. Several secrets may
            be given while a secret is being rotated: a request passes if one of them fits.
            Without it the environment variable OPENAI_WEBHOOK_SECRET is read.
        tolerance: How far the timestamp may be from the clock, in seconds, both ways. It bounds
            how long a request that somebody overheard can be sent again.
        clock: Gives the current time in seconds since the epoch.
        max_body_bytes: The largest body for which a signature is computed.
        metrics: Is told of each request, and why one was refused.

    Attributes:
        max_body_bytes: As given; who reads a body for this object need read no further.

    Raises:
        WebhookSecretError: A secret is missing, empty or malformed.
        ValueError: The tolerance or the largest body is negative.
    """

    __slots__ = ("_clock", "_keys", "_metrics", "_tolerance", "max_body_bytes")

    max_body_bytes: int

    def __init__(
        self,
        secret: str | Sequence[str] | None = None,
        *,
        tolerance: float = DEFAULT_TOLERANCE,
        clock: Callable[[], float] = time.time,
        max_body_bytes: int = DEFAULT_MAX_BODY_BYTES,
        metrics: WebhookMetrics | None = None,
    ) -> None:
        if not tolerance >= 0:
            raise ValueError(f"tolerance is {tolerance}; it must be zero or more seconds")
        if max_body_bytes < 0:
            raise ValueError(f"max_body_bytes is {max_body_bytes}; it must be zero or more bytes")
        self._keys = load_keys(secret)
        self._tolerance = tolerance
        self._clock = clock
        self._metrics: WebhookMetrics = NoMetrics() if metrics is None else metrics
        self.max_body_bytes = max_body_bytes

    def verify(self, payload: bytes | str, headers: HeadersLike) -> None:
        """Return if the request is proven to come from OpenAI, raise otherwise.

        Args:
            payload: The raw body as received, not parsed and serialised again.
            headers: The request's headers: any mapping, or pairs; Django's META too.

        Raises:
            InvalidWebhookSignatureError: It is not; the message says which check failed.
            WebhookTooLargeError: The body is larger than `max_body_bytes`.
        """
        self.verified(payload, headers)

    def verified(self, payload: bytes | str, headers: HeadersLike) -> VerifiedWebhook:
        """Verify the request and give what was delivered, its payload unread.

        For whoever stores or forwards deliveries before they read them.

        Args:
            payload: The raw body as received, not parsed and serialised again.
            headers: The request's headers: any mapping, or pairs; Django's META too.

        Raises:
            InvalidWebhookSignatureError: It is not proven to come from OpenAI; the message says
                which check failed.
            WebhookTooLargeError: The body is larger than `max_body_bytes`.
        """
        body = as_bytes(payload)
        if len(body) > self.max_body_bytes:
            self.refuse_too_large()
        self._metrics.received()
        try:
            found = find_headers(headers)
            self._check_time(found.timestamp)
            self._check_signature(found, body)
        except InvalidWebhookSignatureError as error:
            self._metrics.refused(error.reason)
            raise
        self._metrics.accepted()
        return VerifiedWebhook(
            found.id.decode("utf-8", "backslashreplace"), int(found.timestamp), body
        )

    def unwrap(self, payload: bytes | str, headers: HeadersLike) -> UnwrapWebhookEvent:
        """Verify the request and give its event.

        An event type this version does not know comes as `UnknownUnwrapWebhookEvent` with all its
        fields.

        Args:
            payload: The raw body as received, not parsed and serialised again.
            headers: The request's headers: any mapping, or pairs; Django's META too.

        Raises:
            InvalidWebhookSignatureError: The request is not proven to come from OpenAI.
            WebhookTooLargeError: The body is larger than `max_body_bytes`.
            WebhookPayloadError: It is from OpenAI, but its body is not a JSON object.
        """
        return read_event(self.verified(payload, headers).body)

    def refuse_too_large(self) -> NoReturn:
        """Refuse a request whose body is larger than `max_body_bytes`, and count it.

        For whoever reads the body and stops there; `verified` and `unwrap` do it themselves.

        Raises:
            WebhookTooLargeError: Always.
        """
        self._metrics.received()
        self._metrics.refused("too_large")
        raise WebhookTooLargeError(
            f"The body of the webhook is larger than {self.max_body_bytes} bytes, so it was not "
            "checked. OpenAI's events are far smaller; raise max_body_bytes if yours are not.",
            limit=self.max_body_bytes,
        )

    def _check_signature(self, found: WebhookHeaders, body: bytes) -> None:
        for key in self._keys:
            if matches(found.signature, compute(key, found.id, found.timestamp, body)):
                return
        raise InvalidWebhookSignatureError(
            "No signature in the header webhook-signature matches. Either the request is not from "
            "OpenAI, or the secret is another endpoint's, or the body is not the raw body.",
            reason="signature_mismatch",
        )

    def _check_time(self, timestamp: bytes) -> None:
        if not _TIMESTAMP.fullmatch(timestamp):
            raise InvalidWebhookSignatureError(
                "The header webhook-timestamp is not a number of seconds since the epoch.",
                reason="timestamp_malformed",
            )
        age = self._clock() - int(timestamp)
        if not abs(age) <= self._tolerance:  # so that a clock gone wrong (NaN) lets nothing in
            which = "old" if age > 0 else "new"
            raise InvalidWebhookSignatureError(
                f"The webhook timestamp is too {which}: more than {self._tolerance:g} seconds from "
                "the clock of this machine. Either the request was replayed or delayed, or the "
                "clock is wrong.",
                reason="timestamp_too_old" if age > 0 else "timestamp_too_new",
            )

    def __repr__(self) -> str:
        return f"Webhook(secrets={len(self._keys)}, tolerance={self._tolerance:g})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Webhook holds signing secrets and is not pickled; make it where needed")
