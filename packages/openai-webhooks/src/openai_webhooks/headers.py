"""Find the three webhook headers in whatever a web framework calls its headers.

Decides which shapes of headers are understood, that a header given twice is refused, since nobody
could tell which of the two was signed, and which ids stores can keep. Knows nothing about
signatures or time.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol, TypeAlias, cast

from openai_webhooks.errors import InvalidWebhookSignatureError

WEBHOOK_ID = "webhook-id"
WEBHOOK_TIMESTAMP = "webhook-timestamp"
WEBHOOK_SIGNATURE = "webhook-signature"
LONGEST_ID = 512
"""Bytes, far more than OpenAI's ids have. Databases index no key of any length."""

HeaderName: TypeAlias = str | bytes
# Values are `object` because Django's META and WSGI's environ hold more than headers.
Pairs: TypeAlias = Iterable[tuple[HeaderName, object]]


class SupportsItems(Protocol):
    """Anything with `items()`: a dict, the headers of Starlette, Flask, Django, aiohttp, httpx."""

    def items(self) -> Pairs:
        """Give the pairs of name and value."""
        ...


HeadersLike: TypeAlias = SupportsItems | Pairs


class WebhookHeaders(NamedTuple):
    """The three headers as bytes, the form in which they were signed."""

    id: bytes
    timestamp: bytes
    signature: bytes


# HTTP_WEBHOOK_ID and so on: the names in CGI, WSGI and Django's META.
_NAMES: dict[str | bytes, str] = {
    spelling: name
    for name in (WEBHOOK_ID, WEBHOOK_TIMESTAMP, WEBHOOK_SIGNATURE)
    for text in (name, f"http_{name}".replace("-", "_"))
    for spelling in (text, text.encode())
}


def find_headers(headers: HeadersLike) -> WebhookHeaders:
    """Pick the webhook headers out of any mapping or iterable of pairs.

    Args:
        headers: The request's headers; names in any case, names and values as str or bytes.

    Raises:
        InvalidWebhookSignatureError: A header is missing, empty, no text, or there twice.
        TypeError: They are no headers at all.
    """
    found: dict[str, bytes] = {}
    for name, value in _picked(headers):
        encoded = _value(name, value)
        if found.setdefault(name, encoded) != encoded:
            raise InvalidWebhookSignatureError(
                f"The header {name} is there twice with different values. Refuse the request.",
                reason="header_repeated",
            )
    return WebhookHeaders(
        _storable(_required(found, WEBHOOK_ID)),
        _required(found, WEBHOOK_TIMESTAMP),
        _required(found, WEBHOOK_SIGNATURE),
    )


def _picked(headers: HeadersLike) -> list[tuple[str, object]]:
    # isinstance() with a protocol would take as long as the whole rest of a verification.
    items = getattr(headers, "items", None)
    try:
        pairs = cast("Iterable[tuple[object, object]]", headers if items is None else items())
        return [
            (_NAMES[lower], value)
            for name, value in pairs
            if isinstance(name, (str, bytes)) and (lower := name.lower()) in _NAMES
        ]
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"the headers, of type {type(headers).__name__}, are no mapping and no pairs of name "
            "and value; pass the request's own headers"
        ) from error


def _value(name: str, value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        # Surrogates (undecodable bytes, to aiohttp) must end as a failed check, not as a crash.
        return value.encode("utf-8", "surrogatepass")
    raise InvalidWebhookSignatureError(
        f"The header {name} is {type(value).__name__}, not text. Pass the request's own headers.",
        reason="header_not_text",
    )


def _required(found: dict[str, bytes], name: str) -> bytes:
    value = found.get(name)
    if not value:
        raise InvalidWebhookSignatureError(
            f"The header {name} is missing or empty. Either the request is not from OpenAI, or a "
            "proxy or the framework removed the header before it reached this check.",
            reason="header_missing",
        )
    return value


def _storable(webhook_id: bytes) -> bytes:
    if len(webhook_id) > LONGEST_ID or b"\0" in webhook_id:
        raise InvalidWebhookSignatureError(
            f"The header webhook-id is longer than {LONGEST_ID} bytes, or has a NUL in it, as no "
            "id of OpenAI's. Refuse the request.",
            reason="id_malformed",
        )
    return webhook_id
