"""Bytes to server-sent events, by section 9.2.6 of the HTML standard; it knows no API and no I/O.

The standard decodes the stream as UTF-8 first and splits it into lines then. Here the bytes are
split: all separators are ASCII, so the outcome is the same, and the data stays bytes, which is
what decoders of JSON take.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openai_types.errors import DecodeError

from openai_stream.errors import EventTooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterator

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


class EventDecoder(ABC):
    """What decoders share; each says what `pairs` are, and what the end of the stream means."""

    def feed(self, chunk: bytes) -> list[ServerSentEvent]:
        """Take the next bytes; gives the events that they complete.

        Raises:
            EventTooLargeError: an event is past the limit. The events that these bytes completed
                before it are in its `events`, and the decoder is of no more use.
        """
        events: list[ServerSentEvent] = []
        try:
            for name, data in self.pairs(chunk):
                events.append(self._event(name, data))
        except EventTooLargeError as error:
            error.events = list[object](events)
            raise
        return events

    @abstractmethod
    def finish(self) -> list[ServerSentEvent]:
        """Take the end of the stream; gives the event that was pending, if there was one."""

    @abstractmethod
    def pairs(self, chunk: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Take the next bytes; gives the name and the data of each event that they complete.

        An event is found when it is asked for; all must be, before the next bytes are taken.

        Raises:
            EventTooLargeError: an event is past the limit; the decoder is of no more use.
        """

    def _event(self, name: bytes, data: bytes) -> ServerSentEvent:
        return ServerSentEvent(name.decode(errors="replace") if name else None, data)


class SSEDecoder(EventDecoder):
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
        self._name = b""
        self._id: str | None = None
        self._retry: int | None = None

    def finish(self) -> list[ServerSentEvent]:
        """Take the end of the stream; gives the event that was pending, if there was one.

        The standard discards an event that no blank line completes. Servers forget that line, so
        the caller decides: whatever the data is, it may be the last event or a part of it.
        """
        return self.feed(b"\r\r")  # the end of the unfinished line, and the blank one

    def pairs(self, chunk: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Take the next bytes; gives the name and the data of each event that they complete."""
        # In steps, because the list of a chunk's lines may be many times as large as the chunk.
        for start in range(0, len(chunk), STEP):
            yield from self._pairs(self._complete_lines(chunk[start : start + STEP]))
            if self._begun and len(self._line) > self._room:
                raise event_too_large(self._limit)

    def _event(self, name: bytes, data: bytes) -> ServerSentEvent:
        event = super()._event(name, data)
        event.id, event.retry = self._id, self._retry
        return event

    def _complete_lines(self, chunk: bytes) -> list[bytes]:
        """The lines that the next bytes complete; the unfinished one is kept."""
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
            return []
        self._after_cr = chunk.endswith(b"\r")
        lines = chunk[:end].splitlines()
        if self._line:
            self._complete_line(lines)
        self._line += chunk[end:]
        return lines

    def _without_bom(self, chunk: bytes) -> bytes:
        start = bytes(self._line) + chunk  # at most two bytes were held back
        self._line.clear()
        if len(start) < len(BOM) and BOM.startswith(start):
            self._line += start
            return b""
        self._begun = True
        return start.removeprefix(BOM)

    def _complete_line(self, lines: list[bytes]) -> None:
        """Complete the unfinished line. It may be large, so its data is copied just once."""
        line, self._line = self._line, bytearray()
        line += lines.pop(0)
        if line.startswith(DATA) and len(line) <= self._room:
            self._room -= len(line)
            with memoryview(line) as view:
                self._data = joined(self._data, bytes(view[len(DATA) :]))
        else:
            lines.insert(0, bytes(line))

    def _pairs(self, lines: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
        name, data, room = self._name, self._data, self._room  # this is done for every event
        for line in lines:
            if not line:  # the event is complete; without any data there is none
                if data is not None:
                    yield name, data if isinstance(data, bytes) else bytes(data)
                name, data, room = b"", None, self._limit
                continue
            room -= len(line)
            if room < 0:
                raise event_too_large(self._limit)
            field, _, value = line.partition(b":")
            value = value.removeprefix(b" ")
            if field == b"data":
                data = value if data is None else joined(data, value)
            elif field == b"event":
                name = value
            elif not field:  # a comment, which keeps the connection alive
                room += len(line)
            elif field == b"error" and self._error_field:
                yield field, value
            else:
                self._remember(field, value)
        self._name, self._data, self._room = name, data, room

    def _remember(self, field: bytes, value: bytes) -> None:
        """Take a field that holds for the events that follow, too."""
        if field == b"id":
            if b"\0" not in value:
                self._id = value.decode(errors="replace")
        elif field == b"retry" and value.isdigit() and len(value) <= MAX_RETRY_DIGITS:
            self._retry = int(value)


def joined(data: bytes | bytearray | None, line: bytes) -> bytes | bytearray:
    """The data of an event with another line. Most events have one, which is kept as it is."""
    if data is None:
        return line
    if isinstance(data, bytes):
        data = bytearray(data)
    data += b"\n"
    data += line
    return data


def event_too_large(limit: int) -> EventTooLargeError:
    """The error of an event past the limit."""
    return EventTooLargeError(
        f"An event of the stream is larger than {limit} bytes: the server sends no line ends, or"
        " something that is no stream of events. If such events are expected, raise"
        " max_event_size."
    )
