"""When streams over sources in memory let go of these."""

import functools
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing

import anyio
import anyio.lowlevel
import pytest
from openai_stream import AsyncStream, Stream
from openai_types.errors import APIError, OpenAIError
from openai_types.wire import ResponseLike

from .sources import (
    DONE,
    HELLO,
    STOP,
    AsyncSource,
    Chunk,
    Colour,
    Source,
    reader,
)


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
async def test_aclosing_a_stream_releases_its_source(response: ResponseLike):
    source = AsyncSource(response, [HELLO, HELLO])
    async with aclosing(AsyncStream(source, reader())) as stream:
        assert await anext(stream)
    assert (source.closed, source.read) == (1, 1)


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


def test_break_lets_go_of_the_source_and_says_so_to_who_goes_on(response: ResponseLike):
    source = Source(response, [HELLO + HELLO, STOP, DONE])
    stream = Stream(source, reader())
    for _ in stream:
        break
    assert (source.read, source.abandoned) == (1, [source])
    assert stream.outcome == "cancelled"
    assert next(stream, None) is None
    with pytest.raises(OpenAIError, match="keep its iterator"):
        list(stream)


def test_exception_in_the_loop_lets_go_of_the_source(response: ResponseLike):
    source = Source(response, [HELLO, STOP, DONE])

    def fail() -> None:
        for _ in Stream(source, reader()):
            raise OSError("own")

    with pytest.raises(OSError, match="own"):
        fail()
    assert (source.read, source.abandoned) == (1, [source])


@pytest.mark.anyio
async def test_break_lets_go_of_an_async_source(response: ResponseLike):
    source = AsyncSource(response, [HELLO + HELLO, STOP, DONE])
    stream = AsyncStream(source, reader())
    async for _ in stream:
        break
    assert (source.read, source.abandoned) == (1, [source])
    assert stream.outcome == "cancelled"
    with pytest.raises(OpenAIError, match="keep its iterator"):
        aiter(stream)


def test_step_of_another_iterator_may_begin_a_loop_for_each_event(response: ResponseLike):
    class Wrapper:
        def __init__(self) -> None:
            self.stream = Stream(source, reader())

        def __iter__(self) -> "Wrapper":
            return self

        def __next__(self) -> object:
            for event in self.stream:
                return event
            raise StopIteration

    source = Source(response, [HELLO, HELLO + STOP, DONE])
    assert len(list(Wrapper())) == 3
    assert (source.closed, source.abandoned) == (1, [])
    source = Source(response, [HELLO, HELLO])
    for _ in Wrapper():
        break
    assert source.abandoned == [source]


@pytest.mark.anyio
async def test_step_of_another_async_iterator_may_begin_a_loop_for_each_event(
    response: ResponseLike,
):
    class Wrapper:
        def __init__(self) -> None:
            self.stream = AsyncStream(source, reader())

        def __aiter__(self) -> "Wrapper":
            return self

        async def __anext__(self) -> object:
            async for event in self.stream:
                return event
            raise StopAsyncIteration

    source = AsyncSource(response, [HELLO, HELLO + STOP, DONE])
    assert len([event async for event in Wrapper()]) == 3
    assert (source.closed, source.abandoned) == (1, [])
    source = AsyncSource(response, [HELLO, HELLO])
    async for _ in Wrapper():
        break
    assert source.abandoned == [source]


def test_relay_that_nobody_has_lets_go_of_the_source(response: ResponseLike):
    source = Source(response, [HELLO + HELLO, HELLO])
    stream = Stream(source, reader())
    for _ in stream.to_sse():
        break
    assert source.abandoned == [source]
    assert stream.outcome == "cancelled"


def test_relay_that_is_kept_goes_on(response: ResponseLike):
    stream = Stream(Source(response, [HELLO + HELLO, DONE]), reader())
    relay = stream.to_sse()
    for _ in relay:
        break
    assert len(list(relay)) == 2
    assert stream.outcome == "complete"


@pytest.mark.anyio
async def test_async_relay_that_nobody_has_lets_go_of_the_source(response: ResponseLike):
    source = AsyncSource(response, [HELLO + HELLO, HELLO])
    stream = AsyncStream(source, reader())
    async for _ in stream.to_ndjson():
        break
    assert source.abandoned == [source]
    assert stream.outcome == "cancelled"


def test_loop_that_keeps_its_iterator_goes_on(response: ResponseLike):
    source = Source(response, [HELLO + HELLO, STOP, DONE])
    stream = Stream(source, reader())
    events = iter(stream)
    for _ in events:
        break
    assert len(list(events)) == 2
    assert (source.closed, source.abandoned) == (1, [])
    assert list(stream) == []


@pytest.mark.anyio
async def test_async_loop_that_keeps_its_iterator_goes_on(response: ResponseLike):
    source = AsyncSource(response, [HELLO + HELLO, STOP, DONE])
    stream = AsyncStream(source, reader())
    events = aiter(stream)
    async for _ in events:
        break
    assert len([event async for event in events]) == 2
    assert (source.closed, source.abandoned) == (1, [])


@pytest.mark.anyio
async def test_stream_that_nobody_has_lets_go_of_its_source(colour: Colour):
    source, stream = colour.open(HELLO, STOP)
    assert await colour.next(stream)
    del stream
    assert source.abandoned == [source]


@pytest.mark.anyio
async def test_cancel_between_reads_lets_go_of_the_source(colour: Colour):
    source, stream = colour.open(HELLO + HELLO, STOP)
    assert await colour.next(stream)
    stream.cancel()
    assert source.abandoned == [source]
    assert await colour.next(stream) is None
    assert stream.outcome == "cancelled"


def test_cancel_in_another_thread_breaks_off_what_is_being_read(response: ResponseLike):
    source = Blocking(response)
    stream = Stream(source, reader())
    received: list[Chunk] = []
    thread = threading.Thread(target=lambda: received.extend(stream))
    thread.start()
    source.waiting.wait()
    stream.cancel()
    thread.join()
    assert len(received) == 1
    assert (source.aborted, source.closed, source.abandoned) == (1, 1, [])
    assert stream.outcome == "cancelled"


@pytest.mark.anyio
async def test_cancel_in_another_task_breaks_off_what_is_being_read(response: ResponseLike):
    source = BrokenOff(response)
    stream = AsyncStream(source, reader())
    received: list[Chunk] = []
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(functools.partial(Colour("async", response).collect, stream, received))
        await source.waiting.wait()
        stream.cancel()
    assert len(received) == 1
    assert (source.aborted, source.closed, source.abandoned) == (1, 1, [])
    assert stream.outcome == "cancelled"


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


class BrokenOff(Waiting):
    """The same, whose reading fails when it is broken off."""

    def abort(self) -> None:
        super().abort()
        self.pieces.append(APIError("broken off"))
        self.released.set()


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


class Blocking(Source):
    """One piece, and then nothing until it is broken off."""

    def __init__(self, response: ResponseLike) -> None:
        super().__init__(response, [])
        self.waiting = threading.Event()
        self.released = threading.Event()

    def __iter__(self) -> Iterator[bytes]:
        yield HELLO
        self.waiting.set()
        self.released.wait()
        raise APIError("broken off")

    def abort(self) -> None:
        super().abort()
        self.released.set()


def test_close_in_another_thread_ends_the_iteration(response: ResponseLike):
    source = Blocking(response)
    stream = Stream(source, reader())
    received: list[Chunk] = []
    thread = threading.Thread(target=lambda: received.extend(stream))
    thread.start()
    source.waiting.wait()
    stream.close()
    thread.join()
    assert len(received) == 1
    assert source.closed == 1


@pytest.mark.anyio
@pytest.mark.parametrize("kind", [Waiting, WaitingGenerator])
async def test_a_second_task_that_reads_is_told_so_and_the_first_goes_on(
    response: ResponseLike, kind: type[Waiting]
):
    source = kind(response)
    stream = AsyncStream(source, reader())
    received: list[Chunk] = []
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(functools.partial(Colour("async", response).collect, stream, received))
        await source.waiting.wait()
        with pytest.raises(OpenAIError, match="Read it in one place"):
            await anext(stream)
        assert stream.outcome is None
        await stream.close()
    assert source.closed == 1


def test_a_second_thread_that_reads_is_told_so_and_the_first_goes_on(response: ResponseLike):
    source = Blocking(response)
    stream = Stream(source, reader())
    thread = threading.Thread(target=lambda: list(stream))
    thread.start()
    source.waiting.wait()
    with pytest.raises(OpenAIError, match="Read it in one place"):
        next(stream)
    assert stream.outcome is None
    stream.close()
    thread.join()
    assert source.closed == 1
