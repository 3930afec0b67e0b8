"""Streams over sources in memory that note when they are released."""

import functools
import threading
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

import anyio
import anyio.lowlevel
import pytest
from openai_stream import AsyncStream, EventReader, Stream, StreamTruncatedError
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

Piece = bytes | Exception


class Source:
    """A body, made of pieces; an exception among them is raised in its place."""

    def __init__(self, response: ResponseLike, pieces: Iterable[Piece]) -> None:
        self.response = response
        self.pieces = list(pieces)
        self.read = 0
        self.closed = 0

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
            await stream.close()
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


@pytest.fixture(params=["sync", "async"])
def colour(request: pytest.FixtureRequest, response: ResponseLike) -> Colour:
    return Colour(request.param, response)


def test_stream_iterates_in_a_for_loop(response: ResponseLike):
    source = Source(response, [HELLO + HELLO, STOP, DONE])
    assert len(list(Stream(source, reader()))) == 3
    assert source.closed == 1


@pytest.mark.anyio
async def test_async_stream_iterates_in_a_for_loop(response: ResponseLike):
    source = AsyncSource(response, [HELLO + HELLO, STOP, DONE])
    assert len([event async for event in AsyncStream(source, reader())]) == 3
    assert source.closed == 1


@pytest.mark.anyio
async def test_response_is_the_source_s(colour: Colour):
    _, stream = colour.open(DONE)
    assert stream.response is colour.response


@pytest.mark.anyio
async def test_end_releases_the_source_before_its_last_events_are_taken(colour: Colour):
    source, stream = colour.open(HELLO, HELLO + STOP + DONE, HELLO)
    assert await colour.next(stream)
    assert source.closed == 0
    assert await colour.next(stream)
    assert (source.closed, source.read) == (1, 2)
    assert await colour.next(stream)
    assert await colour.next(stream) is None
    assert await colour.next(stream) is None
    assert (source.closed, source.read) == (1, 2)


@pytest.mark.anyio
async def test_end_without_done_marker_releases_the_source(colour: Colour):
    source, stream = colour.open(HELLO, STOP.rstrip())
    received: list[Chunk] = []
    await colour.collect(stream, received)
    assert len(received) == 2
    assert source.closed == 1


@pytest.mark.anyio
async def test_truncated_stream_gives_its_events_and_then_the_error(colour: Colour):
    source, stream = colour.open(HELLO, HELLO)
    received: list[Chunk] = []
    with pytest.raises(StreamTruncatedError) as caught:
        await colour.collect(stream, received)
    assert caught.value.events == received
    assert len(received) == 2
    assert caught.value.request is colour.response.request
    assert source.closed == 1
    assert await colour.next(stream) is None


@pytest.mark.anyio
async def test_error_in_the_stream_comes_after_the_events_before_it(colour: Colour):
    source, stream = colour.open(HELLO + HELLO + BUSY, HELLO)
    assert await colour.next(stream)
    assert source.closed == 1
    assert await colour.next(stream)
    with pytest.raises(APIError, match="Busy") as caught:
        await colour.next(stream)
    assert len(caught.value.events) == 2
    assert source.read == 1


@pytest.mark.anyio
async def test_api_error_of_the_source_gets_the_events_and_passes(colour: Colour):
    broken = APIError("connection reset")
    source, stream = colour.open(HELLO, broken)
    received: list[Chunk] = []
    with pytest.raises(APIError) as caught:
        await colour.collect(stream, received)
    assert caught.value is broken
    assert broken.events == received
    assert len(received) == 1
    assert broken.request is colour.response.request
    assert source.closed == 1


@pytest.mark.anyio
async def test_request_of_an_error_is_kept(colour: Colour):
    request: Any = object()
    broken = APIError("connection reset", request)
    _, stream = colour.open(broken)
    with pytest.raises(APIError):
        await colour.next(stream)
    assert broken.request is request


@pytest.mark.anyio
async def test_other_error_of_the_source_releases_it_and_passes(colour: Colour):
    source, stream = colour.open(HELLO, OSError("unplugged"))
    with pytest.raises(OSError, match="unplugged"):
        await colour.collect(stream, [])
    assert source.closed == 1
    assert await colour.next(stream) is None


@pytest.mark.anyio
async def test_close_after_the_first_event_ends_the_iteration(colour: Colour):
    source, stream = colour.open(HELLO + HELLO, HELLO)
    assert await colour.next(stream)
    await colour.close(stream)
    assert await colour.next(stream) is None
    assert (source.closed, source.read) == (1, 1)


@pytest.mark.anyio
async def test_close_twice_releases_once(colour: Colour):
    source, stream = colour.open(HELLO)
    await colour.close(stream)
    await colour.close(stream)
    assert (source.closed, source.read) == (1, 0)


@pytest.mark.anyio
async def test_close_after_the_end_releases_no_more(colour: Colour):
    source, stream = colour.open(DONE)
    assert await colour.next(stream) is None
    await colour.close(stream)
    assert source.closed == 1


@pytest.mark.anyio
@pytest.mark.parametrize("error", [None, KeyError("of the caller")])
async def test_leaving_the_block_releases_the_source(colour: Colour, error: Exception | None):
    source, stream = colour.open(HELLO)
    if error:
        with pytest.raises(KeyError):
            await colour.leave(stream, error)
    else:
        await colour.leave(stream, None)
    assert source.closed == 1
    assert await colour.next(stream) is None


def test_break_leaves_a_stream_that_goes_on(response: ResponseLike):
    source = Source(response, [HELLO + HELLO, STOP, DONE])
    stream = Stream(source, reader())
    for _ in stream:
        break
    assert len(list(stream)) == 2


@pytest.mark.anyio
async def test_break_and_close_unwind_a_source_that_is_a_generator(response: ResponseLike):
    unwound: list[str] = []

    class Generating(AsyncSource):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            try:
                yield HELLO
                yield HELLO
            finally:
                await anyio.lowlevel.checkpoint()
                unwound.append("generator")

        async def aclose(self) -> None:
            unwound.append("source")

    async with AsyncStream(Generating(response, []), reader()) as stream:
        async for _ in stream:
            break
    assert unwound == ["generator", "source"]


def test_break_and_close_unwind_a_synchronous_source_that_is_a_generator(response: ResponseLike):
    unwound: list[str] = []

    class Generating(Source):
        def __iter__(self) -> Iterator[bytes]:
            try:
                yield HELLO
                yield HELLO
            finally:
                unwound.append("generator")

        def close(self) -> None:
            unwound.append("source")

    with Stream(Generating(response, []), reader()) as stream:
        for _ in stream:
            break
    assert unwound == ["generator", "source"]


class Waiting(AsyncSource):
    """One piece, and then nothing until it is closed."""

    def __init__(self, response: ResponseLike) -> None:
        super().__init__(response, [HELLO])
        self.waiting = anyio.Event()
        self.released = anyio.Event()

    async def __anext__(self) -> bytes:
        if self.read:
            self.waiting.set()
            await self.released.wait()
        return await super().__anext__()

    async def aclose(self) -> None:
        self.released.set()
        await super().aclose()


class WaitingGenerator(Waiting):
    """The same, as an asynchronous generator."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            try:
                yield await self.__anext__()
            except StopAsyncIteration:
                return


@pytest.mark.anyio
@pytest.mark.parametrize("kind", [Waiting, WaitingGenerator])
async def test_cancelled_task_releases_the_source(response: ResponseLike, kind: type[Waiting]):
    source = kind(response)
    received: list[Chunk] = []

    async def consume() -> None:
        async for event in AsyncStream(source, reader()):
            received.append(event)  # noqa: PERF401 - cancelled half way

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(consume)
        await source.waiting.wait()
        tasks.cancel_scope.cancel()
    assert len(received) == 1
    assert source.closed == 1


@pytest.mark.anyio
@pytest.mark.parametrize("kind", [Waiting, WaitingGenerator])
async def test_close_in_another_task_ends_the_iteration(
    response: ResponseLike, kind: type[Waiting]
):
    source = kind(response)
    stream = AsyncStream(source, reader())
    received: list[Chunk] = []
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(functools.partial(Colour("async", response).collect, stream, received))
        await source.waiting.wait()
        await stream.close()
    assert len(received) == 1
    assert source.closed == 1


def test_close_in_another_thread_ends_the_iteration(response: ResponseLike):
    class Blocking(Source):
        def __init__(self) -> None:
            super().__init__(response, [])
            self.waiting = threading.Event()
            self.released = threading.Event()

        def __iter__(self) -> Iterator[bytes]:
            yield HELLO
            self.waiting.set()
            self.released.wait()

        def close(self) -> None:
            super().close()
            self.released.set()

    source = Blocking()
    stream = Stream(source, reader())
    received: list[Chunk] = []
    thread = threading.Thread(target=lambda: received.extend(stream))
    thread.start()
    source.waiting.wait()
    stream.close()
    thread.join()
    assert len(received) == 1
    assert source.closed == 1
