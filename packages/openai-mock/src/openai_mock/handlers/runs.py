"""Runs: an assistant answers a thread, streamed or by the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.answers import thread_objects
from openai_mock.answers.run_turns import events_of
from openai_mock.content.json_values import as_object, objects_in
from openai_mock.handlers.threads import ASSISTANTS, new_message, new_thread
from openai_mock.refusals import not_found
from openai_mock.replies import DONE, EventsReply, JsonReply
from openai_mock.routing.registry import handles
from openai_mock.state.addresses import check_parents
from openai_mock.work import runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openai_mock.answers.run_turns import Event, RunTurn
    from openai_mock.calls import Call
    from openai_mock.replies import Frame, Reply
    from openai_mock.state.store import Document
    from openai_mock.world import World


@handles("beta.threads.create_and_run")
def create_and_run(call: Call, world: World) -> Reply:
    """Begin a thread and let an assistant answer it."""
    assistant = _assistant(call, world)
    thread = new_thread(as_object(call.body.get("thread")), world)
    run = _new_run(call, assistant, str(thread["id"]), world)
    return _begun(call, run, (("thread.created", thread),), world)


@handles("beta.threads.runs.create")
def create(call: Call, world: World) -> Reply:
    """Let an assistant answer a thread."""
    check_parents(call, world)
    thread = call.path["thread_id"]
    assistant = _assistant(call, world)
    runs.check_idle(thread, world, "run")
    for each in objects_in(call.body.get("additional_messages")):
        new_message(each, thread, world)
    return _begun(call, _new_run(call, assistant, thread, world), (), world)


@handles("beta.threads.runs.submit_tool_outputs")
def submit_tool_outputs(call: Call, world: World) -> Reply:
    """Give a run what its functions gave; it goes on with that."""
    run = _found(call, world)
    run, complete = runs.submit(run, objects_in(call.body["tool_outputs"]), world)
    if not call.body.get("stream"):
        return JsonReply(run)
    done = [("thread.run.step.completed", step) for step in complete]
    return _streamed(runs.go_on(run, world, world.clock.seconds()), done)


@handles("beta.threads.runs.cancel")
def cancel(call: Call, world: World) -> Reply:
    """Cancel a run."""
    return JsonReply(runs.cancel(_found(call, world), world))


def _assistant(call: Call, world: World) -> Document:
    key = call.body["assistant_id"]
    found = world.store.get(ASSISTANTS, key)
    if found is None:
        raise not_found("assistant", key, "assistant_id")
    return found


def _found(call: Call, world: World) -> Document:
    """The run that the path of a call names."""
    check_parents(call, world)
    thread, key = call.path["thread_id"], call.path["run_id"]
    found = world.store.get(runs.runs_of(thread), key)
    if found is None:
        raise not_found("run", key)
    return found


def _new_run(call: Call, assistant: Document, thread: str, world: World) -> Document:
    key, created = world.ids.new("run_"), world.clock.seconds()
    return thread_objects.run(call.body, assistant, key=key, thread_id=thread, created=created)


def _begun(call: Call, run: Document, before: tuple[Event, ...], world: World) -> Reply:
    if not call.body.get("stream"):
        runs.begin(run, world)
        return JsonReply(run)
    turn = runs.go_on(run, world, world.clock.seconds())
    return _streamed(turn, [*before, ("thread.run.created", run)])


def _streamed(turn: RunTurn, before: Iterable[Event]) -> Reply:
    return EventsReply(_frames(turn, before))


def _frames(turn: RunTurn, before: Iterable[Event]) -> Iterator[Frame]:
    yield from events_of(turn, before)
    yield "done", DONE[1]
