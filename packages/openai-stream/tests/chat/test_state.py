import dataclasses
import gc
import weakref
from typing import Any

import pytest
from openai_stream import (
    ContentFilterFinishReasonError,
    LengthFinishReasonError,
    NothingInStreamError,
    StructuredOutputError,
)
from openai_stream.chat.events import (
    ChunkEvent,
    ContentDeltaEvent,
    ContentDoneEvent,
    FunctionToolCallArgumentsDeltaEvent,
    FunctionToolCallArgumentsDoneEvent,
)
from openai_stream.chat.state import ChatCompletionStreamState
from openai_types import Decoder
from openai_types.chat import ChatCompletionChunk
from pydantic import BaseModel
from pydantic_core import to_json

# Any: JSON, and events of every kind.

decode = Decoder[ChatCompletionChunk](ChatCompletionChunk)
USAGE: Any = {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}
TOKEN: Any = {"token": "a", "logprob": -1.0, "bytes": None, "top_logprobs": []}
PARIS = '{"name":"Paris","people":2}'


class City(BaseModel):
    name: str
    people: int


@dataclasses.dataclass
class Place:
    name: str
    people: int


class _Function(dict[str, Any]):
    model = City


STRICT: Any = {"type": "function", "function": {"name": "add", "strict": True, "parameters": {}}}
LOOSE: Any = {"type": "function", "function": {"name": "log", "parameters": {}}}
OF_MODEL: Any = {"type": "function", "function": _Function(name="City", strict=True)}


def chunk(**fields: Any) -> ChatCompletionChunk:
    return decode(to_json({"id": "chatcmpl-1", "choices": [], **fields}))


def choice(index: int = 0, **fields: Any) -> ChatCompletionChunk:
    return chunk(choices=[{"index": index, "delta": {}, "finish_reason": None, **fields}])


def says(content: str, index: int = 0) -> ChatCompletionChunk:
    return choice(index, delta={"content": content})


def ends(reason: str = "stop", index: int = 0) -> ChatCompletionChunk:
    return choice(index, finish_reason=reason)


def calls(
    index: int, arguments: str, id: str | None = None, name: str | None = None
) -> ChatCompletionChunk:
    function = {"arguments": arguments, "name": name}
    return choice(delta={"tool_calls": [{"index": index, "id": id, "function": function}]})


def told(state: ChatCompletionStreamState[Any], *chunks: ChatCompletionChunk) -> list[Any]:
    """The events of chunks and of the end, but for those of the chunks themselves."""
    events: list[Any] = []
    for each in chunks:
        first, *others = state.handle_chunk(each)
        assert isinstance(first, ChunkEvent)
        assert first.chunk is each
        events += others
    return [*events, *state.finish()]


def types(events: list[Any]) -> list[str]:
    return [event.type for event in events]


def test_content_comes_in_pieces_and_then_as_a_whole():
    events = told(ChatCompletionStreamState[None](), says(""), says("Hel"), says("lo"), ends())
    pieces = events[:-1]
    done: ContentDoneEvent[None] = events[-1]
    assert [(each.delta, each.snapshot) for each in pieces] == [
        ("", ""),
        ("Hel", "Hel"),
        ("lo", "Hello"),
    ]
    assert type(done) is ContentDoneEvent
    assert (done.content, done.parsed) == ("Hello", None)


def test_a_stream_without_a_finish_reason_is_whole_at_its_end():
    events = told(ChatCompletionStreamState[None](), says("Hi"), calls(0, "{}", "a", "log"))
    assert types(events) == [
        "content.delta",
        "tool_calls.function.arguments.delta",
        "content.done",
        "tool_calls.function.arguments.done",
    ]


def test_text_after_the_end_was_told_is_told_at_the_end():
    events = told(ChatCompletionStreamState[None](), says("a"), ends(), says("b"), ends())
    assert [each.content for each in events if each.type == "content.done"] == ["a", "ab"]


def test_empty_pieces_after_the_end_change_nothing():
    events = told(
        ChatCompletionStreamState[None](),
        choice(delta={"content": "a", "refusal": "b"}),
        calls(0, "{}", "a", "log"),
        ends(),
        choice(delta={"content": "", "refusal": ""}),
        calls(0, ""),
    )
    assert [each.type for each in events if each.type.endswith(".done")] == [
        *("content.done", "refusal.done", "tool_calls.function.arguments.done"),
    ]


def test_a_refusal_and_logprobs_have_events_of_their_own():
    state = ChatCompletionStreamState[City](response_format=City)
    events = told(
        state,
        choice(delta={"refusal": "N"}, logprobs={"content": None, "refusal": [TOKEN]}),
        choice(delta={"refusal": "o"}, logprobs={"content": [], "refusal": [TOKEN, TOKEN]}),
        choice(delta={"content": "x"}, logprobs={"content": [TOKEN], "refusal": None}),
        ends(),
    )
    assert types(events) == [
        *("refusal.delta", "logprobs.refusal.delta") * 2,
        *("content.delta", "logprobs.content.delta"),
        *("content.done", "refusal.done", "logprobs.content.done", "logprobs.refusal.done"),
    ]
    assert [(each.delta, each.snapshot) for each in (events[0], events[2])] == [
        ("N", "N"),
        ("o", "No"),
    ]
    assert [(len(each.refusal), len(each.snapshot)) for each in (events[1], events[3])] == [
        (1, 1),
        (2, 3),
    ]
    assert (len(events[5].content), len(events[5].snapshot)) == (1, 1)
    assert events[6].parsed is None  # what refuses is no answer
    assert (events[7].refusal, len(events[8].content), len(events[9].refusal)) == ("No", 1, 3)
    assert state.get_final_completion().choices[0].message.parsed is None


def test_events_tell_of_which_choice_they_are():
    events = told(ChatCompletionStreamState[None](), says("b", 1), says("a"), ends(index=1))
    assert [(each.type, each.choice_index) for each in events] == [
        ("content.delta", 1),
        ("content.delta", 0),
        ("content.done", 1),
        ("content.done", 0),
    ]


def test_a_call_is_whole_when_the_next_one_begins():
    events = told(
        ChatCompletionStreamState[None](input_tools=[STRICT]),
        calls(0, "", "a", "add"),
        calls(0, '{"x":1}'),
        calls(1, "", "b", "log"),
        calls(1, '{"y":2}'),
        ends("tool_calls"),
    )
    assert types(events) == [
        *("tool_calls.function.arguments.delta",) * 3,
        "tool_calls.function.arguments.done",
        "tool_calls.function.arguments.delta",
        "tool_calls.function.arguments.done",
    ]
    piece, done = events[1], events[3]
    assert isinstance(piece, FunctionToolCallArgumentsDeltaEvent)
    assert (piece.name, piece.index, piece.arguments) == ("add", 0, '{"x":1}')
    assert (piece.arguments_delta, piece.parsed_arguments) == ('{"x":1}', {"x": 1})
    assert isinstance(done, FunctionToolCallArgumentsDoneEvent)
    assert (done.name, done.index, done.arguments) == ("add", 0, '{"x":1}')
    assert done.parsed_arguments == {"x": 1}
    assert events[5].parsed_arguments is None  # its function is not strict
    assert events[5].tool_call.function.parsed_arguments == {"y": 2}


def test_calls_that_are_interleaved_are_whole_when_all_of_them_came():
    events = told(
        ChatCompletionStreamState[None](),
        calls(0, "{", "a", "log"),
        calls(1, "{", "b", "log"),
        calls(0, "}"),
        calls(1, "}"),
        ends("tool_calls"),
    )
    done = [each for each in events if each.type.endswith(".done")]
    assert [(each.tool_call.id, each.arguments) for each in done] == [("a", "{}"), ("b", "{}")]


def test_calls_of_custom_tools_have_no_events_and_are_in_the_completion():
    custom: Any = {"id": "a", "type": "custom", "custom": {"name": "sql", "input": "select 1"}}
    state = ChatCompletionStreamState[None]()
    events = told(state, choice(delta={"tool_calls": [custom]}), ends("tool_calls"))
    assert events == []
    made = state.get_final_completion().choices[0].message.tool_calls
    assert made is not None
    assert made[0].to_dict() == custom


@pytest.mark.parametrize("type_", [City, Place])
def test_content_is_parsed_by_its_type(type_: type[Any]):
    state = ChatCompletionStreamState[Any](response_format=type_)
    events = told(state, *(says(PARIS[at : at + 4]) for at in range(0, len(PARIS), 4)), ends())
    partial = [each.parsed for each in events[:-1]]
    assert partial[:4] == [{}, {}, {}, {"name": "Paris"}]
    assert partial[-1] == {"name": "Paris", "people": 2}
    assert partial[2] == events[2].parsed  # looking back
    expected = type_(name="Paris", people=2)
    assert events[-1].parsed == expected
    final = state.get_final_completion()
    assert final.choices[0].message.parsed is events[-1].parsed
    assert final.choices[0].message.content == PARIS


def test_a_completion_with_what_was_parsed_can_be_dumped():
    state = ChatCompletionStreamState[City](response_format=City, input_tools=[OF_MODEL])
    told(state, says(PARIS), calls(0, PARIS, "a", "City"), ends())
    dumped = state.get_final_completion().to_dict()
    message = dumped["choices"][0]["message"]
    assert message["parsed"] == {"name": "Paris", "people": 2}
    assert message["tool_calls"][0]["function"]["parsed_arguments"] == message["parsed"]


def test_arguments_are_parsed_by_the_model_of_the_tool():
    state = ChatCompletionStreamState[None](input_tools=(each for each in (OF_MODEL, LOOSE)))
    events = told(state, calls(0, PARIS[:14], "a", "City"), calls(0, PARIS[14:]), ends())
    assert [each.parsed_arguments for each in events] == [
        {},
        {"name": "Paris", "people": 2},
        City(name="Paris", people=2),
    ]
    assert events[-1].tool_call.function.parsed_arguments is events[-1].parsed_arguments
    made = state.get_final_completion().choices[0].message.tool_calls
    assert made is not None
    assert made[0].function.parsed_arguments is events[-1].parsed_arguments


def test_no_arguments_are_an_empty_object():
    state = ChatCompletionStreamState[None](input_tools=[STRICT])
    assert told(state, calls(0, "", "a", "add"), ends())[-1].parsed_arguments == {}


def test_arguments_that_are_no_json_are_none_where_nobody_asked_for_json():
    events = told(ChatCompletionStreamState[None](), calls(0, "{oops", "a", "log"), ends())
    assert events[-1].tool_call.function.parsed_arguments is None


def test_what_does_not_fit_is_an_error_where_it_is_read():
    state = ChatCompletionStreamState[City](response_format=City, input_tools=[OF_MODEL])
    wrong = '{"name":"Paris"}'
    events = told(state, says(wrong), calls(0, wrong, "a", "City"), ends())
    for read in (
        lambda: events[2].parsed,
        lambda: events[3].parsed_arguments,
        lambda: events[3].tool_call,
        state.get_final_completion,
    ):
        with pytest.raises(StructuredOutputError, match="people") as caught:
            read()
        assert caught.value.text == wrong
    assert state.current_completion_snapshot.choices[0].message.parsed == {"name": "Paris"}


def test_a_snapshot_has_what_is_known():
    state = ChatCompletionStreamState[City](response_format=City, input_tools=[STRICT])
    for each in (says('{"name":"Paris","peo'), calls(0, '{"x":[1,', "a", "add")):
        state.handle_chunk(each)
    message = state.snapshot().choices[0].message
    assert message.parsed == {"name": "Paris"}
    assert message.tool_calls is not None
    assert message.tool_calls[0].function.parsed_arguments == {"x": [1]}


@pytest.mark.parametrize(
    ("reason", "error"),
    [("length", LengthFinishReasonError), ("content_filter", ContentFilterFinishReasonError)],
)
def test_what_was_to_be_parsed_and_is_cut_is_an_error_with_the_completion(
    reason: str, error: type[LengthFinishReasonError | ContentFilterFinishReasonError]
):
    asked: list[Any] = [{"response_format": City}, {"input_tools": [STRICT]}]
    for options in asked:
        state = ChatCompletionStreamState[Any](**options)
        events = [
            event
            for each in (says(PARIS[:9]), ends(reason), chunk(usage=USAGE))
            for event in state.handle_chunk(each)
        ]
        # A piece of an answer is no answer, even if it could be parsed.
        assert types(events) == ["chunk", "content.delta", "chunk", "chunk"]
        for read in (state.finish, state.get_final_completion):
            with pytest.raises(error) as caught:
                read()
            completion = caught.value.completion
            assert completion is not None
            assert completion.choices[0].message.content == PARIS[:9]
            assert completion.usage is not None


@pytest.mark.parametrize("reason", ["length", "content_filter"])
def test_text_that_is_cut_is_text(reason: str):
    state = ChatCompletionStreamState[None](
        input_tools=[LOOSE], response_format={"type": "json_object"}
    )
    assert types(told(state, says("a"), ends(reason))) == ["content.delta", "content.done"]
    assert state.get_final_completion().choices[0].finish_reason == reason


def test_usage_is_that_of_the_stream():
    state = ChatCompletionStreamState[None]()
    state.handle_chunk(says("a"))
    assert state.usage is None
    state.handle_chunk(chunk(usage=USAGE))
    assert state.usage is not None
    assert state.usage.to_dict() == USAGE


def test_a_completion_without_chunks_is_none():
    state = ChatCompletionStreamState[None]()
    with pytest.raises(NothingInStreamError, match="completion"):
        state.get_final_completion()
    assert state.current_completion_snapshot.choices == []


def test_a_chunk_event_has_the_completion_so_far():
    state = ChatCompletionStreamState[None]()
    event = state.handle_chunk(says("Hi"))[0]
    assert isinstance(event, ChunkEvent)
    assert event.snapshot.choices[0].message.content == "Hi"


def test_events_can_be_shown_and_made_dicts():
    piece, done = told(ChatCompletionStreamState[City](response_format=City), says(PARIS), ends())
    assert isinstance(piece, ContentDeltaEvent)
    assert repr(piece) == f"ContentDeltaEvent(delta={PARIS!r}, ...)"
    assert done.to_dict() == {
        "type": "content.done",
        "content": PARIS,
        "parsed": {"name": "Paris", "people": 2},
        "choice_index": 0,
    }


def test_a_state_is_freed_with_its_last_user():
    state = ChatCompletionStreamState[City](response_format=City, input_tools=[OF_MODEL])
    events = told(state, says(PARIS), calls(0, PARIS, "a", "City"), ends())
    assert events[-1].parsed_arguments == state.snapshot().choices[0].message.parsed
    gone = weakref.ref(state)
    gc.disable()
    try:
        del state, events
        assert gone() is None
    finally:
        gc.enable()
