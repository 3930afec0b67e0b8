import json
from typing import Any

import pytest
from openai_mock.answers import thread_objects
from openai_mock.answers.run_turns import RunTurn, answered_step, events_of, next_turn
from openai_mock.state.ids import Identifiers
from openai_types import Decoder
from openai_types.beta import AssistantStreamEvent

decode = Decoder[Any](AssistantStreamEvent, strict=True)  # Any: a union of all events

FUNCTION: dict[str, Any] = {
    "name": "get_weather",
    "parameters": {"type": "object", "properties": {}},
}
TOOLS = [{"type": "function", "function": FUNCTION}]
ASSISTANT = thread_objects.assistant({"model": "gpt-5.5"}, key="asst_1", created=1)


@pytest.fixture
def turn(ids: Identifiers):
    def made(said: str = "Hi", earlier: Any = (), **request: Any) -> RunTurn:
        asked = {"role": "user", "content": said}
        spoken = thread_objects.message(asked, key="msg_1", thread_id="thread_1", created=1)
        run = thread_objects.run(request, ASSISTANT, key="run_1", thread_id="thread_1", created=1)
        return next_turn(run, [spoken], earlier, ids=ids, at=5)

    return made


def decoded(turn: RunTurn) -> list[Any]:
    return [decode(json.dumps({"event": name, "data": data})) for name, data in events_of(turn, ())]


def kinds_of(events: list[Any]) -> list[str]:
    """The names, of those that repeat the first."""
    names = [event.event.removeprefix("thread.") for event in events]
    return [name for name, before in zip(names, ["", *names], strict=False) if name != before]


def test_words_are_a_message_and_a_step(turn: Any):
    made = turn()
    assert (made.run["status"], made.run["completed_at"]) == ("completed", 5)
    assert thread_objects.text_of(made.message) == "You wrote: Hi"
    (step,) = made.steps
    assert step["step_details"]["message_creation"] == {"message_id": made.message["id"]}
    assert made.run["usage"] == step["usage"]


def test_events_of_words_come_in_order(turn: Any):
    made = turn()
    events = decoded(made)
    assert kinds_of(events) == [
        "run.queued",
        "run.in_progress",
        "run.step.created",
        "run.step.in_progress",
        "message.created",
        "message.in_progress",
        "message.delta",
        "message.completed",
        "run.step.completed",
        "run.completed",
    ]
    deltas = [e.data.delta.content[0].text.value for e in events if "delta" in e.event]
    assert "".join(deltas) == "You wrote: Hi"
    assert events[0].data.usage is None


def test_functions_are_for_the_client(turn: Any):
    made = turn(tools=TOOLS)
    assert made.run["status"] == "requires_action"
    (call,) = made.run["required_action"]["submit_tool_outputs"]["tool_calls"]
    assert call["function"]["name"] == "get_weather"
    events = decoded(made)
    assert kinds_of(events)[-2:] == ["run.step.delta", "run.requires_action"]
    deltas = [e.data.delta.step_details.tool_calls[0] for e in events if "delta" in e.event]
    arguments = "".join(each.function.arguments or "" for each in deltas)
    assert arguments == call["function"]["arguments"]
    assert {each.id for each in deltas if each.id} == {call["id"]}


def test_run_goes_on_with_what_functions_gave(turn: Any):
    (step,) = turn(tools=TOOLS).steps
    call_id = step["step_details"]["tool_calls"][0]["id"]
    answered = answered_step(step, {call_id: "12 C"}, 4)
    assert (answered["status"], answered["completed_at"]) == ("completed", 4)
    made = turn(earlier=[answered], tools=TOOLS)
    assert thread_objects.text_of(made.message) == "The tools gave: 12 C"
    used = made.run["usage"]["completion_tokens"]
    assert used == step["usage"]["completion_tokens"] + made.steps[-1]["usage"]["completion_tokens"]


def test_limit_leaves_run_and_message_incomplete(turn: Any):
    made = turn(max_completion_tokens=2)
    assert made.run["incomplete_details"] == {"reason": "max_completion_tokens"}
    assert made.message["incomplete_details"] == {"reason": "max_tokens"}
    assert kinds_of(decoded(made))[-3:] == [
        "message.incomplete",
        "run.step.completed",
        "run.incomplete",
    ]


@pytest.mark.parametrize("kind", ["code_interpreter", "file_search"])
def test_tool_of_the_api_is_run_if_it_is_insisted_on(turn: Any, kind: str):
    made = turn(tools=[{"type": kind}], tool_choice={"type": kind})
    assert [step["type"] for step in made.steps] == ["tool_calls", "message_creation"]
    assert made.run["status"] == "completed"
    assert decoded(made)


def test_schema_is_met(turn: Any):
    schema = {"type": "object", "properties": {"a": {"const": "b"}}, "required": ["a"]}
    format_ = {"type": "json_schema", "json_schema": {"name": "n", "schema": schema}}
    assert thread_objects.text_of(turn(response_format=format_).message) == '{"a":"b"}'
