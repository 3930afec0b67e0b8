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

    Time and memory are linear in the bytes, also when they come one by one.

    Args:
        max_event_size: bytes that a single event, or an unfinished line, may have.
        error_field: take a line like `error: {...}`, a field that the standard ignores, as an
            event of type "error" with this data. Some servers report their errors so.
    """

    def __init__(self, *, max_event_size: int = MAX_EVENT_SIZE, error_field: bool = False) -> None:
        self._limit = max_event_size
        self._error_field = error_field
        self._begun = False  # whether what may be a byte order mark is behind us
        self._after_cr = False  # a line feed that comes next belongs to the line end before it
        self._line = bytearray()  # the unfinished line
        self._data: list[bytes] = []  # the data lines of the unfinished event
        self._room = max_event_size  # bytes that the unfinished event may still take
        self._event: bytes = b""
        self._id: str | None = None
        self._retry: int | None = None

    def feed(self, chunk: bytes) -> list[ServerSentEvent]:
        """Take the next bytes; gives the events that they complete.

        Raises:
            EventTooLargeError: an event is past the limit. The events that these bytes completed
                before it are in its `events`, and the decoder is of no more use.
        """
        if not self._begun:
            chunk = self._without_bom(chunk)
            if not self._begun:
                return []
        if self._after_cr and chunk:
            self._after_cr = False
            if chunk[0] == LF:
                chunk = chunk[1:]
        end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r")) + 1
        if not end:
            self._line += chunk
            return self._take([])
        self._after_cr = chunk.endswith(b"\r")
        lines = chunk[:end]
        if self._line:
            self._line += lines
            lines = bytes(self._line)
        self._line = bytearray(chunk[end:])
        return self._take(lines.splitlines())

    def finish(self) -> list[ServerSentEvent]:
        """Take the end of the stream; gives the event that was pending, if there was one.

        The standard discards an event that no blank line completes. Servers forget that line, so
        the caller decides: whatever the data is, it may be the last event or a part of it.
        """
        last = bytes(self._line)
        self._line.clear()
        return self._take([last, b""])

    def _without_bom(self, chunk: bytes) -> bytes:
        start = bytes(self._line) + chunk  # at most two bytes were held back
        self._line.clear()
        if len(start) < len(BOM) and BOM.startswith(start):
            self._line += start
            return b""
        self._begun = True
        return start.removeprefix(BOM)

    def _take(self, lines: list[bytes]) -> list[ServerSentEvent]:
        events: list[ServerSentEvent] = []
        for line in lines:
            if len(line) > self._room:
                raise self._too_large(events)
            if line.startswith(b"data: "):
                self._data.append(line[6:])
                self._room -= len(line)
            elif line:
                self._field(line, events)
            else:
                self._dispatch(events)
        if len(self._line) > self._room:
            raise self._too_large(events)
        return events

    def _field(self, line: bytes, events: list[ServerSentEvent]) -> None:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(value)
            self._room -= len(line)
        elif name == b"event":
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
        if self._data:
            data = self._data[0] if len(self._data) == 1 else b"\n".join(self._data)
            event = self._event.decode(errors="replace") or None
            events.append(ServerSentEvent(event, data, self._id, self._retry))
            self._data.clear()
            self._room = self._limit
        self._event = b""

    def _too_large(self, events: list[ServerSentEvent]) -> EventTooLargeError:
        error = EventTooLargeError(
            f"An event of the stream is larger than {self._limit} bytes: the server sends no line"
            " ends, or something that is no event stream. If such events are expected, raise"
            " max_event_size."
        )
        error.events = list[object](events)
        return error
