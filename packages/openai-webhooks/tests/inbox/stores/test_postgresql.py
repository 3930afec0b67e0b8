"""What is special about PostgreSQL: effects in the same database, and URLs that libpq reads."""

from contextlib import closing

import psycopg
import pytest
from openai_webhooks.inbox import InboxConfigurationError, InboxStoreError, Record, State, records
from openai_webhooks.inbox.store import LeaseLostError
from openai_webhooks.inbox.stores.postgresql import PostgresqlStore

NEW = records.received("wh_transaction", "response.completed", b"{}", 7, 1.0)


def fail_after_an_effect(store: PostgresqlStore, record: Record) -> None:
    with store.transaction(record) as connection:
        connection.execute("INSERT INTO effects VALUES ('wh_1')")
        raise ZeroDivisionError


def test_transaction_writes_the_record_and_the_effect_or_neither(postgresql_url: str):
    store = PostgresqlStore(postgresql_url)
    store.add([NEW])
    (held,) = store.claim(1.0, 30.0, 1)
    completed = records.finished(held, "mine", 2.0)
    with store.transaction(completed) as connection:
        connection.execute("CREATE TABLE effects (event TEXT)")
    with pytest.raises(ZeroDivisionError):
        fail_after_an_effect(store, records.finished(completed, "yours", 3.0))
    assert store.get(NEW.id) == completed
    with psycopg.connect(postgresql_url) as connection:
        assert connection.execute("SELECT * FROM effects").fetchall() == []
    store.save([records.done(completed, 4.0)])
    with (
        pytest.raises(LeaseLostError, match=NEW.id),
        store.transaction(records.finished(completed, "late", 5.0)),
    ):
        pytest.fail("the handler is not called")
    store.close()


def test_error_of_the_handlers_own_statement_is_the_handlers(postgresql_url: str):
    store = PostgresqlStore(postgresql_url)
    other = records.received("wh_statement", "response.completed", b"{}", 7, 1.0)
    store.add([other])
    (held,) = store.claim(1.0, 30.0, 1)
    with pytest.raises(psycopg.errors.UndefinedTable), store.transaction(held) as connection:
        connection.execute("SELECT * FROM no_such_table")
    assert store.get(other.id) == held
    store.save([records.done(held, 4.0)])
    store.close()


def test_table_that_another_session_locks_is_not_waited_for_for_ever(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
):
    with closing(PostgresqlStore(postgresql_url)) as first:
        first.counts()  # makes the table
    monkeypatch.setattr("openai_webhooks.inbox.stores.postgresql._LOCKED_SECONDS", 0.01)
    store = PostgresqlStore(postgresql_url)
    with psycopg.connect(postgresql_url) as other:
        other.execute("LOCK TABLE openai_webhooks_inbox IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(InboxStoreError, match="lock timeout"):
            store.counts()
    assert store.counts().keys() == {*State}
    store.close()


def test_lock_timeout_of_the_url_is_kept(postgresql_url: str):
    record = records.received("wh_timeout", "response.completed", b"{}", 7, 1.0)
    store = PostgresqlStore(f"{postgresql_url}&options=-clock_timeout%3D7s")
    store.add([record])
    (held,) = store.claim(1.0, 30.0, 1)
    with store.transaction(held) as connection:
        shown = connection.execute("SHOW lock_timeout").fetchone()
    assert shown == ("7s",)
    store.save([records.done(held, 4.0)])
    store.close()


def test_server_that_is_not_there_is_told_with_its_cause():
    store = PostgresqlStore("postgresql://user:hidden@127.0.0.1:1/database")
    with pytest.raises(InboxStoreError, match="server runs") as caught:
        store.now()
    assert isinstance(caught.value.__cause__, psycopg.OperationalError)
    assert "hidden" not in f"{caught.value}{caught.value.__cause__}{store!r}"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:hid/hidden@127.0.0.1/database",
        "postgresql://127.0.0.1/database?hidden=1",
        "postgresql://127.0.0.1:hidden/database",
    ],
)
def test_url_that_libpq_cannot_read_is_refused_without_showing_it(url: str):
    with pytest.raises(InboxConfigurationError, match="%2F") as caught:
        PostgresqlStore(url)
    assert caught.value.__cause__ is None
    assert "hidden" not in str(caught.value).replace("127.0.0.1:hidden", "")
