"""The store in a file of SQLite: embedded, for one machine, for any number of processes on it.

What was answered is on the disk: the write-ahead log is synchronised at every commit (`FULL`). So
events survive a kill at any moment, and a loss of power where the disk does what it is told. With
`?synchronous=normal` a commit does not wait for the disk: a kill still loses nothing, but a loss
of power may lose the last events, and completions, of up to a checkpoint.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from openai_webhooks.inbox.errors import InboxConfigurationError, InboxStoreError
from openai_webhooks.inbox.stores.statements import SCHEMA, Session, SqlStore, saving

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from openai_webhooks.inbox.records import Record
    from openai_webhooks.inbox.stores.statements import Row, Value

IN_MEMORY = ":memory:"
_OLDEST = (3, 35)  # the first that knows RETURNING and MATERIALIZED
_BUSY_SECONDS = 30.0
_BUSY_PAUSE = 0.005  # seconds
_PRIMARY_CODE = 0xFF  # of an error's code, whose other bits say more
_SYNCHRONOUS = ("full", "normal", "extra")


class SqliteStore(SqlStore):
    """Events in a file.

    Args:
        path: The file; made when it is not there. `:memory:` keeps events only in this process.
        synchronous: `full`, `normal` or `extra`, as SQLite means them.

    Raises:
        InboxConfigurationError: The setting is unknown, or SQLite is too old.
    """

    def __init__(self, path: str | Path, *, synchronous: str = "full") -> None:
        if synchronous not in _SYNCHRONOUS:
            raise InboxConfigurationError(
                f"synchronous is {synchronous!r}; it must be one of {', '.join(_SYNCHRONOUS)}"
            )
        if sqlite3.sqlite_version_info < _OLDEST:
            raise InboxConfigurationError(
                f"This Python comes with SQLite {sqlite3.sqlite_version}; the inbox needs 3.35 or "
                "later. Use a newer Python, or another store."
            )
        self._path = str(path)
        self._synchronous = synchronous
        # Threads take turns on one connection: a lock hands over at once, while SQLite, which also
        # keeps processes apart, would have them sleep and try again.
        self._turn = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    @classmethod
    def from_url(cls, url: str) -> SqliteStore:
        """Make it from `sqlite:///relative.db`, `sqlite:////absolute.db` and its parameters."""
        parts = urlsplit(url)
        path = unquote(parts.path.removeprefix("/"))
        parameters = dict(parse_qsl(parts.query))
        synchronous = parameters.pop("synchronous", "full")
        if parts.netloc or not path or parameters:
            raise InboxConfigurationError(
                "The URL of a SQLite store is sqlite:///relative.db or sqlite:////absolute.db, "
                "with three or four slashes, and may end in ?synchronous=normal."
            )
        return cls(path, synchronous=synchronous)

    @property
    def is_missing(self) -> bool:
        """Whether its file is not there yet, so that using it makes an empty one."""
        return self._path != IN_MEMORY and not Path(self._path).exists()

    def now(self) -> float:
        """The time of this machine, which all processes on the file share."""
        return time.time()

    @contextmanager
    def begin(self, *, writes: bool = True) -> Generator[Session]:
        """A transaction of this process's connection; other processes go on reading and writing.

        Only one that writes keeps other writers waiting.
        """
        with self._reporting(), self._turn:
            if self._connection is None:
                self._connection = self._with_table(self._opened())
            with _transaction(self._connection, writes=writes):
                yield _SqliteSession(self._connection)

    @contextmanager
    def transaction(self, record: Record) -> Generator[sqlite3.Connection]:
        """A transaction of a connection of its own, for a handler that writes to the same file.

        Other writers wait while it is open, receivers included.
        """
        if self._path == IN_MEMORY:
            raise InboxStoreError("A store in memory has no other connections; use a file.")
        with self._reporting():
            connection = self._opened()
        try:
            with _transaction(connection), saving(_SqliteSession(connection), record):
                yield connection
        finally:
            connection.close()

    def close(self) -> None:
        """Close the connection; it opens again when it is used."""
        with self._turn:
            connection, self._connection = self._connection, None
            if connection is not None:
                connection.close()

    def __repr__(self) -> str:
        return f"SqliteStore({self._path!r})"

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            _log_ahead(connection)
            connection.execute(f"PRAGMA synchronous = {self._synchronous}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _with_table(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        try:
            with _transaction(connection):
                for statement in SCHEMA:
                    connection.execute(statement.format(blob="BLOB", real="REAL"))
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def _reporting(self) -> Generator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise InboxStoreError(
                f"The inbox in {self._path} cannot be used: {error}. Check that the folder is "
                "there and can be written, that the disk has room, and that no other program "
                "holds the file."
            ) from error


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Let a file have a write-ahead log.

    SQLite does not wait by itself while another connection does the same to a new file.
    """
    end = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & _PRIMARY_CODE == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > end:
                raise
            time.sleep(_BUSY_PAUSE)
        else:
            return


@contextmanager
def _transaction(connection: sqlite3.Connection, *, writes: bool = True) -> Generator[None]:
    # A lock for writing that is only taken later could not be waited for.
    connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


class _SqliteSession:
    """Statements of an open transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def run(self, statement: str, values: Mapping[str, Value]) -> Sequence[Row]:
        """Run a statement; gives its rows."""
        return self._connection.execute(statement, values).fetchall()
