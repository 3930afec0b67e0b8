"""Bytes to the lines of newline-delimited JSON, in the shape of events; it knows no API and no I/O.

Decides what a line is. Whether it is JSON is found out by whoever decodes it, as with the data of
server-sent events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_stream.decoders.sse import (
    BOM,
    MAX_EVENT_SIZE,
    STEP,
    EventDecoder,
    event_too_large,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_stream.decoders.sse import ServerSentEvent

DONE = b"[DONE]"  # with which streams of events end
MARKER = b'"[DONE]"'  # the same as JSON, which every line has to be
_NAMES = ("ndjson", "jsonl", "jsonlines")
CONTENT_TYPES = frozenset(f"application/{x}{name}" for name in _NAMES for x in ("", "x-"))
"""What servers call it; none of the names is registered."""


def is_ndjson(content_type: str) -> bool:
    """Whether a response with this header is a stream of lines of JSON."""
    return content_type.partition(";")[0].strip().lower() in CONTENT_TYPES


class NDJSONDecoder(EventDecoder):
    """Turns lines of JSON, however their bytes are split, into events without a name or an id.

    Time and memory are linear in the bytes, also when they come one by one. Lines end with a line
    feed; white space around them, which a carriage return is, too, and blank lines mean nothing.
    The line `"[DONE]"` is the event `[DONE]`, with which streams of some APIs end.

    Args:
        max_event_size: bytes that a single line may have.
    """

    def __init__(self, *, max_event_size: int = MAX_EVENT_SIZE) -> None:
        self._limit = max_event_size
        self._first = True  # the line that may begin with a byte order mark
        self._line = bytearray()  # the unfinished line

    def finish(self) -> list[ServerSentEvent]:
        """Take the end of the stream; gives the last line if no line feed completed it.

        It may be a whole line or a part of one: the caller decides.
        """
        return self.feed(b"\n")

    def pairs(self, chunk: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Take the next bytes; gives no name and each line that they complete."""
        # In steps, because the list of a chunk's lines may be many times as large as the chunk.
        for start in range(0, len(chunk), STEP):
            *lines, rest = chunk[start : start + STEP].split(b"\n")
            if lines:
                self._line += lines[0]
                lines[0], self._line = bytes(self._line), bytearray()
            for line in lines:
                data = self._data(line)
                if data:
                    yield b"", data
            self._line += rest
            if len(self._line) > self._limit:
                raise event_too_large(self._limit)

    def _data(self, line: bytes) -> bytes:
        if len(line) > self._limit:
            raise event_too_large(self._limit)
        if self._first:
            self._first = False
            line = line.removeprefix(BOM)
        line = line.strip(b" \t\r")
        return DONE if line == MARKER else line
