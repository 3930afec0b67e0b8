"""Sign payloads as OpenAI does: for tests of a receiver, and for whoever sends to one.

Decides what is made up where the caller does not say it: an id, and the time of day.
"""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

from openai_webhooks.headers import LONGEST_ID, WEBHOOK_ID, WEBHOOK_SIGNATURE, WEBHOOK_TIMESTAMP
from openai_webhooks.signature import as_bytes, compute, load_keys

if TYPE_CHECKING:
    from collections.abc import Sequence


def sign(
    payload: bytes | str,
    *,
    secret: str | Sequence[str] | None = None,
    webhook_id: str | None = None,
    timestamp: float | None = None,
) -> dict[str, str]:
    """Make the headers with which OpenAI would send a payload.

    Args:
        payload: The body, exactly as it will be sent; a str is sent as UTF-8.
        secret: `whsec_<base64>` as the dashboard shows it, or any other text as it is. Several
            give several signatures, as OpenAI sends while a secret is being rotated. Without it
            the environment variable OPENAI_WEBHOOK_SECRET is read.
        webhook_id: The unique id of the delivery, the same for every attempt; by default a new
            one.
        timestamp: When it is sent, in seconds since the epoch; by default now. Only whole seconds
            are sent.

    Returns:
        `webhook-id`, `webhook-timestamp` and `webhook-signature`.

    Raises:
        WebhookSecretError: A secret is missing, empty or malformed.
        ValueError: The id cannot be the value of a header.
    """
    keys = load_keys(secret)
    webhook_id = new_webhook_id() if webhook_id is None else _checked(webhook_id)
    timestamp = int(time.time() if timestamp is None else timestamp)
    body = as_bytes(payload)
    id_bytes = webhook_id.encode("utf-8", "surrogatepass")
    signatures = [compute(key, id_bytes, b"%d" % timestamp, body) for key in keys]
    return {
        WEBHOOK_ID: webhook_id,
        WEBHOOK_TIMESTAMP: str(timestamp),
        WEBHOOK_SIGNATURE: b" ".join(signatures).decode("ascii"),
    }


def new_webhook_id() -> str:
    """Make the id of a delivery, in the form of OpenAI's."""
    return f"wh_{uuid.uuid4().hex}"


def _checked(webhook_id: str) -> str:
    length = len(webhook_id.encode("utf-8", "surrogatepass"))
    is_text = webhook_id == webhook_id.strip() and not set(webhook_id) & set("\r\n\0")
    if not (is_text and 0 < length <= LONGEST_ID):
        raise ValueError(
            f"the webhook_id {webhook_id!r} cannot be sent as a header; pass text without line "
            f"breaks, without white space around it, and of at most {LONGEST_ID} bytes"
        )
    return webhook_id
