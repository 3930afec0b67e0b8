"""From the verified body of a webhook to its typed event.

Decides what an unreadable payload is. Knows nothing about signatures: give it only bodies that
were verified, now or before they were stored.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, get_args

from openai_types.errors import DecodeError

from openai_webhooks.errors import WebhookPayloadError

if TYPE_CHECKING:
    from openai_types.decoding import Decoder
    from openai_types.webhooks import UnwrapWebhookEvent


def read_event(body: bytes) -> UnwrapWebhookEvent:
    """Read the event in a body that has been verified.

    An event type this version does not know comes as `UnknownUnwrapWebhookEvent` with all its
    fields; a known one keeps what does not fit its type as it came.

    Raises:
        WebhookPayloadError: The body is not a JSON object.
    """
    try:
        return _decoder()(body)
    except DecodeError as error:
        raise WebhookPayloadError(
            "The webhook is genuine, but its body is not a JSON object. The body is on this "
            "error's `payload`.",
            payload=body,
        ) from error


@functools.cache
def known_types() -> frozenset[str]:
    """The types of event that have a class of their own in this version."""
    from openai_types.webhooks import UnknownUnwrapWebhookEvent, UnwrapWebhookEvent

    union, *_ = get_args(UnwrapWebhookEvent)
    classes = [each for each in get_args(union) if each is not UnknownUnwrapWebhookEvent]
    return frozenset(get_args(each.model_fields["type"].annotation)[0] for each in classes)


@functools.cache
def _decoder() -> Decoder[UnwrapWebhookEvent]:
    # Imported here: checking a signature needs none of the models.
    from openai_types.decoding import Decoder
    from openai_types.webhooks import UnwrapWebhookEvent

    return Decoder[UnwrapWebhookEvent](UnwrapWebhookEvent)
