"""Telling hooks of an event, in synchronous and in asynchronous code.

A hook cannot break a call: an error of its own is logged, and the call goes on.
"""

from __future__ import annotations

from contextlib import nullcontext
from inspect import isawaitable, iscoroutine
from typing import TYPE_CHECKING

from anyio import CancelScope
from openai_types.functions import name_of

from openai_http.hooks.events import CallEnded
from openai_http.logs import logger

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openai_http.hooks.events import CallEvent
    from openai_http.steps import Tell


def tell(step: Tell) -> None:
    """Tell the hooks of synchronous code."""
    for hook in step.hooks:
        try:
            told = hook(step.event)
            if isawaitable(told):
                if iscoroutine(told):
                    told.close()
                raise TypeError("It has to be awaited, which OpenAI cannot do.")  # noqa: TRY301
        except Exception:  # noqa: BLE001 - whatever it is, it is not the call's
            _report(hook, step.event)


async def tell_async(step: Tell) -> None:
    """Tell the hooks of asynchronous code; the end is told also in a task that is cancelled."""
    is_end = isinstance(step.event, CallEnded)
    for hook in step.hooks:
        try:
            told = hook(step.event)
            if told is not None:
                with CancelScope(shield=True) if is_end else nullcontext():
                    await told
        except Exception:  # noqa: BLE001 - whatever it is, it is not the call's
            _report(hook, step.event)


def tell_all(steps: Iterable[Tell]) -> None:
    """Tell the hooks of synchronous code of what happened, if anything did."""
    for step in steps:
        tell(step)


async def tell_all_async(steps: Iterable[Tell]) -> None:
    """The same for asynchronous code."""
    for step in steps:
        await tell_async(step)


def _report(hook: object, event: CallEvent) -> None:
    words = "The hook %s failed at %s of %s; the call goes on without it."
    logger.exception(words, name_of(hook), type(event).__name__, event.call.operation)
