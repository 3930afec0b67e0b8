"""The limits of requests and tokens that a server tells in the headers of an answer.

Knows the names and the units of the providers; nothing of what is done when a limit is near.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is allowed of one thing; None where the server does not say.

    Attributes:
        limit: how many in a period.
        remaining: how many are left of it.
        reset: the time from the answer until all are there again.
    """

    limit: int | None = None
    remaining: int | None = None
    reset: timedelta | None = None


_UNKNOWN = Allowance()


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The limits that a server told in the headers of an answer.

    Attributes:
        requests, tokens: those of the organization or the key.
        project_requests, project_tokens: those of the project.
    """

    requests: Allowance = _UNKNOWN
    tokens: Allowance = _UNKNOWN
    project_requests: Allowance = _UNKNOWN
    project_tokens: Allowance = _UNKNOWN


# The names of what is limited, with {} for "limit", "remaining" or "reset", the best first: those
# of OpenAI, Azure, Groq and others; of Cerebras, by the period; of Anthropic; and of those who
# limit requests only.
_NAMES = {
    "requests": (
        "x-ratelimit-{}-requests",
        "x-ratelimit-{}-requests-minute",
        "x-ratelimit-{}-requests-day",
        "anthropic-ratelimit-requests-{}",
        "x-ratelimit-{}",
        "ratelimit-{}",
    ),
    "tokens": (
        "x-ratelimit-{}-tokens",
        "x-ratelimit-{}-tokens-minute",
        "anthropic-ratelimit-tokens-{}",
    ),
    "project_requests": ("x-ratelimit-{}-project-requests",),
    "project_tokens": ("x-ratelimit-{}-project-tokens",),
}

_DURATION = re.compile(r"(?:(\d+(?:\.\d+)?)(ms|us|µs|ns|d|h|m|s))")
_UNITS = {
    "d": 86_400.0,
    "h": 3_600.0,
    "m": 60.0,
    "s": 1.0,
    "ms": 1e-3,
    "us": 1e-6,
    "µs": 1e-6,
    "ns": 1e-9,
}
_A_DATE = 1e9  # as seconds, more than thirty years: such a number is a date in seconds …
_IN_MILLISECONDS = 1e11  # … or in milliseconds, both since the epoch


def read_rate_limit(headers: Mapping[str, str]) -> RateLimit | None:
    """The limits in the headers of an answer, found by lower-case names; None if it has none."""
    found = {
        kind: allowance
        for kind, names in _NAMES.items()
        if (allowance := _allowance(headers, names)) != _UNKNOWN
    }
    return RateLimit(**found) if found else None


def _allowance(headers: Mapping[str, str], names: tuple[str, ...]) -> Allowance:
    def first(part: str, read: Callable[[str], T | None]) -> T | None:
        """The part by the first of the names that has a value that can be read."""
        texts = (headers.get(name.format(part)) for name in names)
        values = (read(text) for text in texts if text is not None)
        return next((value for value in values if value is not None), None)

    return Allowance(
        limit=first("limit", _count),
        remaining=first("remaining", _count),
        reset=first("reset", lambda text: _reset(text, headers)),
    )


def _count(text: str) -> int | None:
    """A number, of which `100, 100;w=60` has the first."""
    found = re.match(r"\s*(\d{1,18})(?:\.\d+)?\s*(?:[,;]|$)", text)
    return int(found[1]) if found else None


def _reset(text: str, headers: Mapping[str, str]) -> timedelta | None:
    """A duration ("6m0s"), seconds ("1.5"), or a date (of ISO 8601, HTTP or the epoch)."""
    text = text.strip()
    try:
        seconds = _seconds(text)
        if seconds is None:
            return _until(_date(text), headers)
        if seconds < _A_DATE:
            return timedelta(seconds=seconds)
        since = seconds / 1000 if seconds > _IN_MILLISECONDS else seconds
        return _until(datetime.fromtimestamp(since, UTC), headers)
    except (ValueError, OverflowError, OSError):
        return None


def _seconds(text: str) -> float | None:
    if re.fullmatch(r"\d{1,18}(?:\.\d{1,18})?", text):
        return float(text)
    parts = _DURATION.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return None
    return sum(float(number) * _UNITS[unit] for number, unit in parts)


def _date(text: str) -> datetime:
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        from email.utils import parsedate_to_datetime

        date = parsedate_to_datetime(text)
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _until(date: datetime, headers: Mapping[str, str]) -> timedelta:
    """The time until a date, by the server's clock if the answer tells it."""
    try:
        now = _date(headers.get("date", ""))
    except ValueError:
        now = datetime.now(UTC)
    return max(date - now, timedelta(0))
