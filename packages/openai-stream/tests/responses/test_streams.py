"""What `.stream()` derives of the events of the API, and what the response is in the end."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from openai_stream import AsyncStream, EventReader, Stream, StreamTruncatedError, terminal
from openai_stream.errors import StructuredOutputError
from openai_stream.responses.events import (
    ResponseCompletedEvent,
    ResponseFunctionCallArgumentsDeltaEvent,
    ResponseTextDeltaEvent,
    ResponseTextDoneEvent,
)
from openai_stream.responses.streams import AsyncResponseStream, ResponseStream, ResponseStreamState
from openai_types import Decoder
from openai_types.errors import APIError, OpenAIError
from openai_types.responses import ParsedResponse, ResponseStreamEvent, UnknownResponseStreamEvent
from openai_types.wire import ResponseLike
from pydantic import BaseModel

Json = dict[str, Any]

decode = Decoder[ResponseStreamEvent](ResponseStreamEvent)


class Answer(BaseModel):
    city: str
    degrees: int


TEXT = '{"city": "Paris", "degrees": 21}'
AT = {"output_index": 0, "content_index": 0, "item_id": "msg_1"}
CALL: Json = {
    "type": "function_call",
    "id": "fc_1",
    "call_id": "c",
    "name": "f",
    "arguments": '{"x": 1}',
    "status": "completed",
}
MESSAGE: Json = {
    "type": "message",
    "id": "msg_1",
    "role": "assistant",
    "status": "completed",
    "content": [{"type": "output_text", "text": TEXT, "annotations": []}],
}
REFUSED: Json = {**MESSAGE, "content": [{"type": "refusal", "refusal": "No."}]}
USAGE: Json = {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}
RESPONSE: Json = {"id": "resp_1", "status": "completed", "output": [MESSAGE, CALL], "usage": USAGE}
TOOL: Json = {"type": "function", "name": "f", "strict": True, "parameters": {}}
EVENTS: list[Json] = [
    {"type": "response.created", "response": {"id": "resp_1", "status": "in_progress"}},
    {"type": "response.output_text.delta", **AT, "delta": TEXT[:20], "logprobs": []},
    {"type": "response.output_text.delta", **AT, "delta": TEXT[20:], "logprobs": []},
    {"type": "response.output_text.done", **AT, "text": TEXT, "logprobs": []},
    {"type": "response.function_call_arguments.delta", "output_index": 1, "delta": '{"x"'},
    {"type": "response.function_call_arguments.delta", "output_index": 1, "delta": ": 1}"},
    {"type": "response.output_item.done", "output_index": 1, "item": CALL},
    {"type": "response.brand_new", "something": 1},
    {"type": "response.completed", "response": RESPONSE},
]
for number, each in enumerate(EVENTS):
    each["sequence_number"] = number


class Source:
    """The body of a response, in memory."""

    def __init__(self, response: ResponseLike, events: list[Json]) -> None:
        self.response = response
        self.released = False
        self._chunks = [b"data: " + json.dumps(event).encode() + b"\n\n" for event in events]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._chunks)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self._chunks:
            yield chunk

    def close(self) -> None:
        self.released = True

    async def aclose(self) -> None:
        self.released = True

    def abort(self) -> None:
        self.released = True

    def abandon(self, chunks: object) -> None:
        del chunks
        self.released = True


def reader() -> EventReader[ResponseStreamEvent]:
    return EventReader(decode, terminal.responses())


def state() -> ResponseStreamState[Answer]:
    return ResponseStreamState(text_format=Answer, input_tools=[TOOL])


def streamed(response: ResponseLike, events: list[Json]) -> ResponseStream[Answer]:
    return ResponseStream(Stream(Source(response, events), reader()), state())


def streamed_async(response: ResponseLike, events: list[Json]) -> AsyncResponseStream[Answer]:
    return AsyncResponseStream(AsyncStream(Source(response, events), reader()), state())


def test_events_know_the_text_so_far(response: ResponseLike):
    created, first, second, done, begun, ended, item, new, completed = streamed(response, EVENTS)

    assert created.type == "response.created"
    assert isinstance(first, ResponseTextDeltaEvent)
    assert isinstance(second, ResponseTextDeltaEvent)
    assert (first.snapshot, second.snapshot) == (TEXT[:20], TEXT)
    assert (first.parsed, second.parsed) == ({"city": "Paris"}, json.loads(TEXT))
    assert first.to_dict() == {**EVENTS[1], "snapshot": TEXT[:20]}
    assert isinstance(done, ResponseTextDoneEvent)
    assert done.parsed == Answer(city="Paris", degrees=21)
    assert isinstance(begun, ResponseFunctionCallArgumentsDeltaEvent)
    assert isinstance(ended, ResponseFunctionCallArgumentsDeltaEvent)
    assert (begun.snapshot, ended.snapshot) == ('{"x"', '{"x": 1}')
    assert item.type == "response.output_item.done"
    assert isinstance(new, UnknownResponseStreamEvent)
    assert isinstance(completed, ResponseCompletedEvent)
    assert completed.response.output_parsed == Answer(city="Paris", degrees=21)
    assert completed.to_dict() == EVENTS[-1]
    whole = ResponseStreamState(text_format=Answer)
    for each in EVENTS:
        whole.handle_event(decode(json.dumps(each)))
    again = ResponseCompletedEvent[Answer].model_validate({**EVENTS[-1], "response": whole.final()})
    assert again.response.output_parsed == Answer(city="Paris", degrees=21)


def test_the_final_response(response: ResponseLike):
    with streamed(response, EVENTS) as stream:
        final = stream.get_final_response()

    assert isinstance(final, ParsedResponse)
    assert final.to_dict() == RESPONSE
    assert final.output_parsed == Answer(city="Paris", degrees=21)
    assert stream.outcome == "complete"
    assert stream.usage is not None
    assert stream.usage.total_tokens == 3


def test_events_that_are_made_by_hand_or_read_back_know_what_they_were_made_with():
    delta = ResponseTextDeltaEvent.model_validate({**EVENTS[2], "snapshot": TEXT})
    assert (delta.snapshot, delta.parsed) == (TEXT, None)
    assert ResponseTextDeltaEvent.model_validate_json(delta.to_json()).snapshot == TEXT
    assert delta.to_json(indent=None).count("snapshot") == 1
    call = ResponseFunctionCallArgumentsDeltaEvent.model_validate(EVENTS[4])
    assert call.snapshot == '{"x"'
    answer = Answer(city="Paris", degrees=21)
    done = ResponseTextDoneEvent[Answer].model_validate({**EVENTS[3], "parsed": answer})
    assert done.parsed is answer
    assert ResponseTextDoneEvent[Answer].model_validate(done.to_dict()).parsed is None
    completed = ResponseCompletedEvent[Answer].model_validate(EVENTS[-1])
    assert completed.response.output_parsed is None
    assert completed.to_dict() == EVENTS[-1]


def test_the_head_of_the_response_is_that_of_the_stream_below(response: ResponseLike):
    with streamed(response, EVENTS) as stream:
        assert stream.response is response
        with pytest.raises(OpenAIError, match="background=True"):
            _ = stream.token


def test_what_there_is_so_far_can_be_had_at_any_moment(response: ResponseLike):
    with streamed(response, EVENTS) as stream:
        assert stream.partial.to_dict() == {}
        next(stream)
        next(stream)

        assert stream.current_response_snapshot.output_text == TEXT[:20]
        assert stream.partial.status == "in_progress"
        assert stream.usage is None


def test_texts_and_calls_by_themselves(response: ResponseLike):
    assert list(streamed(response, EVENTS).text()) == [TEXT[:20], TEXT[20:]]
    assert list(streamed(response, EVENTS).text_stream) == [TEXT[:20], TEXT[20:]]
    (call,) = streamed(response, EVENTS).tool_calls()
    assert (call.name, call.parsed_arguments) == ("f", {"x": 1})


class Plan(BaseModel):
    stops: list[Answer]


STOPS = '{"stops": [{"city": "Rome", "degrees": 30}, {"city": "Oslo"}]}'


def test_what_only_the_last_event_tells_is_in_the_loops_too(response: ResponseLike):
    plan = [EVENTS[0], EVENTS[1], EVENTS[-1]]  # as when the server streams no more after a cut
    assert [*streamed(response, plan).text()] == [TEXT[:20], TEXT[20:]]
    assert [call.call_id for call in streamed(response, plan).tool_calls()] == ["c"]
    assert [call.call_id for call in streamed(response, EVENTS).tool_calls()] == ["c"]
    assert [*streamed(response, [EVENTS[-1]]).text()] == [TEXT]
    half = {**CALL, "arguments": '{"x"', "status": "in_progress"}
    ended = {**EVENTS[-1], "type": "response.failed", "response": {**RESPONSE, "output": [half]}}
    assert [*streamed(response, [ended]).tool_calls()] == []
    stream = streamed(response, EVENTS)
    assert [next(stream).type for _ in range(3)][-1] == "response.output_text.delta"
    assert [*stream.text()] == []  # the events that had it were taken
    other = [{**EVENTS[1], "delta": "another text"}, EVENTS[-1]]
    assert [*streamed(response, other).text()] == ["another text"]


def test_parts_that_only_the_last_event_tells(response: ResponseLike):
    text = '[{"city": "A", "degrees": 1}, {"city": "B", "degrees": 2}]'
    message = {**MESSAGE, "content": [{**MESSAGE["content"][0], "text": text}]}
    end = {**EVENTS[-1], "response": {**RESPONSE, "output": [message]}}
    begun = {**EVENTS[1], "delta": text[:35]}
    state = ResponseStreamState(text_format=list[Answer])
    source = Stream(Source(response, [begun, end]), reader())
    parts = [*ResponseStream(source, state).parsed_parts()]
    assert [part.path for part in parts] == [(0,), (1,)]
    assert parts[1].value == Answer(city="B", degrees=2)


@pytest.mark.parametrize("odd", [[], {}, None, 1.5, True])
def test_loops_take_fields_of_any_type(odd: object, response: ResponseLike):
    at = {"output_index": odd, "content_index": odd, "item_id": odd}
    plan: list[Json] = [
        {**EVENTS[1], **at, "delta": TEXT},
        {**EVENTS[1], "delta": odd},
        {**EVENTS[6], "item": {**CALL, "call_id": odd, "id": odd, "name": odd}},
        {**EVENTS[3], "text": odd},
        {**EVENTS[0], "type": odd},
        {**EVENTS[-1], "response": {**RESPONSE, "output": [REFUSED, MESSAGE, CALL]}},
    ]
    plan = [{**each, "sequence_number": number} for number, each in enumerate(plan)]
    assert "".join(streamed(response, plan).text()) == TEXT
    assert len([*streamed(response, plan).tool_calls()]) == 2
    assert [*streamed(response, plan).parsed_parts()] == []
    for event in streamed(response, plan):
        if isinstance(event, ResponseTextDoneEvent):
            with pytest.raises(StructuredOutputError):
                _ = event.parsed


def test_what_was_not_wanted_is_not_told_at_the_end(response: ResponseLike):
    state = ResponseStreamState[Any](starting_after=1)
    plan = [EVENTS[0], EVENTS[1], EVENTS[-1]]
    stream = ResponseStream(Stream(Source(response, plan), reader()), state)
    assert [*stream.text()] == [TEXT[20:]]


def planned(index: int) -> list[Json]:
    place: Json = {"output_index": index, "content_index": 0, "logprobs": []}
    return [{"type": "response.output_text.delta", **place, "delta": each} for each in STOPS]


def test_row_34_parts_of_a_structured_output_come_when_they_are_whole(response: ResponseLike):
    both = [each for pair in zip(planned(0), planned(1), strict=True) for each in pair]
    stream = ResponseStream(
        Stream(Source(response, [*both, EVENTS[-1]]), reader()),
        ResponseStreamState(text_format=Plan),
    )
    parts = stream.parsed_parts()
    first = next(parts)
    assert (first.path, first.value) == (("stops", 0), Answer(city="Rome", degrees=30))
    assert stream.partial.output_text.count("Oslo") == 0
    assert [each.error is None for each in parts] == [True, False, False]
    with pytest.raises(OpenAIError, match="text_format="):
        ResponseStream(
            Stream(Source(response, []), reader()), ResponseStreamState[None]()
        ).parsed_parts()


@pytest.mark.anyio
async def test_parts_come_to_asynchronous_code(response: ResponseLike):
    stream = AsyncResponseStream(
        AsyncStream(Source(response, [*planned(0), EVENTS[-1]]), reader()),
        ResponseStreamState(text_format=Plan),
    )
    assert [each.path async for each in stream.parsed_parts()] == [("stops", 0), ("stops", 1)]


@pytest.mark.anyio
async def test_asynchronous_code_has_the_same(response: ResponseLike):
    async with streamed_async(response, EVENTS) as stream:
        types = [event.type async for event in stream]
        final = await stream.get_final_response()

    assert types == [event["type"] for event in EVENTS]
    assert final.output_parsed == Answer(city="Paris", degrees=21)
    texts = streamed_async(response, EVENTS)
    assert [text async for text in texts.text_stream] == [TEXT[:20], TEXT[20:]]
    calls = streamed_async(response, EVENTS)
    assert [call.name async for call in calls.tool_calls()] == ["f"]


def test_a_loop_over_the_text_that_is_left_releases_the_connection(response: ResponseLike):
    source = Source(response, EVENTS)
    stream = ResponseStream(Stream(source, reader()), state())

    for _ in stream.text():
        break

    assert source.released
    assert stream.outcome == "cancelled"


def test_a_response_that_is_cut_off_is_none(response: ResponseLike):
    with (
        streamed(response, EVENTS[:-1]) as stream,
        pytest.raises(StreamTruncatedError) as caught,
    ):
        stream.get_final_response()

    assert stream.outcome == "truncated"
    assert stream.partial.output_text == TEXT
    assert len(caught.value.events) == len(EVENTS) - 1


def test_a_stream_that_is_left_has_no_final_response(response: ResponseLike):
    stream = streamed(response, EVENTS)
    next(stream)
    stream.close()

    with pytest.raises(StreamTruncatedError, match="was left before") as caught:
        stream.get_final_response()

    assert isinstance(caught.value.partial, ParsedResponse)


def test_an_error_that_ends_the_response(response: ResponseLike):
    error: Json = {"type": "error", "code": "server_error", "message": "No.", "param": None}
    stream = streamed(response, [*EVENTS[:3], {**error, "sequence_number": 3}])

    with pytest.raises(APIError, match=r"\. It says: No\.") as caught:
        stream.get_final_response()

    assert caught.value.code == "server_error"
    assert stream.partial.output_text == TEXT
    assert caught.value.partial == stream.partial


@pytest.mark.parametrize("status", ["incomplete", "failed"])
def test_a_response_that_is_not_complete_says_so(response: ResponseLike, status: str):
    cut: Json = {"type": "output_text", "text": TEXT[:20], "annotations": []}
    output: list[Json] = [{**MESSAGE, "content": [cut]}]
    whole: Json = {**RESPONSE, "status": status, "output": output}
    end: Json = {"type": f"response.{status}", "response": whole}

    final = streamed(response, [*EVENTS[:3], end]).get_final_response()

    assert final.status == status
    assert final.output_parsed is None


def test_a_complete_response_whose_text_does_not_fit(response: ResponseLike):
    wrong: Json = {"type": "output_text", "text": "{}", "annotations": []}
    output: list[Json] = [{**MESSAGE, "content": [wrong]}]
    end: Json = {"type": "response.completed", "response": {**RESPONSE, "output": output}}
    done = {**EVENTS[3], "text": "{}"}
    stream = streamed(response, [done, end])

    event = next(stream)

    assert isinstance(event, ResponseTextDoneEvent)
    with pytest.raises(StructuredOutputError):
        _ = event.parsed
    with pytest.raises(StructuredOutputError, match="city"):
        stream.get_final_response()


def test_events_that_come_twice_or_are_not_wanted_are_left_out(response: ResponseLike):
    again = ResponseStreamState[None](starting_after=1)
    stream = ResponseStream(Stream(Source(response, EVENTS[:4] + EVENTS[2:]), reader()), again)

    events = list(stream)

    assert [event.to_dict()["sequence_number"] for event in events] == list(range(2, len(EVENTS)))
    assert isinstance(events[0], ResponseTextDeltaEvent)
    assert events[0].snapshot == TEXT


def test_pieces_of_no_known_text_are_empty():
    late = [EVENTS[3], {**EVENTS[1], "sequence_number": 9, "delta": "late"}]
    null = [{**EVENTS[1], "delta": None}]

    for events in (late, null):
        told = ResponseStreamState[None]()
        event = [*map(told.handle_event, (decode(json.dumps(each)) for each in events))][-1][0]
        assert isinstance(event, ResponseTextDeltaEvent)
        assert event.snapshot == ""
        assert event.parsed is None
