"""Streams of responses that an HTTP library received; here is one that has what streams ask for."""

import pickle
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import anyio.lowlevel
import pytest
from openai_stream import AsyncStream, Stream, StreamTruncatedError
from openai_types.beta import AssistantStreamEvent
from openai_types.chat import ChatCompletionChunk
from openai_types.errors import APIError, InvalidTypeError
from openai_types.wire import RequestLike
from pydantic import BaseModel

HELLO = b'data: {"choices": [{"index": 0, "delta": {"content": "Hello"}}]}\n\n'
STOP = b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\n'


@dataclass
class Sent:
    headers: Mapping[str, str]
    method: str = "POST"
    url: str = "http://127.0.0.1/"


@dataclass
class Received:
    """Like a response of httpx, which has no request if it was made by hand."""

    pieces: list[bytes | Exception]
    headers: Mapping[str, str] = field(
        default_factory=lambda: {"content-type": "text/event-stream"}
    )
    status_code: int = 200
    sent: RequestLike | None = None
    closed: int = 0

    @property
    def request(self) -> RequestLike:
        if self.sent is None:
            raise RuntimeError("The request instance has not been set on this response.")
        return self.sent

    def iter_bytes(self) -> Iterator[bytes]:
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    async def aiter_bytes(self) -> AsyncIterator[bytes]:
        for piece in self.iter_bytes():
            yield piece

    def close(self) -> None:
        self.closed += 1

    async def aclose(self) -> None:
        self.closed += 1


def test_a_response_is_a_stream_of_its_events():
    response = Received([HELLO[:20], HELLO[20:] + STOP])

    stream = Stream(cast_to=ChatCompletionChunk, response=response, client=object())

    assert stream.response is response
    assert [chunk.choices[0].delta.content for chunk in stream] == ["Hello", None]
    assert (stream.outcome, response.closed) == ("complete", 1)


@pytest.mark.anyio
async def test_so_it_is_for_asynchronous_code():
    response = Received([HELLO, STOP])

    stream = AsyncStream(cast_to=ChatCompletionChunk, response=response, client=object())

    assert stream.response is response
    assert [chunk.choices[0].delta.content async for chunk in stream] == ["Hello", None]
    assert (stream.outcome, response.closed) == ("complete", 1)


def test_a_stream_that_is_left_closes_its_response():
    response = Received([HELLO, STOP])

    with Stream(cast_to=ChatCompletionChunk, response=response) as stream:
        next(stream)

    assert (stream.outcome, response.closed) == ("cancelled", 1)


def test_the_end_of_the_api_is_looked_for():
    with pytest.raises(StreamTruncatedError) as caught:
        list(Stream(cast_to=ChatCompletionChunk, response=Received([HELLO])))
    assert caught.value.request is None
    assert len(caught.value.events) == 1


def test_an_error_has_no_secret_of_the_request():
    response = Received([HELLO], sent=Sent(headers={"authorization": "Bearer sk-secret"}))
    with pytest.raises(StreamTruncatedError) as caught:
        list(Stream(cast_to=ChatCompletionChunk, response=response))
    assert caught.value.request is None
    assert b"sk-secret" not in pickle.dumps(caught.value)


def test_what_the_library_raises_is_the_cause():
    broken = OSError("reset by peer")
    response = Received([HELLO, broken])
    stream = Stream(cast_to=ChatCompletionChunk, response=response)
    next(stream)

    with pytest.raises(StreamTruncatedError, match="OSError: reset by peer") as caught:
        next(stream)

    assert caught.value.__cause__ is broken
    assert (stream.outcome, response.closed) == ("truncated", 1)


@pytest.mark.anyio
async def test_what_an_asynchronous_library_raises_is_the_cause():
    broken = TimeoutError()
    response = Received([HELLO, broken])
    stream = AsyncStream(cast_to=ChatCompletionChunk, response=response)
    await anext(stream)

    with pytest.raises(StreamTruncatedError, match=r"TimeoutError\. The answer") as caught:
        await anext(stream)

    assert caught.value.__cause__ is broken
    assert (stream.outcome, response.closed) == ("truncated", 1)


def test_an_error_in_it_is_raised():
    response = Received([b'data: {"error": {"message": "Busy"}}\n\n'])
    with pytest.raises(APIError, match="Busy"):
        list(Stream(cast_to=ChatCompletionChunk, response=response))


def test_events_of_assistants_have_their_names():
    response = Received(
        [b'event: thread.created\ndata: {"id": "t"}\n\nevent: done\ndata: [DONE]\n\n']
    )
    anything: Any = AssistantStreamEvent  # a union is no type to type checkers
    [event] = Stream[Any](cast_to=anything, response=response)
    assert (event.event, event.data.id) == ("thread.created", "t")


class Mine(BaseModel):
    number: int


def test_lines_of_json_are_told_by_the_content_type():
    response = Received([b'{"number": 1}\n{"number": 2}\n'], {"content-type": "application/jsonl"})
    assert list(Stream(cast_to=Mine, response=response)) == [Mine(number=1), Mine(number=2)]


@pytest.mark.parametrize("kind", [Stream, AsyncStream])
def test_a_stream_of_nothing_is_refused(kind: Any):
    for given in ({}, {"response": Received([HELLO])}, {"cast_to": ChatCompletionChunk}):
        with pytest.raises(TypeError, match="a source and a reader"):
            kind(**given)


@pytest.mark.parametrize("kind", [Stream, AsyncStream])
def test_a_type_that_nothing_can_be_is_refused(kind: Any):
    with pytest.raises(InvalidTypeError, match="Nothing can be decoded into"):
        kind(cast_to=object(), response=Received([HELLO]))
    with pytest.raises(InvalidTypeError, match="Nothing can be decoded into"):
        kind.from_sse([HELLO], object())


def test_a_stream_that_is_cancelled_while_it_is_read_ends_with_what_it_receives_next():
    class Cancelling(Received):
        def iter_bytes(self) -> Iterator[bytes]:
            yield HELLO
            stream.cancel()
            yield HELLO

    response = Cancelling([])
    stream = Stream(cast_to=ChatCompletionChunk, response=response)

    assert len(list(stream)) == 1
    assert (stream.outcome, response.closed) == ("cancelled", 1)


@pytest.mark.anyio
async def test_so_does_one_of_asynchronous_code():
    class Cancelling(Received):
        async def aiter_bytes(self) -> AsyncIterator[bytes]:
            yield HELLO
            stream.cancel()
            yield HELLO

    response = Cancelling([])
    stream = AsyncStream(cast_to=ChatCompletionChunk, response=response)

    assert len([chunk async for chunk in stream]) == 1
    assert (stream.outcome, response.closed) == ("cancelled", 1)


@pytest.mark.anyio
async def test_the_body_of_a_response_is_unwound_when_its_stream_is_closed():
    unwound: list[str] = []

    class Unwinding(Received):
        async def aiter_bytes(self) -> AsyncIterator[bytes]:
            try:
                yield HELLO
                yield HELLO
            finally:
                await anyio.lowlevel.checkpoint()
                unwound.append("body")

        async def aclose(self) -> None:
            unwound.append("response")

    async with AsyncStream(cast_to=ChatCompletionChunk, response=Unwinding([])) as stream:
        await anext(stream)
    assert unwound == ["body", "response"]
