"""Coroutines that another runtime goes on with, awaited in threads and in any event loop.

A coroutine of pyreqwest waits for work in threads of Rust. It asks asyncio for the running event
loop, and for a future of that, to be woken. A waiter is both, so that it is woken without asyncio,
too: a thread waits as long as it likes, can be interrupted, and any other thread can end the wait.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeVar, cast

import anyio

from openai_http.transports.pools import calling_soon

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

T = TypeVar("T")

_WAITS = object()


class Waiter:
    """Whoever awaits the coroutines of one request, one after another.

    Attributes:
        gone: ends what the coroutines worked on; called once it is broken off and none runs.
    """

    def __init__(self) -> None:
        self.gone: Callable[[], object] | None = None
        self._awaits = self._is_broken_off = self._is_woken = False

    def wake(self) -> None:
        """Have the coroutine looked at again; called from any thread."""
        raise NotImplementedError

    def break_off(self) -> None:
        """End the wait, and what is waited for, from any thread; harmless when repeated."""
        # Whoever awaits sets the second before it looks at the first: one of both sees the other.
        self._is_broken_off = True
        if self._awaits:
            self.wake()
        else:
            self._let_go()

    def step(self, coroutine: Coroutine[object, None, T]) -> T:
        """Let a coroutine run until it waits. Its result, or `_WAITS`."""
        before = asyncio._get_running_loop()  # noqa: SLF001 - for those who write event loops
        asyncio._set_running_loop(cast("asyncio.AbstractEventLoop", self))  # noqa: SLF001
        try:
            while coroutine.send(None) is None:
                pass  # it was woken before it had asked for a future
        except StopIteration as end:
            return end.value
        finally:
            asyncio._set_running_loop(before)  # noqa: SLF001
        return cast("T", _WAITS)

    def check(self) -> None:
        """Refuse to go on if it is broken off."""
        if self._is_broken_off:
            raise ConnectionAbortedError("it was broken off here")

    def _end(self, coroutine: Coroutine[object, None, object]) -> None:
        coroutine.close()
        self._awaits = False
        if self._is_broken_off:
            self._let_go()

    def _let_go(self) -> None:
        gone, self.gone = self.gone, None
        if gone is not None:
            gone()

    # What a coroutine calls of an event loop and of a future, also in threads of Rust.

    def create_future(self) -> Waiter:
        """Something to yield until it is done."""
        self._is_woken = False
        return self

    def call_soon_threadsafe(self, callback: Callable[..., object], *args: object) -> None:
        """Make what was created done."""
        callback(*args)

    def is_closed(self) -> bool:
        """Whether nothing can be called any more."""
        return False

    def done(self) -> bool:
        """Whether it has its result."""
        return self._is_woken

    def set_result(self, _: object) -> None:
        """Make it done, with a result of no interest."""
        self._is_woken = True
        self.wake()

    def __iter__(self) -> Iterator[Waiter]:
        yield self


class ThreadWaiter(Waiter):
    """A thread."""

    def __init__(self) -> None:
        super().__init__()
        self._calls = SimpleQueue[None]()

    def wake(self) -> None:
        """Have the coroutine looked at again."""
        self._calls.put(None)

    def complete(
        self, coroutine: Coroutine[object, None, T], left: Callable[[], float | None]
    ) -> T:
        """The result of a coroutine.

        Args:
            coroutine: which is closed in any case.
            left: the seconds that it may still take, None for no limit. What it raises ends it.
        """
        self._awaits = True
        try:
            self.check()
            while (result := self.step(coroutine)) is _WAITS:
                with suppress(Empty):
                    self._calls.get(timeout=left())
                self.check()
            return result
        finally:
            self._end(coroutine)


class TaskWaiter(Waiter):
    """A task of an event loop, asyncio's or trio's."""

    def __init__(self) -> None:
        super().__init__()
        self._soon = calling_soon()
        self._call = anyio.Event()

    def wake(self) -> None:
        """Have the coroutine looked at again."""
        with suppress(RuntimeError):  # the event loop is closed: nobody waits in it
            self._soon(self._set)

    def _set(self) -> None:
        self._call.set()

    async def complete(
        self, coroutine: Coroutine[object, None, T], left: Callable[[], float | None]
    ) -> T:
        """The same for asynchronous code."""
        self._awaits = True
        try:
            self.check()
            while (result := self.step(coroutine)) is _WAITS:
                await self._wait(left())
                self.check()
            return result
        finally:
            self._end(coroutine)

    async def _wait(self, seconds: float | None) -> None:
        if seconds is None:
            await self._call.wait()
        else:
            with anyio.move_on_after(seconds):
                await self._call.wait()
        self._call = anyio.Event()
