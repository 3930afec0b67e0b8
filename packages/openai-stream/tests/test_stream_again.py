"""Streams over sources in memory that are continued by another response."""

from typing import Any

import pytest
from openai_stream import AsyncStream, Stream, StreamTruncatedError
from openai_types.errors import APIError, OpenAIError
from openai_types.wire import ResponseLike

from .sources import DONE, HELLO, STOP, AsyncSource, Chunk, Colour, Piece, Source, reader


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


@pytest.mark.anyio
async def test_async_stream_closed_while_another_response_is_asked_for_stays_closed(
    response: ResponseLike,
):
    first, second = AsyncSource(response, []), AsyncSource(response, [HELLO, DONE])

    async def again(_: APIError) -> AsyncSource:
        await stream.close()
        return second

    stream = AsyncStream(first, reader(), again)
    assert [event async for event in stream] == []
    assert (first.closed, second.closed, second.read) == (1, 1, 0)
