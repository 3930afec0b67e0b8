"""Check webhook requests and read their events.

Decides the order of the checks (headers, time, signature, then and only then the payload) and
what each failure is called. Does no I/O and asks the clock it was given.
"""

from __future__ import annotations

import functools
import os
import re
import time
from typing import TYPE_CHECKING, NoReturn

from openai_types.errors import DecodeError

from openai_webhooks.errors import (
    InvalidWebhookSignatureError,
    WebhookPayloadError,
    WebhookSecretError,
)
from openai_webhooks.headers import HeadersLike, find_headers
from openai_webhooks.signature import as_bytes, compute, load_key, matches

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from openai_types.decoding import Decoder
    from openai_types.webhooks import UnwrapWebhookEvent

_SECRET_VARIABLE = "OPENAI_WEBHOOK_SECRET"  # noqa: S105  (the name of the variable)
# Whole seconds. Fifteen digits reach far beyond any date and keep int() cheap.
_TIMESTAMP = re.compile(rb"[0-9]{1,15}")


class Webhook:
    """Verifies requests against one or more signing secrets.

    Make it once and share it: it holds no state besides its settings and is safe in threads.

    Args:
        secret: The endpoint's signing secret, `whsec_<base64>` or other text. Several secrets may
            be given while a secret is being rotated: a request passes if one of them fits.
            Without it the environment variable OPENAI_WEBHOOK_SECRET is read.
        tolerance: How far the timestamp may be from the clock, in seconds, both ways.
        clock: Gives the current time in seconds since the epoch.

    Raises:
        WebhookSecretError: A secret is missing, empty or malformed.
        ValueError: The tolerance is negative.
    """

    __slots__ = ("_clock", "_keys", "_tolerance")

    def __init__(
        self,
        secret: str | Sequence[str] | None = None,
        *,
        tolerance: float = 300,
        clock: Callable[[], float] = time.time,
    ) -> None:
        if not tolerance >= 0:
            raise ValueError(f"tolerance is {tolerance}; it must be zero or more seconds")
        self._keys = _load_keys(secret)
        self._tolerance = tolerance
        self._clock = clock

    def verify(self, payload: bytes | str, headers: HeadersLike) -> None:
        """Return if the request is proven to come from OpenAI, raise otherwise.

        Args:
            payload: The raw body as received, not parsed and serialised again.
            headers: The request's headers: any mapping, or pairs; Django's META too.

        Raises:
            InvalidWebhookSignatureError: It is not; the message says which check failed.
        """
        found = find_headers(headers)
        self._check_time(found.timestamp)
        body = as_bytes(payload)
        for key in self._keys:
            if matches(found.signature, compute(key, found.id, found.timestamp, body)):
                return
        raise InvalidWebhookSignatureError(
            "No signature in the header webhook-signature matches. Either the request is not from "
            "OpenAI, or the secret is another endpoint's, or the body is not the raw body."
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
            WebhookPayloadError: It is, but its body is not a JSON object.
        """
        self.verify(payload, headers)
        body = as_bytes(payload)
        try:
            return _decoder()(body)
        except DecodeError as error:
            raise WebhookPayloadError(
                "The webhook is genuine, but its body is not a JSON object. The body is on this "
                "error's `payload`.",
                payload=body,
            ) from error

    def _check_time(self, timestamp: bytes) -> None:
        if not _TIMESTAMP.fullmatch(timestamp):
            raise InvalidWebhookSignatureError(
                "The header webhook-timestamp is not a number of seconds since the epoch."
            )
        age = self._clock() - int(timestamp)
        if abs(age) > self._tolerance:
            which = "old" if age > 0 else "new"
            raise InvalidWebhookSignatureError(
                f"The webhook timestamp is too {which}: more than {self._tolerance:g} seconds from "
                "the clock of this machine. Either the request was replayed or delayed, or the "
                "clock is wrong."
            )

    def __repr__(self) -> str:
        return f"Webhook(secrets={len(self._keys)}, tolerance={self._tolerance:g})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Webhook holds signing secrets and is not pickled; make it where needed")


def _load_keys(secret: str | Sequence[str] | None) -> tuple[bytes, ...]:
    if secret is None:
        secret = os.environ.get(_SECRET_VARIABLE)
        if secret is None:
            raise WebhookSecretError(
                f"No webhook secret. Pass one to Webhook(...) or set {_SECRET_VARIABLE} to what "
                "the webhook settings of the OpenAI project show."
            )
    secrets = (secret,) if isinstance(secret, str) else secret
    keys = tuple(load_key(each) for each in secrets)
    if not keys:
        raise WebhookSecretError("The list of webhook secrets is empty. Pass at least one.")
    return keys


@functools.cache
def _decoder() -> Decoder[UnwrapWebhookEvent]:
    # Imported here: checking a signature needs none of the models.
    from openai_types.decoding import Decoder
    from openai_types.webhooks import UnwrapWebhookEvent

    return Decoder[UnwrapWebhookEvent](UnwrapWebhookEvent)
