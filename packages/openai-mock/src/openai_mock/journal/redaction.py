"""What the journal hides before anyone sees it.

Decides what is a secret in headers, in a query and in a body. Knows nothing of exchanges.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from openai_types.configuration import REMOVED, is_secret
from starlette.datastructures import Headers, QueryParams

if TYPE_CHECKING:
    from collections.abc import Iterable

RawHeaders = list[tuple[bytes, bytes]]

_SUBPROTOCOLS = "sec-websocket-protocol"  # where browsers put the key of a Realtime session
_KEY_IN_SUBPROTOCOLS = re.compile(r"(?<=api-key\.)[^,\s]+")
_LIMITS = "x-ratelimit-"  # counts of tokens, which are no secrets
_SHORTEST_SECRET = 6  # characters; shorter ones would be found inside ordinary words

# A secret is known by the name of its field, or by the look of OpenAI's own keys.
_FIELD = re.compile(
    rb'("(?:[\w-]*(?:authorization|api[_-]?key|password|secret)|(?:set-)?cookie'
    rb'|(?:access|refresh|id)_token)"\s*:\s*")(?:[^"\\]|\\.)+',
    re.IGNORECASE,
)
_KEY = re.compile(rb"(?<![A-Za-z0-9])(?:[sr]k-|ek_|whsec_)[A-Za-z0-9_+/=-]{16,}")


def hides(name: str) -> bool:
    """Whether the value of a header or a query parameter of this name is hidden."""
    return (is_secret(name) and not name.startswith(_LIMITS)) or "signature" in name


def shown_headers(raw: RawHeaders) -> Headers:
    """Headers without their secrets."""
    return Headers(raw=[(name, _shown(name, value)) for name, value in raw])


def _shown(name: bytes, value: bytes) -> bytes:
    text = name.decode("latin-1").lower()
    if text == _SUBPROTOCOLS:
        return _KEY_IN_SUBPROTOCOLS.sub(REMOVED, value.decode("latin-1")).encode("latin-1")
    return REMOVED.encode() if hides(text) else value


def shown_query(query_string: bytes) -> QueryParams:
    """The parameters of a query without their secrets."""
    pairs = parse_qsl(query_string.decode("latin-1"), keep_blank_values=True)
    return QueryParams([(name, REMOVED if hides(name.lower()) else value) for name, value in pairs])


def secrets_of(raw: RawHeaders, query_string: bytes) -> frozenset[bytes]:
    """The secrets that a request came with, in case that its bodies repeat them."""
    return frozenset(
        secret.encode()
        for value in _secret_values(raw, query_string)
        for secret in (value, value.rpartition(" ")[2])  # after "Bearer" or another scheme
        if len(secret) >= _SHORTEST_SECRET
    )


def _secret_values(raw: RawHeaders, query_string: bytes) -> Iterable[str]:
    for name, value in raw:
        lowered, text = name.decode("latin-1").lower(), value.decode("latin-1")
        if lowered == _SUBPROTOCOLS:
            yield from _KEY_IN_SUBPROTOCOLS.findall(text)
        elif hides(lowered):
            yield text
    for name, text in parse_qsl(query_string.decode("latin-1")):
        if hides(name.lower()):
            yield text


def shown_body(data: bytes, secrets: Iterable[bytes]) -> bytes:
    """A body without the secrets of its request, of fields named so, and of OpenAI's keys."""
    removed = REMOVED.encode()
    for secret in sorted(secrets, key=len, reverse=True):  # the longest, which hold the others
        data = data.replace(secret, removed)
    return _KEY.sub(removed, _FIELD.sub(rb"\1" + removed, data))
