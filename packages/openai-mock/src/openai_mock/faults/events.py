"""Faults of the events of a stream: left out, doubled, out of order, or an error among them.

Answers that are no stream are left as they are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from openai_mock.errors import MockServerError
from openai_mock.faults.fault import Fault
from openai_mock.replies import DONE, EventsReply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from openai_mock.replies import Frame, Reply

MESSAGE = "The server had an error while processing your request."
_LAST = (".completed", ".incomplete", ".failed", ".cancelled", ".idle")
_LAST_TOO = frozenset(
    {"done", "error", "response.done", "speech.audio.done", "transcript.text.done"}
)


def no_done() -> Fault:
    """Leave out `[DONE]`."""
    return _of_frames("no_done()", lambda frames: (each for each in frames if not _is_done(each)))


def no_end() -> Fault:
    """End a stream before the event that says how it ended, and leave out `[DONE]`."""

    def unended(frames: Iterable[Frame]) -> Iterator[Frame]:
        for frame in frames:
            if _is_end(frame):
                return
            yield frame

    return _of_frames("no_end()", unended)


def error_event(
    after_events: int = 1,
    message: str = MESSAGE,
    code: str | None = "server_error",
    type: str = "server_error",
) -> Fault:
    """End a stream with an error, of the form that errors have in it.

    Args:
        after_events: How many events come before it.
        message: What it says.
        code: Its code.
        type: Its type.
    """
    if after_events < 0:
        raise MockServerError(f"'after_events' is {after_events}. Give 0 or more.")
    error: dict[str, object] = {"message": message, "type": type, "param": None, "code": code}

    def broken(frames: Iterable[Frame]) -> Iterator[Frame]:
        named = False
        number = 0
        for number, frame in enumerate(frames):
            named = named or frame[0] is not None
            if number == after_events:
                break
            yield frame
        else:
            number += 1
        if named:
            yield "error", {**error, "type": "error", "sequence_number": number}
        else:
            yield None, {"error": error}

    return _of_frames(f"error_event({after_events}, {message!r}, {code!r})", broken)


def duplicate(every: int = 1) -> Fault:
    """Send every so many events twice.

    Args:
        every: How many.
    """
    if every < 1:
        raise MockServerError(f"'every' is {every}. Give 1 or more.")

    def doubled(frames: Iterable[Frame]) -> Iterator[Frame]:
        for number, frame in enumerate(frames, 1):
            yield frame
            if number % every == 0:
                yield frame

    return _of_frames(f"duplicate({every})", doubled)


def reorder() -> Fault:
    """Exchange the events of a stream in pairs: the second, the first, the fourth, the third."""

    def exchanged(frames: Iterable[Frame]) -> Iterator[Frame]:
        held: Frame | None = None
        for frame in frames:
            if held is None:
                held = frame
            else:
                yield from (frame, held)
                held = None
        if held is not None:
            yield held

    return _of_frames("reorder()", exchanged)


def _of_frames(name: str, through: Callable[[Iterable[Frame]], Iterator[Frame]]) -> Fault:
    def changed(reply: Reply) -> Reply:
        if not isinstance(reply, EventsReply):
            return reply
        return replace(reply, frames=through(reply.frames))

    return Fault(name, on_reply=changed)


def _is_done(frame: Frame) -> bool:
    return frame[1] == DONE[1]


def _is_end(frame: Frame) -> bool:
    """Whether a frame says how its stream ended."""
    name, data = frame
    if _is_done(frame) or (name and (name.endswith(_LAST) or name in _LAST_TOO)):
        return True
    if not isinstance(data, dict):
        return False
    chunk = cast("dict[str, Any]", data)  # Any: JSON
    if str(chunk.get("type", "")).endswith(_LAST) or chunk.get("type") in _LAST_TOO:
        return True
    return any(each.get("finish_reason") is not None for each in chunk.get("choices") or ())
