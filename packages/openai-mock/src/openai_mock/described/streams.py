"""Streams of made-up events, for operations that have no handler of their own.

Decides which of the described events a stream has, that it goes well, and how it ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from openai_types.catalogue import resolve

from openai_mock.described.instances import models_of
from openai_mock.replies import DONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_types.catalogue import Operation
    from openai_types.model import BaseModel

    from openai_mock.described.instances import Maker
    from openai_mock.replies import Frame

# What goes wrong, or asks for something: such events are for handlers and scripts.
_TROUBLE = (
    "budget", "cancel", "closed", "disconnected", "error", "expired", "failed", "incomplete",
    "pending", "requires", "reset", "suspended",
)  # fmt: skip
_ENDS = (".completed", ".done", ".idle")


def described_frames(operation: Operation, maker: Maker) -> Iterator[Frame]:
    """One event of each type that a stream of an operation has when all goes well."""
    models = models_of(resolve(operation.streams))
    named = [(_name(each, operation), each) for each in models]
    wanted = [each for each in named if not any(word in each[0] for word in _TROUBLE)]
    ends = [each for each in wanted if each[0].endswith(_ENDS)]
    last = min(ends, key=lambda each: each[0].count("."), default=None)
    if last:
        wanted = [each for each in wanted if each is not last] + [last]
    for number, (name, model) in enumerate(wanted):
        event: dict[str, Any] = maker.make(model)  # Any: JSON
        if "sequence_number" in event:
            event["sequence_number"] = number
        yield (name, event["data"]) if operation.event_and_data else (name or None, event)
    if operation.event_and_data:
        yield "done", DONE[1]
    elif not last:
        yield DONE


def _name(model: type[BaseModel], operation: Operation) -> str:
    """The name of an event; empty if events of this stream have none."""
    info = model.model_fields.get("event" if operation.event_and_data else "type")
    literals = get_args(info.annotation) if info and get_origin(info.annotation) is Literal else ()
    return literals[0] if literals else ""
