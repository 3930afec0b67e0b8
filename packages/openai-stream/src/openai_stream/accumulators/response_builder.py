"""Responses while they are told: by a stream, by a socket of the API, or in a Realtime session.

Decides which events count: none twice, none of another response, none after the end. What an event
does to the output is in `response_output`. Nothing is asked of the order, and nothing has to be
announced: so it may begin in the middle.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Generic, TypeVar, cast

from openai_types.model import BaseModel

from openai_stream.accumulators.event_numbers import EventNumbers
from openai_stream.accumulators.response_output import PLACES, AudioBuffer, Output, plain
from openai_stream.parsing.text_buffer import TextBuffer

if TYPE_CHECKING:
    from collections.abc import Callable

    from openai_types import Decoder

    from openai_stream.accumulators.response_output import Place

R = TypeVar("R", bound=BaseModel)

_DELTAS: Final = {f"{name}.delta": place for name, place in PLACES.items()}
_WHOLE: Final = {f"{name}.done": place for name, place in PLACES.items()}
_HEADS: Final = frozenset({"response.created", "response.queued", "response.in_progress"})
_SOUND: Final = {"audio": ("data", AudioBuffer), "transcript": ("transcript", TextBuffer)}
ENDS: Final = frozenset(
    {"response.completed", "response.failed", "response.incomplete", "response.done"}
)


class ResponseBuilder(Generic[R]):
    """Makes a response of events; what the accumulators of all kinds of responses share.

    Args:
        decode: makes a typed response of its JSON.

    Attributes:
        repeated: the last event had come before, so that it was left aside.
        growing: the text to which the last event added; None if it added to none.
    """

    def __init__(self, decode: Decoder[R]) -> None:
        self._decode = decode
        self._numbers = EventNumbers()
        self._head: BaseModel | None = None  # the response as the latest event showed it
        self._final: BaseModel | None = None
        self._output = Output()
        self._lacks_output = False  # the response of the event that ended it
        self._sound: dict[str, TextBuffer] = {}  # of the response as a whole
        self._error: dict[str, object] | None = None
        self._open: dict[tuple[object, ...], TextBuffer | None] = {}
        self.repeated = False
        self.growing: TextBuffer | None = None

    @property
    def latest(self) -> BaseModel | None:
        """The response as an event showed it last, without what others told of its output."""
        return self._final or self._head

    @property
    def response_id(self) -> str | None:
        """The id of the response, once an event told it."""
        return _text_of(self.latest, "id")

    @property
    def background(self) -> bool | None:
        """Whether the response is made in the background; None if no event told it."""
        told = getattr(self.latest, "background", None)
        return told if isinstance(told, bool) else None

    @property
    def last_sequence_number(self) -> int | None:
        """The highest sequence number so far; None if no event had one."""
        return self._numbers.last

    @property
    def ended(self) -> bool:
        """Whether the event came that ends the response."""
        return self._final is not None

    def add(self, event: object) -> None:
        """Take the next event, whatever it is. It raises nothing.

        Afterwards `repeated` says whether it had come before, and `growing` is the text to which
        it added, or None.
        """
        kind = getattr(event, "type", None)
        self.growing = None
        self.repeated = not self._numbers.is_new(getattr(event, "sequence_number", None), kind)
        if self.repeated or self._final is not None or not isinstance(kind, str):
            return
        place = _DELTAS.get(kind)
        if place is not None:
            self._grow(event, kind, place)
        elif not self._is_foreign(event):
            self._open.clear()
            self._change(event, kind)

    def snapshot(self) -> R:
        """The response as it is now: what the event that ended it says, once there is one."""
        if self._final is not None and not (self._sound or self._lacks_output):
            return cast("R", self._final)
        raw = cast("dict[str, object]", plain(self.latest) or {})
        if self._sound:
            raw["audio"] = self._sound
        if self._error and self._final is None:
            raw["error"] = self._error
        if self._output and (self._final is None or self._lacks_output):
            raw["output"] = self._output.listed()
        return self._decode(json.dumps(raw, default=plain))

    def _grow(self, event: object, kind: str, place: Place) -> None:
        key = (
            kind,
            getattr(event, "output_index", None),
            getattr(event, "item_id", None),
            getattr(event, place.index_field, None),
        )
        try:
            buffer = self._open[key]
        except (KeyError, TypeError):  # a field may be of any type
            if self._is_foreign(event):
                return
            buffer = self._buffer(event, place)
            if type(key[1]) is int:  # otherwise it depends on the events before
                with suppress(TypeError):
                    self._open[key] = buffer
        self.growing = buffer
        delta = getattr(event, "delta", None)
        if buffer is not None and isinstance(delta, str):
            buffer.append(delta)
            if getattr(event, "logprobs", None):
                self._output.log_probabilities(event, place)

    def _buffer(self, event: object, place: Place) -> TextBuffer | None:
        names = ("output_index", "item_id")
        if place.field in _SOUND and all(getattr(event, name, None) is None for name in names):
            name, kind = _SOUND[place.field]
            return self._sound.setdefault(name, kind())
        return self._output.buffer(event, place)

    def _change(self, event: object, kind: str) -> None:
        """Take an event that does more than add to a text."""
        if kind in _WHOLE:
            self._output.finish_text(event, _WHOLE[kind])
        elif kind in _HEADS:
            self._take_head(event)
        elif kind in ENDS:
            self._take_end(event)
        elif kind == "error":
            self._take_error(event)
        elif kind in _CHANGES:
            _CHANGES[kind](self._output, event)
        else:
            self._output.take_step(event, kind)

    def _take_head(self, event: object) -> None:
        response = getattr(event, "response", None)
        if isinstance(response, BaseModel):
            self._head = response
            self._output.fill(getattr(response, "output", None))

    def _take_end(self, event: object) -> None:
        """The response of the last event is the truth, unless it leaves out the output."""
        response = getattr(event, "response", None)
        if not isinstance(response, BaseModel):
            return
        output = getattr(response, "output", None)
        completed = getattr(response, "status", None) == "completed"
        self._lacks_output = bool(self._output) and not output and (completed or output is None)
        self._final = response

    def _take_error(self, event: object) -> None:
        if getattr(event, "event_id", None) is not None:
            return  # of a Realtime session, not of the response
        told = getattr(event, "error", None) or event  # sockets have it in an object
        message = _text_of(told, "message")
        if message is not None:
            self._error = {"code": getattr(told, "code", None), "message": message}

    def _is_foreign(self, event: object) -> bool:
        """Whether an event names another response: a socket may tell several."""
        named = getattr(event, "response_id", None) or _text_of(
            getattr(event, "response", None), "id"
        )
        own = self.response_id
        return isinstance(named, str) and own is not None and named != own


def _text_of(model: object, name: str) -> str | None:
    value = getattr(model, name, None)
    return value if isinstance(value, str) else None


_CHANGES: Final[dict[str, Callable[[Output, object], None]]] = {
    "response.output_item.added": Output.begin_item,
    "response.output_item.done": Output.finish_item,
    "response.content_part.added": Output.begin_part,
    "response.content_part.done": Output.finish_part,
    "response.reasoning_summary_part.added": Output.begin_summary,
    "response.reasoning_summary_part.done": Output.finish_summary,
    "response.output_text.annotation.added": Output.annotate,
    "response.image_generation_call.partial_image": Output.take_image,
    "response.shell_call_command.added": Output.take_command,
    "response.shell_call_command.delta": Output.take_command,
    "response.shell_call_command.done": Output.take_command,
    "response.shell_call_output_content.delta": Output.take_printed,
    "response.shell_call_output_content.done": Output.take_printed,
}
