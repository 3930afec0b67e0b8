"""Sources of streams in memory, which note when they are released."""

from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

import anyio
import anyio.lowlevel
from openai_stream import AsyncStream, EventReader, Stream
from openai_stream.stream import SMALL
from openai_stream.terminal import chat_completions
from openai_types import Decoder
from openai_types.chat import ChatCompletionChunk
from openai_types.errors import APIError
from openai_types.wire import ResponseLike

Chunk = ChatCompletionChunk
HELLO = b'data: {"choices": [{"index": 0, "delta": {"content": "Hello"}}]}\n\n'
STOP = b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\n'
DONE = b"data: [DONE]\n\n"
BUSY = b'data: {"error": {"message": "Busy"}}\n\n'
MANY = HELLO * (SMALL // len(HELLO) + 1)  # more than are decoded at once

Piece = bytes | Exception


class Source:
    """A body, made of pieces; an exception among them is raised in its place."""

    def __init__(self, response: ResponseLike, pieces: Iterable[Piece]) -> None:
        self.response = response
        self.pieces = list(pieces)
        self.read = 0
        self.closed = self.aborted = 0
        self.abandoned: list[object] = []

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self.read == len(self.pieces):
            raise StopIteration
        piece = self.pieces[self.read]
        self.read += 1
        if isinstance(piece, Exception):
            raise piece
        return piece

    def close(self) -> None:
        self.closed += 1

    def abort(self) -> None:
        self.aborted += 1

    def abandon(self, chunks: object) -> None:
        self.abandoned.append(chunks)


class AsyncSource(Source):
    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        await anyio.lowlevel.checkpoint()
        try:
            return next(self)
        except StopIteration:
            raise StopAsyncIteration from None

    async def aclose(self) -> None:
        self.close()
        await anyio.lowlevel.checkpoint()


def reader() -> EventReader[Chunk]:
    return EventReader(Decoder[Chunk](Chunk), chat_completions())


class Colour:
    """Lets a test be written once for both kinds of stream."""

    def __init__(self, kind: str, response: ResponseLike) -> None:
        self.is_async = kind == "async"
        self.response = response

    def open_again(self, *attempts: list[Piece]) -> tuple[list[Any], list[APIError], Any]:
        """A stream with an attempt after the other; its sources, the failures before each."""
        kind, failures = AsyncSource if self.is_async else Source, list[APIError]()
        first, *others = sources = [kind(self.response, pieces) for pieces in attempts]

        def again(failure: APIError) -> Any:
            failures.append(failure)
            if not others:
                raise failure
            return others.pop(0)

        async def again_async(failure: APIError) -> Any:
            await anyio.lowlevel.checkpoint()
            return again(failure)

        if isinstance(first, AsyncSource):
            return sources, failures, AsyncStream(first, reader(), again_async)
        return sources, failures, Stream(first, reader(), again)

    def open(self, *pieces: Piece) -> tuple[Any, Any]:  # Any: of either colour
        if self.is_async:
            asynchronous = AsyncSource(self.response, pieces)
            return asynchronous, AsyncStream(asynchronous, reader())
        source = Source(self.response, pieces)
        return source, Stream(source, reader())

    async def next(self, stream: Any) -> Chunk | None:
        return await anext(stream, None) if self.is_async else next(stream, None)

    async def close(self, stream: Any) -> None:
        if self.is_async:
            await stream.aclose()
        else:
            stream.close()

    async def collect(self, stream: Any, into: list[Chunk]) -> None:
        while (event := await self.next(stream)) is not None:
            into.append(event)

    async def leave(self, stream: Any, error: Exception | None) -> None:
        """Enter the stream's block and leave it, with an error or without."""
        if self.is_async:
            async with stream as entered:
                assert entered is stream
                if error:
                    raise error
        else:
            with stream as entered:
                assert entered is stream
                if error:
                    raise error
