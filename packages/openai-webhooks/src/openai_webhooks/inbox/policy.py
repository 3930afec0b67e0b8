"""How long things are tried and kept. Pure numbers: chance is handed in, no clock is asked."""

from __future__ import annotations

from dataclasses import dataclass

from openai_webhooks.inbox.errors import InboxConfigurationError

DAY = 86_400.0
# OpenAI repeats a delivery that was not answered with 2xx for up to 72 hours. A day more allows for
# clocks and for a delivery that was on its way when that time ended.
REDELIVERY_DAYS = 4.0
_ENOUGH_DOUBLINGS = 64  # no delay grows after that, and no power overflows


@dataclass(frozen=True, slots=True)
class Retries:
    """When an event whose handler failed is tried again: later each time, with jitter.

    The n-th wait is `first_delay * factor**(n - 1)` seconds, at most `longest_delay`, less a random
    share of it, so that what failed together does not come back together.

    Attributes:
        attempts: How often an event is tried in all, before it is dead. Ten, with the other
            defaults, reach over about half an hour.
        first_delay: Seconds before the second attempt.
        factor: By how much each wait is longer than the last.
        longest_delay: Seconds that no wait exceeds.
        jitter: The largest share of a wait that chance takes off, from 0 to 1.

    Raises:
        InboxConfigurationError: A number is out of its range.
    """

    attempts: int = 10
    first_delay: float = 5.0
    factor: float = 2.0
    longest_delay: float = 3600.0
    jitter: float = 0.5

    def __post_init__(self) -> None:
        if self.attempts < 1:
            raise InboxConfigurationError(f"attempts is {self.attempts}; it must be at least 1")
        if not (self.first_delay >= 0 and self.longest_delay >= 0 and self.factor >= 1):
            raise InboxConfigurationError(
                "first_delay and longest_delay must be zero or more seconds, factor at least 1"
            )
        if not 0 <= self.jitter <= 1:
            raise InboxConfigurationError(f"jitter is {self.jitter}; it must be from 0 to 1")

    def delay(self, attempts: int, chance: float) -> float:
        """The wait after an attempt, in seconds.

        Args:
            attempts: How many there were, this one included.
            chance: A random number from 0 to 1.
        """
        doublings = min(max(attempts - 1, 0), _ENOUGH_DOUBLINGS)
        longest = min(self.longest_delay, self.first_delay * self.factor**doublings)
        return longest * (1 - self.jitter * chance)


@dataclass(frozen=True, slots=True)
class Retention:
    """How long the inbox keeps what it no longer needs. Workers prune by it once an hour.

    Attributes:
        done_days: Days that a done event can still be shown and replayed; after that only its id
            is kept.
        dead_days: The same for dead events; None keeps them until they are replayed or pruned by
            hand.
        id_days: Days from its arrival that an id is remembered at least, so that a repeated
            delivery is a duplicate. OpenAI repeats for 72 hours.

    Raises:
        InboxConfigurationError: A number is negative, or ids would be forgotten while a delivery
            can still be repeated.
    """

    done_days: float = 7.0
    dead_days: float | None = None
    id_days: float = 30.0

    def __post_init__(self) -> None:
        if not (self.done_days >= 0 and (self.dead_days is None or self.dead_days >= 0)):
            raise InboxConfigurationError("done_days and dead_days must be zero or more")
        if not self.id_days >= REDELIVERY_DAYS:
            raise InboxConfigurationError(
                f"id_days is {self.id_days:g}; it must be at least {REDELIVERY_DAYS:g}, since "
                "OpenAI repeats a delivery for 72 hours, and an id that is forgotten before that "
                "would be handled twice"
            )
