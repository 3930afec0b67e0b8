"""Which handler answers which operation.

Decides only that: handlers are functions in the modules of `openai_mock.handlers`, and what has
none of its own is answered by its shape.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

from openai_types.catalogue import operations

from openai_mock.calls import Call
from openai_mock.errors import MockServerError
from openai_mock.replies import Reply
from openai_mock.world import World

if TYPE_CHECKING:
    from collections.abc import Mapping

Handler: TypeAlias = Callable[[Call, World], Reply]
"""Answers a call; refuses it by raising a `Refusal`. It must not wait: all calls share a thread."""

_handlers: dict[str, Handler] = {}


def handles(*names: str) -> Callable[[Handler], Handler]:
    """Register the handler of operations, by their names in the catalogue.

    Raises:
        MockServerError: There is no such operation, or it has another handler.
    """

    def registered(handler: Handler) -> Handler:
        for name in names:
            if name not in operations():
                raise MockServerError(f"There is no operation '{name}'. See operations.json.")
            if _handlers.setdefault(name, handler) is not handler:
                raise MockServerError(f"'{name}' has a handler already. Remove one of the two.")
        return handler

    return registered


@cache
def handlers() -> Mapping[str, Handler]:
    """The handlers of all modules in `openai_mock.handlers`, by operation."""
    from openai_mock import handlers as package

    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        import_module(module.name)
    return _handlers
