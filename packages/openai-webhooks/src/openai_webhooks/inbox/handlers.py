"""Which handlers there are, what they are called and which events they are for.

Decides names, under which completions are recorded and which must therefore stay the same from one
start to the next, and the order of the handlers of an event: that of their registration.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from openai_webhooks.inbox.errors import InboxConfigurationError

# Any: which event a handler takes is checked where it is registered, by `Registration.on`.
AnyHandler: TypeAlias = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Handler:
    """A registered handler.

    Attributes:
        name: Under which its completions are recorded.
        types: The types of event that it is for; None for all.
        call: The function.
        is_async: Whether what it returns is awaited.
        in_transaction: Whether it writes in the transaction that records its completion.
    """

    name: str
    types: frozenset[str] | None
    call: AnyHandler
    is_async: bool
    in_transaction: bool


class Handlers:
    """The handlers of an inbox."""

    def __init__(self) -> None:
        self._by_name: dict[str, Handler] = {}

    def add(
        self,
        call: AnyHandler,
        types: tuple[str, ...],
        *,
        name: str | None,
        in_transaction: bool = False,
    ) -> None:
        """Register a handler.

        Raises:
            InboxConfigurationError: It has no name, or one that is taken, or it cannot be called.
        """
        if not all(isinstance(each, str) for each in types):  # pyright: ignore[reportUnnecessaryIsInstance] - as in "on(handler)"
            raise InboxConfigurationError(
                "on() takes the types of events, as in @inbox.on('response.completed'); for all "
                "of them write @inbox.on(), with the parentheses"
            )
        chosen = name or _name(call)
        if chosen in self._by_name:
            raise InboxConfigurationError(
                f"There is a handler called {chosen!r} already. Completions are recorded by this "
                "name: give one of the two another, as in on(..., name='notify customer')."
            )
        is_async = _is_async(call)
        if is_async and in_transaction:
            raise InboxConfigurationError(
                f"The handler {chosen!r} is asynchronous; one that shares the transaction of the "
                "store must be a plain function."
            )
        self._by_name[chosen] = Handler(
            chosen, frozenset(types) or None, call, is_async, in_transaction
        )

    def plan(self, type: str) -> list[str]:
        """The names of the handlers of a type of event, in their order."""
        return [
            each.name for each in self._by_name.values() if each.types is None or type in each.types
        ]

    def __getitem__(self, name: str) -> Handler:
        return self._by_name[name]

    def __len__(self) -> int:
        return len(self._by_name)

    @property
    def types(self) -> frozenset[str]:
        """The types of event that handlers name."""
        return frozenset[str]().union(*(each.types or () for each in self._by_name.values()))

    @property
    def any_in_transaction(self) -> bool:
        """Whether a handler needs a store with transactions."""
        return any(each.in_transaction for each in self._by_name.values())


def _name(call: AnyHandler) -> str:
    function = call.func if isinstance(call, functools.partial) else call
    qualified = getattr(function, "__qualname__", None)
    if qualified is None or "<lambda>" in qualified:
        raise InboxConfigurationError(
            f"{call!r} has no name under which its completions could be recorded. Give it one, as "
            "in on(..., name='notify customer')."
        )
    return f"{function.__module__}.{qualified}"


def _is_async(call: AnyHandler) -> bool:
    return inspect.iscoroutinefunction(call) or inspect.iscoroutinefunction(
        getattr(call, "__call__", None)  # noqa: B004 - an object whose call is asynchronous
    )
