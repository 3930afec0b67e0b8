"""Loops over streams: one that is left, by a `break` or an exception, lets go of the connection.

A `for` loop asks for an iterator and drops it when it is left, however it is left. So each loop
has one of its own, and the end of the iterator before the end of the stream is the end of both.
`next(stream)` involves none of this. Nor does a loop in the `__next__` or `__anext__` of another
iterator, which takes an event, returns, and begins another loop when it is asked for the next.
"""

from __future__ import annotations

import sys
from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar
from weakref import finalize

from openai_types.errors import OpenAIError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any, Self

T = TypeVar("T")

_STEPS = ("__next__", "__anext__")


class Ready(Generic[T]):
    """What is decoded and not taken yet, of a stream over which loops go."""

    def __init__(self) -> None:
        self._ready: deque[T] = deque()
        self._ended = False
        self._is_left = False

    def _leave(self) -> None:
        """A loop over the stream is over; called by the finalizer of its iterator."""
        if (not self._ended or self._ready) and not _is_step_of_an_iterator():
            self._is_left = True
            self._abandon()

    def _abandon(self) -> None:
        """Let go of everything at once, without waiting; also in the garbage collector."""
        raise NotImplementedError

    def _check_not_left(self) -> None:
        if self._is_left:
            raise OpenAIError(
                "A loop over this stream was left before its end, which closed it. To go on after"
                " a loop, keep its iterator: events = iter(stream), or aiter(stream); or call"
                " next(stream)."
            )


def _is_step_of_an_iterator() -> bool:
    """Whether the loop that is over was in a step of another iterator."""
    finalizer = sys._getframe(2)  # noqa: SLF001 - nothing else tells who left the loop
    return finalizer.f_back is not None and finalizer.f_back.f_code.co_name in _STEPS


class Iteration(Generic[T]):
    """A loop over a stream."""

    __slots__ = ("__weakref__", "_advance")

    def __init__(self, advance: Callable[[], T], leave: Callable[[], None]) -> None:
        self._advance = advance
        finalize(self, leave).atexit = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> T:
        return self._advance()


class AsyncIteration(Generic[T]):
    """The same for asynchronous code."""

    __slots__ = ("__weakref__", "_advance")

    # Any: what a coroutine yields and is sent is the business of the event loop.
    def __init__(
        self, advance: Callable[[], Coroutine[Any, Any, T]], leave: Callable[[], None]
    ) -> None:
        self._advance = advance
        finalize(self, leave).atexit = False

    def __aiter__(self) -> Self:
        return self

    def __anext__(self) -> Coroutine[Any, Any, T]:
        return self._advance()
