"""What a call tried before it ended: a log of plain data, which errors carry.

It holds no exception and no request, so it can be kept, pickled and written to a log.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Outcome: TypeAlias = Literal["never_sent", "unknown", "answered"]
"""Whether the server did what it was asked for: it certainly did not get the request; nobody knows,
because the connection failed on the way; or it answered, with success or an error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt of a call.

    Attributes:
        number: 1 for the first.
        started: seconds from the beginning of the call.
        seconds: how long it took.
        outcome: whether the server got the request, as far as it can be known.
        status: of the answer, if there was one; also of one whose body broke off.
        error: the name of the error's class; None for a success.
        code: the error's code, like "insufficient_quota", if the server gave one.
        permanent: whether another attempt of the same request cannot succeed.
        should_retry: what the server said of it in `x-should-retry`; None if nothing.
        retry_after: seconds that the server asked to wait; None if it did not.
        waited: seconds between this attempt and the next.
    """

    number: int
    started: float
    seconds: float
    outcome: Outcome
    status: int | None = None
    error: str | None = None
    code: str | None = None
    permanent: bool = False
    should_retry: bool | None = None
    retry_after: float | None = None
    waited: float = 0.0

    def __str__(self) -> str:
        ended = self.error or "success"
        if self.status is not None:
            ended = f"{self.status}" if self.outcome == "answered" else f"{self.status}, {ended}"
        wait = f", waiting {self.waited:.1f} s" if self.waited else ""
        return f"attempt {self.number}: {self.seconds:.1f} s ({ended}){wait}"
