"""A run put together from its events, in any pieces, against the objects that they tell of."""

import itertools
import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from openai_stream.accumulators.runs import RunsAccumulator, RunSnapshot
from openai_types import Decoder
from openai_types.beta import AssistantStreamEvent
from pydantic_core import to_json

decode = Decoder[Any](AssistantStreamEvent)
RUN = {"id": "run", "object": "thread.run", "status": "queued"}
STEP = {"id": "step", "object": "thread.run.step", "status": "in_progress"}
MESSAGE = {"id": "msg", "object": "thread.message", "role": "assistant", "status": "in_progress"}
Event = dict[str, Any]


def accumulated(*events: Event) -> RunSnapshot:
    accumulator = RunsAccumulator()
    for event in events:
        accumulator.add(decode(to_json(event)))
    return accumulator.snapshot()


def event(name: str, data: object) -> Event:
    return {"event": f"thread.{name}", "data": data}


def message_delta(*content: Event, key: str = "msg") -> Event:
    return event("message.delta", {"id": key, "delta": {"content": [*content]}})


def step_delta(*calls: Event) -> Event:
    details = {"type": "tool_calls", "tool_calls": [*calls]}
    return event("run.step.delta", {"id": "step", "delta": {"step_details": details}})


def text(index: int, value: str) -> Event:
    return {"index": index, "type": "text", "text": {"value": value}}


@st.composite
def pieces_of(draw: st.DrawFn, text: str) -> list[str]:
    cuts = draw(st.lists(st.integers(0, len(text)), max_size=3))
    return [text[a:b] for a, b in itertools.pairwise(sorted({0, len(text), *cuts}))] or [""]


@st.composite
def messages(draw: st.DrawFn) -> tuple[list[Event], Event]:
    """The deltas of a message, its contents mixed, and the message."""
    texts = draw(st.lists(st.text(max_size=6), min_size=1, max_size=3))
    deltas = [
        message_delta(text(index, piece))
        for index, value in enumerate(texts)
        for piece in draw(pieces_of(value))
    ]
    order = random.Random(draw(st.integers()))  # noqa: S311 - of deltas, in which each text stays
    queues = {i: [d for d in deltas if at(d) == i] for i in range(len(texts))}
    mixed: list[Event] = []
    while any(queues.values()):
        index = order.choice([i for i, queue in queues.items() if queue])
        mixed.append(queues[index].pop(0))
    content = [{"type": "text", "text": {"value": value}} for value in texts]
    return mixed, {**MESSAGE, "content": content}


def at(delta: Event) -> int:
    return delta["data"]["delta"]["content"][0]["index"]


@given(messages())
def test_any_pieces_of_a_message_give_the_message(made: tuple[list[Event], Event]):
    deltas, whole = made
    begun = event("message.created", {**MESSAGE, "content": []})
    assert [m.to_dict() for m in accumulated(begun, *deltas).messages] == [whole]


@given(messages(), st.sampled_from(["message.created", "message.in_progress"]))
def test_an_object_that_comes_late_takes_nothing_away(made: tuple[list[Event], Event], late: str):
    deltas, whole = made
    begun = event(late, {**MESSAGE, "content": []})
    assert [m.to_dict() for m in accumulated(*deltas, begun).messages] == [whole]


def test_calls_of_tools_grow_with_their_outputs():
    run = [
        event(
            "run.step.created", {**STEP, "step_details": {"type": "tool_calls", "tool_calls": []}}
        ),
        step_delta(
            {"index": 0, "id": "a", "type": "function", "function": {"name": "f", "arguments": ""}}
        ),
        step_delta({"index": 1, "type": "code_interpreter", "code_interpreter": {"input": "1"}}),
        step_delta({"index": 0, "type": "function", "function": {"arguments": '{"x"'}}),
        step_delta({"index": 0, "type": "function", "function": {"arguments": ": 1}"}}),
        step_delta(
            {
                "index": 1,
                "id": "b",
                "type": "code_interpreter",
                "code_interpreter": {
                    "input": "+1",
                    "outputs": [{"index": 0, "type": "logs", "logs": "2"}],
                },
            }
        ),
    ]
    [step] = accumulated(*run).steps
    assert step.to_dict()["step_details"] == {
        "type": "tool_calls",
        "tool_calls": [
            {"id": "a", "type": "function", "function": {"name": "f", "arguments": '{"x": 1}'}},
            {
                "id": "b",
                "type": "code_interpreter",
                "code_interpreter": {"input": "1+1", "outputs": [{"type": "logs", "logs": "2"}]},
            },
        ],
    }


def test_the_end_of_an_object_has_the_last_word():
    whole = {
        **MESSAGE,
        "status": "completed",
        "content": [{"type": "text", "text": {"value": "!"}}],
    }
    delta = message_delta(text(0, "?"))
    answer = accumulated(delta, event("message.completed", whole), delta)
    assert [m.to_dict() for m in answer.messages] == [whole]


def test_all_that_a_run_has_is_there_in_order():
    answer = accumulated(
        event("created", {"id": "thread", "object": "thread"}),
        event("run.created", RUN),
        event("run.step.created", STEP),
        message_delta(text(0, "a"), key="first"),
        message_delta(text(0, "b"), key="second"),
        event("run.step.completed", {**STEP, "status": "completed"}),
        event("run.completed", {**RUN, "status": "completed"}),
    )
    assert answer.thread is not None
    assert answer.run is not None
    assert (answer.thread.id, answer.run.status) == ("thread", "completed")
    assert [step.status for step in answer.steps] == ["completed"]
    assert [message.id for message in answer.messages] == ["first", "second"]


odd_data = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "delta", "content", "index", "step_details", "tool_calls", "text"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
names = st.sampled_from(
    [
        "thread.created",
        "thread.run.completed",
        "thread.run.step.delta",
        "thread.run.step.completed",
        "thread.message.created",
        "thread.message.delta",
        "thread.message.completed",
        "thread.message.new",
        "thread.new",
        "error",
    ]
)


@given(st.lists(st.fixed_dictionaries({}, optional={"event": names, "data": odd_data}), max_size=5))
def test_whatever_is_sent_nothing_is_raised(events: list[Event]):
    accumulated(*events)
