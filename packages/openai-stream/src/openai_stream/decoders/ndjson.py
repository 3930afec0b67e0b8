"""Bytes to the lines of newline-delimited JSON, in the shape of events; it knows no API and no I/O.

Decides what a line is. Whether it is JSON is found out by whoever decodes it, as with the data of
server-sent events.
"""

from __future__ import annotations

from openai_stream.decoders.sse import BOM, MAX_EVENT_SIZE, STEP, ServerSentEvent, event_too_large

DONE = b"[DONE]"  # with which streams of events end
MARKER = b'"[DONE]"'  # the same as JSON, which every line has to be
_NAMES = ("ndjson", "jsonl", "jsonlines")
CONTENT_TYPES = frozenset(f"application/{x}{name}" for name in _NAMES for x in ("", "x-"))
"""What servers call it; none of the names is registered."""


def is_ndjson(content_type: str) -> bool:
    """Whether a response with this header is a stream of lines of JSON."""
    return content_type.partition(";")[0].strip().lower() in CONTENT_TYPES


class NDJSONDecoder:
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

    def feed(self, chunk: bytes) -> list[ServerSentEvent]:
        """Take the next bytes; gives the lines that they complete.

        Raises:
            EventTooLargeError: a line is past the limit. The lines that these bytes completed
                before it are in its `events`, and the decoder is of no more use.
        """
        events: list[ServerSentEvent] = []
        # In steps, because the list of a chunk's lines may be many times as large as the chunk.
        for start in range(0, len(chunk), STEP):
            self._feed(chunk[start : start + STEP], events)
        return events

    def finish(self) -> list[ServerSentEvent]:
        """Take the end of the stream; gives the last line if no line feed completed it.

        It may be a whole line or a part of one: the caller decides.
        """
        last, self._line = bytes(self._line), bytearray()
        events: list[ServerSentEvent] = []
        self._take(last, events)
        return events

    def _feed(self, chunk: bytes, events: list[ServerSentEvent]) -> None:
        first, *lines = chunk.split(b"\n")
        self._line += first
        if len(self._line) > self._limit:
            raise event_too_large(self._limit, events)
        if not lines:
            return
        self._take(bytes(self._line), events)
        *lines, last = lines
        for line in lines:
            self._take(line, events)
        self._line = bytearray(last)
        if len(last) > self._limit:
            raise event_too_large(self._limit, events)

    def _take(self, line: bytes, events: list[ServerSentEvent]) -> None:
        if len(line) > self._limit:
            raise event_too_large(self._limit, events)
        if self._first:
            self._first = False
            line = line.removeprefix(BOM)
        line = line.strip(b" \t\r")
        if line:
            events.append(ServerSentEvent(None, DONE if line == MARKER else line))
