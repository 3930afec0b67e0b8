"""What handlers answer, and what can be answered at all. Knows no operation, and no sockets."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from pydantic_core import to_json

from openai_mock.errors import MockServerError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from openai_mock.faults.fault import Fault
    from openai_mock.refusals import Refusal

Frame: TypeAlias = "tuple[str | None, object]"
"""An event of a stream: its name or None, and its data: text as it is sent, or what is JSON."""

WITHOUT_BODY = (204, 304)
"""Statuses of answers that have none."""

_STATUSES = range(200, 600)
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e]*")
_FRAMING = ("content-length", "transfer-encoding")

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


def check_status(status: int) -> None:
    """Return if an answer can have this status.

    Raises:
        MockServerError: It cannot.
    """
    if status not in _STATUSES:
        raise MockServerError(f"An answer cannot have the status {status}. Give 200 to 599.")


def check_headers(headers: Mapping[str, object]) -> None:
    """Return if an answer can have these headers.

    Raises:
        MockServerError: It cannot.
    """
    for name, value in headers.items():
        if not (_NAME.fullmatch(name) and isinstance(value, str) and _VALUE.fullmatch(value)):
            raise MockServerError(
                f"{name!r}: {value!r} cannot stand in a header. Give a name of letters, digits and "
                "hyphens, and one line of ASCII."
            )
        if name.lower() in _FRAMING:
            raise MockServerError(
                f"The server itself sends {name!r}. For a body that is cut short use the fault cut."
            )


def check_json(value: object) -> None:
    """Return if this can be written as JSON.

    Raises:
        MockServerError: It cannot.
    """
    try:
        to_json(value)
    except ValueError as error:
        raise MockServerError(f"{value!r} cannot be written as JSON: {error}.") from error
