"""Responses in the background: queued, in progress and finished, a step of a job each.

What is stored is the finished response, beside how far it has come. To be told all of a stream is
to have waited, so the response is finished then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.answers.response_events import opening_events, response_events
from openai_mock.answers.responses import unfinished
from openai_mock.posting.outbox import announce
from openai_mock.refusals import Refusal
from openai_mock.state.history import RESPONSES
from openai_mock.state.items import Item, add, changed
from openai_mock.work.jobs import forget, later, step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_mock.answers.response_events import Event
    from openai_mock.answers.responses import Response
    from openai_mock.world import World

_WAITING = ("in_progress", "queued")
_STEPS = len(_WAITING)


def begin(response: Response, world: World) -> Response:
    """Begin with a finished response that is to be told only later; gives it as it will be."""
    key = str(response["id"])
    later(world, "responses.proceed", add(world, _place(key), {"id": key, "status": "queued"}))
    if response["completed_at"] is None:
        return response
    seconds = _STEPS * world.settings.job_step_seconds
    return {**response, "completed_at": int(world.clock.now() + seconds)}


def current(response: Response, world: World) -> Response:
    """A stored response as it is now."""
    progress = _progress(response, world)
    if progress is None or progress.document["status"] == "finished":
        return response
    return unfinished(response, progress.document["status"])


def cancel(response: Response, world: World) -> Response:
    """Cancel a stored response; one that is over already stays as it is.

    Raises:
        Refusal: It is none in the background.
    """
    if response.get("background") is False:
        raise Refusal(
            "Cannot cancel a synchronous response. Only those that are made with "
            "'background': true can be cancelled.",
            code="invalid_value",
            param="response_id",
        )
    progress = _progress(response, world)
    if progress is not None and progress.document["status"] in _WAITING:
        forget(world, progress)
        changed(world, progress, status="cancelled")
        announce(world, "response.cancelled", progress.key, world.clock.now())
    return current(response, world)


def events(response: Response, world: World, *, after: int = -1) -> Iterator[Event]:
    """The events of a stored response; of one that was cancelled, those before it had output."""
    progress = _progress(response, world)
    if progress is not None and progress.document["status"] == "cancelled":
        for number, event in enumerate(opening_events(response)):
            if number > after:
                yield {**event, "sequence_number": number}
        return
    for event in response_events(response, after=after):
        if progress is not None and event["type"] in ("response.completed", "response.incomplete"):
            _finish(world, progress, world.clock.now())
        yield event


@step("responses.proceed")
def _proceed(world: World, progress: Item, at: float) -> None:
    if progress.document["status"] == "queued":
        progress = changed(world, progress, status="in_progress")
        later(world, "responses.proceed", progress, since=at)
    else:
        _finish(world, progress, at)


def _finish(world: World, progress: Item, at: float) -> None:
    if progress.document["status"] != "finished":
        with world.store.transaction():
            forget(world, progress)
            changed(world, progress, status="finished")
        ended = (world.store.get(RESPONSES, progress.key) or {}).get("status", "completed")
        announce(world, f"response.{ended}", progress.key, at)


def _progress(response: Response, world: World) -> Item | None:
    """How far a response has come that was begun in the background."""
    key = str(response["id"])
    found = world.store.get(_place(key), key)
    return None if found is None else Item(_place(key), key, found)


def _place(key: str) -> str:
    """The collection of what is known of a response besides what it says."""
    return f"{RESPONSES}/{key}/background"
