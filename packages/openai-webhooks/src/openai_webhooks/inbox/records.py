"""What the inbox knows of an event, and the states that it goes through.

    waiting ──claimed──> leased ──> done ──> pruned ──> forgotten
       ^                   │ └────> dead ──> pruned
       └── retried later, ─┘          │
           or given back              │
       ^──────── replayed ────────────┘   (done events, too)

Decides what each change makes of a record. Knows no store, no clock and no handler: whoever holds
the lease of a record works out the next one here, and a store writes it if the lease still holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class State(StrEnum):
    """Where an event is on its way."""

    WAITING = "waiting"
    """It was received, is to be tried again, or was given back; `due` says when its turn comes."""
    LEASED = "leased"
    """A worker holds it until `due`; after that it is anybody's."""
    DONE = "done"
    """Every handler has finished."""
    DEAD = "dead"
    """It failed as often as it may; only a replay brings it back."""
    PRUNED = "pruned"
    """Its body is gone; its id is remembered, so that a late delivery is still a duplicate."""


SETTLED = frozenset({State.DONE, State.DEAD})


@dataclass(frozen=True, slots=True)
class Record:
    """An event in the inbox. All times are in seconds since the epoch.

    Attributes:
        id: The `webhook-id`, by which deliveries are told apart.
        type: The type of the event, such as `response.completed`.
        body: The body as it was verified; empty once it is pruned.
        timestamp: When the delivery that was stored was signed.
        received_at: When it was stored.
        state: Where it is on its way.
        due: When its turn comes, or its lease ends; None for what is settled.
        attempts: How often it was claimed; a claim that was given back does not count.
        fence: Raised whenever a lease begins or ends. A store refuses what an older one writes.
        finished: When each handler that finished did so, by the handler's name.
        failures: The last error of each handler that has not finished, by the handler's name.
        settled_at: When it became done or dead.
    """

    id: str
    type: str
    body: bytes = field(repr=False)
    timestamp: int
    received_at: float
    state: State
    due: float | None
    attempts: int = 0
    fence: int = 0
    finished: Mapping[str, float] = field(default_factory=dict[str, float])
    failures: Mapping[str, str] = field(default_factory=dict[str, str])
    settled_at: float | None = None

    @property
    def next_fence(self) -> int:
        """The fence that a store writes with this record: the end of a lease raises it."""
        return self.fence if self.state is State.LEASED else self.fence + 1


def received(id: str, type: str, body: bytes, timestamp: int, now: float) -> Record:
    """Make the record of an event that just came, to be handled at once."""
    return Record(id, type, body, timestamp, received_at=now, state=State.WAITING, due=now)


def leased(record: Record, until: float) -> Record:
    """Hand an event to a worker. Stores do the same in one statement, which must agree."""
    return replace(
        record,
        state=State.LEASED,
        due=until,
        attempts=record.attempts + 1,
        fence=record.fence + 1,
    )


def finished(record: Record, handler: str, now: float) -> Record:
    """Note that a handler finished; it is never run again for this event, unless replayed so."""
    failures = {name: error for name, error in record.failures.items() if name != handler}
    return replace(record, finished={**record.finished, handler: now}, failures=failures)


def failed(record: Record, handler: str, error: str) -> Record:
    """Note the error of a handler."""
    return replace(record, failures={**record.failures, handler: error})


def done(record: Record, now: float) -> Record:
    """Settle an event whose handlers have all finished."""
    return replace(record, state=State.DONE, due=None, settled_at=now)


def dead(record: Record, now: float) -> Record:
    """Settle an event that failed as often as it may."""
    return replace(record, state=State.DEAD, due=None, settled_at=now)


def retried(record: Record, due: float) -> Record:
    """Let an event wait until it is tried again."""
    return replace(record, state=State.WAITING, due=due)


def given_back(record: Record, now: float) -> Record:
    """Return an event whose turn did not come to its end; the attempt does not count."""
    return replace(record, state=State.WAITING, due=now, attempts=record.attempts - 1)


def replayed(record: Record, now: float, *, again: bool) -> Record:
    """Have a settled event handled anew, with all attempts before it.

    Args:
        record: The event; done or dead.
        now: The time.
        again: Whether the handlers that finished are to run again, too.
    """
    kept = dict[str, float]() if again else record.finished
    return replace(
        record,
        state=State.WAITING,
        due=now,
        attempts=0,
        finished=kept,
        failures={},
        settled_at=None,
    )
