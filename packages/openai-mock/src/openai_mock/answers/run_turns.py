"""What a run does next: it calls tools, or says something. And the events that tell of it.

Is given the run and what was said in its thread. Knows no store and no clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, cast

from openai_mock.answers import thread_objects
from openai_mock.answers.refused import refusing
from openai_mock.answers.thread_objects import text_of
from openai_mock.answers.words import words
from openai_mock.content.json_values import as_object, objects_in
from openai_mock.content.tokens import count, output, split
from openai_mock.content.tool_calls import tool_calls_of_chat
from openai_mock.content.turns import turn_of_messages
from openai_mock.content.usage import chat_prompt_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from openai_mock.answers.thread_objects import Document
    from openai_mock.content.json_values import Object
    from openai_mock.content.tokens import Output
    from openai_mock.content.tool_calls import ToolCall
    from openai_mock.state.ids import Identifiers

Event: TypeAlias = "tuple[str, object]"  # its name and its data

_OWN_TOOLS = ("code_interpreter", "file_search")  # that the API runs


@dataclass(frozen=True)
class RunTurn:
    """What a run has done in one go, until it is over or waits for the client.

    Attributes:
        run: The run, as it is afterwards.
        steps: The steps, as they are afterwards.
        message: What was said.
    """

    run: Document
    steps: tuple[Document, ...]
    message: Document | None = None


def next_turn(
    run: Object, spoken: Sequence[Object], earlier: Sequence[Object], *, ids: Identifiers, at: int
) -> RunTurn:
    """Let a run go on.

    Args:
        run: The run.
        spoken: The messages of its thread, the oldest first.
        earlier: The steps in which the run called tools before, with what they gave.
        ids: Where ids are from.
        at: When it does so.

    Raises:
        Refusal: No answer meets what it asks for.
    """
    request = _as_chat(run, spoken, earlier)
    with refusing():
        calls = tool_calls_of_chat(request, seed=str(run["id"]))
    if calls:
        return _calling(run, calls, request, ids=ids, at=at)
    turn = turn_of_messages(objects_in(request["messages"]))
    with refusing("response_format"):
        text = words(turn, as_object(run.get("response_format")))
    said = output(text, limit=cast("int | None", run.get("max_completion_tokens")))
    message = _message(run, said, key=ids.new("msg_"), at=at)
    creation: Document = {
        "type": "message_creation",
        "message_creation": {"message_id": message["id"]},
    }
    usage = _usage(chat_prompt_tokens(request), len(said.pieces))
    steps = [] if earlier else _own_steps(run, turn.said, ids=ids, at=at)
    steps.append(thread_objects.step(run, creation, key=ids.new("step_"), created=at))
    steps = [{**each, "status": "completed", "completed_at": at} for each in steps]
    steps[-1]["usage"] = usage
    over = {
        "status": message["status"],
        "completed_at": message["completed_at"],
        "incomplete_details": {"reason": "max_completion_tokens"} if said.cut else None,
        "expires_at": None,
        "required_action": None,
        "usage": _sum_of([usage, *(as_object(each.get("usage")) for each in earlier)]),
    }
    return RunTurn({**run, **over}, tuple(steps), message)


def answered_step(step: Object, outputs: Mapping[str, object], at: int) -> Document:
    """The step that called functions, after the client told what they gave.

    Args:
        step: The step.
        outputs: What each call gave, by its id.
        at: When that was told.
    """
    calls = [
        {**call, "function": {**as_object(call["function"]), "output": outputs[str(call["id"])]}}
        for call in objects_in(as_object(step["step_details"])["tool_calls"])
    ]
    details: Document = {"type": "tool_calls", "tool_calls": calls}
    return {**step, "status": "completed", "completed_at": at, "step_details": details}


def events_of(turn: RunTurn, before: Iterable[Event]) -> Iterator[Event]:
    """The events of a turn.

    Args:
        turn: The turn.
        before: Those that come before its run waits to be begun.
    """
    yield from before
    run = turn.run
    waiting = {
        **run,
        "status": "queued",
        "completed_at": None,
        "incomplete_details": None,
        "required_action": None,
        "usage": None,
    }
    yield "thread.run.queued", waiting
    yield "thread.run.in_progress", {**waiting, "status": "in_progress"}
    for step in turn.steps:
        yield from _events_of_step(step, turn.message)
    yield f"thread.run.{run['status']}", run


def _events_of_step(step: Document, message: Document | None) -> Iterator[Event]:
    is_called = step["type"] == "tool_calls"
    begun: Document = {**step, "status": "in_progress", "completed_at": None, "usage": None}
    if is_called:
        begun["step_details"] = {"type": "tool_calls", "tool_calls": []}
    yield "thread.run.step.created", begun
    yield "thread.run.step.in_progress", begun
    if is_called:
        for delta in _deltas_of_calls(objects_in(as_object(step["step_details"])["tool_calls"])):
            details = {"step_details": {"type": "tool_calls", "tool_calls": [delta]}}
            told = {"id": step["id"], "object": "thread.run.step.delta", "delta": details}
            yield "thread.run.step.delta", told
    elif message is not None:
        yield from _events_of_message(message)
    if step["status"] == "completed":
        yield "thread.run.step.completed", step


def _events_of_message(message: Document) -> Iterator[Event]:
    begun: Document = {**message, "status": "in_progress", "content": [], "completed_at": None}
    begun |= {"incomplete_at": None, "incomplete_details": None}
    yield "thread.message.created", begun
    yield "thread.message.in_progress", begun
    head = {"id": message["id"], "object": "thread.message.delta"}
    for piece in split(text_of(message)):
        content = [{"index": 0, "type": "text", "text": {"value": piece}}]
        yield "thread.message.delta", {**head, "delta": {"content": content}}
    yield f"thread.message.{message['status']}", message


def _deltas_of_calls(calls: Sequence[Object]) -> Iterator[Object]:
    for index, call in enumerate(calls):
        if call["type"] != "function":
            yield {"index": index, **_indexed(call)}
            continue
        function = as_object(call["function"])
        begun = {"name": function["name"], "arguments": "", "output": None}
        yield {"index": index, "id": call["id"], "type": "function", "function": begun}
        for piece in split(str(function["arguments"])):
            yield {"index": index, "type": "function", "function": {"arguments": piece}}


def _indexed(call: Object) -> Object:
    """A call of a tool that the API ran, as a stream has it: its outputs have places."""
    ran = as_object(call.get("code_interpreter"))
    if not ran:
        return call
    outputs = [{"index": place, **each} for place, each in enumerate(objects_in(ran["outputs"]))]
    return {**call, "code_interpreter": {**ran, "outputs": outputs}}


def _message(run: Object, said: Output, *, key: str, at: int) -> Document:
    """What the model says, as a message of the thread."""
    asked = {"role": "assistant", "content": said.text}
    made = thread_objects.message(asked, key=key, thread_id=str(run["thread_id"]), created=at)
    ended: Document = {"assistant_id": run["assistant_id"], "run_id": run["id"]}
    if said.cut:
        ended |= {"status": "incomplete", "completed_at": None, "incomplete_at": at}
        ended["incomplete_details"] = {"reason": "max_tokens"}
    return {**made, **ended}


def _as_chat(run: Object, spoken: Sequence[Object], earlier: Sequence[Object]) -> Document:
    """What the model is asked, as a chat completion would ask it."""
    last = as_object(run.get("truncation_strategy")).get("last_messages")
    heard = spoken[-last:] if isinstance(last, int) and last else spoken
    messages: list[Object] = [{"role": each["role"], "content": text_of(each)} for each in heard]
    if run.get("instructions"):
        messages.insert(0, {"role": "system", "content": run["instructions"]})
    for step in earlier:
        calls = objects_in(as_object(step["step_details"]).get("tool_calls"))
        messages.append({"role": "assistant", "content": None, "tool_calls": calls})
        for call in calls:
            given = as_object(call.get("function")).get("output")
            messages.append({"role": "tool", "tool_call_id": call["id"], "content": given})
    names = ("tools", "tool_choice", "parallel_tool_calls")
    return {"messages": messages, **{name: run.get(name) for name in names}}


def _calling(
    run: Object, calls: Sequence[ToolCall], request: Object, *, ids: Identifiers, at: int
) -> RunTurn:
    """The turn in which the client is to run functions."""
    called = [call.in_message() for call in calls]
    waiting = [
        {**each, "function": {**as_object(each["function"]), "output": None}} for each in called
    ]
    details: Document = {"type": "tool_calls", "tool_calls": waiting}
    step = thread_objects.step(run, details, key=ids.new("step_"), created=at)
    tokens = sum(count(call.name) + count(call.input) for call in calls)
    step["usage"] = _usage(chat_prompt_tokens(request), tokens)
    action = {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": called}}
    return RunTurn({**run, "status": "requires_action", "required_action": action}, (step,))


def _own_steps(run: Object, said: str, *, ids: Identifiers, at: int) -> list[Document]:
    """The call of a tool that the API runs, if the run insists on one."""
    kind = as_object(run.get("tool_choice")).get("type")
    if kind not in _OWN_TOOLS:
        return []
    ran: Document = {}
    if kind == "code_interpreter":
        logs = [{"type": "logs", "logs": f"{said}\n"}]
        ran = {"input": f"print({said!r})", "outputs": logs}
    call = {"id": ids.new("call_"), "type": kind, str(kind): ran}
    details: Document = {"type": "tool_calls", "tool_calls": [call]}
    return [thread_objects.step(run, details, key=ids.new("step_"), created=at)]


def _usage(read: int, written: int) -> Document:
    return {
        "prompt_tokens": read,
        "completion_tokens": written,
        "total_tokens": read + written,
    }


def _sum_of(usages: Sequence[Object]) -> Document:
    names = _usage(0, 0)
    return {name: sum(cast("int", each.get(name, 0)) for each in usages) for name in names}
