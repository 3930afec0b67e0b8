"""When to send a request again, and after how long: decisions on the log of attempts alone.

No clock of its own; nothing is sent or waited for here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openai_types.errors import InvalidArgumentError, InvalidTypeError, OpenAIError

from openai_http.timing.deadlines import LONGEST, check_seconds, is_seconds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openai_types.attempts import Attempt

DEFAULT_MAX_RETRIES = 2

# 408 and 409 (a lock that timed out) and 429 pass; what the server got wrong may pass.
_RETRIED = frozenset({408, 409, 429})
_SERVER_FAILURES = 500
_MOST_DOUBLINGS = 64  # far past any ceiling; a larger power would overflow one day


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Whether a request that failed is sent again, and when.

    Connection errors, timeouts, and the statuses 408, 409, 429 and from 500 are tried again; what
    cannot succeed (no credit, a wrong key, a context that is too long) is not. The server's word
    counts: `x-should-retry`, `retry-after-ms` and `retry-after`. Override `decide` for rules of
    your own.

    Args:
        max_retries: how many times a request is sent again.
        initial_delay: seconds to wait after the first failure; doubled after each that follows.
        max_delay: seconds, the ceiling of delays that no server asked for.
        jitter: the share, from 0 to 1, by which such a delay may be cut at random, so that clients
            do not come back all at once.
        max_retry_after: seconds; a server that asks for a longer wait ends the call with its error.
        resend_unknown: send again where nobody knows whether the server did what it was asked for:
            the connection broke after the request was on its way. False rather fails than pays or
            does something twice; what was certainly never sent is still tried again.

    Raises:
        OpenAIError: a number cannot work.
    """

    max_retries: int = DEFAULT_MAX_RETRIES
    initial_delay: float = 0.5
    max_delay: float = 8.0
    jitter: float = 0.25
    max_retry_after: float = 120.0
    resend_unknown: bool = True

    def __post_init__(self) -> None:
        given = self.max_retries
        if isinstance(given, bool) or not isinstance(given, int):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidTypeError(
                f"max_retries cannot be {given!r}. Pass how many times a failed request is sent"
                " again: 0 or more."
            )
        if given < 0:
            raise InvalidArgumentError(f"max_retries is {given!r}. Pass 0 or more.")
        for name in ("initial_delay", "max_delay", "max_retry_after"):
            check_seconds(name, getattr(self, name))
        if not (is_seconds(self.jitter) and self.jitter <= 1):
            raise InvalidArgumentError(f"jitter is {self.jitter!r}. Pass a share from 0 to 1.")

    def decide(self, attempts: Sequence[Attempt]) -> float | None:
        """The seconds to wait before the next attempt; None if there is to be none.

        Args:
            attempts: those so far, all failed; the last one has just ended.
        """
        last = attempts[-1]
        if len(attempts) > self.max_retries or not self.may_succeed(last):
            return None
        if last.retry_after is None:
            return self.backoff(len(attempts))
        return last.retry_after if last.retry_after <= self.max_retry_after else None

    def may_succeed(self, attempt: Attempt) -> bool:
        """Whether a failed attempt is worth another; the server's own word comes first."""
        if attempt.permanent:
            return False
        if attempt.outcome != "answered":
            return self.resend_unknown or attempt.outcome == "never_sent"
        if attempt.should_retry is not None:
            return attempt.should_retry
        status = attempt.status or 0
        return status in _RETRIED or status >= _SERVER_FAILURES

    def backoff(self, failures: int) -> float:
        """The seconds to wait after this many failures: doubling, up to a ceiling, less jitter."""
        from random import random  # its import is not for a client that is only being made

        longest = min(
            self.initial_delay * 2.0 ** min(failures - 1, _MOST_DOUBLINGS), self.max_delay
        )
        return longest * (1 - self.jitter * random())  # noqa: S311 - no secret


def policy_of(given: RetryPolicy | int) -> RetryPolicy:
    """A policy; a number is that of retries.

    Raises:
        OpenAIError: it is neither.
    """
    if isinstance(given, RetryPolicy):
        return given
    if isinstance(given, bool) or not isinstance(given, int):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InvalidTypeError(
            f"retry cannot be {given!r}. Pass a RetryPolicy(...), or how many times a failed"
            " request is sent again."
        )
    return RetryPolicy(max_retries=given)


def checked_wait(seconds: float | None) -> float | None:
    """What a policy decided.

    Raises:
        OpenAIError: one of a user's own is wrong.
    """
    if seconds is not None and not (is_seconds(seconds) and seconds <= LONGEST):
        raise OpenAIError(
            f"The retry policy decided to wait {seconds!r}. decide() gives seconds, from 0 to"
            f" {LONGEST}, or None for no further attempt."
        )
    return seconds


def should_retry(headers: Mapping[str, str]) -> bool | None:
    """What the server says of another attempt; None if it says nothing, or nothing sensible."""
    return {"true": True, "false": False}.get(headers.get("x-should-retry", ""))


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
    from datetime import UTC
    from email.utils import parsedate_to_datetime

    try:
        date = parsedate_to_datetime(text)
        # The old forms of dates have no zone; all dates of HTTP are in UTC.
        seconds = (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now
    except (ValueError, OverflowError):
        return None
    return seconds if seconds > 0 else None  # a date is past where one of the clocks is wrong


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if is_seconds(number) else None
