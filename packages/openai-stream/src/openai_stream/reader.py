"""From bytes to typed events of one stream, and the judgement of how it ended; no I/O.

Decides what an event is (data, an error, the end), in which order things are found out, and that
nothing received is lost: what came before a failure is given out before the failure is raised.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from openai_stream.decoders.ndjson import DONE, NDJSONDecoder
from openai_stream.decoders.sse import MAX_EVENT_SIZE, ServerSentEvent, SSEDecoder
from openai_stream.errors import (
    EventTooLargeError,
    NotAStreamError,
    StreamDecodeError,
    StreamTruncatedError,
)
from openai_stream.inband import SHOWN, Unframed, find_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from openai_types.errors import APIError

    from openai_stream.accumulating import Accumulator
    from openai_stream.terminal import TerminalContract

T = TypeVar("T")

KEPT = 1000
"""The last events, at least so many, are at hand when a stream fails. What the older ones were
together is kept, too, so that a long stream takes no more memory than its answer."""

MOST_KEPT = 2**25
"""Bytes that these events may have; of larger ones, such as images, there are fewer."""


class EventReader(Generic[T]):
    """Reads one stream: give it bytes with `feed` until it is `done` or they end, then `finish`.

    Args:
        decode: makes a typed event of the JSON of one; raises a `ValueError` if it cannot, as
            `openai_types.Decoder` does.
        contract: the API's rule for the end of a stream, from `openai_stream.terminal`.
        max_event_size: bytes that a single event may have.
        named_events: `decode` is given the pair of an event's name and its data, as an object
            with the keys "event" and "data".
        accumulator: makes what puts the events together, at the first time that this is needed.

    Attributes:
        count: how many events have been given out so far.
        done: nothing more need be read; `finish` says how it ended.
        ndjson: the bytes are lines of JSON, not server-sent events; set before they come.
        explain: makes the error that `finish` raises of the one that was found, for who knows
            more of the call.
        is_old: tells the events that came before, which are left out.
    """

    ndjson = False
    explain: Callable[[APIError], APIError] | None = None
    is_old: Callable[[T], bool] | None = None

    def __init__(
        self,
        decode: Callable[[bytes], T],
        contract: TerminalContract[T],
        *,
        max_event_size: int = MAX_EVENT_SIZE,
        named_events: bool = False,
        # Any: what the events are together is another type for each API.
        accumulator: Callable[[], Accumulator[T, Any]] | None = None,
    ) -> None:
        self._decode = decode
        self._contract = contract
        self._max_event_size = max_event_size
        self._named_events = named_events
        self._make_accumulator = accumulator
        self._held: list[T] = []  # events that were read, and not given because of a failure
        self.restart()

    def restart(self) -> None:
        """Begin with another response, because this one failed before its first event."""
        self.resume()
        self.count = 0
        # As bytes: to keep the events themselves takes as long as to make them.
        self._recent: list[bytes] = []
        self._recent_size = 0  # bytes
        self._accumulator: Accumulator[T, Any] | None = None
        self._accumulated = 0  # how many of the recent events the accumulator has

    def resume(self) -> list[T]:
        """Go on with another response, which has what comes after the events so far.

        Returns:
            The last event before the failure, if `finish` raised instead of giving it.
        """
        held, self._held = self._held, []
        self._decoder: SSEDecoder | NDJSONDecoder | None = None
        self._failure: APIError | None = None
        self._done_marker = False
        self._unframed = Unframed()
        self.done = False
        return held

    def _framed(self) -> SSEDecoder | NDJSONDecoder:
        """What finds events in the bytes; made with the first of them, when their form is known."""
        if self._decoder is None:
            size = self._max_event_size
            self._decoder = (
                NDJSONDecoder(max_event_size=size)
                if self.ndjson
                else SSEDecoder(max_event_size=size, error_field=True)
            )
        return self._decoder

    @property
    def done_marker(self) -> bool:
        """Whether the stream ended itself with `[DONE]`."""
        return self._done_marker

    @property
    def events(self) -> list[T]:
        """The last events that have been given out, made anew: all of them up to `KEPT`."""
        return [self._decode(data) for data in self._recent]

    @property
    def is_whole(self) -> bool:
        """Whether what came is the whole answer, whatever may follow."""
        if self._failure is not None:
            return False
        is_decided = self.done or self._contract.is_strict
        return is_decided and self._contract.complete(done_marker=self._done_marker)

    def partial(self) -> object:
        """What all events so far are together; a tuple of the last ones if they are nothing else.

        It costs what the answer is long, and what came since the last time.
        """
        accumulator = self.accumulator()
        return tuple(self.events) if accumulator is None else accumulator.snapshot()

    # Any: what the events are together is another type for each API.
    def accumulator(self) -> Accumulator[T, Any] | None:
        """What has put all events so far together; None if they are nothing together."""
        if self._make_accumulator is None:
            return None
        return self._accumulated_by(self._make_accumulator, len(self._recent))

    def feed(self, chunk: bytes) -> list[T]:
        """Take the next bytes; gives the events that they complete.

        It raises nothing: when the stream fails, `done` turns true, and `finish` raises.
        """
        if self.done:
            return []
        if self._unframed.open and not self.ndjson:
            self._unframed.feed(chunk)
        try:
            return self._read(self._framed().feed(chunk))
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
            NotAStreamError: the answer is something else than a stream.
            StreamDecodeError: an event was not what the API describes.
            EventTooLargeError: an event was past the limit.
            APIError: the server reported an error in the stream.
        """
        fresh = [] if self.done else self._read_last()
        self.done = True
        if self._failure is None and not self.count and self._unframed.data:
            self._failure = self._no_stream(self._unframed.data)
        if self._failure is None and not self._contract.complete(done_marker=self._done_marker):
            self._failure = StreamTruncatedError(self._truncation())
        if self._failure is not None:
            failure = self.explain(self._failure) if self.explain else self._failure
            failure.events, failure.partial = list[object](self.events), self.partial()
            self._held = fresh
            raise failure
        return fresh

    def _read_last(self) -> list[T]:
        """What no blank line completed is the last event, or else a part of it."""
        last = self._framed().finish()
        fresh = self._read(event for event in last if not _is_cut_marker(event.raw_data))
        if isinstance(self._failure, StreamDecodeError):
            cut = self._failure
            self._failure = StreamTruncatedError(self._truncation(cut.data))
            self._failure.__cause__ = cut
        return fresh

    def _read(self, received: Iterable[ServerSentEvent]) -> list[T]:
        decode, observe = self._decode, self._contract.observe  # this is done for every event
        fresh: list[T] = []
        read: list[bytes] = []
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
            if self._named_events:
                data = self._named(event)
            try:
                value = decode(data)
            except ValueError as error:
                repaired = self._repaired(data)
                if repaired is None:
                    number = self.count + len(fresh) + 1
                    self._fail(self._undecodable(event.raw_data, number, error))
                    break
                data, value = repaired
            if self.is_old is not None and self.is_old(value):
                continue
            fresh.append(value)
            read.append(data)
            if observe(value):
                self.done = True
                break
        self._keep(read)
        return fresh

    def _keep(self, read: list[bytes]) -> None:
        self.count += len(read)
        self._recent += read
        self._recent_size += sum(map(len, read))
        if len(self._recent) > 2 * KEPT or self._recent_size > MOST_KEPT:
            self._forget(max(len(self._recent) - KEPT, len(self._recent) // 2))

    def _forget(self, number: int) -> None:
        """Let go of the oldest of the recent events, when the accumulator has them."""
        if self._make_accumulator is not None:
            self._accumulated_by(self._make_accumulator, number)
        self._recent_size -= sum(map(len, self._recent[:number]))
        del self._recent[:number]
        self._accumulated = max(0, self._accumulated - number)

    def _accumulated_by(
        self, make: Callable[[], Accumulator[T, Any]], number: int
    ) -> Accumulator[T, Any]:
        """The accumulator, when it has the first so many of the recent events."""
        if self._accumulator is None:
            self._accumulator = make()
        for data in self._recent[self._accumulated : number]:
            self._accumulator.add(self._decode(data))
        self._accumulated = max(number, self._accumulated)
        return self._accumulator

    @staticmethod
    def _named(event: ServerSentEvent) -> bytes:
        name = json.dumps(event.event).encode()
        return b'{"event":%b,"data":%b}' % (name, event.raw_data)

    def _repaired(self, data: bytes) -> tuple[bytes, T] | None:
        """What cannot be decoded, if it can with all that is not UTF-8 replaced.

        JSON must be UTF-8, but the standard of the stream has it so.
        """
        repaired = data.decode(errors="replace").encode()
        if repaired == data:
            return None
        try:
            return repaired, self._decode(repaired)
        except ValueError:
            return None

    def _fail(self, error: APIError) -> None:
        if not self.done:  # what follows the end is of no interest
            self._failure = error
            self.done = True

    @staticmethod
    def _undecodable(data: bytes, number: int, cause: ValueError) -> StreamDecodeError:
        error = StreamDecodeError(
            f"Event {number} of the stream is not what its API describes. {cause}. See whether the"
            " server speaks this API and what a proxy on the way does to streams; the event's bytes"
            " are in .data, what came before it in .partial and .events.",
            data=data,
        )
        error.__cause__ = cause
        return error

    @staticmethod
    def _no_stream(data: bytes) -> NotAStreamError:
        return NotAStreamError(
            f"The answer is no stream of events. Received {len(data)} bytes: {data[:SHOWN]!r}. See"
            " whether the server streams at all, and what a proxy on the way answers.",
            data=data,
        )

    def _truncation(self, cut: bytes = b"") -> str:
        after = f"after {self.count} events" if self.count else "before its first event"
        where = f"without {self._contract.awaits}"
        if cut:
            where = f"in the middle of an event of which {len(cut)} bytes came"
        return (
            f"The stream ended {after}, {where}: the server or the network cut it off, and the"
            " answer is incomplete. What arrived is in .partial and .events; send it again for a"
            " whole answer."
        )


def _is_cut_marker(data: bytes) -> bool:
    return len(data) < len(DONE) and DONE.startswith(data.removeprefix(b'"'))
