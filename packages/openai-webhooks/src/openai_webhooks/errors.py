"""The errors of a webhook: forged request, unreadable payload, unusable secret.

A receiver answers the first two differently (a forged request is refused, an unreadable one is
looked into), so they never share a class. No message or attribute holds a secret or the expected
signature.
"""

from __future__ import annotations

from openai_types.errors import OpenAIError


class InvalidWebhookSignatureError(OpenAIError, ValueError):
    """The request is not proven to come from OpenAI; the message says which check failed."""


class WebhookPayloadError(OpenAIError, ValueError):
    """The signature is good, but the body is not a JSON object.

    Attributes:
        payload: The body exactly as it was verified.
    """

    payload: bytes

    def __init__(self, message: str, *, payload: bytes = b"") -> None:
        super().__init__(message)
        self.payload = payload


class WebhookSecretError(OpenAIError, ValueError):
    """A signing secret is missing, empty or malformed. The message never shows it."""
