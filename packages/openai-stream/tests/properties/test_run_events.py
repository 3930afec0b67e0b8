"""Whatever events of a run come, in whatever order: hooks are called, and nothing is raised."""

import inspect
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from openai_stream import AssistantEventHandler
from openai_stream.runs.events import RunHooks
from openai_types import Decoder
from openai_types.beta import AssistantStreamEvent
from pydantic_core import to_json

# Any: JSON.

decode = Decoder[Any](AssistantStreamEvent)
ids = st.sampled_from(["a", "b"])
indexes = st.sampled_from([0, 1, 2, None, "0"])
odd: st.SearchStrategy[Any] = st.sampled_from([None, 3, "text", [], {}])
texts = st.sampled_from([{"value": "x"}, {"value": None}, {"value": 3}, {}]) | odd
contents = st.fixed_dictionaries(
    {"index": indexes, "type": st.sampled_from(["text", "image_file", "refusal", "new", None])},
    optional={"text": texts, "image_file": st.just({"file_id": "f"}) | odd, "refusal": texts},
)
calls = st.fixed_dictionaries(
    {"index": indexes, "type": st.sampled_from(["function", "code_interpreter", "new", None])},
    optional={"id": ids, "function": st.just({"arguments": "x"}) | odd},
)
messages = st.fixed_dictionaries(
    {}, optional={"id": ids, "content": st.lists(contents, max_size=2) | odd}
)
details = st.fixed_dictionaries(
    {}, optional={"type": st.just("tool_calls"), "tool_calls": st.lists(calls, max_size=2) | odd}
)
steps = st.fixed_dictionaries({}, optional={"id": ids, "step_details": details | odd})


def named(prefix: str, states: list[str], data: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    names = st.sampled_from([f"{prefix}.{state}" for state in states])
    return st.fixed_dictionaries({"event": names, "data": data | odd})


def deltas(of: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({}, optional={"id": ids, "delta": of | odd})


events = st.one_of(
    named("thread.message", ["created", "in_progress", "completed", "incomplete", "new"], messages),
    named("thread.message", ["delta"], deltas(messages)),
    named("thread.run.step", ["created", "in_progress", "completed", "failed", "new"], steps),
    named("thread.run.step", ["delta"], deltas(steps)),
    named("thread.run", ["created", "completed", "requires_action", "new"], ids),
)


@given(st.lists(events, max_size=8))
def test_hooks_are_called_with_as_many_arguments_as_they_take(sent: list[Any]):
    hooks, done = RunHooks(), list[str]()
    for event in sent:
        for call in hooks.calls(decode(to_json(event))):
            signature = inspect.signature(getattr(AssistantEventHandler, call.hook))
            signature.bind(None, *call.arguments())
            done.append(call.hook)
    hooks.runs.snapshot()
    created, ended = (done.count(f"on_tool_call_{each}") for each in ("created", "done"))
    assert ended <= created <= ended + 1
    assert [call.hook for call in hooks.ended()] == ["on_end"]
    assert list(hooks.ended()) == []


@given(st.lists(events, max_size=8))
def test_the_snapshot_is_the_same_with_and_without_hooks(sent: list[Any]):
    told, untold = RunHooks(), RunHooks()
    for event in sent:
        for _ in told.calls(decode(to_json(event))):
            pass
        untold.skip(decode(to_json(event)))
    assert told.runs.snapshot() == untold.runs.snapshot()
    assert told.current_step == untold.current_step
