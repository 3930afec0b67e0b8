"""What all adapters do alike: how much of a body is read, and what a refused sender is told.

A sender is told as little as possible, because a forger would learn from it. What was wrong goes
to the logger `openai_webhooks` and to the metrics of the `Webhook`. Knows no framework.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from openai_webhooks.errors import (
    InvalidWebhookSignatureError,
    WebhookPayloadError,
    WebhookTooLargeError,
)

if TYPE_CHECKING:
    from openai_webhooks.webhook import Webhook

REFUSALS: Final = (InvalidWebhookSignatureError, WebhookPayloadError, WebhookTooLargeError)
"""What a request is answered for with an error of the 400s."""

Refusal: TypeAlias = InvalidWebhookSignatureError | WebhookPayloadError | WebhookTooLargeError

logger = logging.getLogger("openai_webhooks")


class Answer(NamedTuple):
    """What a refused sender is told."""

    status: int
    text: str


GONE: Final = Answer(400, "The body is not complete.")
"""What is answered where the sender left before it had sent everything: nobody hears it."""


def answer_to(refusal: Refusal) -> Answer:
    """Decide what the sender is told, and log what was wrong."""
    logger.warning("A webhook was refused: %s", refusal)
    if isinstance(refusal, WebhookTooLargeError):
        return Answer(413, "The body is too large.")
    if isinstance(refusal, WebhookPayloadError):  # its sender is proven to be OpenAI
        return Answer(400, "The body is not a JSON object.")
    return Answer(400, "The webhook was refused.")


class Body:
    """Collects a body in pieces, no further than the cap of a `Webhook`."""

    def __init__(self, webhook: Webhook) -> None:
        self._webhook = webhook
        self._collected = bytearray()

    def add(self, piece: bytes) -> None:
        """Add the next piece.

        Raises:
            WebhookTooLargeError: It is too much.
        """
        self._collected += piece
        if len(self._collected) > self._webhook.max_body_bytes:
            self._webhook.refuse_too_large()

    def complete(self) -> bytes:
        """Give the whole body."""
        return bytes(self._collected)
