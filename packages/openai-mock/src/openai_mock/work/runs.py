"""Runs of threads: how each goes on, a step of a job at a time, and what it leaves in its thread.

What a run says is made in `answers.run_turns`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.answers.run_turns import answered_step, next_turn
from openai_mock.content.json_values import as_object, objects_in
from openai_mock.refusals import Refusal
from openai_mock.state.items import Item, changed
from openai_mock.work.jobs import forget, later, step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openai_mock.answers.run_turns import RunTurn
    from openai_mock.content.json_values import Object
    from openai_mock.state.store import Document
    from openai_mock.world import World

ACTIVE = ("queued", "in_progress", "requires_action", "cancelling")


def messages_of(thread: str) -> str:
    """The collection of the messages of a thread."""
    return f"threads/{thread}/messages"


def runs_of(thread: str) -> str:
    """The collection of the runs of a thread."""
    return f"threads/{thread}/runs"


def steps_of(thread: str, run: str) -> str:
    """The collection of the steps of a run."""
    return f"{runs_of(thread)}/{run}/steps"


def check_idle(thread: str, world: World, doing: str) -> None:
    """Return if no run of a thread is active.

    Args:
        thread: The id of the thread.
        world: Has the runs.
        doing: What cannot be done while one is.

    Raises:
        Refusal: One is.
    """
    for run in world.store.list(runs_of(thread)).documents:
        if run["status"] in ACTIVE:
            raise Refusal(
                f"Can't {doing} {thread} while a run {run['id']} is active. Wait until it is over, "
                "or cancel it."
            )


def begin(run: Document, world: World) -> None:
    """Keep a run that goes on by the clock from now."""
    later(world, "threads.runs.proceed", _keep(run, world))


def go_on(run: Document, world: World, at: int) -> RunTurn:
    """Let a run do what comes next, and keep what it did.

    Raises:
        Refusal: No answer meets what it asks for.
    """
    thread = str(run["thread_id"])
    spoken = world.store.list(messages_of(thread)).documents
    steps = world.store.list(steps_of(thread, str(run["id"]))).documents
    started = {**run, "started_at": run.get("started_at") or at}
    turn = next_turn(started, spoken, steps, ids=world.ids, at=at)
    kept = _keep(turn.run, world)
    if turn.run["status"] == "requires_action":
        expires_at = kept.document["expires_at"]
        later(world, "threads.runs.expire", kept, since=expires_at, seconds=0)
    for each in turn.steps:
        _keep_step(each, world)
    if turn.message is not None:
        world.store.put(messages_of(thread), str(turn.message["id"]), turn.message)
    return turn


def submit(run: Document, outputs: Sequence[Object], world: World) -> tuple[Document, list[Object]]:
    """Give a run what its functions gave.

    Returns:
        The run, which waits to go on, and the steps that are complete by that.

    Raises:
        Refusal: The run does not wait for that, or not for all of that.
    """
    if run["status"] != "requires_action":
        raise Refusal(
            f"Runs in status '{run['status']}' do not accept tool outputs. Wait until it is "
            "'requires_action'."
        )
    action = as_object(as_object(run.get("required_action")).get("submit_tool_outputs"))
    wanted = {str(call["id"]) for call in objects_in(action.get("tool_calls"))}
    given = {str(each.get("tool_call_id")): each.get("output") or "" for each in outputs}
    if given.keys() != wanted:
        raise Refusal(
            f"Expected tool outputs for call_ids {sorted(wanted)}, got {sorted(given)}. Submit one "
            "for each call, all at once.",
            param="tool_outputs",
        )
    at = world.clock.seconds()
    complete: list[Object] = []
    for each in world.store.list(steps_of(run["thread_id"], run["id"])).documents:
        if each["status"] == "in_progress":
            complete.append(answered_step(each, given, at))
            _keep_step(complete[-1], world)
    forget(world, _item(run))
    waiting = {**run, "status": "queued", "required_action": None}
    begin(waiting, world)
    return waiting, complete


def cancel(run: Document, world: World) -> Document:
    """Cancel a run, which is over when anything is asked next.

    Raises:
        Refusal: It is over already.
    """
    if run["status"] not in ACTIVE:
        raise Refusal(f"Cannot cancel run with status '{run['status']}'. It is over already.")
    forget(world, _item(run))
    cancelling = changed(world, _item(run), status="cancelling", required_action=None)
    later(world, "threads.runs.proceed", cancelling, seconds=0)
    return cancelling.document


@step("threads.runs.proceed")
def _proceed(world: World, run: Item, at: float) -> None:
    status = run.document["status"]
    if status == "cancelling":
        _end(run, "cancelled", world, int(at))
    elif status == "queued":
        started = run.document.get("started_at") or int(at)
        run = changed(world, run, status="in_progress", started_at=started)
        later(world, "threads.runs.proceed", run, since=at)
    else:
        _finish(run.document, world, int(at))


@step("threads.runs.expire")
def _expire(world: World, run: Item, at: float) -> None:
    _end(run, "expired", world, int(at))


def _finish(run: Document, world: World, at: int) -> None:
    """Let a run do what comes next; what cannot be done is told by the run."""
    try:
        go_on(run, world, at)
    except Refusal as refusal:
        error = {"code": "invalid_prompt", "message": refusal.message}
        _keep({**run, "status": "failed", "failed_at": at, "last_error": error}, world)


def _end(run: Item, status: str, world: World, at: int) -> None:
    """End a run and its open steps before they are complete."""
    thread = run.document["thread_id"]
    for each in world.store.list(steps_of(thread, run.key)).documents:
        if each["status"] == "in_progress":
            _keep_step({**each, "status": status, f"{status}_at": at}, world)
    ended: Document = {"status": status, "required_action": None, "expires_at": None}
    if status == "cancelled":
        ended["cancelled_at"] = at
    changed(world, run, **ended)


def _item(run: Document) -> Item:
    return Item(runs_of(run["thread_id"]), run["id"], run)


def _keep(run: Document, world: World) -> Item:
    return changed(world, _item(run))


def _keep_step(step: Object, world: World) -> None:
    steps = steps_of(str(step["thread_id"]), str(step["run_id"]))
    world.store.put(steps, str(step["id"]), step)
