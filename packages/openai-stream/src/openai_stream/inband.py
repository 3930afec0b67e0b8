"""Errors that a server reports inside a stream it began with status 200, or instead of one.

Decides which events are errors, and which answers are no stream. What shapes an error has, and
what it says, is known to `openai_types.error_body`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from openai_types.error_body import read_error, read_json
from openai_types.errors import APIError

if TYPE_CHECKING:
    from openai_stream.decoders.sse import ServerSentEvent

FLAT_KEYS = frozenset(
    {"object", "message", "type", "param", "code", "detail", "status", "statusCode", "request_id"}
)
BOM = b"\xef\xbb\xbf"
MAX_ANSWER_SIZE = 2**20  # bytes that are kept of an answer that is no stream
_NO_FIELDS = (b"{", b"[", b"<")  # with what JSON and pages begin
SHOWN = 500  # characters of an error without a message that the exception's message shows


class Unframed:
    """The beginning of an answer, for as long as it may be something else than a stream.

    An event stream has lines that begin with a field's name or a colon; JSON and pages do not.
    """

    def __init__(self) -> None:
        self._begun = False  # whether what may be a byte order mark is behind us
        self._held = b""  # what may be the beginning of one
        self._data = bytearray()
        self.open = True

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes; `open` turns false when no more are of interest."""
        if not self._begun:
            chunk = self._without_bom(chunk)
        if not self._data:
            chunk = chunk.lstrip()
            self.open = not chunk or chunk.startswith(_NO_FIELDS)
        if self.open:
            self._data += chunk
            self.open = len(self._data) < MAX_ANSWER_SIZE

    def _without_bom(self, chunk: bytes) -> bytes:
        start = self._held + chunk
        self._begun = len(start) >= len(BOM) or not BOM.startswith(start)
        self._held = b"" if self._begun else start
        return start.removeprefix(BOM) if self._begun else b""

    @property
    def data(self) -> bytes:
        """What came, if it is no stream."""
        return bytes(self._data)


def is_no_error(event: Any) -> bool:  # Any: of whatever type decoders make
    """Whether the fields of a decoded event show that it reports no error; only models do.

    This is far less than to search the event's bytes, and is done for every one.
    """
    if getattr(event, "__pydantic_extra__", None) is None:  # a model may have left fields out
        return False
    fields: set[str] = event.__pydantic_fields_set__
    return "error" not in fields and not fields <= FLAT_KEYS


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
    if not _is_error(read_json(text), named=named):
        return None
    error = read_error(text)
    message = error.message or (
        f"The server reported an error in the stream without saying which: {text[:SHOWN]!r}."
        " Look for it in the server's log; what arrived before is in .events."
    )
    failure = APIError(message, body=error.body)
    failure.code, failure.param, failure.type = error.code, error.param, error.type
    return failure


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
