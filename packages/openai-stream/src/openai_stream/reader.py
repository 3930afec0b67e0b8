"""From bytes to typed events of one stream, and the judgement of how it ended; no I/O.

Decides what an event is (data, an error, the end), in which order things are found out, and that
nothing received is lost: what came before a failure is given out before the failure is raised.
"""

from __future__ import annotations

import json
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from openai_stream.decoders.ndjson import DONE, NDJSONDecoder
from openai_stream.decoders.sse import MAX_EVENT_SIZE, ServerSentEvent, SSEDecoder
from openai_stream.errors import (
    EventTooLargeError,
    NotAStreamError,
    StreamDecodeError,
    StreamTruncatedError,
)
from openai_stream.inband import SHOWN, Unframed, find_error, is_no_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from openai_types.errors import APIError

    from openai_stream.accumulating import Accumulator
    from openai_stream.outcomes import Outcome
    from openai_stream.terminal import TerminalContract

T = TypeVar("T")

ERROR = b"error"  # the name of events that report one
AROUND_DONE = b' "'  # what some servers write around the marker of the end

KEPT = 1000
"""The last events, at least so many, are at hand when a stream fails. What the older ones were
together is kept, too, so that a long stream takes no more memory than its answer."""

MANY = 4 * KEPT
"""With more events the older ones are put together, and so decoded again: most streams end before,
and all of these take about a megabyte."""

MOST_KEPT = 2**25
"""Bytes that these events may have; of larger ones, such as images, there are fewer."""


class EventReader(Generic[T]):
    """Reads one stream: give it bytes with `feed` until it is `done` or they end, then `finish`.

    With `read` instead of `feed`, an event is decoded when it is asked for, so that the first one
    does not wait for those that came with it. They count as received all the same.

    Args:
        decode: makes a typed event of the JSON of one; raises a `ValueError` if it cannot, as
            `openai_types.Decoder` does.
        contract: the API's rule for the end of a stream, from `openai_stream.terminal`.
        max_event_size: bytes that a single event may have.
        named_events: `decode` is given the pair of an event's name and its data, as an object
            with the keys "event" and "data".
        accumulator: makes what puts the events together, at the first time that this is needed.

    Attributes:
        ahead: events that were decoded before they were asked for, because the state was.
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
        self.ahead: deque[T] = deque()
        self.restart()

    def restart(self) -> None:
        """Begin with another response, because this one failed before its first event."""
        self.resume()
        self._forgotten = 0  # how many events came before the recent ones
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
        self._arriving: Iterator[T] = iter(())  # the events of the last bytes
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
    def count(self) -> int:
        """How many events have been decoded so far."""
        return self._forgotten + len(self._recent)

    @property
    def done_marker(self) -> bool:
        """Whether the stream ended itself with `[DONE]`."""
        self.catch_up()
        return self._done_marker

    @property
    def events(self) -> list[T]:
        """The last events that have been given out, made anew: all of them up to `KEPT`."""
        self.catch_up()
        return [self._decode(data) for data in self._recent]

    @property
    def is_whole(self) -> bool:
        """Whether what came is the whole answer, whatever may follow."""
        self.catch_up()
        if self._failure is not None:
            return False
        is_decided = self.done or self._contract.is_strict
        return is_decided and self._contract.complete(done_marker=self._done_marker)

    @property
    def outcome(self) -> Outcome:
        """How a stream ended that is whole: with the answer, or with an event that tells a failure.

        Such an event is for the user like any other. Not every API has one.
        """
        return "errored" if getattr(self._contract, "has_failed", False) else "complete"

    def partial(self) -> object:
        """What all events so far are together; a tuple of the last ones if they are nothing else.

        It costs what the answer is long, and what came since the last time.
        """
        accumulator = self.accumulator()
        return tuple(self.events) if accumulator is None else accumulator.snapshot()

    # Any: what the events are together is another type for each API.
    def accumulator(self) -> Accumulator[T, Any] | None:
        """What has put all events so far together; None if they are nothing together."""
        self.catch_up()
        if self._make_accumulator is None:
            return None
        return self._accumulated_by(self._make_accumulator, len(self._recent))

    def feed(self, chunk: bytes) -> list[T]:
        """Take the next bytes; gives the events that they complete.

        It raises nothing: when the stream fails, `done` turns true, and `finish` raises.
        """
        return list(self.read(chunk))

    def read(self, chunk: bytes) -> Iterator[T]:
        """The same, but an event is decoded when it is asked for.

        Some may be in `ahead` then; when this gives no more, the next bytes may be taken.
        """
        if self.done:
            return iter(())
        if self._unframed.open and not self.ndjson:
            self._unframed.feed(chunk)
        self._arriving = self._read(self._framed().pairs(chunk))
        return self._arriving

    def catch_up(self) -> None:
        """Decode what was received and not asked for yet."""
        with suppress(ValueError):  # another thread is at it
            self.ahead.extend(self._arriving)

    def finish(self) -> list[T]:
        """Take the end; gives the last event if the server left out the blank line after it.

        Raises:
            StreamTruncatedError: the stream ended without what its API ends with.
            NotAStreamError: the answer is something else than a stream.
            StreamDecodeError: an event was not what the API describes.
            EventTooLargeError: an event was past the limit.
            APIError: the server reported an error in the stream.
        """
        self.catch_up()
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
        last = [((each.event or "").encode(), each.raw_data) for each in self._framed().finish()]
        fresh = list(self._read(pair for pair in last if not _is_cut_marker(pair[1])))
        if isinstance(self._failure, StreamDecodeError):
            cut = self._failure
            self._failure = StreamTruncatedError(self._truncation(cut.data))
            self._failure.__cause__ = cut
        return fresh

    def _read(self, received: Iterable[tuple[bytes, bytes]]) -> Iterator[T]:
        recent, is_old = self._recent, self.is_old
        decode, observe = self._decode, self._contract.observe  # this is done for every event
        named = self._named_events
        known = len(recent)
        try:
            for name, raw in received:
                if raw.startswith(DONE):
                    self._done_marker = self.done = True
                    break
                if (not raw or raw.isspace()) and name != ERROR:
                    continue  # some servers keep the connection alive so
                data = self._named(name, raw) if named else raw
                try:
                    value = decode(data)
                except ValueError as error:
                    repaired = self._repaired(name, raw, data, error)
                    if repaired is None:
                        break
                    data, value = repaired
                # A pair does not show what is in its data, and errors have no names everywhere.
                suspicious = name == ERROR or (named and not name) or not is_no_error(value)
                if suspicious and self._is_error(name, raw):
                    break
                if is_old is not None and is_old(value):
                    continue
                recent.append(data)
                self.done = observe(value)
                yield value
                if self.done:
                    break
        except EventTooLargeError as error:
            self._fail(error)
        self._measure(known)

    def _measure(self, known: int) -> None:
        """See whether the recent events are too many or too large; so many of them are measured."""
        count = len(self._recent)
        self._recent_size += sum(map(len, self._recent[known:]))
        if count > MANY or self._recent_size > MOST_KEPT:
            self._forget(max(count - KEPT, count // 2))

    def _forget(self, number: int) -> None:
        """Let go of the oldest of the recent events, when the accumulator has them."""
        if self._make_accumulator is not None:
            self._accumulated_by(self._make_accumulator, number)
        self._forgotten += number
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
    def _named(name: bytes, data: bytes) -> bytes:
        event = json.dumps(name.decode(errors="replace") if name else None).encode()
        return b'{"event":%b,"data":%b}' % (event, data)

    def _is_error(self, name: bytes, data: bytes) -> bool:
        """Whether an event reports an error, which ends the stream."""
        failure = find_error(ServerSentEvent(name.decode(errors="replace"), data))
        if failure is not None:
            self._fail(failure)
        return failure is not None

    def _repaired(
        self, name: bytes, raw: bytes, data: bytes, cause: ValueError
    ) -> tuple[bytes, T] | None:
        """What cannot be decoded, if it can with all that is not UTF-8 replaced.

        JSON must be UTF-8, but the standard of the stream has it so. Otherwise the stream fails,
        unless this is its end.
        """
        if raw.strip(AROUND_DONE).upper() == DONE:
            self._done_marker = self.done = True
            return None
        if self._is_error(name, raw):
            return None
        repaired = data.decode(errors="replace").encode()
        if repaired != data:
            with suppress(ValueError):
                return repaired, self._decode(repaired)
        self._fail(self._undecodable(raw, cause))
        return None

    def _fail(self, error: APIError) -> None:
        self._failure = error
        self.done = True

    def _undecodable(self, data: bytes, cause: ValueError) -> StreamDecodeError:
        error = StreamDecodeError(
            f"Event {self.count + 1} of the stream is not what its API describes. {cause}. See"
            " whether the server speaks this API and what a proxy on the way does to streams; the"
            " event's bytes are in .data, what came before it in .partial and .events.",
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
