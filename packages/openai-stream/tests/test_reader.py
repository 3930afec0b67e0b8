import json
from collections.abc import Callable
from typing import Any

import pytest
from openai_stream import (
    EventReader,
    EventTooLargeError,
    StreamDecodeError,
    StreamTruncatedError,
)
from openai_stream.decoders.sse import MAX_EVENT_SIZE
from openai_stream.errors import NotAStreamError
from openai_stream.reader import KEPT, MANY
from openai_stream.terminal import any_end, chat_completions, responses, runs
from openai_types import Decoder
from openai_types.beta import AssistantStreamEvent
from openai_types.chat import ChatCompletionChunk
from openai_types.errors import APIError, DecodeError
from openai_types.responses import ResponseStreamEvent, UnknownResponseStreamEvent

HELLO = b'data: {"choices": [{"index": 0, "delta": {"content": "Hello"}}]}\n\n'
STOP = b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\n'
DONE = b"data: [DONE]\n\n"
COMPLETED = b'event: response.completed\ndata: {"type": "response.completed", "response": {}}\n\n'


DECODER = Decoder[ChatCompletionChunk](ChatCompletionChunk)


def chat(*, max_event_size: int = MAX_EVENT_SIZE) -> EventReader[ChatCompletionChunk]:
    return EventReader(DECODER, chat_completions(), max_event_size=max_event_size)


def anything() -> EventReader[object]:
    decode: Callable[[bytes], object] = json.loads
    return EventReader(decode, any_end())


def contents(chunks: list[ChatCompletionChunk]) -> list[str | None]:
    return [chunk.choices[0].delta.content for chunk in chunks]


def failure(reader: EventReader[Any]) -> APIError:  # Any: events of every kind
    with pytest.raises(APIError) as caught:
        reader.finish()
    assert reader.done
    assert caught.value.events == reader.events
    return caught.value


def test_feed_gives_typed_events():
    reader = chat()
    assert contents(reader.feed(HELLO + HELLO[:10])) == ["Hello"]
    assert contents(reader.feed(HELLO[10:])) == ["Hello"]
    assert contents(reader.events) == ["Hello", "Hello"]
    assert not reader.done


def test_done_marker_ends_the_stream():
    reader = chat()
    reader.feed(HELLO + DONE + HELLO)
    assert reader.done
    assert reader.feed(HELLO) == []
    assert reader.finish() == []
    assert len(reader.events) == 1


def test_finish_reason_without_done_marker_is_a_clean_end():
    reader = chat()
    reader.feed(HELLO + STOP)
    assert not reader.done
    assert reader.finish() == []
    assert reader.done


def test_terminal_event_of_a_response_is_the_end():
    decoder = Decoder[ResponseStreamEvent](ResponseStreamEvent)
    reader = EventReader(decoder, responses())
    assert [event.type for event in reader.feed(COMPLETED)] == ["response.completed"]
    assert reader.done
    assert reader.finish() == []


def test_error_event_of_the_responses_api_is_delivered_and_is_the_end():
    decoder = Decoder[ResponseStreamEvent](ResponseStreamEvent)
    reader = EventReader(decoder, responses())
    data = b'{"type": "error", "code": "x", "message": "m", "param": null, "sequence_number": 1}'
    assert [event.type for event in reader.feed(b"event: error\ndata: " + data + b"\n\n")] == [
        "error"
    ]
    assert reader.finish() == []


def test_unknown_event_comes_through_typed():
    decoder = Decoder[ResponseStreamEvent](ResponseStreamEvent)
    reader = EventReader(decoder, responses())
    [event] = reader.feed(b'data: {"type": "response.news", "x": 1}\n\n')
    assert isinstance(event, UnknownResponseStreamEvent)


def test_row_11_keep_alives_of_all_kinds_are_no_events():
    reader = chat()
    noise = b": ping\n\nretry: 3000\n\ndata:\n\ndata: \n\nid: 7\n\n: ping\n\nevent: ping\n\n"
    assert contents(reader.feed(noise + HELLO + noise + STOP + noise)) == ["Hello", None]
    assert reader.finish() == []


@pytest.mark.parametrize("marker", [b" [DONE]", b'"[DONE]"', b"[done]", b"[DONE] "])
def test_the_marker_of_the_end_may_be_written_otherwise(marker: bytes):
    reader = chat()
    assert contents(reader.feed(HELLO + b"data: %b\n\n" % marker)) == ["Hello"]
    assert reader.done
    assert reader.finish() == []


def test_last_event_without_a_blank_line_counts():
    reader = chat()
    reader.feed(HELLO + STOP.rstrip())
    assert [chunk.choices[0].finish_reason for chunk in reader.finish()] == ["stop"]
    assert len(reader.events) == 2


@pytest.mark.parametrize("end", [b"data: [DONE]", b"data: [DONE]\n", b"data: [DONE]\r"])
def test_done_marker_without_a_blank_line_counts(end: bytes):
    reader = chat()
    reader.feed(HELLO + end)
    assert reader.finish() == []


@pytest.mark.parametrize("end", [b"da", b"data:", b"data: [DO", b": pi", b"event: x\ndata: "])
def test_stream_that_is_complete_may_end_in_half_a_line_of_nothing(end: bytes):
    reader = chat()
    reader.feed(STOP + end)
    assert reader.finish() == []


def test_stream_that_ends_early_is_truncated_and_keeps_its_events():
    reader = chat()
    reader.feed(HELLO + HELLO)
    error = failure(reader)
    assert isinstance(error, StreamTruncatedError)
    assert len(error.events) == 2
    assert "after 2 events, without [DONE] or a finish_reason" in error.message
    assert "send it again" in error.message


def test_stream_without_any_event_is_truncated():
    assert "before its first event" in failure(chat()).message


def test_truncated_stream_is_so_again_when_finished_again():
    reader = chat()
    assert failure(reader) is failure(reader)


@pytest.mark.parametrize("reader", [chat(), anything()])
def test_stream_cut_inside_an_event_is_truncated(reader: EventReader[Any]):
    reader.feed(STOP + HELLO[:-9])
    error = failure(reader)
    assert isinstance(error, StreamTruncatedError)
    assert "in the middle of an event of which" in error.message
    assert isinstance(error.__cause__, StreamDecodeError)
    assert error.__cause__.data == HELLO[6:-9]


def test_event_that_is_not_json_is_a_decode_error_with_its_bytes():
    reader = chat()
    assert contents(reader.feed(HELLO + b"data: <html>\n\n" + HELLO)) == ["Hello"]
    assert reader.done
    error = failure(reader)
    assert isinstance(error, StreamDecodeError)
    assert error.data == b"<html>"
    assert isinstance(error.__cause__, DecodeError)
    assert "Event 2 of the stream is not what its API describes" in error.message
    assert len(error.events) == 1


def test_event_of_another_shape_is_a_decode_error():
    reader = chat()
    reader.feed(b"data: [1]\n\n")
    assert isinstance(failure(reader), StreamDecodeError)


def test_invalid_utf8_is_replaced():
    reader = chat()
    assert contents(reader.feed(HELLO.replace(b"ll", b"\xff\xe2\x82"))) == ["He\ufffd\ufffdo"]


def test_events_in_utf8_cut_anywhere_are_whole():
    reader = chat()
    for byte in HELLO.replace(b"ll", "€😀".encode()):
        reader.feed(bytes([byte]))
    assert contents(reader.events) == ["He€😀o"]


@pytest.mark.parametrize(
    "stream",
    [
        b'data: {"error": {"message": "Busy", "code": 503}}\n\n',
        b'event: error\ndata: {"message": "Busy", "code": 503}\n\n',
        b'error: {"message": "Busy", "code": 503}\n\ndata: [DONE]\n\n',
        b'data: {"error": {"message": "Busy", "code": 503}}',
    ],
)
def test_error_in_the_stream_is_raised_after_the_events_before_it(stream: bytes):
    reader = chat()
    assert contents(reader.feed(HELLO + stream)) == ["Hello"]
    error = failure(reader)
    assert type(error) is APIError
    assert (error.message, error.code) == ("Busy", "503")
    assert error.body == {"message": "Busy", "code": 503}


def test_event_too_large_is_raised_after_the_events_before_it():
    reader = chat(max_event_size=100)
    big = b"data: " + b"x" * 200 + b"\n\n"
    assert contents(reader.feed(HELLO + big)) == ["Hello"]
    error = failure(reader)
    assert isinstance(error, EventTooLargeError)
    assert len(error.events) == 1


def test_event_too_large_after_the_end_does_not_matter():
    reader = chat(max_event_size=100)
    reader.feed(DONE + b"x" * 200)
    assert reader.finish() == []


def named() -> EventReader[Any]:  # Any: JSON
    return EventReader(json.loads, any_end(), named_events=True)


def test_named_events_are_pairs_of_name_and_data():
    reader = named()
    stream = b'event: thread.created\ndata: {"id": "t"}\n\nevent: "x"\ndata: [1]\n\ndata: 1\n\n'
    assert reader.feed(stream + DONE) == [
        {"event": "thread.created", "data": {"id": "t"}},
        {"event": '"x"', "data": [1]},
        {"event": None, "data": 1},
    ]
    assert reader.finish() == []


def test_an_error_without_a_name_ends_a_stream_of_named_events():
    decode = Decoder[AssistantStreamEvent](AssistantStreamEvent)
    reader = EventReader[Any](decode, runs(), named_events=True)
    begun = b'event: thread.run.created\ndata: {"id": "run_1"}\n\n'
    assert len(reader.feed(begun + b'data: {"error": {"message": "too busy"}}\n\n')) == 1
    assert failure(reader).message == "too busy"


def test_named_event_that_is_not_json_has_its_own_bytes():
    reader = named()
    reader.feed(b'event: a\ndata: 1} {"b": 2\n\n')
    error = failure(reader)
    assert isinstance(error, StreamDecodeError)
    assert error.data == b'1} {"b": 2'


@pytest.mark.parametrize("make", [chat, anything])
@pytest.mark.parametrize(
    "data", [b'{"id": "c", "choices": []}', b"[]", b"<html>Sign in</html>", b"{"]
)
def test_answer_that_is_no_stream_is_an_error_with_it(make: Callable[[], Any], data: bytes):
    reader = make()
    assert reader.feed(data) == []
    error = failure(reader)
    assert isinstance(error, NotAStreamError)
    assert error.data == data
    assert f"Received {len(data)} bytes" in str(error)


def test_answer_that_is_no_stream_may_have_a_byte_order_mark_split_across_chunks():
    reader = chat()
    for piece in (b"\xef", b"\xbb\xbf", b"[]"):
        reader.feed(piece)
    error = failure(reader)
    assert isinstance(error, NotAStreamError)
    assert error.data == b"[]"


def test_events_after_something_else_make_a_stream():
    reader = chat()
    assert contents(reader.feed(b"<!-- a proxy was here -->\n\n" + HELLO + STOP)) == ["Hello", None]
    assert reader.finish() == []


def test_error_is_that_which_the_caller_makes_of_it():
    reader = chat()
    reader.explain = lambda found: APIError(f"In call 5: {found.message}")
    reader.feed(HELLO + b'data: {"error": {"message": "Busy"}}\n\n')
    error = failure(reader)
    assert str(error) == "In call 5: Busy"
    assert len(error.events) == 1


class Joined:
    """All events together: their contents, one after the other."""

    def __init__(self) -> None:
        self.added = 0
        self._parts: list[str] = []

    def add(self, event: ChatCompletionChunk) -> None:
        self.added += 1
        self._parts += [each or "" for each in contents([event])]

    def snapshot(self) -> str:
        return "".join(self._parts)


def chunk(content: str) -> bytes:
    return json.dumps({"choices": [{"index": 0, "delta": {"content": content}}]}).encode()


def test_long_stream_keeps_its_last_events_and_what_all_of_them_are():
    made: list[Joined] = []

    def make() -> Joined:
        made.append(Joined())
        return made[-1]

    reader = EventReader(DECODER, chat_completions(), accumulator=make)
    number = 2 * MANY + 1
    for each in range(number):
        reader.feed(b"data: %b\n\n" % chunk(f"{each},"))
        assert len(reader._recent) <= MANY
    assert reader.count == number
    kept = contents(reader.events)
    assert kept == [f"{each}," for each in range(number - len(kept), number)]
    assert len(kept) >= KEPT
    whole = "".join(f"{each}," for each in range(number))
    assert [reader.partial(), reader.partial()] == [whole, whole]
    assert [each.added for each in made] == [number]
    with pytest.raises(StreamTruncatedError, match=f"after {number} events") as caught:
        reader.finish()
    assert caught.value.partial == whole
    assert caught.value.events == reader.events


def test_short_stream_is_put_together_when_it_is_asked_for():
    made: list[Joined] = []

    def make() -> Joined:
        made.append(Joined())
        return made[-1]

    reader = EventReader(DECODER, chat_completions(), accumulator=make)
    reader.feed(b"data: %b\n\n" % chunk("a"))
    assert not made
    assert reader.partial() == "a"
    reader.feed(b"data: %b\n\n" % chunk("b"))
    assert reader.partial() == "ab"
    assert made[0].added == 2
    reader.restart()
    assert (reader.partial(), reader.count) == ("", 0)


def test_events_that_are_nothing_together_are_given_themselves():
    reader = EventReader(DECODER, chat_completions())
    fresh = reader.feed(b"data: %b\n\n" % chunk("a"))
    assert reader.partial() == tuple(fresh)


def test_answer_is_whole_as_soon_as_its_api_says_so():
    reader = EventReader(DECODER, chat_completions())
    reader.feed(b"data: %b\n\n" % chunk("a"))
    assert not reader.is_whole
    reader.feed(b'data: {"choices": [{"index": 0, "finish_reason": "stop"}]}\n\n')
    assert reader.is_whole
    free = EventReader(DECODER, any_end())
    free.feed(b"data: %b\n\n" % chunk("a"))
    assert not free.is_whole
    free.feed(b"data: [DONE]\n\n")
    assert free.is_whole


def test_reader_goes_on_with_the_rest_of_another_response():
    reader = EventReader(DECODER, chat_completions())
    reader.feed(b"data: %b\n\ndata: {" % chunk("a"))
    reader.resume()
    reader.feed(b"data: %b\n\ndata: [DONE]\n\n" % chunk("b"))
    reader.finish()
    assert contents(reader.events) == ["a", "b"]


def test_lines_of_json_are_events_also_after_a_restart():
    reader = chat()
    reader.ndjson = True
    line = HELLO.removeprefix(b"data: ").rstrip() + b"\n"
    for _ in range(2):
        assert contents(reader.feed(line[:9])) == []
        assert contents(reader.feed(line[9:])) == ["Hello"]
        reader.restart()
    assert isinstance(failure(reader), StreamTruncatedError)


def test_large_events_are_not_all_kept(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("openai_stream.reader.MOST_KEPT", 1000)
    made: list[Joined] = []

    def make() -> Joined:
        made.append(Joined())
        return made[-1]

    reader = EventReader(DECODER, chat_completions(), accumulator=make)
    for each in range(50):
        reader.feed(b"data: %b\n\n" % chunk(f"{each:0100}"))
        assert sum(map(len, reader._recent)) <= 1000
    assert reader.partial() == "".join(f"{each:0100}" for each in range(50))
    assert contents(reader.events)[-1] == f"{49:0100}"


def test_events_that_are_nothing_together_are_not_all_kept(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("openai_stream.reader.MOST_KEPT", 1000)
    reader = EventReader(DECODER, chat_completions())
    for each in range(50):
        reader.feed(b"data: %b\n\n" % chunk(f"{each:0100}"))
    assert reader.count == 50
    assert reader.partial() == tuple(reader.events)
    assert contents(reader.events)[-1] == f"{49:0100}"


class Counting:
    """Decodes, and counts how often."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, data: bytes) -> ChatCompletionChunk:
        self.count += 1
        return DECODER(data)


def test_read_decodes_an_event_when_it_is_asked_for():
    decode = Counting()
    reader = EventReader(decode, chat_completions())
    arriving = reader.read(HELLO + STOP + DONE + HELLO)
    assert decode.count == 0
    assert contents([next(arriving)]) == ["Hello"]
    assert (decode.count, reader.count, reader.done) == (1, 1, False)
    assert contents(list(arriving)) == [None]
    assert (decode.count, reader.count, reader.done) == (2, 2, True)
    assert not reader.ahead
    assert reader.finish() == []


@pytest.mark.parametrize("ask", ["is_whole", "done_marker", "events", "partial", "finish"])
def test_what_was_received_and_not_asked_for_counts(ask: str):
    reader = chat()
    arriving = reader.read(HELLO + STOP + DONE)
    next(arriving)
    answer = getattr(reader, ask)
    if ask in {"partial", "finish"}:
        answer()
    else:
        assert answer
    assert (reader.count, reader.done) == (2, True)
    assert list(arriving) == []
    assert contents(list(reader.ahead)) == [None]


def test_event_that_reports_an_error_among_models_is_one():
    decoder = Decoder[ResponseStreamEvent](ResponseStreamEvent)
    reader = EventReader(decoder, responses())
    data = b'{"type": "response.output_text.delta", "error": {"message": "Busy"}}'
    assert reader.feed(b"data: " + data + b"\n\n") == []
    assert failure(reader).message == "Busy"
