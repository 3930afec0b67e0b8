"""Where streams get their bytes: the body of a response that is being received."""

from __future__ import annotations

from inspect import isasyncgen, isgenerator
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from openai_types.wire import ResponseLike


class ByteSource(Protocol):
    """The body of a response that is being received."""

    @property
    def response(self) -> ResponseLike:
        """The head of the response."""
        ...

    def __iter__(self) -> Iterator[bytes]:
        """The body's bytes, in pieces of any size; called once."""
        ...

    def close(self) -> None:
        """Release the connection, also when not all was read."""
        ...

    def abort(self) -> None:
        """Break the connection off, from any thread: who reads gets an error or the end."""
        ...

    def abandon(self, chunks: Iterator[bytes] | None) -> None:
        """Break the connection off because nobody reads it any more.

        It may come from the garbage collector, and so from anywhere: nothing may be waited for,
        no lock be taken. What is left to close is closed later.

        Args:
            chunks: the iterator that was being read, if there is one.
        """
        ...


class AsyncByteSource(Protocol):
    """The body of a response that is being received, for asynchronous code."""

    @property
    def response(self) -> ResponseLike:
        """The head of the response."""
        ...

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The body's bytes, in pieces of any size; called once."""
        ...

    async def aclose(self) -> None:
        """Release the connection, also in a task that is being cancelled."""
        ...

    def abort(self) -> None:
        """Break the connection off, from any thread: who reads gets an error or the end."""
        ...

    def abandon(self, chunks: AsyncIterator[bytes] | None) -> None:
        """Break the connection off because nobody reads it any more; see `ByteSource`."""
        ...


@runtime_checkable
class Ending(Protocol):
    """A source whose connection can serve again, if the end of the body is read."""

    def expect_end(self) -> None:
        """Nothing but its end is wanted of the body, which is closed now."""
        ...


class Body:
    """A source that is being read, and is released once."""

    def __init__(self, source: ByteSource) -> None:
        self.source = source
        self.is_reading = False
        self._chunks: Iterator[bytes] | None = None
        self._released = self._abandoned = False

    def read(self) -> bytes | None:
        """The next bytes, or None for the end."""
        if self._chunks is None:
            self._chunks = iter(self.source)
        self.is_reading = True
        try:
            return next(self._chunks, None)
        finally:
            self.is_reading = False

    def finish(self) -> None:
        """Release the connection when nothing more is to come than the end of the body."""
        if not self._released and isinstance(self.source, Ending):
            self.source.expect_end()
        self.release()

    def release(self) -> None:
        """Release the connection; twice is harmless."""
        if self._released:
            return
        self._released = True
        chunks: object = self._chunks
        try:
            if isgenerator(chunks) and not chunks.gi_running:
                chunks.close()  # its clean-up runs now, not when it is collected
        finally:
            self.source.close()

    def abandon(self) -> None:
        """Let go of the connection at once, without waiting; it may still be released."""
        if not (self._released or self._abandoned):
            self._abandoned = True
            self.source.abandon(self._chunks)


class AsyncBody:
    """The same for asynchronous code."""

    def __init__(self, source: AsyncByteSource) -> None:
        self.source = source
        self.is_reading = False
        self._chunks: AsyncIterator[bytes] | None = None
        self._released = self._abandoned = False

    async def read(self) -> bytes | None:
        """The next bytes, or None for the end."""
        if self._chunks is None:
            self._chunks = aiter(self.source)
        self.is_reading = True
        try:
            return await anext(self._chunks, None)
        finally:
            self.is_reading = False

    async def finish(self) -> None:
        """Release the connection when nothing more is to come than the end of the body."""
        if not self._released and isinstance(self.source, Ending):
            self.source.expect_end()
        await self.release()

    async def release(self) -> None:
        """Release the connection; twice is harmless."""
        if self._released:
            return
        self._released = True
        chunks: object = self._chunks
        try:
            if isasyncgen(chunks) and not chunks.ag_running:
                await chunks.aclose()  # its clean-up runs now, not when it is collected
        finally:
            await self.source.aclose()

    def abandon(self) -> None:
        """Let go of the connection at once, without waiting; it may still be released."""
        if not (self._released or self._abandoned):
            self._abandoned = True
            self.source.abandon(self._chunks)
