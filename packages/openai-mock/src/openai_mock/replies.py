"""What handlers answer. Knows no operation, and nothing about how it is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from openai_mock.faults.fault import Fault
    from openai_mock.refusals import Refusal

Frame: TypeAlias = "tuple[str | None, object]"
"""An event of a stream: its name or None, and its data: text as it is sent, or what is JSON."""

DONE: Frame = (None, "[DONE]")
"""The mark with which some streams end."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer without a body; the subclasses have one.

    Attributes:
        status: The HTTP status.
        headers: Headers besides those that every answer has.
        faults: What goes wrong with it on its way.
        exact: Whether a personality leaves it as it is.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    faults: tuple[Fault, ...] = ()
    exact: bool = False


@dataclass(frozen=True)
class JsonReply(Reply):
    """An answer in JSON.

    Attributes:
        body: What is written as JSON.
    """

    body: object


@dataclass(frozen=True)
class BytesReply(Reply):
    """An answer of bytes.

    Attributes:
        content: The bytes.
        media_type: What they are.
    """

    content: bytes
    media_type: str


@dataclass(frozen=True)
class EventsReply(Reply):
    """A stream of events.

    Attributes:
        frames: The events, made when they are sent. An iterator that fails breaks the stream off.
    """

    frames: Iterable[Frame]


def error_reply(refusal: Refusal) -> JsonReply:
    """The answer that tells a refusal."""
    return JsonReply({"error": refusal.error}, status=refusal.status, headers=refusal.headers)
