"""The signature scheme: Standard Webhooks, version 1, as OpenAI signs.

Decides what a secret may look like, what is signed and how it is written: HMAC-SHA256 over
`{webhook-id}.{webhook-timestamp}.{body}`, base64, in a space separated list of `v1,<signature>`.
Knows nothing about clocks, frameworks or events.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
from collections.abc import Iterable
from typing import cast

from openai_webhooks.errors import WebhookSecretError

_SECRET_VARIABLE = "OPENAI_WEBHOOK_SECRET"  # noqa: S105  (the name of the variable)
_SECRET_PREFIX = "whsec_"  # noqa: S105  (it announces a secret, it is none)
_VERSION = b"v1,"


def load_keys(secret: object) -> tuple[bytes, ...]:
    """Turn one secret or several into keys; None stands for that of the environment.

    Raises:
        WebhookSecretError: There is none, or one is empty or malformed.
    """
    if secret is None:
        secret = os.environ.get(_SECRET_VARIABLE)
        if secret is None:
            raise WebhookSecretError(
                f"There is no webhook secret. Pass one or set {_SECRET_VARIABLE} to what the "
                "webhook settings of the OpenAI project show."
            )
    keys = tuple(load_key(each) for each in _listed(secret))
    if not keys:
        raise WebhookSecretError("The list of webhook secrets is empty. Pass at least one.")
    return keys


def _listed(secret: object) -> Iterable[object]:
    # Bytes are no secret, but no list of numbers either: load_key() says what is wrong.
    if isinstance(secret, str | bytes) or not isinstance(secret, Iterable):
        return (secret,)
    return cast("Iterable[object]", secret)


def load_key(secret: object) -> bytes:
    """Turn a secret as users hold it into the key of the HMAC.

    Raises:
        WebhookSecretError: The secret is empty, no text, no base64, or has white space around it.
    """
    if not secret:
        raise WebhookSecretError(
            "The webhook secret is empty. Set OPENAI_WEBHOOK_SECRET, or pass the secret of the "
            "endpoint, to what the webhook settings of the OpenAI project show."
        )
    if not isinstance(secret, str):
        raise WebhookSecretError(
            f"The webhook secret is of type {type(secret).__name__}. Pass it as text, as the "
            "webhook settings of the OpenAI project show it."
        )
    if secret != secret.strip():
        raise WebhookSecretError(
            "The webhook secret has white space or a line break around it, as a file read without "
            "strip() leaves. Remove it."
        )
    if not secret.startswith(_SECRET_PREFIX):
        return secret.encode("utf-8", "surrogatepass")
    try:
        key = base64.b64decode(secret.removeprefix(_SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not key:
        # The cause is not chained: its traceback would carry the secret to whoever reports it.
        raise WebhookSecretError(
            "The webhook secret is malformed: after whsec_ must come padded base64. It may have "
            "been cut off; copy it again from the webhook settings of the OpenAI project."
        )
    return key


def as_bytes(payload: object) -> bytes:
    """Give the body as it travelled. Text that is no UTF-8 simply fails the check later.

    Raises:
        TypeError: It is no body, but for instance what was parsed from it.
    """
    if isinstance(payload, str):
        return payload.encode("utf-8", "surrogatepass")
    if isinstance(payload, bytes | bytearray):
        return bytes(payload)
    raise TypeError(
        f"the payload is of type {type(payload).__name__}; pass the raw body as bytes or str, "
        "not what was parsed from it"
    )


def compute(key: bytes, webhook_id: bytes, timestamp: bytes, body: bytes) -> bytes:
    """Give the signature as it stands in the header: `v1,` and base64."""
    signed = b"%b.%b.%b" % (webhook_id, timestamp, body)
    return _VERSION + binascii.b2a_base64(hmac.digest(key, signed, "sha256"), newline=False)


def matches(header: bytes, expected: bytes) -> bool:
    """Tell whether one of the listed signatures is the expected one, in constant time each.

    The written form is compared, not the decoded bytes: base64 has several spellings of one
    value, and a changed header shall not pass.
    """
    return any(hmac.compare_digest(candidate, expected) for candidate in header.split(b" "))
