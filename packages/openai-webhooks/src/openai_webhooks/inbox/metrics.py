"""What an inbox can count: the protocol of its metrics hook.

Decides what is told and when, and that a hook which fails harms nothing. Knows no metrics library.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, ParamSpec, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")

_logger = logging.getLogger("openai_webhooks.inbox")


class InboxMetrics(Protocol):
    """Is told what becomes of events. `type` is that of the event.

    The methods are called by the inbox's own threads and should return at once. What they raise is
    logged and changes nothing.
    """

    def stored(self, type: str) -> None:
        """A new event was stored."""
        ...

    def duplicate(self, type: str) -> None:
        """An event was delivered that was stored before."""
        ...

    def handled(self, type: str, handler: str, seconds: float) -> None:
        """A handler finished."""
        ...

    def failed(self, type: str, handler: str, seconds: float) -> None:
        """A handler raised; it is tried again, unless the event is dead now."""
        ...

    def dead(self, type: str) -> None:
        """An event failed as often as it may."""
        ...


class NoMetrics:
    """Counts nothing."""

    __slots__ = ()

    def stored(self, type: str) -> None:
        """Do nothing."""

    def duplicate(self, type: str) -> None:
        """Do nothing."""

    def handled(self, type: str, handler: str, seconds: float) -> None:
        """Do nothing."""

    def failed(self, type: str, handler: str, seconds: float) -> None:
        """Do nothing."""

    def dead(self, type: str) -> None:
        """Do nothing."""


def tell(method: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
    """Call a method of a user's metrics; log what it raises."""
    try:
        method(*args, **kwargs)
    except Exception:
        _logger.exception("A method of the inbox's metrics raised; it should not")
