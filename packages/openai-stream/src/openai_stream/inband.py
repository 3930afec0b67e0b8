"""Errors that a server reports inside a stream it began with status 200.

Decides which events are errors. What shapes an error has, and what it says, is known to
`openai_types.error_body`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from openai_types.error_body import read_error
from openai_types.errors import APIError

if TYPE_CHECKING:
    from openai_stream.sse import ServerSentEvent

FLAT_KEYS = frozenset(
    {"object", "message", "type", "param", "code", "detail", "status", "statusCode", "request_id"}
)
SHOWN = 500  # characters of an error without a message that the exception's message shows


def find_error(event: ServerSentEvent) -> APIError | None:
    """The error that an event reports, or None if it is an ordinary event.

    Errors are: what is named so (`event: error`); an object with an `error` in it; an object that
    has an error's own keys and no other. Events that the API describes as ordinary are none: the
    error events of responses, which have a sequence number, and of agents' sessions, which have
    an id.
    """
    data = event.raw_data
    named = event.event == "error"
    # Every error object has one of these and few events do: the rest are parsed only once.
    if not (named or b'"error"' in data or b'"message"' in data or b'"detail"' in data):
        return None
    text = event.data
    if not _is_error(_parsed(text), named=named):
        return None
    error = read_error(text)
    message = error.message or (
        f"The server reported an error in the stream without saying which: {text[:SHOWN]!r}."
        " Look for it in the server's log; what arrived before is in .events."
    )
    return APIError(message, body=error.body)


def _is_error(body: object, *, named: bool) -> bool:
    if isinstance(body, list) and body:  # some servers send a list with the error in it
        body = cast("list[object]", body)[0]
    if not isinstance(body, Mapping):
        return named
    fields = cast("Mapping[str, object]", body)
    if fields.get("error"):
        return "event_id" not in fields  # which the sessions of agents give their events
    return "sequence_number" not in fields and (named or _is_flat_error(fields))


def _is_flat_error(fields: Mapping[str, object]) -> bool:
    if not fields.keys() <= FLAT_KEYS:
        return False
    is_error = fields.get("object") == "error" or bool(fields.get("detail"))
    return is_error or bool(fields.get("message") and "code" in fields)


def _parsed(text: str) -> object:
    """The text as JSON if it is, otherwise as it is."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
