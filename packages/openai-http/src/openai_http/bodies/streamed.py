"""Bodies that are read while they are sent: open files, and bytes that come piece by piece.

Decides how long one is, and whether it can be sent again: what an iterator gave is gone. Whoever
sends the request reads it.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from io import SEEK_END
from typing import IO, TypeAlias, cast

from openai_types.errors import InvalidArgumentError, InvalidTypeError

from openai_http.bodies.uploads import rewind

Source: TypeAlias = IO[bytes] | Iterable[bytes] | AsyncIterable[bytes]

_PIECE = 2**16  # bytes of a file that are read at once


class StreamedBody:
    """What a source gives, for synchronous and for asynchronous code.

    Args:
        name: of the operation, for messages.
        source: an open file, from where it stands, or pieces. Only asynchronous code can await
            them.

    Attributes:
        length: bytes that there are, where that is known.

    Raises:
        InvalidTypeError: a piece is not of bytes. Where nobody knows before, reading raises it.
    """

    def __init__(self, name: str, source: Source) -> None:
        self.length: int | None = None
        self._name = name
        self._source = source
        self._is_file = hasattr(source, "read")
        self._is_awaited = isinstance(source, AsyncIterable) and not self._is_file
        self._start = 0
        self._began = False
        if self._is_file:
            self._measure(cast("IO[bytes]", source))
        elif isinstance(source, Sequence):
            self.length = sum(len(self._checked(piece)) for piece in source)

    def __iter__(self) -> Iterator[bytes]:
        if self._is_awaited:
            raise InvalidTypeError(
                f"The content of {self._name} is of type {type(self._source).__name__}, whose"
                " pieces must be awaited; not every client and transport can. Pass bytes, an open"
                " file, or an iterable of bytes."
            )
        return map(self._checked, self._pieces())

    def __aiter__(self) -> AsyncIterator[bytes]:
        if not self._is_awaited:
            return Given(iter(self))
        return _Awaited(aiter(cast("AsyncIterable[bytes]", self._source)), self._checked)

    def rewind(self) -> None:
        """Make it ready to be sent again, the same bytes.

        Raises:
            InvalidArgumentError: it can be read only once.
        """
        if not self._began:
            return
        if self._is_file:
            rewind(cast("IO[bytes]", self._source), "content", self._start)
        elif isinstance(self._source, Iterator | AsyncIterator):
            raise InvalidArgumentError(
                "The request was not sent again, because its content is an iterator, which gives"
                " each piece once. Pass bytes, a list of them, or an open file, which can be read"
                " again."
            )

    def _measure(self, file: IO[bytes]) -> None:
        with suppress(AttributeError, OSError, ValueError):  # of one that can be read only once
            self._start = file.tell()
            self.length = file.seek(0, SEEK_END) - self._start
            file.seek(self._start)

    def _pieces(self) -> Iterator[object]:
        if not self._is_file:
            return iter(cast("Iterable[object]", self._source))
        file = cast("IO[bytes]", self._source)
        return iter(lambda: file.read(_PIECE), b"")

    def _checked(self, piece: object) -> bytes:
        self._began = True
        if isinstance(piece, bytes | bytearray | memoryview):
            return bytes(cast("bytes | bytearray | memoryview[int]", piece))
        raise InvalidTypeError(
            f"The content of {self._name} has a piece of type {type(piece).__name__}. Pass pieces"
            " of bytes."
        )


# Classes rather than generators, which somebody would have to close.
class Given:
    """Pieces that are there, for asynchronous code."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def __aiter__(self) -> Given:
        return self

    async def __anext__(self) -> bytes:
        for piece in self._pieces:
            return piece
        raise StopAsyncIteration


class _Awaited:
    """Pieces that must be awaited."""

    def __init__(self, pieces: AsyncIterator[object], checked: Callable[[object], bytes]) -> None:
        self._pieces = pieces
        self._checked = checked

    def __aiter__(self) -> _Awaited:
        return self

    async def __anext__(self) -> bytes:
        return self._checked(await anext(self._pieces))
