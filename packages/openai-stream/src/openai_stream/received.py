"""Responses that somebody received with an HTTP library, as what a stream reads.

Decides what is asked of such a response: its bytes, its end, and its content type. Errors of the
library, of which nothing is known here, end a stream as one that was cut off.
"""

from __future__ import annotations

from inspect import isasyncgen
from typing import TYPE_CHECKING, Any, Protocol

from openai_types.wire import ResponseLike

from openai_stream.decoders.ndjson import is_ndjson
from openai_stream.errors import StreamTruncatedError
from openai_stream.relay.incoming import reader_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from openai_stream.reader import EventReader


class ReadableResponse(ResponseLike, Protocol):
    """A response that is being received, such as an `httpx.Response`."""

    def iter_bytes(self) -> Iterator[bytes]:
        """The body, in pieces of any size, not compressed."""
        ...

    def close(self) -> None:
        """Release the connection."""
        ...


class AsyncReadableResponse(ResponseLike, Protocol):
    """The same for asynchronous code."""

    def aiter_bytes(self) -> AsyncIterator[bytes]:
        """The body, in pieces of any size, not compressed."""
        ...

    async def aclose(self) -> None:
        """Release the connection."""
        ...


class ReceivedResponse:
    """The body of a response, for a `Stream`."""

    def __init__(self, response: ReadableResponse) -> None:
        self.response = response

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self.response.iter_bytes()
        except Exception as error:
            raise _cut_off(error) from error

    def close(self) -> None:
        """Close the response."""
        self.response.close()

    def abort(self) -> None:
        """Do nothing: libraries do not let other threads close what is read; the end closes it."""

    def abandon(self, chunks: object) -> None:
        """Leave the response to whoever made it."""
        del chunks


class AsyncReceivedResponse:
    """The body of a response, for an `AsyncStream`."""

    def __init__(self, response: AsyncReadableResponse) -> None:
        self.response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pieces = self.response.aiter_bytes()
        try:
            async for piece in pieces:
                yield piece
        except Exception as error:
            raise _cut_off(error) from error
        finally:
            body: object = pieces
            if isasyncgen(body):
                await body.aclose()  # its clean-up runs now, not when it is collected

    async def aclose(self) -> None:
        """Close the response."""
        await self.response.aclose()

    def abort(self) -> None:
        """Do nothing: libraries do not let other threads close what is read; the end closes it."""

    def abandon(self, chunks: object) -> None:
        """Leave the response to whoever made it."""
        del chunks


FOREIGN = ReceivedResponse, AsyncReceivedResponse


def reader_for(response: ResponseLike, type_: object) -> EventReader[Any]:  # Any: of that type
    """What makes events of a type of the body of a response; its content type tells their form."""
    return reader_of(type_, None, ndjson=is_ndjson(response.headers.get("content-type", "")))


def _cut_off(error: Exception) -> StreamTruncatedError:
    told = f"{type(error).__name__}: {error}".rstrip(": ")
    return StreamTruncatedError(
        f"The response could not be read to its end: {told}. The answer is incomplete; what arrived"
        " is in .partial and .events. Send it again for a whole answer."
    )
