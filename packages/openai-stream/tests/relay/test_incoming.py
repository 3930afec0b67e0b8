from collections.abc import AsyncGenerator, Generator
from typing import Any

import pytest
from openai_stream import AsyncStream, Stream, StreamTruncatedError, terminal
from openai_stream.accumulating import _ACCUMULATORS
from openai_stream.relay.incoming import _ENDS
from openai_types.beta import AssistantStreamEvent
from openai_types.chat import ChatCompletionChunk
from openai_types.errors import APIError
from openai_types.responses import ResponseCompletedEvent, ResponseStreamEvent
from pydantic import BaseModel

HELLO = b'{"choices":[{"index":0,"delta":{"content":"Hello"}}]}'
STOP = b'{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}'
COMPLETED = b'{"type":"response.completed","response":{"id":"r"},"sequence_number":2}'


def sse(*data: bytes) -> list[bytes]:
    return [b"data: %b\n\n" % each for each in data]


def test_chat_ends_with_its_finish_reason_or_marker():
    assert len(list(Stream.from_sse(sse(HELLO, STOP), ChatCompletionChunk))) == 2
    assert len(list(Stream.from_sse(sse(HELLO, b"[DONE]"), ChatCompletionChunk))) == 1
    with pytest.raises(StreamTruncatedError):
        list(Stream.from_sse(sse(HELLO), ChatCompletionChunk))


def test_response_ends_with_its_last_event():
    events: Stream[ResponseStreamEvent] = Stream.from_sse(sse(COMPLETED), ResponseStreamEvent)
    [event] = events
    assert isinstance(event, ResponseCompletedEvent)
    assert events.outcome == "complete"
    with pytest.raises(StreamTruncatedError, match=r"response\.completed"):
        list(Stream.from_sse(sse(b'{"type":"response.queued"}'), ResponseStreamEvent))


def test_events_of_assistants_are_told_by_their_names():
    source = [b'event: thread.created\ndata: {"id":"t"}\n\n', b"data: [DONE]\n\n"]
    [event] = Stream.from_sse(source, AssistantStreamEvent)
    assert (event.event, event.data.id) == ("thread.created", "t")
    lines = b'{"event":"thread.created","data":{"id":"t"}}\n"[DONE]"'
    assert list(Stream.from_ndjson([lines], AssistantStreamEvent)) == [event]


class Mine(BaseModel):
    number: int


def test_other_types_may_end_anyhow():
    assert list(Stream.from_sse(sse(b'{"number":1}'), Mine)) == [Mine(number=1)]


def test_every_type_that_is_something_together_has_its_rule():
    assert set(_ENDS) == set(_ACCUMULATORS)


def test_rule_for_the_end_can_be_given():
    stream = Stream.from_sse(sse(HELLO), ChatCompletionChunk, contract=terminal.any_end())
    assert len(list(stream)) == 1


def test_error_in_the_bytes_is_raised_with_what_came_before():
    told = b'{"error":{"message":"Busy","type":"server_error","param":null,"code":"busy"}}'
    source = [*sse(HELLO), b"event: error\ndata: %b\n\n" % told]
    stream = Stream.from_sse(source, ChatCompletionChunk)
    with pytest.raises(APIError, match="Busy") as caught:
        list(stream)
    assert (caught.value.type, caught.value.code) == ("server_error", "busy")
    assert len(caught.value.events) == 1
    assert stream.outcome == "errored"


def test_lines_of_json_are_read_with_the_same_rules():
    assert len(list(Stream.from_ndjson([HELLO + b"\n", STOP], ChatCompletionChunk))) == 2
    with pytest.raises(StreamTruncatedError):
        list(Stream.from_ndjson([HELLO + b"\n"], ChatCompletionChunk))
    with pytest.raises(APIError, match="Busy"):
        list(Stream.from_ndjson([b'{"error":{"message":"Busy"}}\n'], ChatCompletionChunk))


@pytest.mark.parametrize("end", [b'"[DONE]"', b'"[DONE]"\n', b'"[DO', b'"'])
def test_lines_of_json_may_end_in_the_marker_or_a_part_of_it(end: bytes):
    lines = [HELLO + b"\n", STOP + b"\n", end]
    assert len(list(Stream.from_ndjson(lines, ChatCompletionChunk))) == 2


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_bytes_of_any_kind_do(kind: type[Any]):
    whole = b"".join(sse(HELLO, STOP))
    assert len(list(Stream.from_sse(kind(whole), ChatCompletionChunk))) == 2
    assert len(list(Stream.from_sse([kind(whole)], ChatCompletionChunk))) == 2


@pytest.mark.parametrize("piece", ["data: 1\n\n", 7])
def test_what_is_no_bytes_is_refused_with_the_remedy(piece: Any):
    with pytest.raises(TypeError, match=r"read from bytes.*iter_bytes"):
        list(Stream.from_sse([piece], ChatCompletionChunk))


def test_generator_is_closed_with_the_stream():
    closed: list[bool] = []

    def received() -> Generator[bytes]:
        try:
            yield from sse(HELLO, HELLO)
        finally:
            closed.append(True)

    with Stream.from_sse(received(), ChatCompletionChunk) as stream:
        next(stream)
    assert closed == [True]


@pytest.mark.anyio
@pytest.mark.parametrize("form", ["from_sse", "from_ndjson"])
async def test_asynchronous_generator_is_closed_with_the_stream(form: str):
    closed: list[bool] = []

    async def received() -> AsyncGenerator[bytes]:
        try:
            for piece in (HELLO, HELLO):
                yield b"data: %b\n\n" % piece if form == "from_sse" else piece + b"\n"
        finally:
            closed.append(True)

    async with getattr(AsyncStream, form)(received(), ChatCompletionChunk) as stream:
        assert (await anext(stream)).choices[0].delta.content == "Hello"
    assert closed == [True]


@pytest.mark.anyio
async def test_cancelled_stream_ends_with_what_it_receives_next():
    async def received() -> AsyncGenerator[bytes]:
        for piece in sse(HELLO, HELLO):
            yield piece

    stream = AsyncStream.from_sse(received(), ChatCompletionChunk)
    await anext(stream)
    stream.cancel()
    assert [event async for event in stream] == []
    assert stream.outcome == "cancelled"
    await stream.close()


def test_response_is_that_of_a_success_of_which_nothing_is_known():
    stream = Stream.from_sse(sse(HELLO), ChatCompletionChunk)
    assert (stream.response.status_code, dict(stream.response.headers)) == (200, {})
    stream.cancel()
    assert list(stream) == []
