"""What is in progress in a session: its events, with what faults do to them and between them.

Decides that a pause lasts until whoever waits says that it is over: no clock is needed here. What
faults do to the bytes of a stream is left out, because a WebSocket frames its events itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

from pydantic_core import to_json

from openai_mock.faults.fault import changed, disturbed
from openai_mock.faults.wire import Break, Wait, Wire
from openai_mock.replies import EventsReply
from openai_mock.serving.sse import MEDIA_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_mock.checking.body import JsonObject
    from openai_mock.faults import Fault

Told: TypeAlias = "JsonObject | Wait | Break"
"""An event, a pause, or the end of the connection."""

_HEAD = ((b"content-type", MEDIA_TYPE.encode()),)  # to faults, events are a stream


class Progress:
    """Something that is told event by event.

    Args:
        events: The events.
        faults: What goes wrong with them; those of other answers than streams do nothing.
    """

    def __init__(self, events: Iterator[JsonObject], faults: tuple[Fault, ...] = ()) -> None:
        self._events = events
        told = _changed(events, faults)
        is_disturbed = any(each.on_wire for each in faults)
        self._told: Iterator[Told] = _disturbed(told, faults) if is_disturbed else told
        self._wait: Wait | None = None

    def next(self) -> Told | None:
        """What comes next: the same pause again until it is over; None at the end."""
        if self._wait:
            return self._wait
        told = next(self._told, None)
        if isinstance(told, Wait):
            self._wait = told
        return told

    def resume(self, wait: Wait) -> None:
        """A pause is over."""
        if self._wait is wait:
            self._wait = None

    def rest(self) -> Iterator[JsonObject]:
        """What is left of the events, with no more faults."""
        self._told = iter(())
        self._wait = None
        return self._events


def _changed(events: Iterator[JsonObject], faults: tuple[Fault, ...]) -> Iterator[JsonObject]:
    if not any(each.on_reply for each in faults):
        return events
    reply = changed(EventsReply((str(each["type"]), each) for each in events), faults)
    if not isinstance(reply, EventsReply):
        return events
    made = (cast("JsonObject", data) for _, data in reply.frames if isinstance(data, dict))
    return map(of_socket, made)


def of_socket(event: JsonObject) -> JsonObject:
    """An event of a stream as sockets have it: there, an error is an object in its event."""
    if event.get("type") != "error" or "error" in event:
        return event
    error = {name: value for name, value in event.items() if name != "sequence_number"}
    return {"type": "error", "error": {**error, "type": "server_error"}}


def _disturbed(events: Iterator[JsonObject], faults: tuple[Fault, ...]) -> Iterator[Told]:
    begun: list[JsonObject] = []  # events of which no bytes were sent yet

    def written() -> Iterator[bytes]:
        for event in events:
            begun.append(event)
            yield to_json(event)

    wire = disturbed(Wire(200, _HEAD, written()), faults)
    yield from wire.before
    for piece in wire.pieces:
        if isinstance(piece, bytes):
            yield from begun
            begun.clear()
        else:
            yield piece
