"""The connections to one server, shared by threads or by the tasks of one event loop.

A `Ledger` decides who gets which; here is what it takes to wait, to open and to close. A response
that its user forgot gives its connection back, too: it is broken off at once, and closed by the
call that waits longest, or else by the next one, because the garbage collector comes in any thread
at any time, and may not wait.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from functools import partial
from inspect import isasyncgen, isgenerator
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, cast
from weakref import ref

import anyio

from openai_http.connections.closing import Closing
from openai_http.connections.pooling import Ledger
from openai_http.transports.finishing import finish

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator

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

    __slots__ = ("_add_lost", "abort", "connection", "unread")
    connection: C
    abort: Callable[[], None]
    unread: Iterator[bytes] | AsyncIterator[bytes] | None
    _add_lost: Callable[[Loan[C]], None]

    def lose(self, unread: Iterator[bytes] | AsyncIterator[bytes] | None) -> None:
        """Break the connection off, which nobody reads any more: another call closes it."""
        if isgenerator(unread) or isasyncgen(unread):  # others may be the exchange itself
            self.unread = unread
        self.abort()
        self._add_lost(self)


class _Pool(Closing, Generic[C]):
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

    def lend(self, connection: C, exchange: object, abort: Callable[[], None]) -> Loan[C]:
        """A connection belongs to an exchange until it is given back, or the exchange is gone."""
        loan: Loan[C] = Loan(exchange, self._forgotten)
        loan.connection, loan.abort, loan.unread = connection, abort, None
        loan._add_lost = self._add_lost  # noqa: SLF001 - ours
        self._loans.add(loan)
        return loan

    def _forgotten(self, gone: ref[object]) -> None:
        loan = cast("Loan[C]", gone)
        if loan in self._loans:
            loan.abort()
            self._add_lost(loan)

    def _add_lost(self, loan: Loan[C]) -> None:
        """Note a loan, and have a call close its connection that waits for one: it may not know.

        The garbage collector may do this, so no lock is taken.
        """
        self._lost.append(loan)
        turn = self._ledger.first_waiting
        if turn is not None and turn.wake is not None:
            self._wake_soon(turn.wake)

    def _wake_soon(self, wake: Callable[[], object]) -> None:
        """Wake a call, from any thread and also from the garbage collector."""
        raise NotImplementedError

    def stats(self) -> PoolStats:
        """How many connections there are; one that is broken off is none."""
        stats, lost = self._ledger.stats(), self.lost
        opened = None if stats.open is None or self._shared is not None else stats.open - lost
        idle = stats.idle if self._shared is None else None
        return replace(stats, open=opened, idle=idle, in_use=stats.in_use - lost)

    @property
    def lost(self) -> int:
        """How many connections are broken off and not closed yet."""
        return len(self._loans.intersection([*self._lost]))

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

    def _next_lost(self) -> Loan[C] | None:
        """A loan whose connection is to be closed now, or None if there is none."""
        with suppress(IndexError):  # another thread may take the last one
            while True:
                loan = self._lost.popleft()
                if not self._settled(loan):
                    return loan
        return None


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
            OpenAIError: the pool was closed.
        """
        self._close_lost()
        woken = None
        with self._lock:
            turn = self._ledger.ask()
            if not turn.granted:
                woken = SimpleQueue[None]()
                turn.wake = partial(woken.put, None)
        if woken is not None:
            self._wait(turn, woken, timeout)
        try:
            connection = self._opening() if turn.connection is None else turn.connection
        except BaseException:
            self._return(None)
            raise
        self._used.add(connection)
        if self.closed:
            self.discard(connection)
        self.check_open()
        return connection

    def give_back(self, loan: Loan[SyncC], *, reusable: bool) -> None:
        """Give a connection back; twice is harmless."""
        if self._settled(loan):
            return
        if not reusable or self.closed:
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
        self.closed = True
        self._close_lost()
        with self._lock:
            connections = self._everything()
        for connection in connections:
            connection.close()

    def leave_to_parent(self) -> None:
        """Let go of what was made before a fork. Other threads, and their locks, are not here."""
        for connection in self._ledger.take_idle():
            connection.close()

    def _wake_soon(self, wake: Callable[[], object]) -> None:
        wake()  # a SimpleQueue may be put into from anywhere

    def _close_lost(self) -> None:
        while self._lost and (loan := self._next_lost()) is not None:
            unread: object = loan.unread
            with suppress(Exception):  # of a connection that is broken off, or is being read
                if isgenerator(unread):
                    unread.close()
            with suppress(Exception):
                self.discard(loan.connection)

    def _wait(self, turn: Turn[SyncC], woken: SimpleQueue[None], timeout: float | None) -> None:
        end = None if timeout is None else time.monotonic() + timeout
        try:
            while not self._is_granted(turn):
                woken.get(timeout=None if end is None else max(0.0, end - time.monotonic()))
        except BaseException as error:
            with self._lock:
                self._ledger.give_up(turn, time.monotonic())
            self._close_lost()  # of what maybe only this call was told
            if isinstance(error, Empty):
                raise PoolIsFullError from None
            raise

    def _is_granted(self, turn: Turn[SyncC]) -> bool:
        self._close_lost()
        return turn.granted

    def _return(self, connection: SyncC | None) -> None:
        now = time.monotonic()
        with self._lock:
            self._ledger.give_back(connection, now)
            surplus = self._ledger.surplus(now)
        for each in surplus:
            each.close()


def calling_soon() -> Callable[[Callable[[], object]], object]:
    """What has the running event loop call something, also from other threads."""
    with suppress(RuntimeError):
        return asyncio.get_running_loop().call_soon_threadsafe
    from trio.lowlevel import current_trio_token

    return current_trio_token().run_sync_soon


class AsyncPool(_Pool[AsyncC]):
    """Connections that the tasks of one event loop share."""

    _soon: Callable[[Callable[[], object]], object]

    async def acquire(self, timeout: float | None) -> AsyncC:
        """A connection, maybe not open yet; in the end comes `discard`, or `lend` and `give_back`.

        Raises:
            PoolIsFullError: none became free in time.
            OpenAIError: the pool was closed.
        """
        if self._lost:
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
        if self.closed:
            await self.discard(connection)
        self.check_open()
        return connection

    async def give_back(self, loan: Loan[AsyncC], *, reusable: bool) -> None:
        """Give a connection back; twice is harmless."""
        if self._settled(loan):
            return
        if not reusable or self.closed:
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
        self.closed = True
        try:
            await self._close_lost()
        finally:
            await _close_each(self._everything())

    def forget(self) -> None:
        """Let go of every connection without touching the event loop, which is closed."""
        self.closed = True
        self._everything()
        self._used.clear()
        self._loans.clear()

    def _wake_soon(self, wake: Callable[[], object]) -> None:
        with suppress(RuntimeError):  # the event loop is closed: nobody waits in it
            self._soon(wake)

    async def _close_lost(self) -> None:
        while self._lost and (loan := self._next_lost()) is not None:
            with anyio.CancelScope(shield=True), suppress(Exception):  # it is broken off
                await finish(self._close(loan))

    async def _close(self, loan: Loan[AsyncC]) -> None:
        unread: object = loan.unread
        try:
            if isasyncgen(unread) and not unread.ag_running:  # who has it may be closing it, too
                await unread.aclose()
        finally:
            await self.discard(loan.connection)

    async def _wait(self, turn: Turn[AsyncC], timeout: float | None) -> None:
        self._soon = calling_soon()
        try:
            with anyio.fail_after(timeout):
                while True:
                    woken = anyio.Event()
                    turn.wake = woken.set
                    await self._close_lost()  # of what maybe only this call was told
                    if turn.granted:
                        return
                    await woken.wait()
        except BaseException as error:
            self._ledger.give_up(turn, time.monotonic())
            await self._close_lost()  # the same
            if isinstance(error, TimeoutError):
                raise PoolIsFullError from error
            raise

    async def _return(self, connection: AsyncC | None) -> None:
        now = time.monotonic()
        self._ledger.give_back(connection, now)
        if surplus := self._ledger.surplus(now):
            await _close_each(surplus)


async def _close_each(connections: Iterable[AsyncClosable]) -> None:
    """Close connections, the others also if the task is cancelled at one: nobody else has them."""
    async with AsyncExitStack() as stack:
        for connection in connections:
            stack.push_async_callback(connection.aclose)
