"""Every store does what the records say: compared with a model, and with many workers at once."""

import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openai_webhooks.inbox import InboxConfigurationError, Record, State, Store, open_store, records
from openai_webhooks.inbox.store import Position, redacted

IDS = [f"wh_{number}" for number in range(4)]
TIMES = st.integers(0, 40).map(float)


def new(id: str, now: float = 1.0, body: bytes = b'{"a": 1}') -> Record:
    return records.received(id, "response.completed", body, 7, now)


class Model:
    """A store in a dictionary, by the pure functions that say what each step makes of a record."""

    def __init__(self) -> None:
        self.kept: dict[str, Record] = {}

    def add(self, added: list[Record]) -> list[bool]:
        answers: list[bool] = []
        for each in added:
            answers.append(each.id not in self.kept)
            self.kept.setdefault(each.id, each)
        return answers

    def claim(self, now: float, until: float, limit: int) -> list[Record]:
        due = [(r.due, r.id) for r in self.kept.values() if r.due is not None and r.due <= now]
        claimed = [records.leased(self.kept[id], until) for _, id in sorted(due)[:limit]]
        self.kept |= {each.id: each for each in claimed}
        return claimed

    def save(self, saved: Record) -> bool:
        stored = self.kept.get(saved.id)
        if stored is None or stored.fence != saved.fence:
            return False
        self.kept[saved.id] = replace(saved, fence=saved.next_fence, body=stored.body)
        return True

    def renew(self, id: str, fence: int, until: float) -> bool:
        stored = self.kept.get(id)
        if stored is None or (stored.fence, stored.state) != (fence, State.LEASED):
            return False
        self.kept[id] = replace(stored, due=until)
        return True

    def prune(self, state: State, before: float) -> int:
        old = [
            each
            for each in self.kept.values()
            if each.state is state and each.settled_at is not None and each.settled_at < before
        ]
        for each in old:
            pruned = replace(each, state=State.PRUNED, body=b"", finished={}, failures={})
            self.kept[each.id] = pruned
        return len(old)

    def forget(self, before: float) -> int:
        kept = self.kept.values()
        old = [each.id for each in kept if each.state is State.PRUNED and each.received_at < before]
        for id in old:
            del self.kept[id]
        return len(old)


CHANGES: list[Callable[[Record, float], Record]] = [
    lambda record, now: records.finished(record, "mine", now),
    lambda record, _: records.failed(record, "yours", "Error: 'ü' {0} %s :id \\ \n"),
    records.done,
    records.dead,
    records.retried,
    records.given_back,
    lambda record, now: records.replayed(record, now, again=True),
]
OPERATIONS = st.one_of(
    st.tuples(st.just("add"), st.lists(st.sampled_from(IDS), min_size=1, max_size=4), TIMES),
    st.tuples(st.just("claim"), TIMES, st.integers(1, 3)),
    st.tuples(st.just("save"), st.integers(0, 9), st.sampled_from(CHANGES), TIMES),
    st.tuples(st.just("renew"), st.integers(0, 9), TIMES),
    st.tuples(st.just("prune"), st.sampled_from([State.DONE, State.DEAD]), TIMES),
    st.tuples(st.just("forget"), TIMES),
)


def renewed(store: Store, model: Model, record: Record, until: float) -> None:
    expected = model.renew(record.id, record.fence, until)
    assert store.renew([(record.id, record.fence)], until) == [expected]


def both(store: Store, model: Model, seen: list[Record], operation: tuple[Any, ...]) -> None:
    """Do the same to the store and to the model; what they give must be the same."""
    match operation:
        case ("add", ids, now):
            added = [new(id, now, id.encode()) for id in ids]
            assert store.add(added) == model.add(added)
        case ("claim", now, limit):
            claimed = store.claim(now, now + 5, limit)
            expected = model.claim(now, now + 5, limit)
            assert {each.id: each for each in claimed} == {each.id: each for each in expected}
            seen += claimed
        case ("save", which, change, now) if seen:
            # Of a lease that still stands, or of one that has long been over.
            changed = change(seen[which % len(seen)], now)
            assert store.save([changed]) == [model.save(changed)]
        case ("renew", which, until) if seen:
            held: list[Record] = seen
            renewed(store, model, held[int(which) % len(held)], float(until))
        case ("prune", state, before):
            assert store.prune(state, before, 100) == model.prune(state, before)
        case ("forget", before):
            assert store.forget(before, 100) == model.forget(before)
        case _:
            pass


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(operations=st.lists(OPERATIONS, max_size=30))
def test_whatever_is_done_the_store_holds_what_the_model_holds(
    new_store: Callable[[], Store], operations: list[tuple[Any, ...]]
):
    store, model = new_store(), Model()
    seen: list[Record] = []
    for operation in operations:
        both(store, model, seen, operation)
        assert {id: store.get(id) for id in IDS} == {id: model.kept.get(id) for id in IDS}
    page, after = store.page(state=None, type=None, after=None, limit=100)
    assert page == sorted(model.kept.values(), key=lambda each: (each.received_at, each.id))
    assert after is None
    assert store.counts() == {
        state: sum(each.state is state for each in model.kept.values()) for state in State
    }
    store.close()


def test_event_comes_back_as_it_was_stored(store: Store):
    body = bytes(range(256))
    record = records.received("wh_ü", "a.b", body, 1_760_000_000, 1_760_000_000.123456)
    assert store.add([record]) == [True]
    assert store.get("wh_ü") == record
    assert store.get("wh_other") is None


def test_of_two_with_one_id_in_one_batch_the_first_is_stored(store: Store):
    first, second = new("wh_1", body=b"first"), new("wh_1", body=b"second")
    assert store.add([first, new("wh_0"), second]) == [True, True, False]
    assert store.get("wh_1") == first
    assert store.add([second, new("wh_2")]) == [False, True]


def test_due_events_are_claimed_in_the_order_of_their_turn(store: Store):
    store.add([new("wh_3", 3.0), new("wh_1", 1.0), new("wh_2", 2.0), new("wh_9", 9.0)])
    assert [each.id for each in store.claim(5.0, 10.0, 2)] == ["wh_1", "wh_2"]
    assert [each.id for each in store.claim(5.0, 10.0, 2)] == ["wh_3"]
    assert store.claim(5.0, 10.0, 2) == []


def test_lease_that_ran_out_is_anybodys_and_its_old_holder_can_write_nothing(store: Store):
    store.add([new("wh_1")])
    (old,) = store.claim(1.0, 10.0, 1)
    (mine,) = store.claim(10.0, 20.0, 1)
    assert (mine.attempts, mine.fence) == (2, old.fence + 1)
    assert store.renew([("wh_1", old.fence)], 99.0) == [False]
    assert store.save([records.done(old, 11.0)]) == [False]
    assert store.get("wh_1") == mine
    assert store.save([records.done(mine, 12.0)]) == [True]
    # The end of a lease ends it for its holder, too.
    assert store.save([records.dead(mine, 13.0)]) == [False]


def test_pages_of_a_listing_have_each_event_once(store: Store):
    # Some at the same moment: the id decides then.
    added = [new(f"wh_{number:02}", number // 4) for number in range(23)]
    store.add(added[::-1])
    listed: list[Record] = []
    after: Position | None = None
    while True:
        page, after = store.page(state=None, type=None, after=after, limit=5)
        listed += page
        if after is None:
            break
    assert listed == added


def test_listing_takes_only_what_was_asked_for(store: Store):
    other = replace(new("wh_2", 2.0), type="batch.failed")
    store.add([new("wh_1"), other, new("wh_3", 3.0)])
    (claimed,) = store.claim(1.0, 2.0, 1)
    assert store.page(state=None, type="batch.failed", after=None, limit=9)[0] == [other]
    assert store.page(state=State.LEASED, type=None, after=None, limit=9)[0] == [claimed]
    assert store.page(state=State.LEASED, type="batch.failed", after=None, limit=9)[0] == []


def test_prune_and_forget_take_the_oldest_first_and_no_more_than_they_may(store: Store):
    store.add([new(f"wh_{number}", float(number)) for number in range(5)])
    claimed = store.claim(9.0, 20.0, 5)
    store.save([records.done(each, 10.0 + each.received_at) for each in claimed])
    assert store.prune(State.DONE, 13.0, 2) == 2
    assert [store.get(id) is not None and store.get(id).body for id in IDS[:3]] == [  # pyright: ignore[reportOptionalMemberAccess]
        b"",
        b"",
        b'{"a": 1}',
    ]
    assert store.prune(State.DONE, 13.0, 2) == 1
    assert store.prune(State.DONE, 13.0, 2) == 0
    assert store.add([new("wh_0")]) == [False]
    assert store.forget(2.0, 1) == 1
    assert store.get("wh_0") is None
    assert store.add([new("wh_0")]) == [True]


def test_two_workers_never_hold_the_same_event(new_url: Callable[[], str]):
    url = new_url()
    stores = [open_store(url) for _ in range(4)]
    stores[0].add([new(f"wh_{number:03}") for number in range(200)])
    claimed: list[list[str]] = [[] for _ in stores]

    def claim(store: Store, mine: list[str]) -> None:
        while found := store.claim(5.0, 50.0, 3):
            mine += [each.id for each in found]

    threads = [
        threading.Thread(target=claim, args=pair) for pair in zip(stores, claimed, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for store in stores:
        store.close()
    every = [id for mine in claimed for id in mine]
    assert sorted(every) == [f"wh_{number:03}" for number in range(200)]


def test_receivers_that_store_the_same_at_once_agree_on_who_was_first(new_url: Callable[[], str]):
    url = new_url()
    stores = [open_store(url) for _ in range(4)]
    answers: list[list[bool]] = [[] for _ in stores]

    def add(store: Store, mine: list[bool], order: int) -> None:
        for start in range(0, 100, 10):
            mine += store.add([new(f"wh_{start + n}") for n in range(10)][::order])[::order]

    threads = [
        threading.Thread(target=add, args=(store, mine, 1 if number % 2 else -1))
        for number, (store, mine) in enumerate(zip(stores, answers, strict=True))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for store in stores:
        store.close()
    assert [sum(said) for said in zip(*answers, strict=True)] == [1] * 100


def test_clock_of_the_store_goes_on(store: Store):
    first = store.now()
    assert 1_700_000_000 < first <= store.now()


def test_closed_store_opens_again_when_it_is_used(store: Store):
    store.add([new("wh_1")])
    store.close()
    store.close()
    assert store.get("wh_1") == new("wh_1")


@pytest.mark.parametrize(
    "url",
    ["", "inbox.db", "mysql://u:secret@h/d", "sqlite://secret@host/x.db", "sqlite:///"],
)
def test_url_of_no_store_is_refused_without_its_credentials(url: str):
    with pytest.raises(InboxConfigurationError, match="sqlite:///") as caught:
        open_store(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://user:secret@host:1/0?password=secret", "redis://host:1/0"),
        ("postgresql://u:s%40ecret@h/d?password=secret", "postgresql://h/d"),
        ("redis://u:se/cret@host/0", "redis://host/0"),
        ("redis://u:se#cret@host/0", "redis://…"),
        ("postgresql://h/d?password=s@cret", "postgresql://…"),
        ("sqlite:////var/inbox.db", "sqlite:////var/inbox.db"),
    ],
)
def test_redacted_url_has_no_credentials(url: str, shown: str):
    assert redacted(url) == shown


@pytest.mark.parametrize(
    ("url", "module", "install"),
    [
        ("redis://host/0", "redis", "pip install redis"),
        ("postgresql://host/d", "postgresql", r"pip install 'psycopg\[binary\]' psycopg-pool"),
    ],
)
def test_driver_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, url: str, module: str, install: str
):
    monkeypatch.setitem(sys.modules, f"openai_webhooks.inbox.stores.{module}", None)
    with pytest.raises(InboxConfigurationError, match=install):
        open_store(url)
