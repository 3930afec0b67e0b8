"""Errors that a server reports inside a stream it began with status 200, in all their shapes.

Knows what the API and the servers that speak it put into an error's body; not where it came from.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from openai_types.errors import APIError

if TYPE_CHECKING:
    from openai_stream.sse import ServerSentEvent

FLAT_KEYS = frozenset(
    {"object", "message", "type", "param", "code", "detail", "status", "statusCode", "request_id"}
)
NESTING = 4  # levels of error in error that servers are known to use, and one more
SHOWN = 500  # characters of an error without a message that the exception's message shows


def find_error(event: ServerSentEvent) -> APIError | None:
    """The error that an event reports, or None if it is an ordinary event.

    Errors are: what is named so (`event: error`); an object with an `error` in it; an object that
    has an error's own keys and no other. The error event that the Responses API describes is an
    ordinary event: it has a sequence number, like its others.
    """
    data = event.raw_data
    named = event.event == "error"
    # Every error object has one of these and few events do: the rest are parsed only once.
    if not (named or b'"error"' in data or b'"message"' in data or b'"detail"' in data):
        return None
    text = event.data
    body = _first(_parsed(text))
    if isinstance(body, Mapping):
        fields = cast("Mapping[str, object]", body)
        if fields.get("error"):
            return _as_error(fields["error"], text)
        if "sequence_number" not in fields and (named or _is_flat_error(fields)):
            return _as_error(fields, text)
    elif named:
        return _as_error(body, text)
    return None


def _as_error(body: object, text: str) -> APIError:
    """The exception; its `body` is the error object, from which it takes code, type and param."""
    message = _message(body, NESTING)
    if message is None:
        message = (
            f"The server reported an error in the stream without saying which: {text[:SHOWN]!r}."
            " Look for it in the server's log; what arrived before is in .events."
        )
    return APIError(message, body=_first(body))


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


def _first(body: object) -> object:
    """Some servers send a list with the error in it."""
    if isinstance(body, list) and body:
        return cast("list[object]", body)[0]
    return cast("object", body)


def _message(body: object, levels: int) -> str | None:
    """The text for people, which some servers wrap: in lists, in objects, in JSON inside text."""
    body = _first(body)
    if isinstance(body, str):
        inner = _parsed(body) if levels and body.lstrip().startswith(("{", "[")) else None
        return _message(inner, levels - 1) or body.strip() or None
    if not isinstance(body, Mapping) or not levels:
        return None
    fields = cast("Mapping[str, object]", body)
    for key in ("message", "error", "detail", "msg"):
        text = _message(fields.get(key), levels - 1)
        if text is not None:
            return text
    return None
