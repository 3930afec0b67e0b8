"""Streams over sources in memory: what they give, and how they say that they ended."""

from contextlib import suppress
from typing import Any

import pytest
from openai_stream import AsyncStream, EventReader, Stream, StreamTruncatedError
from openai_stream.stream import SMALL
from openai_stream.terminal import responses
from openai_types import Decoder
from openai_types.errors import APIError
from openai_types.responses import ResponseStreamEvent
from openai_types.wire import ResponseLike

from .sources import BUSY, DONE, HELLO, MANY, STOP, AsyncSource, Chunk, Colour, Source, reader


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
    for piece, outcome in ((STOP, "complete"), (HELLO, "cancelled"), (STOP + BUSY, "cancelled")):
        _, stream = colour.open(piece, HELLO)
        assert await colour.next(stream)
        await colour.close(stream)
        assert stream.outcome == outcome
