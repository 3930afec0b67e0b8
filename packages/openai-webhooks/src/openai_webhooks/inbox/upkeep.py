"""What is done with events by hand or by the clock: replay them, prune them, list them.

Works on any store, in batches, so that no other user of it waits long; a long replay tells how far
it is. Knows no handler and no worker.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from openai_webhooks.inbox import records
from openai_webhooks.inbox.errors import InboxEventError
from openai_webhooks.inbox.policy import DAY
from openai_webhooks.inbox.records import SETTLED, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from openai_webhooks.inbox.policy import Retention
    from openai_webhooks.inbox.records import Record
    from openai_webhooks.inbox.store import Position, Store

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Pruned:
    """What a pruning did.

    Attributes:
        bodies: How many settled events lost their body.
        ids: How many ids were forgotten.
    """

    bodies: int
    ids: int


def events(
    store: Store, *, state: State | None = None, type: str | None = None
) -> Iterator[Record]:
    """Go through the events in the order of their arrival, a page at a time."""
    after: Position | None = None
    while True:
        page, after = store.page(state=state, type=type, after=after, limit=_BATCH)
        yield from page
        if after is None:
            return


def replay(store: Store, event_id: str, *, again: bool = False) -> Record:
    """Have one settled event handled anew.

    Args:
        store: Where it is.
        event_id: Its `webhook-id`.
        again: Whether the handlers that finished run again, too.

    Raises:
        InboxEventError: It is not there, has been pruned, or has not been settled yet.
    """
    record = store.get(event_id)
    if record is None:
        raise InboxEventError(f"There is no event {event_id!r} in the inbox.")
    if record.state is State.PRUNED:
        raise InboxEventError(
            f"The event {event_id} has been pruned: its body is gone, and cannot be handled again."
        )
    if record.state not in SETTLED:
        raise InboxEventError(f"The event {event_id} is {record.state}: it will be handled anyway.")
    again_waiting = records.replayed(record, store.now(), again=again)
    if not store.save([again_waiting])[0]:
        raise InboxEventError(f"The event {event_id} has just been replayed by somebody else.")
    return again_waiting


def replay_all(
    store: Store,
    *,
    state: State = State.DEAD,
    type: str | None = None,
    again: bool = False,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Have all settled events of a kind handled anew, those first that came first.

    Args:
        store: Where they are.
        state: Dead, or done.
        type: Only events of this type.
        again: Whether the handlers that finished run again, too.
        progress: Is told how many there were so far, once a batch.

    Returns:
        How many there were. Events that become settled meanwhile may be among them, but none that
        was settled by this replay: it goes on from where it was, by the time of arrival.
    """
    total = 0
    after: Position | None = None
    while True:
        page, after = store.page(state=state, type=type, after=after, limit=_BATCH)
        now = store.now()
        written = store.save([records.replayed(each, now, again=again) for each in page])
        total += sum(written)
        if progress is not None and page:
            progress(total)
        if after is None:
            return total


def prune(store: Store, retention: Retention, now: float) -> Pruned:
    """Drop the bodies of what has long been settled, and ids that cannot come again."""
    *bodies, ids = (_all(batch) for batch in _batches(store, retention, now))
    return Pruned(sum(bodies), ids)


def prune_some(store: Store, retention: Retention, now: float) -> bool:
    """Do a part of that, so that a worker can see to its leases; tells whether more is left."""
    return max([batch() for batch in _batches(store, retention, now)]) == _BATCH


def _batches(store: Store, retention: Retention, now: float) -> list[Callable[[], int]]:
    kept = {State.DONE: retention.done_days, State.DEAD: retention.dead_days}
    return [
        *(
            partial(store.prune, state, now - days * DAY, _BATCH)
            for state, days in kept.items()
            if days is not None
        ),
        partial(store.forget, now - retention.id_days * DAY, _BATCH),
    ]


def _all(batch: Callable[[], int]) -> int:
    total = 0
    while done := batch():
        total += done
    return total
