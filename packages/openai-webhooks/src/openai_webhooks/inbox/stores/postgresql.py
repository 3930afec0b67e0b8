"""The store in PostgreSQL, through psycopg: for workers on several machines.

What was answered is as durable as the server's commits: with its own defaults, on the server's
disk. Leases are timed by the server's clock, so those of the workers need not agree.
"""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

import psycopg
import psycopg_pool
from psycopg import conninfo

from openai_webhooks.inbox.errors import InboxConfigurationError, InboxStoreError
from openai_webhooks.inbox.store import redacted
from openai_webhooks.inbox.stores.statements import SCHEMA, Session, SqlStore, saving

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from typing import LiteralString

    from openai_webhooks.inbox.records import Record
    from openai_webhooks.inbox.stores.statements import Row, Value

_MOST_CONNECTIONS = 16  # the receiver's, the worker's, and those of handlers in a transaction
_OPEN_SECONDS = 10.0
_LOCKED_SECONDS = 30  # as long as the store in SQLite waits for who holds the file
_SCHEMA_LOCK = 7_163_244_107  # a number of its own among the database's advisory locks
_NAMED = re.compile(r":([a-z_]+[0-9]*)")


class PostgresqlStore(SqlStore):
    """Events in a table of the connection's schema; the table is made when it is not there.

    Args:
        url: `postgresql://user:password@host/database`, as libpq reads it.

    Raises:
        InboxConfigurationError: libpq cannot read it.
    """

    _lock = "FOR UPDATE SKIP LOCKED"

    def __init__(self, url: str) -> None:
        _check(url)
        self._url = url
        self._opening = threading.Lock()
        self._pool: psycopg_pool.ConnectionPool | None = None

    def now(self) -> float:
        """The time of the server."""
        with self.begin() as session:
            statement = "SELECT extract(epoch FROM clock_timestamp())::double precision"
            return cast("float", session.run(statement, {})[0][0])

    @contextmanager
    def begin(self, *, writes: bool = True) -> Generator[Session]:  # noqa: ARG002 - all are alike
        """A transaction of a connection from the pool."""
        with self._reporting(), self._opened().connection(_OPEN_SECONDS) as connection:
            yield _PostgresqlSession(connection)

    @contextmanager
    def transaction(self, record: Record) -> Generator[psycopg.Connection]:
        """A transaction for a handler that writes to the same database."""
        try:
            with (
                self._opened().connection(_OPEN_SECONDS) as connection,
                saving(_PostgresqlSession(connection), record),
            ):
                yield connection
        except (psycopg.OperationalError, psycopg_pool.PoolTimeout) as error:
            raise self._unusable(error) from error

    def close(self) -> None:
        """Close the pool; it opens again when it is used."""
        with self._opening:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()

    def __repr__(self) -> str:
        return f"PostgresqlStore({redacted(self._url)!r})"

    def _opened(self) -> psycopg_pool.ConnectionPool:
        with self._opening:
            if self._pool is None:
                self._pool = self._open()
            return self._pool

    def _open(self) -> psycopg_pool.ConnectionPool:
        with self._reporting():
            # One connection first: it says what is wrong, where a pool would try until its timeout.
            with psycopg.connect(self._url, connect_timeout=int(_OPEN_SECONDS)) as connection:
                _wait_for_locks(connection)
                # Two processes that make a table at once would fail, IF NOT EXISTS or not.
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (_SCHEMA_LOCK,))
                for statement in SCHEMA:
                    written = statement.format(blob="BYTEA", real="DOUBLE PRECISION")
                    connection.execute(_literal(written))
            pool: psycopg_pool.ConnectionPool = psycopg_pool.ConnectionPool(
                self._url,
                min_size=1,
                max_size=_MOST_CONNECTIONS,
                open=False,
                configure=_wait_for_locks,
            )
            pool.open()
            return pool

    @contextmanager
    def _reporting(self) -> Generator[None]:
        try:
            yield
        except (psycopg.Error, psycopg_pool.PoolTimeout) as error:
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> InboxStoreError:
        return InboxStoreError(
            f"The inbox in {redacted(self._url)} cannot be used: {error}. Check that the server "
            "runs, that the URL is right, and that its user may make the table."
        )


def _wait_for_locks(connection: psycopg.Connection) -> None:
    """Do not wait for ever for who holds the table, unless the URL or the server says how long."""
    connection.execute(
        "UPDATE pg_settings SET setting = %s WHERE name = 'lock_timeout' AND setting = '0'",
        (f"{_LOCKED_SECONDS * 1000:.0f}",),
    )
    connection.commit()


class _PostgresqlSession:
    """Statements of an open transaction."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def run(self, statement: str, values: Mapping[str, Value]) -> Sequence[Row]:
        """Run a statement; gives its rows."""
        return self._connection.execute(_dialect(statement), values).fetchall()


def _check(url: str) -> None:
    """Refuse a URL that libpq would: its complaint may show a part of the password."""
    try:
        conninfo.conninfo_to_dict(url)
        parts = urlsplit(url)
        readable = parts.port is None or parts.port > 0  # reading it fails if it is no number
    except (psycopg.Error, ValueError):
        readable = False
    if not readable:
        raise InboxConfigurationError(
            f"libpq cannot read the URL of the store {redacted(url)}. Check its port and its "
            "parameters, and write characters such as / : @ # of a password as %2F %3A %40 %23."
        )


@cache
def _dialect(statement: str) -> LiteralString:
    """The statement with values named as psycopg wants it; `::type` is left alone."""
    return _literal(_NAMED.sub(r"%(\1)s", statement.replace("::", "\0")).replace("\0", "::"))


def _literal(statement: str) -> LiteralString:
    # psycopg's types ask for literals, to keep values out of statements; these hold none.
    return cast("LiteralString", statement)
