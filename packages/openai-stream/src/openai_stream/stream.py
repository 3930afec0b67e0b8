"""Typed streams over a response's bytes: the only part that reads, and that lets go of a source.

Decides when the source is released: at once on the stream's end, on an error, on `close()` and on
leaving the `with` block. What the bytes mean is the reader's business.

The stream is its own iterator and holds what is decoded in a queue. So a `break` leaves no
generator behind, half-run, that only the garbage collector would end.
"""

from __future__ import annotations

from collections import deque
from inspect import isasyncgen, isgenerator
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from openai_types.errors import APIError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from types import TracebackType
    from typing import Self

    from openai_types.wire import ResponseLike

    from openai_stream.reader import EventReader

T = TypeVar("T")


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
        """Release the connection; called once, also when not all was read."""
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
        """Release the connection; called once, also in a task that is being cancelled."""
        ...


class _Events(Generic[T]):
    """What both kinds of stream share: all but the reading and the releasing."""

    def __init__(self, response: ResponseLike, reader: EventReader[T]) -> None:
        self.response = response
        self._reader = reader
        self._ready: deque[T] = deque()
        self._ended = False
        self._released = False

    def _receive(self, chunk: bytes | None) -> bool:
        """Take the next bytes, or None for their end; True if no more are needed."""
        if self._ended:
            return True  # closed by someone else while these bytes were on the way
        if chunk is None:
            self._ready += self._reader.finish()
            self._ended = True
            return True
        self._ready += self._reader.feed(chunk)
        return self._reader.done

    def _stop(self) -> None:
        self._ended = True
        self._ready.clear()

    def _complete(self, error: BaseException) -> None:
        """Give an error what only the stream knows."""
        if isinstance(error, APIError):
            error.events = list[object](self._reader.events)
            error.request = error.request or self.response.request


class Stream(_Events[T]):
    """The events of a response, one after another, as they arrive.

    Iterate it once, best in a `with` block, which releases the connection however it is left.
    Errors that the iteration raises carry the events before them in `events`.

    Args:
        source: the response's body.
        reader: makes events of it.

    Attributes:
        response: the head of the response.
    """

    def __init__(self, source: ByteSource, reader: EventReader[T]) -> None:
        super().__init__(source.response, reader)
        self._source = source
        self._chunks: Iterator[bytes] | None = None

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> T:
        while not self._ready:
            if self._ended:
                raise StopIteration
            self._advance()
        return self._ready.popleft()

    def _advance(self) -> None:
        try:
            if self._receive(None if self._reader.done else self._read()):
                self._release()
        except BaseException as error:
            self._complete(error)
            self.close()
            raise

    def _read(self) -> bytes | None:
        if self._chunks is None:
            self._chunks = iter(self._source)
        return next(self._chunks, None)

    def close(self) -> None:
        """Release the connection and end the iteration; closing twice is harmless."""
        self._stop()
        self._release()

    def _release(self) -> None:
        if self._released:
            return
        self._released = True
        chunks: object = self._chunks
        try:
            if isgenerator(chunks) and not chunks.gi_running:
                chunks.close()  # its clean-up runs now, not when it is collected
        finally:
            self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class AsyncStream(_Events[T]):
    """The events of a response, one after another, as they arrive; for `async for`.

    Iterate it once, best in an `async with` block, which releases the connection however it is
    left. Errors that the iteration raises carry the events before them in `events`.

    Args:
        source: the response's body.
        reader: makes events of it.

    Attributes:
        response: the head of the response.
    """

    def __init__(self, source: AsyncByteSource, reader: EventReader[T]) -> None:
        super().__init__(source.response, reader)
        self._source = source
        self._chunks: AsyncIterator[bytes] | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        while not self._ready:
            if self._ended:
                raise StopAsyncIteration
            await self._advance()
        return self._ready.popleft()

    async def _advance(self) -> None:
        try:
            if self._receive(None if self._reader.done else await self._read()):
                await self._release()
        except BaseException as error:
            self._complete(error)
            await self.close()
            raise

    async def _read(self) -> bytes | None:
        if self._chunks is None:
            self._chunks = aiter(self._source)
        return await anext(self._chunks, None)

    async def close(self) -> None:
        """Release the connection and end the iteration; closing twice is harmless."""
        self._stop()
        await self._release()

    async def _release(self) -> None:
        if self._released:
            return
        self._released = True
        chunks: object = self._chunks
        try:
            if isasyncgen(chunks) and not chunks.ag_running:
                await chunks.aclose()  # its clean-up runs now, not when it is collected
        finally:
            await self._source.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()
