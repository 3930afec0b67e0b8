"""An answer as it goes over the wire: a head, and bytes with what happens between them.

Data only. What is an event keeps to itself: each piece of a stream is one event, so that faults can
count them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True)
class Wait:
    """Nothing is sent for a while.

    Attributes:
        seconds: How long; None until the client leaves.
    """

    seconds: float | None


@dataclass(frozen=True)
class Break:
    """The connection ends here, without the mark that ends an answer.

    Attributes:
        reset: Whether it is reset, rather than closed.
        fault: What asked for it, in words.
    """

    reset: bool
    fault: str


Pause: TypeAlias = Wait | Break
Piece: TypeAlias = bytes | Pause


@dataclass(frozen=True)
class Wire:
    """An answer as it goes over the wire.

    Attributes:
        status: The HTTP status.
        headers: The headers, their names in lower case.
        pieces: The body. Of a stream, each piece is one event.
        before: What happens before the head is sent.
    """

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    pieces: Iterable[Piece]
    before: tuple[Pause, ...] = ()

    @property
    def is_stream(self) -> bool:
        """Whether the pieces are events."""
        return any(
            name == b"content-type" and value.startswith(b"text/event-stream")
            for name, value in self.headers
        )

    def sized_anew(self, pieces: Iterable[Piece]) -> Wire:
        """The same with other pieces, whose length nobody knows yet."""
        return replace(self.without("content-length"), pieces=pieces)

    def without(self, name: str) -> Wire:
        """The same without a header."""
        kept = tuple(each for each in self.headers if each[0] != name.encode())
        return replace(self, headers=kept)

    def having(self, name: str, value: str) -> Wire:
        """The same with a header, which takes the place of those of its name."""
        added = (name.encode(), value.encode("latin-1"))
        kept = self.without(name)
        return replace(kept, headers=(*kept.headers, added))


def interrupted(
    pieces: Iterable[Piece],
    by: Iterable[Piece],
    *,
    after_bytes: int | None = None,
    after_events: int | None = None,
) -> Iterator[Piece]:
    """Put something between the pieces, once so many bytes or else so many events are through."""
    in_bytes = after_bytes is not None
    left = (after_bytes if in_bytes else after_events) or 0
    waiting = True
    if left == 0:
        yield from by
        waiting = False
    for piece in pieces:
        if not waiting or not isinstance(piece, bytes):
            yield piece
            continue
        size = len(piece) if in_bytes else 1
        if size < left:
            left -= size
            yield piece
            continue
        cut = left if in_bytes else len(piece)
        yield piece[:cut]
        yield from by
        waiting = False
        if piece[cut:]:
            yield piece[cut:]
