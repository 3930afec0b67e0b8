"""Loops over what is in the events of a stream, such as pieces of text, instead of over the events.

They leave the stream as loops over it do: at once, however they are left. A generator would be
left to the garbage collector, and an asynchronous one to the event loop.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
    from typing import Self

D = TypeVar("D")
R = TypeVar("R")


class Selection(Generic[D, R]):
    """What a function finds in events; the loop over these begins with the first step.

    Args:
        events: a stream.
        select: gives what is in one event.
    """

    __slots__ = ("_events", "_loop", "_ready", "_select")

    def __init__(self, events: Iterable[D], select: Callable[[D], Iterable[R]]) -> None:
        self._events = events
        self._select = select
        self._loop: Iterator[D] | None = None
        self._ready: deque[R] = deque()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> R:
        if self._loop is None:
            self._loop = iter(self._events)
        while not self._ready:
            self._ready.extend(self._select(next(self._loop)))
        return self._ready.popleft()


class AsyncSelection(Generic[D, R]):
    """The same for asynchronous code."""

    __slots__ = ("_events", "_loop", "_ready", "_select")

    def __init__(self, events: AsyncIterable[D], select: Callable[[D], Iterable[R]]) -> None:
        self._events = events
        self._select = select
        self._loop: AsyncIterator[D] | None = None
        self._ready: deque[R] = deque()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> R:
        if self._loop is None:
            self._loop = aiter(self._events)
        while not self._ready:
            self._ready.extend(self._select(await anext(self._loop)))
        return self._ready.popleft()
