"""When to send a request again, and after how long: decisions on numbers and headers alone.

No clock and no randomness of its own; nothing is sent or waited for here.
"""

from __future__ import annotations

import math
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

INITIAL_DELAY = 0.5  # seconds
MAX_DELAY = 8.0  # seconds, for delays that nobody asked for
MAX_RETRY_AFTER = 120.0  # seconds; who is to wait longer is better told so
JITTER = 0.25  # a delay is cut by up to this share, so that clients do not come back all at once

# 408 and 409 (a lock that timed out) and 429 pass; what the server got wrong may pass.
_RETRIED = frozenset({408, 409, 429})
_SERVER_FAILURES = 500


def may_retry(status: int, headers: Mapping[str, str]) -> bool:
    """Whether an answer is worth another attempt; the server's own word comes first."""
    told = headers.get("x-should-retry")
    if told in {"true", "false"}:
        return told == "true"
    return status in _RETRIED or status >= _SERVER_FAILURES


def retry_after(headers: Mapping[str, str], *, now: float) -> float | None:
    """The seconds that the server asks to wait; None if it does not say, or not sensibly.

    Args:
        headers: of the answer. `retry-after-ms` is finer than `retry-after` of RFC 9110, section
            10.2.3, which has seconds or a date.
        now: the time in seconds since the epoch.
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    text = headers.get("retry-after")
    seconds = _number(text)
    if seconds is not None or text is None:
        return seconds
    try:
        date = parsedate_to_datetime(text)
        # The old forms of dates have no zone; all dates of HTTP are in UTC.
        return max(0.0, (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def backoff(attempt: int, *, random: float) -> float:
    """The seconds to wait after a failed attempt: doubling from attempt to attempt, less jitter.

    Args:
        attempt: how many attempts came before this one.
        random: a random number from 0 to 1.
    """
    doublings = min(attempt, 10)  # far past the ceiling; a larger power would overflow one day
    return min(INITIAL_DELAY * 2.0**doublings, MAX_DELAY) * (1 - JITTER * random)


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
