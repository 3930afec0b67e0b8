"""The state of a session, without any I/O: frames in, events out, and the other way round.

Decides how events are written and read and what is remembered of a session: its id, and the
events of responses in progress, so that nothing received is lost when the connection breaks.
Knows nothing about sockets, threads or event loops.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_types.decoding import Decoder
from openai_types.errors import OpenAIError
from openai_types.model import BaseModel
from openai_types.realtime import (
    RealtimeServerEvent,
    ResponseCreatedEvent,
    ResponseDoneEvent,
    SessionCreatedEvent,
    SessionUpdatedEvent,
)
from pydantic_core import PydanticSerializationError, to_json

from openai_realtime.errors import RealtimeClosedError

if TYPE_CHECKING:
    from openai_types.realtime import RealtimeClientEvent, RealtimeClientEventParam

    from openai_realtime.closing import Ending

decode = Decoder[RealtimeServerEvent](RealtimeServerEvent)
"""Read one frame. Raises `DecodeError`, which carries the frame, if it is not a JSON object."""


def encode(event: RealtimeClientEvent | RealtimeClientEventParam) -> str:
    """Write a client event as the text of a frame.

    Raises:
        OpenAIError: The event holds something that cannot be written as JSON.
    """
    try:
        if isinstance(event, BaseModel):
            return event.model_dump_json()
        return to_json({name: _plain(value) for name, value in event.items()}).decode()
    except (PydanticSerializationError, ValueError) as error:
        raise OpenAIError(
            f"The event cannot be written as JSON: {error}. Pass only what JSON knows; audio as "
            "base64 text."
        ) from error


def _plain(value: object) -> object:
    """Let an item that was received be sent again: of a model, only what is set."""
    return value.to_dict(mode="json") if isinstance(value, BaseModel) else value


class Session:
    """What is known of a running session.

    Attributes:
        id: The session's id, None until the server tells it.
        events: What was received since the oldest response in progress began.
    """

    __slots__ = ("_open_responses", "events", "id")

    def __init__(self) -> None:
        self.id: str | None = None
        self.events: list[RealtimeServerEvent] = []
        self._open_responses: set[str | None] = set()

    def receive(self, frame: bytes | str) -> RealtimeServerEvent:
        """Read one frame and remember what matters of it.

        Raises:
            DecodeError: The frame is not a JSON object; it is on the error's `data`.
        """
        event = decode(frame)
        if isinstance(event, SessionCreatedEvent | SessionUpdatedEvent):
            self.id = _text(event.session, "id") or self.id
        elif isinstance(event, ResponseCreatedEvent):
            self._open_responses.add(_text(event.response, "id"))
        if self._open_responses:
            self.events.append(event)
        if isinstance(event, ResponseDoneEvent):
            self._response_done(_text(event.response, "id"))
        return event

    def _response_done(self, response_id: str | None) -> None:
        if response_id is None:  # which one is unknown; better to forget than to collect for ever
            self._open_responses.clear()
        self._open_responses -= {response_id, None}  # and those that began without an id
        if not self._open_responses:
            self.events.clear()

    def closed(self, ending: Ending) -> RealtimeClosedError:
        """Make the error that says how the session ended and holds what was received."""
        return RealtimeClosedError(
            ending.explain(),
            code=ending.code,
            reason=ending.reason,
            normal=ending.normal,
            session_id=self.id,
            events=self.events,
        )


def _text(holder: object, name: str) -> str | None:
    # A server may leave out the object or send another type in its place.
    value = getattr(holder, name, None)
    return value if isinstance(value, str) else None
