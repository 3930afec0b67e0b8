"""The errors of whoever runs the mock server. What its clients are told is in `refusals`."""

from __future__ import annotations

from openai_types.errors import OpenAIError


class MockServerError(OpenAIError):
    """The server cannot run as it was asked to; the message says why and what helps."""


class WebhookDeliveryError(OpenAIError):
    """A webhook could not be delivered: nobody answered it with an HTTP status.

    Attributes:
        url: Where it was to go.
        body: The event that was to be delivered, as it would have been posted.
    """

    url: str
    body: bytes

    def __init__(self, message: str, *, url: str = "", body: bytes = b"") -> None:
        super().__init__(message)
        self.url = url
        self.body = body
