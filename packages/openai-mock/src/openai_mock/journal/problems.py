"""What was wrong with an exchange, in words: the cause, the parameter and the remedy.

Decides from what was recorded alone. Does not decide what is refused; that was done before.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from openai_stream.decoders.sse import ServerSentEvent
from openai_stream.inband import find_error
from openai_types.catalogue import operations
from openai_types.error_body import read_error

if TYPE_CHECKING:
    from openai_mock.journal.exchange import Close, Ended, Event, Frame

LOWEST_ERROR = 400
LOWEST_SERVER_ERROR = 500
NORMAL_CLOSES = frozenset({1000, 1001, 1005, 1012})  # 1012: the server ends
_REMEDY_BY_CODE = {
    "empty_array": "Send at least one item.",
    "insufficient_quota": "A retry cannot help: the account has no credit left.",
    "invalid_api_key": (
        "Send the header 'Authorization: Bearer KEY' with the key that the server was started "
        "with; it prints it as OPENAI_API_KEY."
    ),
    "invalid_json": "Send one JSON object in UTF-8; json.dumps and json= of HTTP clients do.",
    "invalid_type": "Send a value of the type that the message names.",
    "invalid_value": "Send one of the values that the message names.",
    "method_not_supported": "Use the method that this path has; the header 'allow' names it.",
    "missing_required_parameter": "Add the parameter to the request.",
    "model_not_found": "Name a model that the message lists, or one that this server knows.",
    "unknown_parameter": "Remove the parameter, or correct its spelling.",
    "unsupported_content_type": "Send the header 'Content-Type: application/json' with JSON.",
}
_REMEDY_BY_STATUS = {
    401: _REMEDY_BY_CODE["invalid_api_key"],
    404: "Check the path, that the base URL ends in /v1, and that the object was not deleted.",
    405: _REMEDY_BY_CODE["method_not_supported"],
    409: "Something else changed the object meanwhile: retrieve it, then try again.",
    429: "Wait as long as the header 'retry-after' says, then send it again.",
}
_REMEDY = "Correct the request as the message says."
_REMEDY_OF_SERVER = (
    "If no script or fault asked for it, this is a bug in openai-mock; the log 'openai_mock' has "
    "the traceback."
)
_REMEDY_OF_FAULT = (
    "It was asked for: by a script, by what the server was started with, by its personality, or by "
    "the header 'x-mock-fault'."
)
_REMEDY_OF_CLIENT = (
    "If that was not wanted: give the client a longer timeout, and read a stream to its end before "
    "it is closed."
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What was wrong.

    Attributes:
        message: What was wrong, in the words of the answer where it has any.
        remedy: What to do about it.
        code: The API's name for it.
        param: The parameter that it is about, such as `messages[0].role`.
    """

    message: str
    remedy: str
    code: str | None = None
    param: str | None = None


def find_problem(
    status: int | None,
    body: bytes,
    events: Sequence[Event],
    *,
    operation: str | None = None,
    framed: Problem | None = None,
    close: Close | None = None,
    ended: Ended | None = None,
    fault: str | None = None,
) -> Problem | None:
    """The problem of an exchange, or None if all is well so far.

    Args:
        status: Of the answer, if there is one.
        body: Of the answer, if it is an error.
        events: The last two of the answer: past an error there is at most the mark of the end.
        operation: What was called, to name parameters that it has.
        framed: What the server told over a WebSocket.
        close: Of a WebSocket.
        ended: How the exchange ended, if it has.
        fault: What broke it off, if a fault did.
    """
    if status is not None and status >= LOWEST_ERROR:
        return _of_error(body, status, operation)
    told = next(filter(None, map(_of_event, reversed(events))), None) or framed
    if told:
        return told
    if ended is not None and ended != "complete":
        return _of_end(ended, fault)
    if close and close.by == "server" and close.code not in NORMAL_CLOSES:
        said = f": {close.reason}" if close.reason else ""
        message = f"The server closed the WebSocket with code {close.code}{said}."
        return Problem(message, _REMEDY_OF_SERVER)
    return None


def _of_end(ended: Literal["client left", "fault", "server error"], fault: str | None) -> Problem:
    """The problem of an answer that is not complete."""
    if ended == "client left":
        return Problem("The client left before the answer was complete.", _REMEDY_OF_CLIENT)
    if ended == "fault":
        return Problem(f"A fault broke the connection off: {fault}.", _REMEDY_OF_FAULT)
    return Problem("The server broke off before the answer was complete.", _REMEDY_OF_SERVER)


def problem_of_frames(frames: Sequence[Frame]) -> Problem | None:
    """The last error that the server sent over a WebSocket."""
    for frame in reversed(frames):
        if frame.direction == "in" or isinstance(frame.data, bytes) or '"error"' not in frame.data:
            continue
        if _object(frame.data).get("type") == "error":
            return _of_error(frame.data)
    return None


def _of_error(
    body: bytes | str, status: int | None = None, operation: str | None = None
) -> Problem:
    """The problem that an error object tells."""
    error = read_error(body)
    fields = _fields(error.body)
    code, param = _text(fields.get("code")), _text(fields.get("param"))
    message = error.message or f"The answer has status {status} and does not say why."
    return Problem(message, _remedy(code, status, param, operation), code, param)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _remedy(code: str | None, status: int | None, param: str | None, operation: str | None) -> str:
    if code == "unknown_parameter" and (similar := _similar(param, operation)):
        return f"Did you mean '{similar}'? Otherwise remove the parameter."
    if code in _REMEDY_BY_CODE:
        return _REMEDY_BY_CODE[code]
    if code and "_value" in code:  # integer_above_max_value and its like
        return "Send a value in the range that the message names."
    if status is not None and status >= LOWEST_SERVER_ERROR:
        return _REMEDY_OF_SERVER
    return _REMEDY_BY_STATUS.get(status or 0, _REMEDY)


def _similar(param: str | None, operation: str | None) -> str | None:
    """The parameter of an operation that one it lacks was probably meant to be."""
    called = operations().get(operation or "")
    names = [each.wire for each in called.parameters] if called else []
    return next(iter(difflib.get_close_matches(param or "", names, n=1)), None)


def _of_event(event: Event) -> Problem | None:
    if event.name == "response.failed":
        response = _fields(_object(event.data).get("response"))
        return _of_error(json.dumps({"error": response.get("error")}))
    if event.name == "error" or find_error(ServerSentEvent(event.name, event.data.encode())):
        return _of_error(event.data)
    return None


def _object(text: str) -> Mapping[str, object]:
    """The JSON object in a text, or an empty one."""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return _fields(value)


def _fields(value: object) -> Mapping[str, object]:
    """An object's fields; of anything else none."""
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}
