"""What a server keeps, in SQLite: JSON objects in collections, blobs of bytes, and what is due.

Decides order and pages, not what is kept: to it, a collection is a name, an object has a key, and
both are text. In memory by default; in a file, a later server finds what an earlier one kept.
"""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, cast
from urllib.parse import quote

from pydantic_core import from_json, to_json

from openai_mock.errors import MockServerError

if TYPE_CHECKING:
    from collections.abc import Generator
    from os import PathLike

IN_MEMORY = ":memory:"
Document: TypeAlias = dict[str, Any]  # Any: JSON
Order: TypeAlias = Literal["asc", "desc"]

_TABLES = {"agenda", "blobs", "documents", "runs"}
_SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS documents (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    collection TEXT NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (collection, key)
);
CREATE INDEX IF NOT EXISTS documents_in_order ON documents (collection, position);
CREATE TABLE IF NOT EXISTS blobs (name TEXT PRIMARY KEY, content BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS agenda (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    due REAL NOT NULL,
    step TEXT NOT NULL,
    collection TEXT NOT NULL,
    key TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS agenda_in_order ON agenda (due, number);
CREATE INDEX IF NOT EXISTS agenda_by_object ON agenda (collection, key);
CREATE TABLE IF NOT EXISTS runs (number INTEGER PRIMARY KEY AUTOINCREMENT);
COMMIT;
"""
# How a transaction begins, is kept and is undone; within another one, it can be undone by itself.
_OUTER = ("BEGIN IMMEDIATE", "COMMIT", ("ROLLBACK",))
_INNER = ("SAVEPOINT step", "RELEASE step", ("ROLLBACK TO step", "RELEASE step"))
_PUT = """
INSERT INTO documents (collection, key, body) VALUES (?, ?, ?)
ON CONFLICT (collection, key) DO UPDATE SET body = excluded.body
"""
_PUT_BLOB = """
INSERT INTO blobs (name, content) VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET content = excluded.content
"""
_HAS = "EXISTS (SELECT 1 FROM json_each(body, ?) AS inside WHERE inside.key = ? AND value IS ?)"
_LARGEST = 2**63 - 1  # of the whole numbers that SQLite takes
_LAST = "\U0010ffff"  # sorts after everything that a name goes on with


@dataclass(frozen=True)
class Slice:
    """A part of a collection.

    Attributes:
        keys: The keys of the objects.
        documents: The objects, in the same order.
        has_more: Whether there are more in the direction that was read.
    """

    keys: tuple[str, ...]
    documents: tuple[Document, ...]
    has_more: bool


class Due(NamedTuple):
    """A step that is to be done to an object.

    Attributes:
        at: When, in seconds since the epoch.
        step: The name of the step.
        collection: The collection of the object.
        key: The key of the object.
    """

    at: float
    step: str
    collection: str
    key: str


class UnknownCursorError(LookupError):
    """A page was to begin or end at an object that the collection does not have."""


class Store:
    """Collections and blobs. Threads may share it.

    Args:
        path: The file; it is made if it is not there.

    Raises:
        MockServerError: The file cannot be opened, or is no such store. All methods raise it when
            the file cannot be used any more, because the disk is full for instance.
    """

    def __init__(self, path: str | PathLike[str] = IN_MEMORY) -> None:
        self._path = path
        self._lock = threading.RLock()
        with self._turn():
            # Every statement commits by itself; a lock keeps threads apart.
            self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            weakref.finalize(self, self._database.close)  # applications have nobody to close it
            self._check_owner()
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
            self._database.executescript(_SCHEMA)
            run = self._database.execute("INSERT INTO runs DEFAULT VALUES").lastrowid
        self._has_steps = True  # or had, when somebody looked last; most requests need not look
        self.run = (run or 1) - 1
        """How many servers used this store before."""

    def close(self) -> None:
        """Close the file; the store cannot be used any more. Closing again does nothing."""
        with self._lock:
            self._database.close()

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Make what the block does one step: all of it is kept, or nothing if it fails."""
        with self._turn():
            inside = self._database.in_transaction
            begin, keep, undo = _INNER if inside else _OUTER
            self._database.execute(begin)
            try:
                yield
                self._database.execute(keep)
            except BaseException:
                # On a full disk SQLite may have undone all by itself.
                for each in undo if self._database.in_transaction else ():
                    self._database.execute(each)
                raise

    def put(self, collection: str, key: str, document: Mapping[str, object]) -> None:
        """Add an object at the end, or replace the one with this key in its place."""
        text = to_json(document).decode()
        with self._turn():
            self._database.execute(_PUT, (collection, key, text))

    def get(self, collection: str, key: str) -> Document | None:
        """The object with this key."""
        query = "SELECT body FROM documents WHERE collection = ? AND key = ?"
        found = self._one(query, (collection, key))
        return None if found is None else from_json(found[0])

    def has(self, collection: str, key: str) -> bool:
        """Whether there is an object with this key."""
        query = "SELECT 1 FROM documents WHERE collection = ? AND key = ?"
        return self._one(query, (collection, key)) is not None

    def delete(self, collection: str, key: str) -> bool:
        """Remove an object with all that is below it or due for it; tells whether it was there."""
        own = below(collection, key)
        inside = f"{own}/"
        with self.transaction():
            removed = self._database.execute(
                "DELETE FROM documents WHERE collection = ? AND key = ?", (collection, key)
            ).rowcount
            for table in ("documents", "agenda"):
                self._database.execute(
                    f"DELETE FROM {table} WHERE collection >= ? AND collection < ?",  # noqa: S608 - only text from here
                    (inside, inside + _LAST),
                )
            self.unschedule(collection, key)
            self._database.execute(
                "DELETE FROM blobs WHERE name = ? OR (name >= ? AND name < ?)",
                (own, inside, inside + _LAST),
            )
        return bool(removed)

    def list(
        self,
        collection: str,
        *,
        after: str | None = None,
        before: str | None = None,
        limit: int | None = None,
        order: Order = "asc",
        where: Mapping[str, object] | None = None,
    ) -> Slice:
        """Objects in the order in which they were added, or against it.

        Args:
            collection: The collection.
            after: The key, or the `id`, of the object after which to begin, in this order.
            before: That of the object before which to end. Without `after`, the objects are those
                next to it.
            limit: How many at most.
            order: "asc" for the oldest first.
            where: Values that top-level fields must have; of an object, those that it must have in
                it.

        Raises:
            UnknownCursorError: There is no such object to begin after or to end before.
        """
        backwards = before is not None and after is None
        descending = (order == "desc") != backwards
        conditions, values = _conditions(collection, where or {})
        with self._turn():
            for cursor, beyond in ((after, order == "asc"), (before, order == "desc")):
                if cursor is not None:
                    conditions.append(f"position {'>' if beyond else '<'} ?")
                    values.append(self._position(collection, cursor))
            rows: list[tuple[str, str]] = self._database.execute(
                f"SELECT key, body FROM documents WHERE {' AND '.join(conditions)} "  # noqa: S608 - only text from here
                f"ORDER BY position {'DESC' if descending else 'ASC'} LIMIT ?",
                (*values, -1 if limit is None else limit + 1),
            ).fetchall()
        kept = rows if limit is None else rows[:limit]
        in_order = kept[::-1] if backwards else kept
        keys = tuple(key for key, _ in in_order)
        return Slice(keys, tuple(from_json(body) for _, body in in_order), len(rows) > len(kept))

    def put_blob(self, name: str, content: bytes) -> None:
        """Keep bytes under a name, instead of what was there."""
        with self._turn():
            self._database.execute(_PUT_BLOB, (name, content))

    def get_blob(self, name: str) -> bytes | None:
        """The bytes under a name."""
        found = self._one("SELECT content FROM blobs WHERE name = ?", (name,))
        return None if found is None else found[0]

    def delete_blob(self, name: str) -> bool:
        """Remove the bytes under a name; tells whether there were any."""
        with self._turn():
            statement = "DELETE FROM blobs WHERE name = ?"
            return bool(self._database.execute(statement, (name,)).rowcount)

    def schedule(self, due: Due) -> None:
        """Note a step for an object."""
        statement = "INSERT INTO agenda (due, step, collection, key) VALUES (?, ?, ?, ?)"
        with self._turn():
            self._database.execute(statement, due)
            self._has_steps = True

    def unschedule(self, collection: str, key: str) -> None:
        """Forget all steps for an object."""
        with self._turn():
            self._database.execute(
                "DELETE FROM agenda WHERE collection = ? AND key = ?", (collection, key)
            )

    def has_due(self, by: float = inf) -> bool:
        """Whether any step is noted for a time, or for one before it."""
        with self._turn():
            if self._has_steps:
                self._has_steps = self._one("SELECT 1 FROM agenda LIMIT 1", ()) is not None
            query = "SELECT 1 FROM agenda WHERE due <= ? LIMIT 1"
            return self._has_steps and self._one(query, (by,)) is not None

    def take_due(self, now: float) -> Due | None:
        """The earliest step that is due at a time, and no longer noted; None if there is none."""
        query = "SELECT number, due, step, collection, key FROM agenda WHERE due <= ? "
        with self._turn():
            found = self._one(f"{query} ORDER BY due, number LIMIT 1", (now,))
            if found is None:
                return None
            number, *due = found
            self._database.execute("DELETE FROM agenda WHERE number = ?", (number,))
        return Due(*due)

    def _check_owner(self) -> None:
        query = "SELECT name FROM sqlite_master WHERE type = 'table'"
        tables = {name for (name,) in self._database.execute(query)}
        if tables and not tables >= _TABLES:
            self._database.close()
            raise MockServerError(
                f"The state file {self._path} is the database of another program. Name another "
                "file; it is made if it is not there."
            )

    @contextmanager
    def _turn(self) -> Generator[None]:
        """Keep other threads away while the block uses the database."""
        with self._lock:
            try:
                yield
            except sqlite3.Error as error:
                raise MockServerError(
                    f"The state file {self._path} cannot be used: {error}. Name a file in a folder "
                    "that exists and can be written, or one that an earlier server made; see that "
                    "the disk has room, and that no other program holds the file."
                ) from error

    def _position(self, collection: str, cursor: str) -> int:
        by_key = "SELECT position FROM documents WHERE collection = ? AND key = ?"
        by_id = (
            "SELECT position FROM documents WHERE collection = ? AND json_extract(body, '$.id') = ?"
        )
        found = self._one(by_key, (collection, cursor)) or self._one(by_id, (collection, cursor))
        if found is None:
            raise UnknownCursorError(cursor)
        return found[0]

    def _one(self, query: str, values: tuple[object, ...]) -> tuple[Any, ...] | None:  # Any: SQL's
        with self._turn():
            return self._database.execute(query, values).fetchone()


def below(collection: str, key: str) -> str:
    """The name of an object's own blob, and with a word after a slash that of a collection in it.

    What is named so goes when the object goes.
    """
    return f"{collection}/{quote(key, safe='')}"


def _conditions(collection: str, where: Mapping[str, object]) -> tuple[list[str], list[object]]:
    conditions, values = ["collection = ?"], [collection]
    wanted: list[object] = [*values]
    for name, value in where.items():
        path = f'$."{name}"'
        if isinstance(value, Mapping):
            for key, each in cast("Mapping[str, object]", value).items():
                conditions.append(_HAS)
                wanted += [path, key, _bound(each)]
        else:
            conditions.append("json_extract(body, ?) IS ?")
            wanted += [path, _bound(value)]
    return conditions, wanted


def _bound(value: object) -> object:
    """A value of JSON as SQLite gives it back from JSON: lists and objects as their text."""
    if isinstance(value, list | Mapping):
        return to_json(value).decode()
    if isinstance(value, int) and abs(value) > _LARGEST:
        return str(value)  # which no number equals
    return value
