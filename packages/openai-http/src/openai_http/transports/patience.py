"""How long a request may still take, for an HTTP library whose limits are those of a client."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from openai_http.timing.timeout import WatchedTimeout

if TYPE_CHECKING:
    from openai_http.timing.timeout import Timeout

_GRACE = 1.0  # seconds after a deadline: then the library ends what could not be broken off


class PartIsOverError(Exception):
    """A part of the request took too long.

    Attributes:
        part: as `Timeout` names it.
    """

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


class Patience:
    """How long a request may still take.

    The library has limits for connecting and for waiting. It has none for writing, and none that
    changes, as that of a call as a whole does.

    Args:
        timeout: of the attempt.

    Attributes:
        own: the limits of the parts.
        total: seconds after which the library itself may end the request; None for no limit.
        is_exact: whether a part was begun, so that its limit is looked at here.
    """

    def __init__(self, timeout: Timeout | None) -> None:
        watched = timeout if isinstance(timeout, WatchedTimeout) else None
        self.own = timeout if watched is None else watched.own
        self._watch = None if watched is None else watched.watch
        self._part = "read"
        self._until: float | None = None
        self.is_exact = False
        rest = None if self._watch is None else self._watch.left_of_deadline()
        self.total = None if rest is None else max(0.0, rest) + _GRACE

    def pool(self) -> float | None:
        """Seconds to wait for a free connection.

        Raises:
            APITimeoutError: the limit of the call is reached.
        """
        own = None if self.own is None else self.own.pool
        return own if self._watch is None else self._watch.limited("pool", own)

    def begin(self, part: str) -> None:
        """A part of the request begins, "read" or "write"; any thread may say so."""
        seconds = self._limit(part)
        self._until = None if seconds is None else time.monotonic() + seconds
        self._part = part
        self.is_exact = True

    def left(self) -> float | None:
        """The seconds that are left now; None for no limit, or one that the library knows.

        Raises:
            PartIsOverError: there are none for this part.
            APITimeoutError: there are none for the call.
        """
        part, until = self._part, self._until
        own = left = None if until is None else until - time.monotonic()
        if self._watch is not None:
            left = self._watch.limited(part, own if self.is_exact else self._limit(part))
        if own is not None and own <= 0:
            raise PartIsOverError(part)
        return left

    def _limit(self, part: str) -> float | None:
        if self.own is None:
            return None
        return self.own.write if part == "write" else self.own.read
