"""What arrives together is stored with one commit, and whoever waits is told what happened."""

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from openai_webhooks.inbox import InboxStoreError, Record
from openai_webhooks.inbox.intake import Arrival, Intake
from openai_webhooks.inbox.stores.sqlite import SqliteStore


def arrival(number: int) -> Arrival:
    return Arrival(f"wh_{number}", "response.completed", b"{}", 7)


class SlowStore(SqliteStore):
    """A store whose first commit waits until it may go on."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.batches: list[int] = []
        self.begun = threading.Event()
        self.go_on = threading.Event()

    def add(self, records: Sequence[Record]) -> list[bool]:
        self.batches.append(len(records))
        self.begun.set()
        self.go_on.wait()
        return super().add(records)


@pytest.fixture
def store(tmp_path: Path) -> SlowStore:
    return SlowStore(tmp_path / "inbox.db")


def nothing() -> None:
    """Nobody is to be told."""


def test_what_arrives_during_a_commit_is_stored_with_the_next(store: SlowStore):
    intake = Intake(store, on_stored=nothing)
    first = intake.submit(arrival(0))
    store.begun.wait()
    rest = [intake.submit(arrival(number % 300)) for number in range(1, 301)]
    store.go_on.set()
    assert first.result() is True
    assert [future.result() for future in rest] == [True] * 299 + [False]
    intake.close()
    assert store.batches == [1, 200, 100]
    page, _ = store.page(state=None, type=None, after=None, limit=1000)
    assert [each.id for each in page] == [f"wh_{number}" for number in range(300)]
    store.close()


def test_worker_is_told_only_of_new_events(store: SlowStore):
    told = threading.Event()
    store.go_on.set()
    intake = Intake(store, on_stored=told.set)
    assert intake.submit(arrival(1)).result() is True
    told.wait()
    told.clear()
    assert intake.submit(arrival(1)).result() is False
    intake.close()
    assert not told.is_set()
    store.close()


def test_close_stores_what_was_submitted_before(store: SlowStore):
    intake = Intake(store, on_stored=nothing)
    futures = [intake.submit(arrival(number)) for number in range(3)]
    store.go_on.set()
    intake.close()
    assert [future.done() and future.result() for future in futures] == [True] * 3
    store.close()


def test_delivery_whose_client_has_gone_is_not_stored(store: SlowStore):
    intake = Intake(store, on_stored=nothing)
    first = intake.submit(arrival(0))
    store.begun.wait()
    assert intake.submit(arrival(1)).cancel()
    last = intake.submit(arrival(2))
    store.go_on.set()
    assert (first.result(), last.result()) == (True, True)
    intake.close()
    assert store.get("wh_1") is None
    store.close()


def test_store_that_fails_is_told_to_each_and_the_next_batch_tries_again(tmp_path: Path):
    folder = tmp_path / "later"
    store = SqliteStore(folder / "inbox.db")
    intake = Intake(store, on_stored=nothing)
    futures = [intake.submit(arrival(number)) for number in range(2)]
    errors = [future.exception() for future in futures]
    assert all(isinstance(error, InboxStoreError) for error in errors)
    assert errors[0] is not errors[1]
    assert "folder is there" in str(errors[0])
    folder.mkdir()
    assert intake.submit(arrival(0)).result() is True
    intake.close()
    store.close()
