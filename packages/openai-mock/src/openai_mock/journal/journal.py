"""The last exchanges of a server, within bounds of number and of memory.

Decides what is forgotten, in which order changes came, and who is told of them. The event loop of
the server writes, any thread reads: one lock guards it all, and is never held for long.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from openai_mock.errors import MockServerError
from openai_mock.journal.recording import Frames, Recording
from openai_mock.journal.requests import Requests

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence

    from openai_mock.journal.exchange import Close, Direction, Ended
    from openai_mock.journal.redaction import RawHeaders

MEBIBYTE = 1024 * 1024
KEPT = 1000
BODY_LIMIT = 4 * MEBIBYTE
MEMORY = 64 * MEBIBYTE
WEBSOCKET = "WEBSOCKET"  # stands where the others have their method


class Changes(NamedTuple):
    """What is new since a revision.

    Attributes:
        revision: The one that this is up to.
        recordings: Those that changed, in the order of their numbers.
        oldest: The number of the oldest exchange that is kept; 0 if there is none.
        dropped: How many were forgotten to stay within the bounds.
        clears: How often the journal was cleared.
    """

    revision: int
    recordings: Sequence[Recording]
    oldest: int
    dropped: int
    clears: int


class Journal:
    """Keeps the last exchanges. Thread-safe.

    Args:
        keep: How many exchanges are kept.
        body_limit: Bytes that are kept of each body, and of the frames of each WebSocket.
        memory: Bytes that all of them may take, about; older ones are forgotten first.
        clock: Gives seconds since the epoch.
        timer: Gives the seconds that durations are taken from.

    Raises:
        MockServerError: A bound is less than 1.

    Attributes:
        requests: What is kept, for assertions.
        dropped: How many exchanges were forgotten to stay within the bounds.
    """

    def __init__(
        self,
        *,
        keep: int = KEPT,
        body_limit: int = BODY_LIMIT,
        memory: int = MEMORY,
        clock: Callable[[], float] = time.time,
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        for name, bound in (("keep", keep), ("body_limit", body_limit), ("memory", memory)):
            if bound < 1:
                raise MockServerError(f"{name} of a Journal is {bound}; pass at least 1.")
        self._keep, self._limit, self._most = keep, body_limit, memory
        self._clock, self._timer = clock, timer
        self._lock = threading.Lock()  # entering a condition costs twice as much
        self._changed = threading.Condition(self._lock)
        self._kept: deque[Recording] = deque()
        self._memory = 0
        self._count = 0
        self._revision = 0
        self._clears = 0
        self._listeners: tuple[Callable[[], None], ...] = ()
        self._waiting = 0
        self.dropped = 0
        self.requests = Requests(self)

    def __repr__(self) -> str:
        return f"<Journal of {len(self._kept)} exchanges>"

    # Taking down. Each is called by the server, with what passes.

    def begin(
        self, method: str, path: str, query_string: bytes, headers: RawHeaders, *, whole: bool
    ) -> Recording:
        """A request comes.

        Args:
            method: In capitals; `WEBSOCKET` for a WebSocket.
            path: Without the query.
            query_string: As it came.
            headers: As they came.
            whole: Whether no body follows. Otherwise it is listed when its body has come, or
                something goes out.
        """
        recording = Recording(
            method,
            path,
            query_string,
            headers,
            started=self._clock(),
            begun=self._timer(),
            limit=self._limit,
        )
        if method == WEBSOCKET:
            recording.frames = Frames()
        if whole:
            recording.read = True
            with self._lock:
                self._list(recording)
        return recording

    def received(self, recording: Recording, data: bytes, *, more: bool) -> None:
        """A part of the body came."""
        with self._lock:
            at = self._timer() - recording.begun
            grown = recording.request.add(at, data, recording.limit)
            if recording.number:
                self._grew(grown)
            if not more:
                recording.read = True
                self._list(recording)

    def left(self, recording: Recording) -> None:
        """The client went away, or the exchange is over."""
        with self._lock:
            recording.left = True
            self._list(recording)

    def responded(self, recording: Recording, status: int, headers: RawHeaders) -> None:
        """The answer begins."""
        with self._lock:
            recording.status, recording.response_headers = status, headers
            if not recording.number:
                self._list(recording)
            self._touch(recording)

    def sent(self, recording: Recording, data: bytes, *, more: bool) -> None:
        """A part of the answer goes out."""
        with self._lock:
            at = self._timer() - recording.begun
            grown = recording.response.add(at, data, recording.limit)
            if recording.number:
                self._grew(grown)
            if not more:
                self._end(recording, "client left" if recording.left else "complete")
            self._touch(recording)

    def framed(self, recording: Recording, direction: Direction, data: str | bytes) -> None:
        """A message of a WebSocket passes; its oldest ones are forgotten beyond the limit."""
        with self._lock:
            at = self._timer() - recording.begun
            self._grew(recording.frames.add(at, direction, data, recording.limit))
            self._touch(recording)

    def closed(self, recording: Recording, close: Close) -> None:
        """A WebSocket is closed; the first to close it counts."""
        with self._lock:
            recording.close = recording.close or close
            self._touch(recording)

    def broken_off(self, recording: Recording, fault: str) -> None:
        """A fault ends the connection."""
        with self._lock:
            recording.fault = fault
        self.end(recording, "fault")

    def end(self, recording: Recording, how: Ended) -> None:
        """The exchange is over, unless its end was seen before."""
        with self._lock:
            self._list(recording)
            self._end(recording, how)
            self._touch(recording)

    def elapsed(self, recording: Recording) -> float:
        """Seconds since the request came."""
        return self._timer() - recording.begun

    # With the lock held.

    def _list(self, recording: Recording) -> None:
        """Give it a number and a place, once; forget what is beyond the bounds."""
        if recording.number:
            return
        self._count += 1
        recording.number = self._count
        self._kept.append(recording)
        self._memory += recording.memory
        self._forget()
        self._touch(recording)
        if self._waiting:
            self._changed.notify_all()

    def _grew(self, by: int) -> None:
        """What is listed takes more memory; what was forgotten takes none."""
        self._memory += by
        if self._memory > self._most:
            self._forget()

    def _forget(self) -> None:
        """Forget the oldest until the bounds are kept; the newest always stays."""
        kept = self._kept
        while len(kept) > self._keep or (self._memory > self._most and len(kept) > 1):
            self._forgotten(kept.popleft())
            self.dropped += 1

    def _forgotten(self, recording: Recording) -> None:
        recording.limit = 0
        self._memory -= recording.memory

    def _end(self, recording: Recording, how: Ended) -> None:
        if recording.ended is None:
            recording.ended = how
            recording.duration = self._timer() - recording.begun
            if self._waiting:
                self._changed.notify_all()

    def _touch(self, recording: Recording) -> None:
        self._revision += 1
        recording.revision = self._revision
        for listener in self._listeners:
            listener()

    # Looking.

    def recordings(self) -> list[Recording]:
        """What is kept, the oldest first."""
        with self._lock:
            return list(self._kept)

    def recording(self, number: int) -> Recording | None:
        """The exchange of this number, unless it was forgotten."""
        return next((each for each in self.recordings() if each.number == number), None)

    def changes(self, since: int = 0) -> Changes:
        """What changed after a revision."""
        with self._lock:
            changed = [each for each in self._kept if each.revision > since]
            oldest = self._kept[0].number if self._kept else 0
            return Changes(self._revision, changed, oldest, self.dropped, self._clears)

    def clear(self, forgotten: Iterable[Recording] | None = None) -> None:
        """Forget exchanges, by default all; the numbers go on."""
        with self._lock:
            gone = set(self._kept if forgotten is None else forgotten) & set(self._kept)
            self._kept = deque(each for each in self._kept if each not in gone)
            for each in gone:
                self._forgotten(each)
            self.dropped = self.dropped if self._kept else 0
            self._revision += 1
            self._clears += 1
            for listener in self._listeners:
                listener()

    def wait(self, until: Callable[[Sequence[Recording]], bool], timeout: float) -> bool:
        """Wait for the kept exchanges to be as wanted; gives whether they are.

        Args:
            until: Is asked again whenever a request came or ended.
            timeout: Seconds.
        """
        with self._lock:
            self._waiting += 1
            try:
                return self._changed.wait_for(lambda: until(self._kept), timeout)
            finally:
                self._waiting -= 1

    @contextmanager
    def listened(self, listener: Callable[[], None]) -> Generator[None]:
        """Call a function at every change while the block runs; it must be quick, and not look."""
        with self._lock:
            self._listeners = (*self._listeners, listener)
        try:
            yield
        finally:
            with self._lock:
                self._listeners = tuple(each for each in self._listeners if each is not listener)
