"""A body in other pieces than those in which it arrives: of a size, as text, or as lines.

No I/O: each is fed the bytes, in any pieces, and gives what is complete.
"""

from __future__ import annotations

from codecs import getincrementaldecoder
from typing import TYPE_CHECKING, Protocol, TypeVar

from openai_types.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

P_co = TypeVar("P_co", bytes, str, covariant=True)

_DECODER = getincrementaldecoder("utf-8")


class Pieces(Protocol[P_co]):
    """Makes pieces of a body."""

    def feed(self, chunk: bytes) -> Iterator[P_co]:
        """Take the next bytes; gives the pieces that are complete."""
        ...

    def finish(self) -> Iterator[P_co]:
        """The body has ended; gives the last piece if there is one."""
        ...


def checked_size(size: int | None) -> int | None:
    """How large a user wants the pieces.

    Raises:
        InvalidArgumentError: no piece is so large.
    """
    if size is None or (isinstance(size, int) and size >= 0):  # pyright: ignore[reportUnnecessaryIsInstance]
        return size
    raise InvalidArgumentError(f"chunk_size is {size!r}. Pass 1 or more, or None.")


class Bytes:
    """Pieces of `size` bytes, or those that arrive if there is no size."""

    def __init__(self, size: int | None) -> None:
        self._size = checked_size(size)
        self._rest = bytearray()

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Take the next bytes; gives the pieces that are complete."""
        if not self._size:
            if chunk:
                yield chunk
            return
        self._rest += chunk
        whole = len(self._rest) - len(self._rest) % self._size
        for start in range(0, whole, self._size):
            yield bytes(self._rest[start : start + self._size])
        del self._rest[:whole]

    def finish(self) -> Iterator[bytes]:
        """The body has ended; gives the last piece if there is one."""
        if self._rest:
            yield bytes(self._rest)


class Text:
    """Pieces of `size` characters, or those that arrive if there is no size."""

    def __init__(self, size: int | None) -> None:
        self._size = checked_size(size)
        self._decoder = _DECODER(errors="replace")
        self._rest = ""

    def feed(self, chunk: bytes) -> Iterator[str]:
        """Take the next bytes; gives the pieces that are complete."""
        return self._take(self._decoder.decode(chunk))

    def finish(self) -> Iterator[str]:
        """The body has ended; gives the last pieces if there are any."""
        yield from self._take(self._decoder.decode(b"", final=True))
        if self._rest:
            yield self._rest

    def _take(self, text: str) -> Iterator[str]:
        if not self._size:
            if text:
                yield text
            return
        text = self._rest + text  # shorter than one piece, so this costs what it must
        whole = len(text) - len(text) % self._size
        for start in range(0, whole, self._size):
            yield text[start : start + self._size]
        self._rest = text[whole:]


class Lines:
    """Lines without their breaks, as `str.splitlines` knows them."""

    def __init__(self) -> None:
        self._decoder = _DECODER(errors="replace")
        self._begun: list[str] = []  # the pieces of a line that is not complete

    def feed(self, chunk: bytes) -> Iterator[str]:
        """Take the next bytes; gives the lines that are complete."""
        return self._take(self._decoder.decode(chunk))

    def finish(self) -> Iterator[str]:
        """The body has ended; gives the last lines if there are any."""
        yield from self._take(self._decoder.decode(b"", final=True))
        yield from "".join(self._begun).splitlines()

    def _take(self, text: str) -> Iterator[str]:
        if not text:
            return
        if self._begun and self._begun[-1].endswith("\r"):  # perhaps the first half of a break
            text = self._begun.pop() + text
        first, *others = text.splitlines(keepends=True)
        self._begun.append(first)
        for line in others:
            yield from "".join(self._begun).splitlines()
            self._begun = [line]
        last = self._begun[-1]
        if last.splitlines() != [last] and not last.endswith("\r"):
            yield from "".join(self._begun).splitlines()
            self._begun = []
