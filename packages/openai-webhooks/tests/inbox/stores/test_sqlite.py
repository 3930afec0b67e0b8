"""What is special about SQLite: files, several processes on one, and how durable it is."""

import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from openai_webhooks.inbox import InboxConfigurationError, InboxStoreError, Record, State, records
from openai_webhooks.inbox.store import LeaseLostError
from openai_webhooks.inbox.stores.sqlite import IN_MEMORY, SqliteStore

NEW = records.received("wh_1", "response.completed", b"{}", 7, 1.0)
ADD_ONE = """
import sys
from openai_webhooks.inbox import open_store, records
store = open_store(sys.argv[1])
sys.stdin.readline()
print(store.add([records.received(sys.argv[2], "a", b"{}", 7, 1.0)]))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "inbox with ü.db"


@pytest.mark.parametrize("parameters", ["", "?synchronous=normal", "?synchronous=full"])
def test_url_names_a_file(path: Path, parameters: str):
    store = SqliteStore.from_url(f"sqlite:///{path}{parameters}")
    assert store.add([NEW]) == [True]
    store.close()
    assert path.is_file()


@pytest.mark.parametrize("parameters", ["?synchronous=off", "?mode=ro", "?synchronous=full;drop"])
def test_unknown_parameter_is_refused(path: Path, parameters: str):
    with pytest.raises(InboxConfigurationError, match="synchronous"):
        SqliteStore.from_url(f"sqlite:///{path}{parameters}")


def test_every_commit_is_synchronised_unless_it_is_said_otherwise(path: Path):
    for synchronous, number in (("full", 2), ("normal", 1)):
        store = SqliteStore(path, synchronous=synchronous)
        with closing(store._opened()) as connection:
            assert connection.execute("PRAGMA synchronous").fetchone() == (number,)
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_processes_that_make_the_same_file_at_once_all_succeed(path: Path):
    command = [sys.executable, "-c", ADD_ONE, f"sqlite:///{path}"]
    processes = [
        subprocess.Popen(
            [*command, f"wh_{number}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(6)
    ]
    for process in processes:  # all are there now, or will be; none waits for another
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.communicate()[0] for process in processes] == ["[True]\n"] * 6
    store = SqliteStore(path)
    assert store.counts()[State.WAITING] == 6
    store.close()


def test_connections_that_make_the_same_file_at_once_all_succeed(tmp_path: Path):
    """SQLite itself tells some of them that the file is locked, without any wait."""

    def used(store: SqliteStore, together: threading.Barrier) -> bool:
        together.wait()
        with closing(store):
            return store.add([NEW])[0]

    with ThreadPoolExecutor(4) as threads:
        for number in range(40):
            stores = [SqliteStore(tmp_path / f"{number}.db") for _ in range(4)]
            together = [threading.Barrier(4)] * 4
            assert sum(threads.map(used, stores, together)) == 1


def test_store_in_memory_keeps_events_for_this_process():
    store = SqliteStore(IN_MEMORY)
    assert store.add([NEW]) == [True]
    assert store.add([NEW]) == [False]
    with pytest.raises(InboxStoreError, match="file"), store.transaction(NEW):
        pytest.fail("there is no other connection")
    store.close()


def test_store_in_memory_has_no_transaction_for_a_handler():
    store = SqliteStore(IN_MEMORY)
    with pytest.raises(InboxStoreError, match="use a file"), store.transaction(NEW):
        pytest.fail("there is no other connection")
    store.close()


def test_file_that_is_no_database_is_told(path: Path):
    path.write_text("no database, but a text that is long enough to be taken for one" * 20)
    store = SqliteStore(path)
    with pytest.raises(InboxStoreError, match="not a database") as caught:
        store.get("wh_1")
    assert isinstance(caught.value.__cause__, sqlite3.DatabaseError)


def fail_after_an_effect(store: SqliteStore, record: Record) -> None:
    with store.transaction(record) as connection:
        connection.execute("INSERT INTO effects VALUES ('wh_1')")
        raise ZeroDivisionError


def test_transaction_writes_the_record_and_the_effect_or_neither(path: Path):
    store = SqliteStore(path)
    store.add([NEW])
    (held,) = store.claim(1.0, 30.0, 1)
    completed = records.finished(held, "mine", 2.0)
    with store.transaction(completed) as connection:
        connection.execute("CREATE TABLE effects (event TEXT)")
    with pytest.raises(ZeroDivisionError):
        fail_after_an_effect(store, records.finished(completed, "yours", 3.0))
    assert store.get("wh_1") == completed
    with store.transaction(completed) as connection:
        assert connection.execute("SELECT * FROM effects").fetchall() == []
    store.close()


def test_transaction_without_the_lease_does_nothing(path: Path):
    store = SqliteStore(path)
    store.add([NEW])
    (old,) = store.claim(1.0, 2.0, 1)
    (new,) = store.claim(2.0, 30.0, 1)
    with (
        pytest.raises(LeaseLostError, match="wh_1"),
        store.transaction(records.finished(old, "mine", 2.0)),
    ):
        pytest.fail("the handler is not called")
    assert store.get("wh_1") == new
    store.close()
