"""What a worker does next: the way of one event as a flow, and the agenda of the whole worker.

Decides which handler runs, when a completion is recorded, when an event is retried, given up or
given back, how many events may be claimed and when leases are renewed. Does no I/O, starts no
thread and asks no clock: `Worker` performs the steps and says what came of them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from openai_webhooks.inbox import records

if TYPE_CHECKING:
    from openai_webhooks.inbox.policy import Retries
    from openai_webhooks.inbox.records import Record

WORKER = "(worker)"  # in the failures of an event, where no handler is to blame
_RENEWALS = 3  # renewals per lease: two may fail before it runs out
_PRUNE_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Run:
    """Step: run a handler on an event."""

    record: Record
    handler: str


@dataclass(frozen=True, slots=True)
class Save:
    """Step: write a record, if the lease still holds."""

    record: Record


@dataclass(frozen=True, slots=True)
class Ran:
    """Outcome of `Run`.

    Attributes:
        now: The time.
        error: What went wrong; None if the handler finished.
        recorded: Whether the completion was written already, with the handler's own effect.
    """

    now: float
    error: str | None = None
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """Outcome of `Save`: whether the lease held and the record is written."""

    held: bool


Step: TypeAlias = Run | Save
Outcome: TypeAlias = Ran | Saved
Flow: TypeAlias = Generator[Step, Outcome, None]


@dataclass(slots=True)
class _Held:
    """An event that this worker holds.

    Attributes:
        flow: Its way.
        fence: The fence of its lease.
    """

    flow: Flow
    fence: int


class Engine:
    """The events that one worker holds, and what it has to do when.

    Args:
        plan: Gives the names of the handlers of a type of event, in their order.
        retries: How often and when failed events are tried.
        concurrency: How many events are held at most.
        lease: How long a lease lasts, in seconds.
        chance: Gives random numbers from 0 to 1.
    """

    def __init__(
        self,
        plan: Callable[[str], Sequence[str]],
        *,
        retries: Retries,
        concurrency: int,
        lease: float,
        chance: Callable[[], float],
    ) -> None:
        self.stopping = False
        self._plan = plan
        self._retries = retries
        self._concurrency = concurrency
        self._lease = lease
        self._chance = chance
        self._held: dict[str, _Held] = {}
        self._renew_at = float("-inf")
        self._prune_at = float("-inf")

    @property
    def idle(self) -> bool:
        """Whether no event is held."""
        return not self._held

    @property
    def room(self) -> int:
        """How many more events may be claimed now."""
        return 0 if self.stopping else self._concurrency - len(self._held)

    def claimed(self, record: Record, now: float) -> Step | None:
        """Begin the way of an event; gives its first step."""
        mine = self._held.get(record.id)
        if mine is not None:
            # The lease ran out while the store could not be reached, and came back to the same
            # worker, whose handler is still at work: it goes on, under the new lease.
            mine.fence = record.fence
            return None
        if self.idle:
            self._renew_at = now + self._lease / _RENEWALS
        flow = self._handling(record, now)
        self._held[record.id] = _Held(flow, record.fence)
        return self._advanced(record.id, None)

    def ended(self, event_id: str, outcome: Outcome) -> Step | None:
        """Tell what came of a step of an event; gives the next, None at the end of its way."""
        return self._advanced(event_id, outcome)

    def renewals(self, now: float) -> list[tuple[str, int]]:
        """The ids and fences of the leases that are to be renewed now."""
        if self.idle or now < self._renew_at:
            return []
        self._renew_at = now + self._lease / _RENEWALS
        return [(event_id, held.fence) for event_id, held in self._held.items()]

    def prune_due(self, now: float) -> bool:
        """Whether it is time to prune the store; says so once an hour."""
        if self.stopping or now < self._prune_at:
            return False
        self._prune_at = now + _PRUNE_SECONDS
        return True

    def prune_on(self) -> None:
        """Say that there is more to prune: it goes on in the next round."""
        self._prune_at = float("-inf")

    def pause(self, now: float, poll: float) -> float:
        """How long to wait, in seconds, if nothing happens.

        Args:
            now: The time.
            poll: How often the store is looked into for new events, in seconds.
        """
        waits: list[float] = []
        if not self.idle:
            waits.append(self._renew_at - now)
        if self.room:
            waits.append(poll)
        return max(0.0, min(waits, default=poll))

    def _advanced(self, event_id: str, outcome: Outcome | None) -> Step | None:
        held = self._held[event_id]
        try:
            step = next(held.flow) if outcome is None else held.flow.send(outcome)
        except StopIteration:
            del self._held[event_id]
            return None
        if isinstance(step, Save):
            return Save(replace(step.record, fence=held.fence))
        return step

    def _handling(self, record: Record, now: float) -> Flow:
        """The way of one event, from its lease to its end."""
        if record.attempts > self._retries.attempts:
            # Nobody recorded how the last attempt ended: its worker died, perhaps of this event.
            reason = f"the worker ended during attempt {record.attempts - 1}, the last one"
            yield Save(records.dead(records.failed(record, WORKER, reason), now))
            return
        left = [name for name in self._plan(record.type) if name not in record.finished]
        record = replace(record, failures={})
        for position, name in enumerate(left):
            if self.stopping:
                yield Save(records.given_back(record, now))
                return
            outcome = yield Run(record, name)
            assert isinstance(outcome, Ran)  # noqa: S101 - the worker answers a step in kind
            now = outcome.now
            if outcome.error is not None:
                record = records.failed(record, name, outcome.error)
                continue
            record = records.finished(record, name, now)
            if outcome.recorded or position == len(left) - 1:
                continue  # the last completion is written together with the end
            # Before the next handler begins: a crash in it must not run this one again.
            saved = yield Save(record)
            if saved != Saved(held=True):
                return
        yield Save(self._settled(record, now))

    def _settled(self, record: Record, now: float) -> Record:
        if not record.failures:
            return records.done(record, now)
        if record.attempts >= self._retries.attempts:
            return records.dead(record, now)
        return records.retried(record, now + self._retries.delay(record.attempts, self._chance()))
