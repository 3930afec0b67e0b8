"""The connections to one server, shared by threads or by the tasks of one event loop.

A `Ledger` decides who gets which; here is what it takes to wait, to open and to close. A response
that its user forgot gives its connection back, too: it is broken off at once, and closed by the
next call, because the garbage collector comes in any thread at any time, and may not wait.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import replace
from inspect import isasyncgen, isgenerator
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, cast
from weakref import ref

import anyio

from openai_http.connections.pooling import Ledger

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from openai_http.connections.limits import Limits, PoolStats
    from openai_http.connections.pooling import Turn


class Closable(Protocol):
    """A connection."""

    def close(self) -> None:
        """Close it."""
        ...


class AsyncClosable(Protocol):
    """A connection of an event loop."""

    async def aclose(self) -> None:
        """Close it."""
        ...


C = TypeVar("C")
SyncC = TypeVar("SyncC", bound=Closable)
AsyncC = TypeVar("AsyncC", bound=AsyncClosable)


class PoolIsFullError(Exception):
    """No connection became free in time."""


class Loan(ref[object], Generic[C]):
    """A connection that serves an exchange, as long as there is one.

    Attributes:
        connection: what is lent.
        abort: breaks it off, from any thread.
        unread: what was being read when the exchange was given up.
    """

    __slots__ = ("abort", "connection", "unread")
    connection: C
    abort: Callable[[], None]
    unread: Iterator[bytes] | AsyncIterator[bytes] | None


class _Pool(Generic[C]):
    """What both pools know. A connection is used by an exchange, or for the head of one.

    Args:
        limits: how many connections there may be.
        opening: makes a connection, which opens itself when it is used.
        shared: what several connections are parts of, if there is such a thing; it is closed last.
    """

    def __init__(self, limits: Limits, opening: Callable[[], C], shared: C | None = None) -> None:
        self._ledger = Ledger[C](limits)
        self._opening = opening
        self._shared = shared
        self._used: set[C] = set()
        self._loans: set[Loan[C]] = set()
        self._lost: deque[Loan[C]] = deque()  # those whose exchange nobody has any more
        self._closed = False

    def lend(self, connection: C, exchange: object, abort: Callable[[], None]) -> Loan[C]:
        """A connection belongs to an exchange until it is given back, or the exchange is gone."""
        loan: Loan[C] = Loan(exchange, self._forgotten)
        loan.connection, loan.abort, loan.unread = connection, abort, None
        self._loans.add(loan)
        return loan

    def lose(self, loan: Loan[C], unread: Iterator[bytes] | AsyncIterator[bytes] | None) -> None:
        """Nobody reads an exchange any more: its connection is closed by the next call."""
        loan.unread = unread
        self._lost.append(loan)

    def _forgotten(self, gone: ref[object]) -> None:
        loan = cast("Loan[C]", gone)
        if loan in self._loans:
            loan.abort()
            self._lost.append(loan)

    def stats(self) -> PoolStats:
        """How many connections there are."""
        stats = self._ledger.stats()
        return stats if self._shared is None else replace(stats, open=None, idle=None)

    def _everything(self) -> list[C]:
        """All that is to be closed in the end."""
        rest = [] if self._shared is None else [self._shared]
        return [*self._ledger.take_idle(), *self._used, *rest]

    def _settled(self, loan: Loan[C]) -> bool:
        """End a loan; tells whether it was ended before."""
        try:
            self._loans.remove(loan)
        except KeyError:
            return True
        return False

    def _lost_loans(self) -> list[Loan[C]]:
        found: list[Loan[C]] = []
        while self._lost:
            loan = self._lost.popleft()
            if not self._settled(loan):
                found.append(loan)
        return found


class SyncPool(_Pool[SyncC]):
    """Connections that threads share."""

    def __init__(
        self, limits: Limits, opening: Callable[[], SyncC], shared: SyncC | None = None
    ) -> None:
        super().__init__(limits, opening, shared)
        self._lock = threading.Lock()

    def acquire(self, timeout: float | None) -> SyncC:
        """A connection, maybe not open yet; in the end comes `discard`, or `lend` and `give_back`.

        Raises:
            PoolIsFullError: none became free in time.
        """
        self._close_lost()
        freed = None
        with self._lock:
            turn = self._ledger.ask()
            if not turn.granted:
                freed = threading.Event()
                turn.wake = freed.set
        if freed is not None:
            self._wait(turn, freed, timeout)
        try:
            connection = self._opening() if turn.connection is None else turn.connection
        except BaseException:
            self._return(None)
            raise
        self._used.add(connection)
        return connection

    def give_back(self, loan: Loan[SyncC], *, reusable: bool) -> None:
        """Give a connection back; twice is harmless."""
        if self._settled(loan):
            return
        if not reusable or self._closed:
            self.discard(loan.connection)
            return
        self._used.discard(loan.connection)
        self._return(loan.connection)

    def discard(self, connection: SyncC) -> None:
        """Close a connection, whatever it was doing."""
        self._used.discard(connection)
        try:
            connection.close()
        finally:
            self._return(None)

    def close(self) -> None:
        """Close every connection."""
        self._closed = True
        self._close_lost()
        with self._lock:
            connections = self._everything()
        for connection in connections:
            connection.close()

    def leave_to_parent(self) -> None:
        """Let go of what was made before a fork. Other threads, and their locks, are not here."""
        for connection in self._ledger.take_idle():
            connection.close()

    def _close_lost(self) -> None:
        for loan in self._lost_loans():
            unread: object = loan.unread
            if isgenerator(unread):
                with suppress(Exception):  # of a connection that is broken off, or is being read
                    unread.close()
            self.discard(loan.connection)

    def _wait(self, turn: Turn[SyncC], freed: threading.Event, timeout: float | None) -> None:
        in_time = False
        try:
            in_time = freed.wait(timeout)
        finally:
            if not in_time:
                with self._lock:
                    self._ledger.give_up(turn, time.monotonic())
        if not in_time:
            raise PoolIsFullError

    def _return(self, connection: SyncC | None) -> None:
        now = time.monotonic()
        with self._lock:
            self._ledger.give_back(connection, now)
            surplus = self._ledger.surplus(now)
        for each in surplus:
            each.close()


class AsyncPool(_Pool[AsyncC]):
    """Connections that the tasks of one event loop share."""

    async def acquire(self, timeout: float | None) -> AsyncC:
        """A connection, maybe not open yet; in the end comes `discard`, or `lend` and `give_back`.

        Raises:
            PoolIsFullError: none became free in time.
        """
        await self._close_lost()
        turn = self._ledger.ask()
        if not turn.granted:
            await self._wait(turn, timeout)
        try:
            connection = self._opening() if turn.connection is None else turn.connection
        except BaseException:
            await self._return(None)
            raise
        self._used.add(connection)
        return connection

    async def give_back(self, loan: Loan[AsyncC], *, reusable: bool) -> None:
        """Give a connection back; twice is harmless."""
        if self._settled(loan):
            return
        if not reusable or self._closed:
            await self.discard(loan.connection)
            return
        self._used.discard(loan.connection)
        await self._return(loan.connection)

    async def discard(self, connection: AsyncC) -> None:
        """Close a connection, whatever it was doing; also in a task that is being cancelled."""
        self._used.discard(connection)
        with anyio.CancelScope(shield=True):
            try:
                await connection.aclose()
            finally:
                await self._return(None)

    async def aclose(self) -> None:
        """Close every connection."""
        self._closed = True
        await self._close_lost()
        for connection in self._everything():
            await connection.aclose()

    def forget(self) -> None:
        """Let go of every connection without touching the event loop, which is closed."""
        self._closed = True
        self._everything()
        self._used.clear()
        self._loans.clear()

    async def _close_lost(self) -> None:
        for loan in self._lost_loans():
            unread: object = loan.unread
            if isasyncgen(unread):
                with suppress(Exception):  # of a connection that is broken off, or is being read
                    await unread.aclose()
            await self.discard(loan.connection)

    async def _wait(self, turn: Turn[AsyncC], timeout: float | None) -> None:
        freed = anyio.Event()
        turn.wake = freed.set
        try:
            with anyio.fail_after(timeout):
                await freed.wait()
        except BaseException as error:
            self._ledger.give_up(turn, time.monotonic())
            if isinstance(error, TimeoutError):
                raise PoolIsFullError from error
            raise

    async def _return(self, connection: AsyncC | None) -> None:
        now = time.monotonic()
        self._ledger.give_back(connection, now)
        for each in self._ledger.surplus(now):
            await each.aclose()
