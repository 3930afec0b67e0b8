"""Batches: the lines of a file are posted to this server, and what they get is written to files.

A batch goes from validating to in_progress, finalizing and completed, one step after another; its
lines are run in two halves, so that it can be cancelled or expire in between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openai_mock.described.resources import made
from openai_mock.files.stored_files import DAY, check_expiry, content_of, file_for, make_file
from openai_mock.posting.outbox import announce
from openai_mock.refusals import wrong_state
from openai_mock.replies import JsonReply
from openai_mock.routing.registry import handles
from openai_mock.state.items import add, changed, item_of
from openai_mock.work.batch_lines import (
    answered,
    checked,
    is_failure,
    jsonl,
    unanswered,
    usage_of,
)
from openai_mock.work.jobs import forget, later, step
from openai_mock.work.own_requests import post

if TYPE_CHECKING:
    from openai_mock.calls import Call
    from openai_mock.replies import Reply
    from openai_mock.state.items import Item
    from openai_mock.state.store import Document
    from openai_mock.work.batch_lines import Line
    from openai_mock.world import World

BATCHES = "batches"
_NOT_YET = (
    *("cancelled_at", "cancelling_at", "completed_at", "error_file_id", "errors", "expired_at"),
    *("failed_at", "finalizing_at", "in_progress_at", "model", "output_file_id", "usage"),
)
_CAN_BE_CANCELLED = ("validating", "in_progress", "finalizing")
_WHY_NOT = {
    "cancelled": "This request was not executed, because the batch was cancelled.",
    "expired": "This request could not be executed before the completion window expired.",
}


@handles("batches.create")
def create(call: Call, world: World) -> Reply:
    """Begin a batch with the lines of a file."""
    body = call.body
    source = file_for(world, body["input_file_id"], "input_file_id", "batch")
    check_expiry(body.get("output_expires_after"), "output_expires_after")
    values = {
        **dict.fromkeys(_NOT_YET),
        "metadata": None,
        **body,
        "status": "validating",
        "expires_at": world.clock.seconds() + DAY,
        "request_counts": {"total": 0, "completed": 0, "failed": 0},
    }
    batch = add(world, BATCHES, made(call, world, values))
    # What it needs even if the file is deleted, or is not to be shown.
    plan = {"id": batch.key, "output_expires_after": body.get("output_expires_after")}
    add(world, batch.inside("plan"), plan)
    world.store.put_blob(batch.blob, content_of(world, source))
    later(world, "batches.proceed", batch)
    later(world, "batches.expire", batch, seconds=DAY)
    return JsonReply(batch.document)


@handles("batches.cancel")
def cancel(call: Call, world: World) -> Reply:
    """Stop a batch; what it got until now is in its files a step later."""
    batch = item_of(call, world)
    status = batch.document["status"]
    if status not in _CAN_BE_CANCELLED:
        raise wrong_state("batch", batch.key, status, "Only one that runs can be cancelled.")
    forget(world, batch)
    now = world.clock.seconds()
    batch = changed(world, batch, status="cancelling", cancelling_at=now)
    later(world, "batches.proceed", batch)
    return JsonReply(batch.document)


@step("batches.proceed")
def _proceed(world: World, batch: Item, at: float) -> None:
    status = batch.document["status"]
    if status == "validating":
        batch = _validate(world, batch, at)
    elif status == "in_progress":
        batch = _run_half(world, batch, at)
    else:
        outcome = "cancelled" if status == "cancelling" else "completed"
        batch = _write_files(world, batch, at, outcome)
    if batch.document["status"] in ("in_progress", "finalizing"):
        later(world, "batches.proceed", batch, since=at)
    else:
        _end(world, batch, at)


@step("batches.expire")
def _expire(world: World, batch: Item, at: float) -> None:
    _end(world, _write_files(world, batch, at, "expired"), at)


def _end(world: World, batch: Item, at: float) -> None:
    forget(world, batch)
    announce(world, f"batch.{batch.document['status']}", batch.key, at)


def _validate(world: World, batch: Item, at: float) -> Item:
    lines, errors = _input(world, batch)
    if errors:
        found = {"object": "list", "data": errors}
        return changed(world, batch, status="failed", failed_at=int(at), errors=found)
    numbers = {"total": len(lines), "completed": 0, "failed": 0}
    return changed(
        world,
        batch,
        status="in_progress",
        in_progress_at=int(at),
        request_counts=numbers,
        model=lines[0].body.get("model"),
    )


def _run_half(world: World, batch: Item, at: float) -> Item:
    """Run the first half of the lines; when that has been done, what is left of them."""
    lines, _ = _input(world, batch)
    begun = len(_results(world, batch))
    until = len(lines) if begun else (len(lines) + 1) // 2
    path = batch.document["endpoint"]
    for line in lines[begun:until]:
        result = answered(line, post(world, path, line.body), world.ids)
        add(world, batch.inside("results"), result, key=line.custom_id)
    batch = changed(world, batch, request_counts=_counted(world, batch, len(lines)))
    if not begun:
        return batch
    return changed(world, batch, status="finalizing", finalizing_at=int(at))


def _write_files(world: World, batch: Item, at: float, status: str) -> Item:
    """Write what all lines got, and end the batch with a status."""
    lines, _ = _input(world, batch)
    results = _results(world, batch)
    if batch.document["status"] == "validating":
        lines = []
    for line in lines[len(results) :]:
        result = unanswered(line, f"batch_{status}", _WHY_NOT[status], world.ids)
        add(world, batch.inside("results"), result, key=line.custom_id)
    results = _results(world, batch)
    fine = [each for each in results if not is_failure(each)]
    failed = [each for each in results if is_failure(each)]
    return changed(
        world,
        batch,
        status=status,
        output_file_id=_file(world, batch, "output", fine, at),
        error_file_id=_file(world, batch, "error", failed, at),
        request_counts=_counted(world, batch, len(lines)),
        usage=usage_of(results),
        **{f"{status}_at": int(at)},
    )


def _file(world: World, batch: Item, word: str, results: list[Document], at: float) -> str | None:
    """Write a file if there is something to be written; gives its id."""
    if not results:
        return None
    plan: dict[str, Any] = world.store.get(batch.inside("plan"), batch.key) or {}
    made = make_file(
        world,
        f"{batch.key}_{word}.jsonl",
        jsonl(results),
        "batch_output",
        expires_after=plan.get("output_expires_after"),
        at=at,
    )
    return made.key


def _input(world: World, batch: Item) -> tuple[list[Line], list[Document]]:
    content = world.store.get_blob(batch.blob) or b""
    return checked(content, batch.document["endpoint"])


def _results(world: World, batch: Item) -> tuple[Document, ...]:
    return world.store.list(batch.inside("results")).documents


def _counted(world: World, batch: Item, total: int) -> dict[str, int]:
    results = _results(world, batch)
    failed = sum(map(is_failure, results))
    return {"total": total, "completed": len(results) - failed, "failed": failed}
