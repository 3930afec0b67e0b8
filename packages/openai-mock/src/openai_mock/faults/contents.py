"""Faults of what is answered: other bodies, other statuses, values that are wrong or not there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from openai_mock.faults.events import MESSAGE
from openai_mock.faults.fault import Fault
from openai_mock.refusals import Refusal, error_kind
from openai_mock.replies import (
    BytesReply,
    EventsReply,
    JsonReply,
    Reply,
    check_headers,
    check_json,
    check_status,
    error_reply,
)
from openai_mock.state.edits import REMOVED, edited

if TYPE_CHECKING:
    from collections.abc import Callable

    from openai_mock.faults.wire import Wire

UNKNOWN = "value_from_the_future"
PAGE = (
    b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head>"
    b"<body><h1>502 Bad Gateway</h1></body></html>\n"
)


def wrong_enum(where: str = "finish_reason|status", value: str = UNKNOWN) -> Fault:
    """Put a value that nobody knows where one of several is expected.

    Args:
        where: The last names on the way to it, such as `status` or `output.type`; several ways
            have `|` between them.
        value: The value.
    """
    return _of_values(
        f"wrong_enum({where!r}, {value!r})",
        where,
        lambda old: value if isinstance(old, str) else old,
    )


def missing(where: str = "usage") -> Fault:
    """Leave a field out.

    Args:
        where: The last names on the way to it, such as `usage` or `message.content`; several ways
            have `|` between them.
    """
    return _of_values(f"missing({where!r})", where, lambda _: REMOVED)


def null(where: str = "choices|output") -> Fault:
    """Put null where a value is expected.

    Args:
        where: The last names on the way to it, such as `choices` or `choices.delta`; several ways
            have `|` between them.
    """
    return _of_values(f"null({where!r})", where, lambda _: None)


def no_index() -> Fault:
    """Leave out the index of tool calls in chunks."""
    return replace(missing("tool_calls.index"), name="no_index()")


def error(
    status: int = 500,
    code: str | None = None,
    message: str = MESSAGE,
    type: str | None = None,
    retry_after: str | None = None,
) -> Fault:
    """Answer with an error instead.

    Args:
        status: Its HTTP status.
        code: Its code; by default the API's for the status.
        message: What it says.
        type: Its type; by default the API's for the status.
        retry_after: The header `Retry-After`, in seconds or as a date.
    """
    check_status(status)
    kind, usual = error_kind(status)
    headers = {"retry-after": retry_after} if retry_after else {}
    check_headers(headers)
    check_json([message, code, type])
    refusal = Refusal(
        message, code=code or usual, status=status, kind=type or kind, headers=headers
    )
    shown = f"error({status}, {refusal.code!r}, {message!r})"
    return Fault(shown, on_reply=lambda _: error_reply(refusal))


def error_in_200(message: str = MESSAGE, code: str | None = "server_error") -> Fault:
    """Answer with the status 200 and an error in JSON, also where a stream was asked for.

    Args:
        message: What it says.
        code: Its code.
    """
    body = {"error": Refusal(message, code=code, kind="server_error").error}
    return Fault(f"error_in_200({message!r}, {code!r})", on_reply=lambda _: JsonReply(body))


def html(status: int = 502) -> Fault:
    """Answer with a page, as proxies do.

    Args:
        status: Its HTTP status.
    """
    check_status(status)
    page = BytesReply(PAGE, "text/html; charset=utf-8", status=status)
    return Fault(f"html({status})", on_reply=lambda _: page)


def empty(status: int | None = None) -> Fault:
    """Leave the body empty.

    Args:
        status: The HTTP status; that of the answer by default.
    """
    if status is not None:
        check_status(status)

    def emptied(wire: Wire) -> Wire:
        emptied = wire.having("content-length", "0")
        return replace(emptied, pieces=(), status=wire.status if status is None else status)

    return Fault(f"empty({status})", on_wire=emptied)


def content_type(value: str = "text/plain") -> Fault:
    """Say that the body is of another type than it is.

    Args:
        value: The type.
    """
    check_headers({"content-type": value})
    return Fault(
        f"content_type({value!r})", on_wire=lambda wire: wire.having("content-type", value)
    )


def retry_after(value: str = "1") -> Fault:
    """Send the header `Retry-After` with the answer.

    Args:
        value: Seconds, or a date.
    """
    check_headers({"retry-after": value})
    return Fault(f"retry_after({value!r})", on_wire=lambda wire: wire.having("retry-after", value))


def _of_values(name: str, where: str, edit: Callable[[object], object]) -> Fault:
    """Change values by where they stand, in an answer or in the data of each event."""
    ways = [tuple(way.split(".")) for way in where.split("|")]

    def edited_all(value: object) -> object:
        for way in ways:
            value = edited(value, way, edit)
        return value

    def changed(reply: Reply) -> Reply:
        if isinstance(reply, JsonReply):
            return replace(reply, body=edited_all(reply.body))
        if isinstance(reply, EventsReply):
            frames = ((name, edited_all(data)) for name, data in reply.frames)
            return replace(reply, frames=frames)
        return reply

    return Fault(name, on_reply=changed)
