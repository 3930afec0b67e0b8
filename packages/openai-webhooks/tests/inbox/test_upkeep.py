"""Replaying, pruning and listing, over more events than one batch has."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from openai_webhooks.inbox import (
    InboxEventError,
    Pruned,
    Record,
    Retention,
    State,
    Store,
    records,
    upkeep,
)

DAY = 86_400.0
MANY = 1201  # two batches and one more


def stored(store: Store, number: int, settle: Callable[[Record], Record]) -> None:
    """Store events, and settle them."""
    new = [
        records.received(f"wh_{each:04}", "response.completed", b"{}", 7, float(each))
        for each in range(number)
    ]
    for start in range(0, number, 200):
        store.add(new[start : start + 200])
    claimed = store.claim(float(number), number + 30.0, number)
    store.save([settle(each) for each in claimed])


def dead(record: Record) -> Record:
    failed = records.failed(records.finished(record, "fine", 1.0), "broken", "no")
    return replace(records.dead(failed, 100.0), attempts=10)


def test_long_replay_takes_each_event_once_and_tells_how_far_it_is(store: Store):
    stored(store, MANY, dead)
    progress: list[int] = []
    assert upkeep.replay_all(store, progress=progress.append) == MANY
    assert progress[-1] == MANY
    assert len(progress) == 3
    assert store.counts()[State.WAITING] == MANY
    listed = list(upkeep.events(store))
    assert [each.id for each in listed] == [f"wh_{each:04}" for each in range(MANY)]
    assert {(each.attempts, tuple(each.finished), len(each.failures)) for each in listed} == {
        (0, ("fine",), 0)
    }


def test_replay_of_all_takes_only_what_was_asked_for(store: Store):
    stored(store, 3, lambda each: records.done(each, 1.0))
    assert upkeep.replay_all(store) == 0
    assert upkeep.replay_all(store, state=State.DONE, type="batch.failed") == 0
    assert upkeep.replay_all(store, state=State.DONE, type="response.completed", again=True) == 3


def test_only_settled_events_with_a_body_are_replayed(store: Store):
    stored(store, 2, lambda each: records.done(each, 1.0))
    assert upkeep.replay(store, "wh_0000").state is State.WAITING
    with pytest.raises(InboxEventError, match="handled anyway"):
        upkeep.replay(store, "wh_0000")
    store.prune(State.DONE, 2.0, 9)
    with pytest.raises(InboxEventError, match="pruned"):
        upkeep.replay(store, "wh_0001")


def test_worker_that_held_a_replayed_event_can_write_nothing_any_more(store: Store):
    store.add([records.received("wh_1", "response.completed", b"{}", 7, 1.0)])
    (held,) = store.claim(1.0, 2.0, 1)
    assert store.save([records.dead(held, 3.0)]) == [True]
    upkeep.replay(store, "wh_1")
    assert store.save([records.done(held, 4.0)]) == [False]


def test_bodies_go_first_and_ids_only_when_no_delivery_can_be_repeated(store: Store):
    stored(store, MANY, lambda each: records.done(each, 10 * DAY))
    retention = Retention(done_days=7, id_days=30)
    assert upkeep.prune(store, retention, 17 * DAY) == Pruned(0, 0)
    assert upkeep.prune(store, retention, 17 * DAY + 1) == Pruned(MANY, 0)
    assert upkeep.prune(store, retention, 30 * DAY) == Pruned(0, 0)
    assert upkeep.prune(store, retention, 31 * DAY) == Pruned(0, MANY)
    assert list(upkeep.events(store)) == []


def test_worker_prunes_a_batch_at_a_time(store: Store):
    stored(store, MANY, lambda each: records.done(each, 10 * DAY))
    retention, now = Retention(done_days=7), 20 * DAY
    more = [upkeep.prune_some(store, retention, now) for _ in range(4)]
    assert more == [True, True, False, False]
    assert store.counts()[State.PRUNED] == MANY


def test_dead_events_are_kept_unless_it_is_said_for_how_long(store: Store):
    stored(store, 1, dead)
    assert upkeep.prune(store, Retention(), 1000 * DAY) == Pruned(0, 0)
    assert upkeep.prune(store, Retention(dead_days=5), 5 * DAY) == Pruned(0, 0)
    assert upkeep.prune(store, Retention(dead_days=5), 6 * DAY) == Pruned(1, 0)


def test_event_that_somebody_else_replays_meanwhile_is_replayed_once(store: Store):
    stored(store, 1, dead)
    settled = store.get("wh_0000")
    assert settled is not None
    upkeep.replay(store, "wh_0000")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(store, "get", lambda _id: settled)  # as it was a moment ago
        with pytest.raises(InboxEventError, match="somebody else"):
            upkeep.replay(store, "wh_0000")
