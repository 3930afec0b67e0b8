"""What transports have open in each event loop: sockets cannot change loops.

It is closed when its transport is gone, or when its event loop ends in order. A loop that was
closed without that, and one that a fork left behind, is not touched: what was open in it is
forgotten.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import sys
from typing import TYPE_CHECKING, Protocol, TypeAlias
from weakref import ref

from anyio.lowlevel import RunVar

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from openai_http.connections.limits import PoolStats
    from openai_http.transports.routes import Route


class LoopPool(Protocol):
    """The connections of a transport to one server in one event loop."""

    async def aclose(self) -> None:
        """Close them."""
        ...

    def forget(self) -> None:
        """Let go of them without touching their event loop, which is closed."""
        ...

    def stats(self) -> PoolStats:
        """How many there are."""
        ...


LoopPools: TypeAlias = dict["Route | None", LoopPool]
"""None is the key where there is only one, for all servers."""


class Loop:
    """One event loop.

    Attributes:
        abandoned: pools whose transport is gone without having been closed.
    """

    def __init__(self) -> None:
        self._pools: dict[ref[object], LoopPools] = {}
        self.abandoned: list[LoopPools] = []
        self._end: AsyncGenerator[None] | None = None
        self._process = os.getpid()
        try:
            self._key: object = asyncio.get_running_loop()
        except RuntimeError:
            self._key = self  # on trio, which ends every generator itself

    @staticmethod
    async def running() -> Loop:
        """The running one; what was abandoned in it is closed."""
        # Without trio, there is a faster way to know the event loop.
        fast = "trio" not in sys.modules
        loop = _LOOPS.get(asyncio.get_running_loop()) if fast else _LOOP.get(None)
        if loop is None or not loop.is_of_this_process:
            if loop is not None:
                _INHERITED.append(loop)
            _forget_closed_loops()
            loop = Loop()
            _LOOP.set(loop)
            _LOOPS[loop._key] = loop
            loop._end = loop._at_the_end()
            await anext(loop._end)
        while loop.abandoned:
            await aclose_all(loop.abandoned.pop())
        return loop

    def pools_of(self, transport: object) -> LoopPools:
        """The pools of a transport, which are kept as long as someone has it."""
        pools = self._pools.get(ref(transport))
        if pools is None:
            pools = self._pools[ref(transport, self._abandon)] = {}
        return pools

    def existing_pools_of(self, transport: object) -> LoopPools:
        """The same, for one who only looks."""
        return self._pools.get(ref(transport), {}) if self.is_of_this_process else {}

    @property
    def is_of_this_process(self) -> bool:
        """Whether it began here, and not before a fork."""
        return self._process == os.getpid()

    @property
    def was_closed(self) -> bool:
        """Whether it was closed without an end in order."""
        key = self._key
        closed = isinstance(key, asyncio.AbstractEventLoop) and key.is_closed()
        return closed and self.is_of_this_process

    def forget(self) -> None:
        """Let go of everything without touching the event loop."""
        self._end = self._key = None
        for pools in [*self._pools.values(), *self.abandoned]:
            for pool in pools.values():
                pool.forget()
            pools.clear()
        self._pools.clear()
        self.abandoned.clear()

    def _abandon(self, transport: ref[object]) -> None:
        self.abandoned.append(self._pools.pop(transport, {}))

    async def _at_the_end(self) -> AsyncGenerator[None]:
        """Close what is open when the event loop ends: then it ends the generators begun in it."""
        try:
            yield
        finally:
            if self.is_of_this_process:
                _LOOPS.pop(self._key, None)
                self._end = self._key = None  # they would keep the event loop
                for each in [*self._pools.values(), *self.abandoned]:
                    await aclose_all(each)


_LOOP: RunVar[Loop] = RunVar("openai_http.pools")
_LOOPS: dict[object, Loop] = {}
_INHERITED: list[Loop] = []  # of the loops that run in a child as they did in its parent


async def aclose_all(pools: LoopPools) -> None:
    """Close every pool."""
    while pools:
        await pools.popitem()[1].aclose()


def pools_in_all_loops(transport: object) -> Iterator[LoopPool]:
    """The pools of a transport in all event loops of this process."""
    for loop in [*_LOOPS.values()]:
        yield from [*loop.existing_pools_of(transport).values()]


@atexit.register
def _forget_closed_loops() -> None:
    for key, loop in [*_LOOPS.items()]:
        if loop.was_closed:
            _LOOPS.pop(key, None)
            loop.forget()
