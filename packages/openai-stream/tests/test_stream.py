"""Streams over sources in memory that note when they are released."""

import functools
import threading
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import aclosing, suppress
from typing import Any

import anyio
import anyio.lowlevel
import pytest
from openai_stream import AsyncStream, EventReader, Stream, StreamTruncatedError
from openai_stream.stream import SMALL
from openai_stream.terminal import chat_completions, responses
from openai_types import Decoder
from openai_types.chat import ChatCompletionChunk
from openai_types.errors import APIError, OpenAIError
from openai_types.responses import ResponseStreamEvent
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


class EndingSource(AsyncSource):
    """One that notes whether it was told that only the end of the body is wanted."""

    told = 0

    def expect_end(self) -> None:
        self.told += 1
        assert not self.closed


@pytest.mark.anyio
@pytest.mark.parametrize("told", [0, 1])
async def test_source_is_told_when_only_the_end_of_its_body_is_wanted(
    response: ResponseLike, told: int
):
    sources = [EndingSource(response, [HELLO + STOP, DONE, HELLO]) for _ in range(2)]
    async with AsyncStream(sources[0], reader()) as stream:
        assert await anext(stream)
        assert not told or [event async for event in stream]
    with Stream(sources[1], reader()) as other:
        assert next(other)
        assert not told or list(other)
    assert [(source.told, source.closed) for source in sources] == [(told, 1)] * 2


MANY = HELLO * (SMALL // len(HELLO) + 1)


@pytest.mark.anyio
async def test_first_of_many_events_does_not_wait_for_the_others(colour: Colour):
    source, stream = colour.open(MANY + STOP + DONE, HELLO)
    assert await colour.next(stream)
    assert (stream._reader.count, source.closed) == (1, 0)
    received: list[Chunk] = []
    await colour.collect(stream, received)
    assert stream._reader.count == len(received) + 1
    assert (source.closed, source.read, stream.outcome) == (1, 1, "complete")


@pytest.mark.anyio
async def test_event_that_ends_the_stream_releases_the_source_also_behind_many(response: Any):
    decoder = Decoder[ResponseStreamEvent](ResponseStreamEvent)
    delta = b'data: {"type": "response.output_text.delta", "delta": "x"}\n\n'
    end = b'data: {"type": "response.completed", "response": {}}\n\n'
    data = delta * (SMALL // len(delta) + 1) + end
    source = Source(response, [data])
    for event in Stream(source, EventReader(decoder, responses())):
        assert source.closed == (event.type == "response.completed")
    later = AsyncSource(response, [data])
    async for event in AsyncStream(later, EventReader(decoder, responses())):
        assert later.closed == (event.type == "response.completed")


@pytest.mark.anyio
async def test_all_that_was_received_counts_when_the_stream_is_closed(colour: Colour):
    _, stream = colour.open(MANY + STOP + DONE)
    assert await colour.next(stream)
    await colour.close(stream)
    assert await colour.next(stream) is None
    assert stream.outcome == "complete"
    assert stream.partial[-1].choices[0].finish_reason == "stop"


class Interrupt(BaseException):
    """What comes from outside, like that of the keyboard."""


@pytest.mark.anyio
async def test_what_interrupts_decoding_ends_the_stream(colour: Colour):
    source, stream = colour.open(MANY, HELLO)

    def interrupted(_: Chunk) -> bool:
        raise Interrupt

    stream._reader.is_old = interrupted
    with pytest.raises(Interrupt):
        await colour.next(stream)
    assert await colour.next(stream) is None
    assert (source.closed, source.read, stream.outcome) == (1, 1, "cancelled")


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
@pytest.mark.parametrize(
    ("last", "outcome"),
    [("response.completed", "complete"), ("response.failed", "errored"), ("error", "errored")],
)
async def test_response_whose_last_event_tells_a_failure_is_not_complete(
    colour: Colour, last: str, outcome: str
):
    told = b'data: {"type": "%b", "sequence_number": 1}\n\n' % last.encode()
    source, _ = colour.open(told)
    of_response = EventReader(Decoder[ResponseStreamEvent](ResponseStreamEvent), responses())
    stream: Any = (AsyncStream if colour.is_async else Stream)(source, of_response)
    event: Any = await colour.next(stream)
    assert event.type == last
    assert await colour.next(stream) is None
    assert stream.outcome == outcome


@pytest.mark.anyio
async def test_outcome_is_known_when_the_stream_has_ended(colour: Colour):
    outcomes: list[str | None] = []
    for pieces in ([HELLO, STOP, DONE], [HELLO, STOP], [HELLO], [HELLO, BUSY], [OSError("cut")]):
        _, stream = colour.open(*pieces)
        outcomes.append(stream.outcome)
        with suppress(Exception):
            await colour.collect(stream, [])
        outcomes.append(stream.outcome)
    ended = ["complete", "complete", "truncated", "errored", "errored"]
    assert outcomes == [each for outcome in ended for each in (None, outcome)]


@pytest.mark.anyio
async def test_outcome_of_a_stream_that_is_closed_is_what_it_had_so_far(colour: Colour):
    for piece, outcome in ((STOP, "complete"), (HELLO, "cancelled")):
        _, stream = colour.open(piece, HELLO)
        assert await colour.next(stream)
        await colour.close(stream)
        assert stream.outcome == outcome


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
@pytest.mark.parametrize(
    "cut",
    [[], [b": ping\n\n"], [HELLO[:20]], [HELLO[:20], APIError("reset")], [b"\xef\xbb"]],
    ids=str,
)
async def test_another_response_takes_the_place_of_one_without_events(
    cut: list[Piece], colour: Colour
):
    sources, failures, stream = colour.open_again(cut, [], [HELLO, STOP, DONE])
    received: list[Chunk] = []
    await colour.collect(stream, received)
    assert len(received) == 2
    assert [source.closed for source in sources] == [1, 1, 1]
    assert len(failures) == 2
    assert all(failure.request for failure in failures)


@pytest.mark.anyio
@pytest.mark.parametrize("cut", [[HELLO], [HELLO, STOP[:9]], [HELLO.rstrip()]], ids=str)
async def test_the_rest_follows_a_response_with_an_event(cut: list[Piece], colour: Colour):
    sources, failures, stream = colour.open_again(cut, [b": ping\n\n"], [STOP, DONE])
    received: list[Chunk] = []
    await colour.collect(stream, received)
    assert [chunk.choices[0].finish_reason for chunk in received] == [None, "stop"]
    assert [source.closed for source in sources] == [1, 1, 1]
    assert [len(failure.events) for failure in failures] == [1, 1]
    assert stream.outcome == "complete"


@pytest.mark.anyio
async def test_what_came_before_is_left_out_of_the_rest(colour: Colour):
    _, _, stream = colour.open_again([HELLO], [HELLO, STOP, DONE])
    received: list[Any] = [await colour.next(stream)]

    def is_old(chunk: Chunk) -> bool:
        return not chunk.choices[0].finish_reason

    stream._reader.is_old = is_old
    await colour.collect(stream, received)
    assert [chunk.choices[0].finish_reason for chunk in received] == [None, "stop"]


@pytest.mark.anyio
async def test_what_the_rest_fails_with_carries_what_came(colour: Colour):
    sources, _, stream = colour.open_again([HELLO])
    received: list[Chunk] = []
    with pytest.raises(StreamTruncatedError) as caught:
        await colour.collect(stream, received)
    assert (len(received), len(caught.value.events)) == (1, 1)
    assert sources[0].closed == 1
    assert stream.outcome == "truncated"


def test_the_token_is_of_the_place_after_the_last_event_that_was_taken(response: ResponseLike):
    seen: list[Chunk | None] = []

    def token(following: Chunk | None) -> str:
        seen.append(following)
        return "token"

    stream = Stream(Source(response, [HELLO + STOP, DONE]), reader(), None, token)
    assert stream.token == "token"
    first = next(stream)
    assert stream.token == "token"
    for _ in stream:
        break
    stop = seen[1]
    assert seen[0] is None
    assert stop is not None
    assert stop is not first
    assert stop.choices[0].finish_reason == "stop"
    assert stream.token == "token"
    assert seen[2] is None


def test_a_stream_that_is_left_keeps_its_place(response: ResponseLike):
    stream = Stream(Source(response, [HELLO + STOP, DONE]), reader(), None, repr)
    for _ in stream:
        break
    assert "stop" in stream.token


def test_a_stream_that_cannot_be_resumed_has_no_token(response: ResponseLike):
    stream = Stream(Source(response, [HELLO, DONE]), reader())
    with pytest.raises(OpenAIError, match="background=True"):
        _ = stream.token


@pytest.mark.anyio
async def test_failure_without_another_response_ends_the_stream(colour: Colour):
    sources, failures, stream = colour.open_again([])
    with pytest.raises(StreamTruncatedError) as caught:
        await colour.next(stream)
    assert failures == [caught.value]
    assert await colour.next(stream) is None
    assert sources[0].closed == 1


@pytest.mark.anyio
async def test_error_that_is_not_of_the_api_is_not_asked_about(colour: Colour):
    _, failures, stream = colour.open_again([ZeroDivisionError()], [DONE])
    with pytest.raises(ZeroDivisionError):
        await colour.next(stream)
    assert failures == []


def test_stream_closed_while_another_response_is_asked_for_stays_closed(response: ResponseLike):
    first, second = Source(response, []), Source(response, [HELLO, DONE])

    def again(_: APIError) -> Source:
        stream.close()
        return second

    stream = Stream(first, reader(), again)
    assert list(stream) == []
    assert (first.closed, second.closed, second.read) == (1, 1, 0)
