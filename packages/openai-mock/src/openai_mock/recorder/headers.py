"""Which headers go on to the next hop, and which a tape keeps.

Decides by names alone; what secrets are is in `secret_spans`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

# RFC 9110, section 7.6.1, and what those lists of names leave out.
HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
# Those of a request that say something about its content, and so about the answer.
ABOUT_CONTENT = frozenset(
    {"accept", "content-encoding", "content-type", "last-event-id", "openai-beta", "range"}
)
RawHeaders = list[tuple[bytes, bytes]]


def passed_on(headers: Iterable[tuple[bytes, bytes]], without: Collection[str] = ()) -> RawHeaders:
    """The headers that go on to the next hop, with their names in lower case."""
    lowered = [(name.lower(), value) for name, value in headers]
    named = {
        option.strip().lower()
        for name, value in lowered
        if name == b"connection"
        for option in value.decode("latin-1").split(",")
    }
    left_out = HOP_BY_HOP | named | set(without)
    return [(name, value) for name, value in lowered if name.decode("latin-1") not in left_out]


def first(headers: Iterable[tuple[bytes, bytes]], name: str) -> str:
    """The value of the first header of this name; empty if there is none."""
    wanted = name.encode()
    found = (value for each, value in headers if each.lower() == wanted)
    return next(found, b"").decode("latin-1").strip()
