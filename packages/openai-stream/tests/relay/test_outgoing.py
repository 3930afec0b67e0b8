import json
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openai_stream import AsyncStream, Stream
from openai_stream.chat.streams import AsyncChatCompletionStream, ChatCompletionStream
from openai_stream.relay.outgoing import Relay
from openai_stream.responses.streams import ResponseStream, ResponseStreamState
from openai_types.beta import AssistantStreamEvent
from openai_types.chat import ChatCompletionChunk
from openai_types.errors import OpenAIError
from openai_types.responses import ResponseStreamEvent
from pydantic import BaseModel

from ..fuzz.checks import corpus  # noqa: TID252 - these folders have no other name

HELLO = b'{"choices":[{"delta":{"content":"He\xe2\x82\xac"},"index":0}],"id":"c"}'
LAST = b'{"choices":[{"delta":{},"index":0,"finish_reason":"stop"}]}'
CHAT = [b"data: %b\n\n" % HELLO, b"data: %b\n\n" % LAST, b"data: [DONE]\n\n"]
DELTA = b'{"delta":"Hi","sequence_number":1,"type":"response.output_text.delta"}'
COMPLETED = b'{"response":{"id":"r"},"sequence_number":2,"type":"response.completed"}'
RESPONSE = [
    b"event: response.output_text.delta\ndata: %b\n\n" % DELTA,
    b"event: response.completed\ndata: %b\n\n" % COMPLETED,
]
RUN = [
    b'event: thread.created\ndata: {"id":"t","object":"thread"}\n\n',
    b"data: [DONE]\n\n",
]


class City(BaseModel):
    name: str


class Pulled:
    """Pieces that are counted as they are taken, and know whether they were closed."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = iter(pieces)
        self.taken = 0
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = next(self._pieces)
        self.taken += 1
        return piece

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        try:
            return next(self)
        except StopIteration:
            raise StopAsyncIteration from None

    def close(self) -> None:
        self.closed = True


def chat(*pieces: bytes) -> Stream[ChatCompletionChunk]:
    return Stream.from_sse(pieces, ChatCompletionChunk)


def error_in(piece: bytes) -> Any:
    assert piece.startswith(b"event: error\ndata: ")
    assert piece.endswith(b"\n\n")
    return json.loads(piece.removeprefix(b"event: error\ndata: "))["error"]


@pytest.mark.parametrize(
    ("pieces", "type_"),
    [(CHAT, ChatCompletionChunk), (RESPONSE, ResponseStreamEvent), (RUN, AssistantStreamEvent)],
)
def test_events_look_as_the_api_sends_them(pieces: list[bytes], type_: object):
    relay = Stream.from_sse(pieces, type_).to_sse()
    assert list(relay) == pieces
    assert relay.error is None


def test_stream_that_had_no_done_marker_is_given_none():
    assert list(chat(*CHAT[:2]).to_sse()) == CHAT[:2]


def test_lines_of_json_are_the_data_alone():
    assert list(chat(*CHAT).to_ndjson()) == [HELLO + b"\n", LAST + b"\n", b'"[DONE]"\n']


def test_lines_of_json_hold_the_names_of_assistants_events():
    relay = Stream.from_sse(RUN, AssistantStreamEvent).to_ndjson()
    pair = {"event": "thread.created", "data": {"id": "t", "object": "thread"}}
    assert [json.loads(line) for line in relay] == [pair, "[DONE]"]


@pytest.mark.parametrize("form", ["to_sse", "to_ndjson"])
def test_next_event_is_read_when_its_piece_is_asked_for(form: str):
    source = Pulled(CHAT)
    relay: Relay = getattr(Stream.from_sse(source, ChatCompletionChunk), form)()
    assert source.taken == 0
    for number in (1, 2):
        next(relay)
        assert source.taken == number


def test_error_of_the_server_is_the_last_piece_with_its_object():
    told = {"message": "Busy", "type": "server_error", "param": None, "code": "503"}
    failed = b"data: " + json.dumps({"error": told}).encode() + b"\n\n"
    relay = chat(CHAT[0], failed, CHAT[1]).to_sse()
    first, last = relay
    assert first == CHAT[0]
    assert error_in(last) == told
    assert isinstance(relay.error, OpenAIError)
    assert list(relay) == []


def test_stream_that_is_cut_off_ends_in_an_error_and_without_a_done_marker():
    _, last = chat(CHAT[0]).to_sse()
    error = error_in(last)
    assert error["type"] == "StreamTruncatedError"
    assert "cut it off" in error["message"]


def test_error_is_a_line_of_json_too():
    _, last = chat(CHAT[0]).to_ndjson()
    assert json.loads(last)["error"]["type"] == "StreamTruncatedError"


def test_error_that_is_none_of_the_stream_s_is_raised():
    def broken(_: object) -> object:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        next(chat(*CHAT).to_sse(broken))


class Shown(BaseModel):
    text: str


@pytest.mark.parametrize("make", [dict[str, str], Shown])
def test_convert_chooses_what_is_sent(make: Callable[..., object]):
    def text(chunk: ChatCompletionChunk) -> object:
        content = chunk.choices[0].delta.content
        return make(text=content) if content else None

    pieces = list(chat(*CHAT).to_sse(text))
    assert pieces == ['data: {"text":"He€"}\n\n'.encode(), CHAT[2]]


def test_what_is_no_json_is_refused_with_the_remedy():
    with pytest.raises(TypeError, match=r"type object cannot be relayed.*convert="):
        next(chat(*CHAT).to_sse(lambda _: object()))


@pytest.mark.parametrize("name", ["a\ndata: 1", "a\rid: 1", ""])
def test_name_of_an_event_cannot_make_up_fields(name: str):
    [piece, _] = chat(*CHAT[1:]).to_sse(lambda _: {"type": name})
    assert piece == b"data: %b\n\n" % json.dumps({"type": name}, separators=(",", ":")).encode()


def test_close_closes_the_stream():
    source = Pulled(CHAT)
    stream = Stream.from_sse(source, ChatCompletionChunk)
    relay = stream.to_sse()
    next(relay)
    relay.close()
    assert source.closed
    assert stream.outcome == "cancelled"
    assert list(relay) == []


@pytest.mark.anyio
@pytest.mark.parametrize("form", ["to_sse", "to_ndjson"])
async def test_asynchronous_streams_are_relayed_alike(form: str):
    source = Pulled([*CHAT[:2], CHAT[0][:-5]])
    stream = AsyncStream.from_sse(source, ChatCompletionChunk)
    relay = getattr(stream, form)()
    pieces = [await anext(relay)]
    assert source.taken == 1
    pieces += [piece async for piece in relay]
    assert pieces == list(getattr(chat(*CHAT[:2], CHAT[0][:-5]), form)())
    assert relay.error is not None


@pytest.mark.anyio
async def test_asynchronous_close_closes_the_stream():
    source = Pulled(CHAT)
    relay = AsyncStream.from_sse(source, ChatCompletionChunk).to_sse()
    assert await anext(relay) == CHAT[0]
    await relay.close()
    assert source.closed
    assert [piece async for piece in relay] == []


HIGH = b"""event: content.delta
data: {"type":"content.delta","delta":"He\xe2\x82\xac","choice_index":0}

"""


def test_high_level_events_of_chats_are_relayed_without_what_they_work_out():
    stream = ChatCompletionStream[object](raw_stream=chat(*CHAT))
    pieces = list(stream.to_sse())
    assert HIGH in pieces
    assert b"snapshot" not in b"".join(pieces)
    done = b'event: content.done\ndata: {"type":"content.done","content":"He\xe2\x82\xac"'
    assert any(piece.startswith(done) for piece in pieces)


def test_answer_that_is_cut_and_was_to_be_parsed_ends_in_an_error():
    long = b'data: {"choices":[{"delta":{},"index":0,"finish_reason":"length"}]}\n\n'
    raw = chat(CHAT[0], long, CHAT[-1])
    *_, last = ChatCompletionStream[City](raw_stream=raw, response_format=City).to_sse()
    assert error_in(last)["type"] == "LengthFinishReasonError"


@pytest.mark.anyio
async def test_asynchronous_high_level_streams_are_relayed_alike():
    below = AsyncStream.from_sse(Pulled(CHAT), ChatCompletionChunk)
    stream = AsyncChatCompletionStream[object](raw_stream=below)
    expected = list(ChatCompletionStream[object](raw_stream=chat(*CHAT)).to_sse())
    assert [piece async for piece in stream.to_sse()] == expected


def test_high_level_events_of_responses_are_relayed_as_those_of_the_api():
    below: Stream[ResponseStreamEvent] = Stream.from_sse(RESPONSE, ResponseStreamEvent)
    stream = ResponseStream(below, ResponseStreamState[object]())
    first, last = stream.to_sse()
    assert first == RESPONSE[0]  # without its snapshot
    assert last.startswith(b"event: response.completed\n")


def read(stream: Stream[Any]) -> tuple[list[str], str | None, str | None]:
    """The events, how the stream ended, and what its error says."""
    events: list[str] = []
    try:
        for event in stream:
            events.append(repr(event))  # noqa: PERF401 - what came before an error must be in it
    except OpenAIError as error:
        return events, stream.outcome, str(error)
    return events, stream.outcome, None


@pytest.mark.parametrize("path", corpus(), ids=lambda path: path.name)
def test_what_is_relayed_is_read_back_the_same(path: Path):
    """As it was sent, relayed in both forms, and relayed twice."""
    type_ = ResponseStreamEvent if "responses" in path.name else ChatCompletionChunk
    data = [path.read_bytes()]
    events, outcome, message = read(Stream.from_sse(data, type_))
    relays = [
        Stream.from_sse(Stream.from_sse(data, type_).to_sse(), type_),
        Stream.from_ndjson(Stream.from_sse(data, type_).to_ndjson(), type_),
        Stream.from_ndjson(
            Stream.from_sse(Stream.from_sse(data, type_).to_sse(), type_).to_ndjson(), type_
        ),
    ]
    for relay in relays:
        got, ending, told = read(relay)
        assert got == events
        assert told == message
        assert (ending == "complete") == (outcome == "complete")
