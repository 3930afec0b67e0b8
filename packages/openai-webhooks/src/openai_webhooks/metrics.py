"""What a receiver can count: the protocol of the metrics hook.

Decides what is told and when. Knows no metrics library: three short methods connect any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from openai_webhooks.errors import RefusalReason


class WebhookMetrics(Protocol):
    """Is told of each request that a `Webhook` checks: first `received`, then one of the others.

    The methods are called in the thread of the request and should return at once. What they raise
    reaches the receiver's code, so they should not raise.
    """

    def received(self) -> None:
        """A request came, whoever sent it."""
        ...

    def accepted(self) -> None:
        """It is proven to come from OpenAI; its payload may still be unreadable."""
        ...

    def refused(self, reason: RefusalReason) -> None:
        """It is not, or is too large."""
        ...


class NoMetrics:
    """Counts nothing."""

    __slots__ = ()

    def received(self) -> None:
        """Do nothing."""

    def accepted(self) -> None:
        """Do nothing."""

    def refused(self, reason: RefusalReason) -> None:
        """Do nothing."""
