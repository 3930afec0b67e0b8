"""Deadlines: a limit for everything that a call does, or that all calls of a block do.

The limit of a block is a context variable, so nested calls, tasks and threads that copy the context
inherit it. Where several limits hold, the nearest wins. What enforces it is in `watch`.
"""

from __future__ import annotations

import math
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, TypeAlias, TypeGuard

from openai_types.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    Clock: TypeAlias = Callable[[], float]

LONGEST = 2_000_000  # seconds, three weeks: sockets and clocks of some systems take no more


@dataclass(frozen=True, slots=True)
class Deadline:
    """A point in time.

    Attributes:
        at: by the clock of the calls, which is `time.perf_counter`.
        seconds: how far away it was when it was set.
        source: as the user wrote it.
    """

    at: float
    seconds: float
    source: str


_CURRENT: ContextVar[Deadline | None] = ContextVar("openai_http.deadline", default=None)


@contextmanager
def deadline(seconds: float) -> Generator[None]:
    """Give all calls that are made in a `with` block this many seconds together.

    It works in synchronous and asynchronous code, and covers all that the calls wait for: a free
    connection, the network, every attempt and the time between attempts, and bodies and streams of
    calls that began in the block. A block inside of another never extends it.

    Raises:
        InvalidArgumentError: the number cannot work.
        DeadlineExceededError: a call in the block was not done in time.
    """
    check_seconds("deadline", seconds)
    made = Deadline(perf_counter() + seconds, seconds, f"with deadline({seconds:g})")
    token = _CURRENT.set(nearest(made, _CURRENT.get()))
    try:
        yield
    finally:
        _CURRENT.reset(token)


def current_deadline() -> Deadline | None:
    """The nearest deadline of the blocks around."""
    return _CURRENT.get()


def nearest(one: Deadline | None, other: Deadline | None) -> Deadline | None:
    """That of two deadlines that comes first."""
    if one is None or other is None:
        return one or other
    return one if one.at <= other.at else other


def check_seconds(name: str, seconds: object) -> None:
    """Refuse what is no limit in seconds.

    Raises:
        InvalidArgumentError: it is not.
    """
    if not (is_seconds(seconds) and seconds <= LONGEST):
        raise InvalidArgumentError(f"{name} is {seconds!r}. Pass seconds, from 0 to {LONGEST}.")


def is_seconds(value: object) -> TypeGuard[float]:
    """Whether a value is a time to wait, were it as long as it likes."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value < math.inf
