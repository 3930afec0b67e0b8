"""From bytes to typed events of one stream, and the judgement of how it ended; no I/O.

Decides what an event is (data, an error, the end), in which order things are found out, and that
nothing received is lost: what came before a failure is given out before the failure is raised.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Generic, TypeVar

from openai_stream.errors import EventTooLargeError, StreamDecodeError, StreamTruncatedError
from openai_stream.inband import find_error
from openai_stream.sse import MAX_EVENT_SIZE, ServerSentEvent, SSEDecoder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from openai_types.errors import APIError

    from openai_stream.terminal import TerminalContract

T = TypeVar("T")

DONE = b"[DONE]"


class EventReader(Generic[T]):
    """Reads one stream: give it bytes with `feed` until it is `done` or they end, then `finish`.

    Args:
        decode: makes a typed event of the JSON of one; raises a `ValueError` if it cannot, as
            `openai_types.Decoder` does.
        contract: the API's rule for the end of a stream, from `openai_stream.terminal`.
        max_event_size: bytes that a single event may have.
        named_events: `decode` is given the pair of an event's name and its data, as an object
            with the keys "event" and "data".

    Attributes:
        events: what has been given out so far.
        done: nothing more need be read; `finish` says how it ended.
    """

    def __init__(
        self,
        decode: Callable[[bytes], T],
        contract: TerminalContract[T],
        *,
        max_event_size: int = MAX_EVENT_SIZE,
        named_events: bool = False,
    ) -> None:
        self._decode = decode
        self._contract = contract
        self._sse = SSEDecoder(max_event_size=max_event_size, error_field=True)
        self._named_events = named_events
        self._failure: APIError | None = None
        self._done_marker = False
        self.events: list[T] = []
        self.done = False

    def feed(self, chunk: bytes) -> list[T]:
        """Take the next bytes; gives the events that they complete.

        It raises nothing: when the stream fails, `done` turns true, and `finish` raises.
        """
        if self.done:
            return []
        try:
            return self._read(self._sse.feed(chunk))
        except EventTooLargeError as error:
            fresh = self._read(
                event for event in error.events if isinstance(event, ServerSentEvent)
            )
            self._fail(error)
            return fresh

    def finish(self) -> list[T]:
        """Take the end; gives the last event if the server left out the blank line after it.

        Raises:
            StreamTruncatedError: the stream ended without what its API ends with.
            StreamDecodeError: an event was not what the API describes.
            EventTooLargeError: an event was past the limit.
            APIError: the server reported an error in the stream.
        """
        fresh = [] if self.done else self._read_last()
        self.done = True
        if self._failure is None and not self._contract.complete(done_marker=self._done_marker):
            self._failure = StreamTruncatedError(self._truncation())
        if self._failure is not None:
            self._failure.events = list[object](self.events)
            raise self._failure
        return fresh

    def _read_last(self) -> list[T]:
        """What no blank line completed is the last event, or else a part of it."""
        last = self._sse.finish()
        fresh = self._read(event for event in last if not _is_cut_marker(event.raw_data))
        if isinstance(self._failure, StreamDecodeError):
            cut = self._failure
            self._failure = StreamTruncatedError(self._truncation(cut.data))
            self._failure.__cause__ = cut
        return fresh

    def _read(self, received: Iterable[ServerSentEvent]) -> list[T]:
        fresh: list[T] = []
        for event in received:
            data = event.raw_data
            if data.startswith(DONE):
                self._done_marker = self.done = True
                break
            failure = find_error(event)
            if failure is not None:
                self._fail(failure)
                break
            if not data or data.isspace():
                continue  # some servers keep the connection alive so
            try:
                value = self._decoded(self._named(event) if self._named_events else data)
            except ValueError as error:
                self._fail(self._undecodable(data, len(self.events) + len(fresh) + 1, error))
                break
            fresh.append(value)
            if self._contract.observe(value):
                self.done = True
                break
        self.events += fresh
        return fresh

    @staticmethod
    def _named(event: ServerSentEvent) -> bytes:
        name = json.dumps(event.event).encode()
        return b'{"event":%b,"data":%b}' % (name, event.raw_data)

    def _decoded(self, data: bytes) -> T:
        try:
            return self._decode(data)
        except ValueError:
            # JSON must be UTF-8; what is not is replaced, as the standard has it for the stream.
            repaired = data.decode(errors="replace").encode()
            if repaired == data:
                raise
        return self._decode(repaired)

    def _fail(self, error: APIError) -> None:
        if not self.done:  # what follows the end is of no interest
            self._failure = error
            self.done = True

    @staticmethod
    def _undecodable(data: bytes, number: int, cause: ValueError) -> StreamDecodeError:
        error = StreamDecodeError(
            f"Event {number} of the stream is not what its API describes. {cause}. See whether the"
            " server speaks this API and what a proxy on the way does to streams; the event's bytes"
            " are in .data, the events before it in .events.",
            data=data,
        )
        error.__cause__ = cause
        return error

    def _truncation(self, cut: bytes = b"") -> str:
        after = f"after {len(self.events)} events" if self.events else "before its first event"
        where = f"without {self._contract.awaits}"
        if cut:
            where = f"in the middle of an event of which {len(cut)} bytes came"
        return (
            f"The stream ended {after}, {where}: the server or the network cut it off, and the"
            " answer is incomplete. What arrived is in .events; send the request again for a"
            " whole answer."
        )


def _is_cut_marker(data: bytes) -> bool:
    return len(data) < len(DONE) and DONE.startswith(data)
