"""Which connection serves which call, decided without one: no I/O, no clock, no lock.

A pool of `transports.pools` asks it, and opens, closes and waits as it is told. The connection
that was used last is used next, so that those that are not needed grow old and are closed.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

from openai_http.connections.limits import PoolStats

if TYPE_CHECKING:
    from collections.abc import Callable

    from openai_http.connections.limits import Limits

C = TypeVar("C")


class Turn(Generic[C]):
    """A call's claim on a connection.

    Attributes:
        granted: a connection may be used; otherwise the call waits.
        connection: that one; None if it is to be opened.
        wake: called when it is granted after a wait, and when it may be worth a look whether a
            connection can be closed.
    """

    __slots__ = ("connection", "granted", "wake")

    def __init__(self) -> None:
        self.granted = False
        self.connection: C | None = None
        self.wake: Callable[[], object] | None = None


class Ledger(Generic[C]):
    """The connections to one server: those that are idle, how many are used, who waits."""

    __slots__ = ("_idle", "_in_use", "_limits", "_waiting")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._idle: deque[tuple[C, float]] = deque()  # with the time since when; the oldest first
        self._waiting: deque[Turn[C]] = deque()
        self._in_use = 0

    def ask(self) -> Turn[C]:
        """Ask for a connection: the turn is granted at once, or queued."""
        turn: Turn[C] = Turn()
        most = self._limits.max_connections
        if most is None or self._in_use < most:
            self._in_use += 1
            turn.granted = True
            turn.connection = self._idle.pop()[0] if self._idle else None
        else:
            self._waiting.append(turn)
        return turn

    def give_back(self, connection: C | None, now: float) -> None:
        """Give a connection back, or None if it was closed; whoever waits longest gets it."""
        if self._waiting:
            turn = self._waiting.popleft()
            turn.granted, turn.connection = True, connection
            if turn.wake is not None:
                turn.wake()
            return
        self._in_use -= 1
        if connection is not None:
            self._idle.append((connection, now))

    def give_up(self, turn: Turn[C], now: float) -> None:
        """Stop waiting; what was granted in the meantime goes to the next one."""
        if turn.granted:
            self.give_back(turn.connection, now)
        else:
            self._waiting.remove(turn)

    @property
    def first_waiting(self) -> Turn[C] | None:
        """The turn that waits longest; any thread may ask."""
        try:
            return self._waiting[0]
        except IndexError:
            return None

    def surplus(self, now: float) -> list[C]:
        """Take out the idle connections that are too many, or idle for too long, to be closed."""
        most, expiry = self._limits.max_keepalive_connections, self._limits.keepalive_expiry
        taken: list[C] = []
        while self._idle and (
            (most is not None and len(self._idle) > most)
            or (expiry is not None and self._idle[0][1] + expiry < now)
        ):
            taken.append(self._idle.popleft()[0])
        return taken

    def take_idle(self) -> list[C]:
        """Take out all idle connections, to be closed."""
        taken = [connection for connection, _ in self._idle]
        self._idle.clear()
        return taken

    def stats(self) -> PoolStats:
        """How many there are."""
        idle, in_use = len(self._idle), self._in_use
        limit = self._limits.max_connections
        return PoolStats(idle + in_use, idle, in_use, len(self._waiting), limit)
