"""A worker whose store fails loses nothing; one that is too slow does no harm."""

import asyncio
import random
import sqlite3
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from openai_webhooks.inbox import InboxStoreError, Record, Retention, Retries, State, records
from openai_webhooks.inbox.engine import Engine
from openai_webhooks.inbox.handlers import Handlers
from openai_webhooks.inbox.metrics import NoMetrics
from openai_webhooks.inbox.stores.sqlite import SqliteStore
from openai_webhooks.inbox.worker import Worker

LEASE = 30.0


class FlakyStore(SqliteStore):
    """A store with a clock that is set by hand, and calls that fail when they are told to."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.time = 100.0
        self.failing = ""
        self.renewed: list[Sequence[tuple[str, int]]] = []

    def now(self) -> float:
        return self.time

    def claim(self, now: float, until: float, limit: int) -> list[Record]:
        self._fail("claim")
        return super().claim(now, until, limit)

    def save(self, records: Sequence[Record]) -> list[bool]:
        self._fail("save")
        return super().save(records)

    def renew(self, leases: Sequence[tuple[str, int]], until: float) -> list[bool]:
        self.renewed.append(leases)
        return super().renew(leases, until)

    def _fail(self, name: str) -> None:
        if self.failing == name:
            raise InboxStoreError(f"{name} fails")


@pytest.fixture
def store(tmp_path: Path) -> FlakyStore:
    made = FlakyStore(tmp_path / "inbox.db")
    made.add([records.received("wh_1", "a", b'{"type": "a"}', 7, 100.0)])
    return made


def worker(
    store: SqliteStore,
    handler: Callable[..., object],
    loop: asyncio.AbstractEventLoop | None = None,
    *,
    in_transaction: bool = False,
) -> Worker:
    handlers = Handlers()
    handlers.add(handler, (), name="only", in_transaction=in_transaction)
    engine = Engine(
        handlers.plan,
        retries=Retries(first_delay=60, jitter=0),
        concurrency=2,
        lease=LEASE,
        chance=random.Random(7).random,  # noqa: S311
    )
    return Worker(
        store,
        handlers,
        engine,
        retention=Retention(),
        metrics=NoMetrics(),
        lease=LEASE,
        poll=0.001,
        threads=2,
        loop=loop,
    )


def go_round_until_it_fails(made: Worker) -> None:
    while True:
        made.round()


def state(store: SqliteStore) -> State:
    record = store.get("wh_1")
    assert record is not None
    return record.state


def test_outcome_is_kept_while_the_store_fails_and_written_when_it_does_not(store: FlakyStore):
    handled = threading.Event()
    made = worker(store, lambda _event: handled.set())
    made.round()
    handled.wait()
    store.failing = "save"
    with pytest.raises(InboxStoreError):
        go_round_until_it_fails(made)
    with pytest.raises(InboxStoreError):
        made.round()
    assert state(store) is State.LEASED
    store.failing = ""
    made.round()
    assert state(store) is State.DONE
    made.stop()
    made.run()
    store.close()


def test_worker_whose_store_fails_tries_again_by_itself(
    store: FlakyStore, caplog: pytest.LogCaptureFixture
):
    failing = threading.Event()

    class Once(FlakyStore):
        def _fail(self, name: str) -> None:
            if not failing.is_set():
                failing.set()
                raise InboxStoreError(f"{name} fails")

    store.__class__ = Once
    made = worker(store, lambda _event: made.stop())
    made.run()
    assert state(store) is State.DONE
    assert "claim fails" in caplog.text
    store.close()


def test_lease_is_renewed_while_a_handler_runs(store: FlakyStore):
    begun, go_on = threading.Event(), threading.Event()

    def slow(_event: object) -> None:
        begun.set()
        go_on.wait()

    made = worker(store, slow)
    assert made.round() == 0.0  # there is room for another
    begun.wait()
    for store.time in (109.0, 110.0, 120.0, 129.0):
        made.round()
    assert store.renewed == [[("wh_1", 1)]] * 2
    record = store.get("wh_1")
    assert record is not None
    assert record.due == 120.0 + LEASE
    go_on.set()
    made.stop()
    made.run()
    assert state(store) is State.DONE
    store.close()


def test_worker_that_came_too_late_writes_nothing(
    store: FlakyStore, caplog: pytest.LogCaptureFixture
):
    begun, go_on = threading.Event(), threading.Event()

    def slow(_event: object) -> None:
        begun.set()
        go_on.wait()

    made = worker(store, slow)
    made.round()
    begun.wait()
    store.time += LEASE
    (taken,) = store.claim(store.time, store.time + LEASE, 1)
    go_on.set()
    made.stop()
    made.run()
    assert store.get("wh_1") == taken
    assert "another worker has it" in caplog.text
    store.close()


def test_failed_event_waits_for_its_time(store: FlakyStore):
    tried = threading.Event()

    def broken(_event: object) -> None:
        tried.set()
        raise ValueError("x" * 5000)

    made = worker(store, broken)
    made.round()
    tried.wait()
    made.stop()
    made.run()
    record = store.get("wh_1")
    assert record is not None
    assert (record.state, record.due) == (State.WAITING, store.time + 60)
    assert len(record.failures["only"]) == 1000
    assert store.claim(store.time + 59, store.time + 90, 1) == []
    store.close()


def test_stored_body_that_cannot_be_read_is_a_failure_that_is_told(tmp_path: Path):
    store = FlakyStore(tmp_path / "inbox.db")
    store.add([records.received("wh_1", "a", b"[", 7, 100.0)])
    made = worker(store, lambda _event: None)
    made.round()
    made.stop()
    made.run()
    record = store.get("wh_1")
    assert record is not None
    assert record.failures == {"only": "the stored body is not a JSON object"}
    store.close()


def test_worker_whose_event_loop_was_closed_before_it_stops_and_holds_no_event(
    store: FlakyStore, caplog: pytest.LogCaptureFixture
):
    async def handler(_event: object) -> None:
        pytest.fail("no loop can run it")

    loop = asyncio.new_event_loop()
    loop.close()
    worker(store, handler, loop).run()
    record = store.get("wh_1")
    assert record is not None
    assert (record.state, record.due) == (State.WAITING, store.time + 60)
    assert "loop is closed" in record.failures["only"]
    assert "it stops" in caplog.text
    store.close()


def test_worker_that_fails_itself_goes_on(store: FlakyStore, caplog: pytest.LogCaptureFixture):
    failures = iter(["claim"])

    class Broken(FlakyStore):
        def _fail(self, name: str) -> None:
            if name in failures:
                raise RuntimeError("a bug")

    store.__class__ = Broken
    made = worker(store, lambda _event: made.stop())
    made.run()
    assert state(store) is State.DONE
    assert "it goes on" in caplog.text
    store.close()


def test_effect_whose_commit_was_done_but_not_answered_is_not_repeated(store: FlakyStore):
    class AnswersLost(FlakyStore):
        @contextmanager
        def transaction(self, record: Record) -> Generator[sqlite3.Connection]:
            with super().transaction(record) as connection:
                yield connection
            raise InboxStoreError("the connection was lost")

    store.__class__ = AnswersLost
    ran: list[object] = []

    def effect(event: object, _connection: object) -> None:
        ran.append(event)
        made.stop()

    made = worker(store, effect, in_transaction=True)
    made.run()
    assert len(ran) == 1
    assert state(store) is State.DONE
    store.close()
