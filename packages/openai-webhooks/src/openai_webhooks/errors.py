"""The errors of a webhook: forged or oversized, unreadable, not delivered; unusable secrets.

A receiver answers them differently (a forged request is refused, an unreadable one is looked
into), so they never share a class. An event of an unknown type is no error at all: it comes as
`UnknownUnwrapWebhookEvent`. No message or attribute holds a secret or the expected signature.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from openai_types.errors import OpenAIError

InvalidReason: TypeAlias = Literal[
    "header_missing",
    "header_repeated",
    "header_not_text",
    "id_malformed",
    "timestamp_malformed",
    "timestamp_too_old",
    "timestamp_too_new",
    "signature_mismatch",
]
"""Which check a request failed that is not proven to come from OpenAI."""

RefusalReason: TypeAlias = Literal[InvalidReason, "too_large"]
"""Why a request was refused before its payload was read: for logs and metrics, not for its sender.

The sender of a forged request would learn from it which check to defeat next.
"""


class InvalidWebhookSignatureError(OpenAIError, ValueError):
    """The request is not proven to come from OpenAI; the message says which check failed.

    The message is for the receiver's log. Do not send it back: answer 400 and no more.

    Attributes:
        reason: The check that failed, as a word to count by.
    """

    reason: InvalidReason

    def __init__(self, message: str = "", *, reason: InvalidReason = "signature_mismatch") -> None:
        super().__init__(message)
        self.reason = reason


class WebhookTooLargeError(OpenAIError, ValueError):
    """The body is larger than the receiver allows; no signature was computed. Answer 413.

    Attributes:
        limit: The most that is allowed, in bytes.
        reason: Always `too_large`.
    """

    limit: int
    reason: Literal["too_large"]

    def __init__(self, message: str = "", *, limit: int = 0) -> None:
        super().__init__(message)
        self.limit = limit
        self.reason = "too_large"


class WebhookPayloadError(OpenAIError, ValueError):
    """The signature is good, but the body is not a JSON object.

    Attributes:
        payload: The body exactly as it was verified.
    """

    payload: bytes

    def __init__(self, message: str = "", *, payload: bytes = b"") -> None:
        super().__init__(message)
        self.payload = payload


class WebhookSecretError(OpenAIError, ValueError):
    """A signing secret is missing, empty or malformed. The message never shows it."""


class WebhookDeliveryError(OpenAIError):
    """A webhook could not be delivered: nobody answered the last attempt with an HTTP status.

    Attributes:
        url: Where it was to go, without credentials and query.
        body: What was to be delivered.
        attempts: How often it was tried.
    """

    url: str
    body: bytes
    attempts: int

    def __init__(
        self, message: str = "", *, url: str = "", body: bytes = b"", attempts: int = 1
    ) -> None:
        super().__init__(message)
        self.url = url
        self.body = body
        self.attempts = attempts
