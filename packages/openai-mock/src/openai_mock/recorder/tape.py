r"""The format of a tape: JSON Lines, made to be read in a diff.

    {"tape": 1, "base": "/v1"}
    {"request": 1, "method": "POST", "path": "/v1/responses", "headers": [...], "json": {...}}
    {"status": 200, "headers": [["content-type", "text/event-stream"]], "ms": 212}
    {"chunk": "event: response.created\ndata: {...}\n\n", "ms": 213}
    {"chunk": {"base64": "//8="}, "ms": 240}
    {"end": "complete", "ms": 260}
    {"request": 2, "method": "WEBSOCKET", "path": "/v1/realtime?model=...", "headers": []}
    {"accepted": "realtime", "ms": 80}
    {"server": "{\"type\": \"session.created\", ...}", "ms": 81}
    {"client": {"base64": "AAE="}, "ms": 82}
    {"end": "closed", "ms": 90, "by": "client", "code": 1000, "reason": ""}

The first line has the version of the format and the path at which the API begins. Each exchange
begins with its request and stops with its end; exchanges stand in the order in which they ended,
and are numbered in the order in which they began. `ms` counts from the request. A chunk is text
where its bytes are UTF-8; a WebSocket's text is text and its bytes are base64.

Decides the order of lines. Knows nothing of how a tape is recorded, of secrets or of sockets.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from openai_mock.recorder.errors import TapeError
from openai_mock.recorder.exchange import End, Event, Exchange, JsonObject, Request
from openai_mock.recorder.lines import (
    LineError,
    event_line,
    read_event,
    read_request,
    request_line,
)
from openai_mock.recorder.order import check_order

if TYPE_CHECKING:
    from pathlib import Path

VERSION = 1


@dataclass(frozen=True, slots=True)
class Tape:
    """A recording.

    Attributes:
        path: The file that it was read from.
        base: The path at which the API begins, such as `/v1`.
        exchanges: In the order of their numbers.
    """

    path: Path
    base: str
    exchanges: tuple[Exchange, ...]


def read(path: Path) -> Tape:
    """Read a tape.

    Raises:
        TapeError: There is none, or a line is not what a tape may hold; the message says which.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TapeError(
            f"The tape {path} cannot be read: {error}. Record it first: openai-mock record "
            f"--upstream URL --tape {path}"
        ) from error
    reader = _Reader()
    # Nothing else ends a line; a text may hold what Python would split at.
    for at, line in enumerate(data.split(b"\n"), 1):
        if line.strip():
            try:
                reader.feed(_json(line))
            except LineError as error:
                raise TapeError(
                    f"Line {at} of the tape {path} is not {error}. Mend it, or record the tape "
                    "anew."
                ) from error
    if reader.base is None or reader.unfinished:
        raise TapeError(
            f"The tape {path} stops too early: {reader.unfinished or 'it is empty'}. Record it "
            "anew."
        )
    return Tape(
        path, reader.base, tuple(reader.exchanges[each] for each in sorted(reader.exchanges))
    )


def first_line(base: str) -> bytes:
    """The line that a tape begins with."""
    return _line({"tape": VERSION, "base": base})


def lines_of(exchange: Exchange) -> bytes:
    """The lines of an exchange."""
    events = (_line(event_line(event)) for event in exchange.events)
    return b"".join([_line(request_line(exchange.number, exchange.request)), *events])


class _Reader:
    """Takes lines, gives exchanges.

    Attributes:
        base: What the first line said.
        exchanges: Those that are whole, by their numbers.
    """

    def __init__(self) -> None:
        self.base: str | None = None
        self.exchanges: dict[int, Exchange] = {}
        self._begun: tuple[int, Request] | None = None
        self._events: list[Event] = []

    @property
    def unfinished(self) -> str:
        """What is wrong if there are no more lines; empty if nothing is."""
        return f"{self._begun[1]} has no end" if self._begun else ""

    def feed(self, line: JsonObject) -> None:
        """Take the next line.

        Raises:
            LineError: It cannot stand here.
        """
        if self.base is None:
            self.base = _base(line)
        elif self._begun is None:
            self._begun = read_request(line)
            if self._begun[0] in self.exchanges:
                raise LineError(f"the only request with the number {self._begun[0]}")
        else:
            number, request = self._begun
            event = read_event(line)
            check_order(request, self._events, event)
            self._events.append(event)
            if isinstance(event, End):
                self.exchanges[number] = Exchange(number, request, tuple(self._events))
                self._begun, self._events = None, []


def _base(line: JsonObject) -> str:
    match line:
        case {"tape": 1, "base": str(base)}:
            return base
        case _:
            found = f" (it is of version {line['tape']})" if "tape" in line else ""
            raise LineError(
                f'the first of a tape of version {VERSION}, such as {{"tape": {VERSION}, "base": '
                f'"/v1"}}{found}'
            )


def _json(line: bytes) -> JsonObject:
    try:
        value: object = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise LineError(f"JSON: {error}") from error
    if not isinstance(value, dict):
        raise LineError("a JSON object")
    return cast("JsonObject", value)


def _line(value: JsonObject) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"
