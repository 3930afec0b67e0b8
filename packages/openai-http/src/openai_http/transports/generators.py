"""Asynchronous generators of which the event loop is not told: whoever has them ends them.

An event loop of asyncio that ends closes all generators that it knows at once, and of those that
are nested in each other, it reports that they are running already. The body of a response is such
a nest, of ours around those of an HTTP library; the pools end it from the outside to the inside.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import partial
from types import coroutine
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Generator

T = TypeVar("T")


def begun(generator: AsyncGenerator[T]) -> AsyncGenerator[T]:
    """A generator that ran up to its first `yield`, before which it awaits nothing."""
    hooks = sys.get_asyncgen_hooks()
    sys.set_asyncgen_hooks(_leave, _leave)
    try:
        with suppress(StopIteration):
            next(anext(generator).__await__())
    finally:
        sys.set_asyncgen_hooks(*hooks)
    return generator


@coroutine
def first(pieces: AsyncIterator[T]) -> Generator[object, None, T | None]:
    """The first piece, or None, of generators that all begin before anything is waited for."""
    hooks = sys.get_asyncgen_hooks()
    sys.set_asyncgen_hooks(_leave, _leave)
    try:
        steps = anext(pieces, None).__await__()
        wanted = next(steps)
    except StopIteration as end:
        return end.value
    finally:
        sys.set_asyncgen_hooks(*hooks)
    while True:
        try:
            sent = yield wanted
        except BaseException as error:  # noqa: BLE001 - it is for the generators
            step = partial(steps.throw, error)
        else:
            step = partial(steps.send, sent)
        try:
            wanted = step()
        except StopIteration as end:
            return end.value


def _leave(generator: object) -> None:
    """Nothing: neither as it begins nor as it is collected."""
    del generator
