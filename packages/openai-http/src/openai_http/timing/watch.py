"""The limits of one call beyond those of its parts: what is left, and where the time went.

Decides which limit is the nearest, and what its error says. It reads a clock that it is given, and
does not wait itself: transports and exchanges ask it before each operation that can block.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_stream.errors import StreamStalledError

from openai_http.errors import DeadlineExceededError
from openai_http.sentinels import NOT_GIVEN, is_given
from openai_http.timing.deadlines import Deadline, check_seconds, current_deadline, nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from openai_types.attempts import Attempt
    from openai_types.errors import APIError

    from openai_http.messages import Request
    from openai_http.requests import CallOptions
    from openai_http.settings import Settings
    from openai_http.timing.deadlines import Clock

FIRST_EVENT = "first_event_timeout"
IDLE = "idle_timeout"

_DOING = {
    "pool": "waiting for a free connection",
    "connect": "connecting",
    "write": "sending the request",
    "read": "waiting for the answer",
}
_BEFORE_SENDING = {_DOING["pool"], _DOING["connect"]}


def watch_for(
    request: Request, settings: Settings, options: CallOptions, *, events: bool, clock: Clock
) -> Watch | None:
    """What watches over a call; None if it has no limits as a whole.

    Args:
        request: of the call.
        settings: of the client.
        options: of the call, which go before the client's settings.
        events: whether its body is a stream of events.
        clock: `time.perf_counter`, or one of a test.

    Raises:
        OpenAIError: a limit cannot work.
    """
    is_usual = not events and options.deadline is NOT_GIVEN and settings.deadline is None
    if is_usual and current_deadline() is None:
        return None
    seconds = _chosen("deadline", options.deadline, settings.deadline)
    first = idle = None
    if events:
        first = _chosen(FIRST_EVENT, options.first_event_timeout, settings.first_event_timeout)
        idle = _chosen(IDLE, options.idle_timeout, settings.idle_timeout)
    if seconds is None and first is None and idle is None and current_deadline() is None:
        return None
    own = None if seconds is None else Deadline(clock() + seconds, seconds, f"deadline={seconds:g}")
    return Watch(request, deadline=own, first_event=first, idle=idle, clock=clock)


def _chosen(name: str, own: float | None, general: float | None) -> float | None:
    if not is_given(own):
        return general
    if own is not None:
        check_seconds(name, own)
    return own


class Watch:
    """Watches over one call.

    Args:
        request: of the call, for messages.
        deadline: of the call; those of the blocks around count all the same.
        first_event: seconds from the beginning of the call to the first event of its stream.
        idle: seconds between two events of the stream.
        clock: `time.perf_counter`, or one of a test.

    Attributes:
        log: the attempts of the call that have ended.
        binding: whether the last limit that was asked for was one of this call, not of a part.
    """

    def __init__(
        self,
        request: Request,
        *,
        deadline: Deadline | None,
        first_event: float | None = None,
        idle: float | None = None,
        clock: Clock,
    ) -> None:
        self._request = request
        self._deadline = deadline
        self._first_event = first_event
        self._idle = idle
        self._clock = clock
        self._began = self._attempt_began = self._idle_since = clock()
        self._doing = ""
        self._answered = False
        self._count: Callable[[], int] | None = None
        self._seen = 0
        self.log: list[Attempt] = []
        self.binding = False

    def begin_attempt(self) -> None:
        """An attempt begins now."""
        self._attempt_began = self._idle_since = self._clock()
        self._answered = False
        self._doing = ""

    def end_attempt(self) -> None:
        """An attempt has failed: until the next one nobody waits for an event."""
        self._answered = False

    def begin_body(self) -> None:
        """The head of the answer has come."""
        self._idle_since = self._clock()
        self._answered = True
        self._doing = "receiving the answer"

    def count_events(self, count: Callable[[], int]) -> None:
        """Count the events of the stream so: only they re-arm its limits, bytes do not."""
        self._count = count

    def begin_read(self) -> None:
        """More of the body is waited for; what its reader did until now is not the server's."""
        if self._count is not None and (events := self._count()) != self._seen:
            self._seen = events
            self._idle_since = self._clock()

    def left(self) -> float | None:
        """The seconds to the nearest limit, not positive if it is behind; None if there is none."""
        limit = self._nearest()
        return None if limit is None else limit.at - self._clock()

    def left_of_deadline(self) -> float | None:
        """The seconds to the nearest deadline, whatever limits the events of a stream have."""
        limit = nearest(self._deadline, current_deadline())
        return None if limit is None else limit.at - self._clock()

    def check(self) -> None:
        """Refuse to go on past a limit.

        Raises:
            DeadlineExceededError: the deadline is behind.
            StreamStalledError: another limit of the stream is.
        """
        left = self.left()
        if left is not None and left <= 0:
            raise self.exceeded()

    def limited(self, part: str, limit: float | None) -> float | None:
        """The seconds that a part of the call may take now, as `Timeout` names the parts.

        Raises:
            DeadlineExceededError, StreamStalledError: none at all.
        """
        if part != "read" or not self._answered:
            self._doing = _DOING.get(part, "")
        left = self.left()
        if left is not None and left <= 0:
            raise self.exceeded()
        self.binding = left is not None and (limit is None or left < limit)
        return left if self.binding else limit

    def exceeded(self, *, wait: float | None = None) -> APIError:
        """The error of a call that a limit ends; `wait` is what it would have had to wait."""
        limit = self._nearest()
        spent = self._spent(wait)
        error: APIError
        if limit is None or limit.source not in {FIRST_EVENT, IDLE}:
            given = limit or Deadline(0, 0, "deadline")
            error = DeadlineExceededError(
                self._request.without_secrets(),
                message=f"{self._request.endpoint} was not done within its deadline of"
                f" {given.seconds:g} s ({given.source}). It took {spent}. Give it more time, or"
                " fewer retries.",
                seconds=given.seconds,
            )
            if wait is None and self._doing in _BEFORE_SENDING:
                error.outcome = "never_sent"
        else:
            what = "The first event" if limit.source == FIRST_EVENT else "Another event"
            error = StreamStalledError(
                f"{self._request.endpoint}: {what} did not come within {limit.seconds:g} s"
                f" ({limit.source}), after {self._seen} events. It took {spent}. What arrived is in"
                " .events; send the request again, or give it more time.",
                self._request.without_secrets(),
                limit=limit.source,
                seconds=limit.seconds,
            )
        error.attempts = tuple(self.log)
        return error

    def _nearest(self) -> Deadline | None:
        return nearest(nearest(self._deadline, current_deadline()), self._stream_limit())

    def _stream_limit(self) -> Deadline | None:
        """The limit of a stream that holds now."""
        if self._answered and self._count is None:
            return None  # the user reads bytes, of which nobody knows whether they are events
        if self._first_event is not None and not self._seen:
            return Deadline(self._began + self._first_event, self._first_event, FIRST_EVENT)
        if self._idle is not None and self._answered:
            return Deadline(self._idle_since + self._idle, self._idle, IDLE)
        return None

    def _spent(self, wait: float | None) -> str:
        """Where the time went: each attempt, and the waits between them."""
        parts = [str(attempt) for attempt in self.log]
        if wait is None:
            seconds = self._clock() - self._attempt_began
            doing = f" ({self._doing})" if self._doing else ""
            parts.append(f"attempt {len(self.log) + 1}: {seconds:.1f} s{doing}")
        else:
            parts.append(f"and the next attempt is due only in {wait:.1f} s")
        return ", ".join(parts)
