"""What exchanges of all HTTP libraries have in common: a connection that is lent, and its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from openai_http.messages import Response
    from openai_http.transports.pools import Loan

C = TypeVar("C")

MOMENT = 0.002  # seconds to wait for the end of a body of which nobody wants more


class Receiving(Generic[C]):
    """A response that is being received with a connection of a pool.

    Args:
        response: the head.
        owner: whose connections are closed when nobody has it any more.
    """

    __slots__ = ("__weakref__", "_ends", "_loan", "_owner", "_whole", "response")

    def __init__(self, response: Response, owner: object) -> None:
        self.response = response
        self._owner = owner
        self._loan: Loan[C] | None = None
        self._whole = self._ends = False

    def expect_end(self) -> None:
        """Nothing but its end is wanted of the body: wait a moment for it, then close."""
        self._ends = True

    def abort(self) -> None:
        """Break the connection off, from any thread."""
        if self._loan is not None:
            self._loan.abort()

    def abandon(self, chunks: Iterator[bytes] | AsyncIterator[bytes] | None) -> None:
        """Break the connection off because nobody reads it any more."""
        if self._loan is not None:
            self._loan.lose(chunks)
