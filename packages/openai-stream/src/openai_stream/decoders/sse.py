"""Bytes to server-sent events, by section 9.2.6 of the HTML standard; it knows no API and no I/O.

The standard decodes the stream as UTF-8 first and splits it into lines then. Here the bytes are
split: all separators are ASCII, so the outcome is the same, and the data stays bytes, which is
what decoders of JSON take.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from openai_types.errors import DecodeError

from openai_stream.errors import EventTooLargeError

BOM = b"\xef\xbb\xbf"
LF = 0x0A
DATA = b"data: "
STEP = 2**20  # bytes that are split into lines at a time

MAX_EVENT_SIZE = 256 * 1024 * 1024
"""Bytes. The largest events repeat a whole response with its images in base64: some tens of MB.
Several times that is never legitimate, and stops an endless line while memory lasts."""

MAX_RETRY_DIGITS = 18  # of milliseconds: past this it is no time that anyone waits


@dataclass(slots=True)
class ServerSentEvent:
    """One event of the stream.

    Attributes:
        event: the event's type, or None where the stream names none (the standard's "message").
        raw_data: the data as bytes, the lines joined by a line feed.
        id: the last event id that the stream has set, in this event or before; None if none.
        retry: the reconnection time in milliseconds that the stream has asked for, or None.
    """

    event: str | None
    raw_data: bytes
    id: str | None = None
    retry: int | None = None

    @property
    def data(self) -> str:
        """The data as text; what is not UTF-8 is replaced by U+FFFD."""
        return self.raw_data.decode(errors="replace")

    def json(self) -> object:
        """The data as JSON.

        Raises:
            DecodeError: it is not JSON.
        """
        try:
            return json.loads(self.data)
        except (ValueError, RecursionError) as error:
            message = f"The data of the event is not JSON: {error}; it is in .data of this error"
            raise DecodeError(message, data=self.raw_data) from error


class SSEDecoder:
    """Turns the bytes of an event stream, however they are split, into events.

    Time and memory are linear in the bytes, also when they come one by one. What is kept is never
    more than one event, whatever the server sends.

    Args:
        max_event_size: bytes that all lines of an event, or a comment, may have.
        error_field: take a line like `error: {...}`, a field that the standard ignores, as an
            event of type "error" with this data. Some servers report their errors so.
    """

    def __init__(self, *, max_event_size: int = MAX_EVENT_SIZE, error_field: bool = False) -> None:
        self._limit = max_event_size
        self._error_field = error_field
        self._begun = False  # whether what may be a byte order mark is behind us
        self._after_cr = False  # a line feed that comes next belongs to the line end before it
        self._line = bytearray()  # the unfinished line
        self._room = max_event_size  # bytes that the unfinished event may still take
        self._data: bytes | bytearray | None = None  # of the unfinished event; None if it has none
        self._event = b""
        self._id: str | None = None
        self._retry: int | None = None

    def feed(self, chunk: bytes) -> list[ServerSentEvent]:
        """Take the next bytes; gives the events that they complete.

        Raises:
            EventTooLargeError: an event is past the limit. The events that these bytes completed
                before it are in its `events`, and the decoder is of no more use.
        """
        events: list[ServerSentEvent] = []
        # In steps, because the list of a chunk's lines may be many times as large as the chunk.
        for start in range(0, len(chunk), STEP):
            self._feed(chunk[start : start + STEP], events)
        return events

    def finish(self) -> list[ServerSentEvent]:
        """Take the end of the stream; gives the event that was pending, if there was one.

        The standard discards an event that no blank line completes. Servers forget that line, so
        the caller decides: whatever the data is, it may be the last event or a part of it.
        """
        events: list[ServerSentEvent] = []
        self._complete_line(b"", events)
        self._dispatch(events)
        return events

    def _feed(self, chunk: bytes, events: list[ServerSentEvent]) -> None:
        if not self._begun:
            chunk = self._without_bom(chunk)
            if not self._begun:
                return
        if self._after_cr and chunk:
            self._after_cr = False
            if chunk[0] == LF:
                chunk = chunk[1:]
        end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r")) + 1
        if end:
            self._after_cr = chunk.endswith(b"\r")
            lines = chunk[:end].splitlines()
            if self._line:
                self._complete_line(lines.pop(0), events)
            self._take(lines, events)
        self._line += chunk[end:]
        if len(self._line) > self._room:
            raise event_too_large(self._limit, events)

    def _without_bom(self, chunk: bytes) -> bytes:
        start = bytes(self._line) + chunk  # at most two bytes were held back
        self._line.clear()
        if len(start) < len(BOM) and BOM.startswith(start):
            self._line += start
            return b""
        self._begun = True
        return start.removeprefix(BOM)

    def _complete_line(self, rest: bytes, events: list[ServerSentEvent]) -> None:
        """Take the line that was unfinished. It may be large, so its data is copied just once."""
        line = self._line
        self._line = bytearray()
        line += rest
        if line.startswith(DATA) and len(line) <= self._room:
            with memoryview(line) as view:
                self._add(bytes(view[len(DATA) :]), len(line))
        elif line:
            self._take([bytes(line)], events)

    def _take(self, lines: list[bytes], events: list[ServerSentEvent]) -> None:
        for line in lines:
            size = len(line)
            if size > self._room:
                raise event_too_large(self._limit, events)
            if line.startswith(DATA):
                self._add(line[6:], size)
            elif line:
                self._field(line, events)
            elif self._room != self._limit:  # otherwise nothing came since the last blank line
                self._dispatch(events)

    def _add(self, value: bytes, size: int) -> None:
        """A line of data. Most events have one, which is kept as it is."""
        self._room -= size
        if self._data is None:
            self._data = value
            return
        if isinstance(self._data, bytes):
            self._data = bytearray(self._data)
        self._data += b"\n"
        self._data += value

    def _field(self, line: bytes, events: list[ServerSentEvent]) -> None:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if not name:
            return  # a comment, which keeps the connection alive and is no part of an event
        if name == b"data":
            self._add(value, len(line))
            return
        self._room -= len(line)
        if name == b"event":
            self._event = value
        elif name == b"id":
            if b"\0" not in value:
                self._id = value.decode(errors="replace")
        elif name == b"retry":
            if value.isdigit() and len(value) <= MAX_RETRY_DIGITS:
                self._retry = int(value)
        elif name == b"error" and self._error_field:
            events.append(ServerSentEvent("error", value, self._id, self._retry))

    def _dispatch(self, events: list[ServerSentEvent]) -> None:
        """A blank line: the event is complete; without any data there is none."""
        if self._data is not None:
            event = self._event.decode(errors="replace") if self._event else None
            events.append(ServerSentEvent(event, bytes(self._data), self._id, self._retry))
            self._data = None
        self._event = b""
        self._room = self._limit


def event_too_large(limit: int, events: list[ServerSentEvent]) -> EventTooLargeError:
    """The error of an event past the limit; `events` are those that were completed before it."""
    error = EventTooLargeError(
        f"An event of the stream is larger than {limit} bytes: the server sends no line ends, or"
        " something that is no stream of events. If such events are expected, raise"
        " max_event_size."
    )
    error.events = list[object](events)
    return error
