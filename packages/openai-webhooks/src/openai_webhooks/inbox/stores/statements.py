"""A store in SQL, for databases that know `ON CONFLICT`, `RETURNING` and materialised CTEs.

Decides the table and every statement, in the dialect that SQLite and PostgreSQL share. Which
driver runs them, and how a transaction is held, is up to the two subclasses.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TypeAlias, cast

from openai_webhooks.inbox.records import SETTLED, Record, State
from openai_webhooks.inbox.store import LeaseLostError, Position

if TYPE_CHECKING:
    from collections.abc import Generator
    from contextlib import AbstractContextManager

Value: TypeAlias = str | bytes | int | float | None
Row: TypeAlias = Sequence[object]

TABLE = "openai_webhooks_inbox"
COLUMNS = (
    *("id", "type", "body", "timestamp", "received_at", "state", "due", "attempts", "fence"),
    *("finished", "failures", "settled_at"),
)
_ALL = ", ".join(COLUMNS)

# {blob} and {real} are what a database calls bytes and double precision.
SCHEMA = (
    f"""
CREATE TABLE IF NOT EXISTS {TABLE} (
    id TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    body {{blob}} NOT NULL,
    timestamp BIGINT NOT NULL,
    received_at {{real}} NOT NULL,
    state TEXT NOT NULL,
    due {{real}},
    attempts INTEGER NOT NULL,
    fence BIGINT NOT NULL,
    finished TEXT NOT NULL,
    failures TEXT NOT NULL,
    settled_at {{real}}
)""",
    f"CREATE INDEX IF NOT EXISTS {TABLE}_due ON {TABLE} (due, id) WHERE due IS NOT NULL",
    f"CREATE INDEX IF NOT EXISTS {TABLE}_received ON {TABLE} (received_at, id)",
    f"CREATE INDEX IF NOT EXISTS {TABLE}_settled ON {TABLE} (state, settled_at)",
)
# The inner list is materialised, so that a plan can never work it out, and lock rows, twice.
_CLAIM = f"""
WITH next AS MATERIALIZED (
    SELECT id FROM {TABLE} WHERE due <= :now ORDER BY due, id LIMIT :limit {{lock}}
)
UPDATE {TABLE} SET state = 'leased', due = :until, attempts = attempts + 1, fence = fence + 1
WHERE id IN (SELECT id FROM next) RETURNING {_ALL}
"""  # noqa: S608 - no value is written into a statement
_SAVE = f"""
UPDATE {TABLE} SET state = :state, due = :due, attempts = :attempts, fence = :next_fence,
    finished = :finished, failures = :failures, settled_at = :settled_at
WHERE id = :id AND fence = :fence RETURNING id
"""  # noqa: S608
_RENEW = f"""
UPDATE {TABLE} SET due = :until
WHERE id = :id AND fence = :fence AND state = 'leased' RETURNING id
"""  # noqa: S608
_PRUNE = f"""
UPDATE {TABLE} SET state = 'pruned', body = :empty, finished = '{{{{}}}}', failures = '{{{{}}}}'
WHERE id IN (
    SELECT id FROM {TABLE} WHERE state = :state AND settled_at < :before
    ORDER BY settled_at LIMIT :limit {{lock}}
) AND state = :state RETURNING id
"""  # noqa: S608
_FORGET = f"""
DELETE FROM {TABLE} WHERE id IN (
    SELECT id FROM {TABLE} WHERE state = 'pruned' AND received_at < :before
    ORDER BY received_at LIMIT :limit {{lock}}
) RETURNING id
"""  # noqa: S608


class Session(Protocol):
    """An open transaction."""

    def run(self, statement: str, values: Mapping[str, Value]) -> Sequence[Row]:
        """Run a statement whose values are named like `:this`; gives its rows."""
        ...


class SqlStore(ABC):
    """Events in one table. Subclasses open transactions."""

    _lock = ""  # how a database says that rows which another transaction holds are passed over

    @abstractmethod
    def begin(self, *, writes: bool = True) -> AbstractContextManager[Session]:
        """A transaction: committed at the end, rolled back if an exception leaves it."""

    def add(self, records: Sequence[Record]) -> list[bool]:
        """Store events whose id is new."""
        # In the order of their ids, so that two receivers never wait for each other in a circle.
        values: dict[str, Value] = {}
        rows: list[str] = []
        for number, record in enumerate(sorted(records, key=lambda each: each.id)):
            row = _row(record)
            values.update({f"{name}{number}": row[name] for name in COLUMNS})
            rows.append("(" + ", ".join(f":{name}{number}" for name in COLUMNS) + ")")
        statement = (
            f"INSERT INTO {TABLE} ({_ALL}) VALUES {', '.join(rows)} "  # noqa: S608
            "ON CONFLICT (id) DO NOTHING RETURNING id"
        )
        with self.begin() as session:
            new = {row[0] for row in session.run(statement, values)}
        answers: list[bool] = []
        for record in records:  # of two with one id in the same call, the first is new
            answers.append(record.id in new)
            new.discard(record.id)
        return answers

    def claim(self, now: float, until: float, limit: int) -> list[Record]:
        """Lease events that are due."""
        values: dict[str, Value] = {"now": now, "until": until, "limit": limit}
        with self.begin() as session:
            rows = session.run(_CLAIM.format(lock=self._lock), values)
        return sorted(map(_record, rows), key=_arrival)

    def save(self, records: Sequence[Record]) -> list[bool]:
        """Write records whose fence still stands."""
        with self.begin() as session:
            return [_saved(session, record) for record in records]

    def renew(self, leases: Sequence[tuple[str, int]], until: float) -> list[bool]:
        """Extend leases that still stand."""
        with self.begin() as session:
            return [
                bool(session.run(_RENEW, {"id": id_, "fence": fence, "until": until}))
                for id_, fence in leases
            ]

    def get(self, id: str) -> Record | None:
        """Give one event."""
        with self.begin(writes=False) as session:
            rows = session.run(f"SELECT {_ALL} FROM {TABLE} WHERE id = :id", {"id": id})  # noqa: S608
        return _record(rows[0]) if rows else None

    def page(
        self, *, state: State | None, type: str | None, after: Position | None, limit: int
    ) -> tuple[list[Record], Position | None]:
        """List events in the order of their arrival."""
        values: dict[str, Value] = {"limit": limit}
        conditions = ["TRUE"]
        if state is not None:
            conditions.append("state = :state")
            values["state"] = state.value
        if type is not None:
            conditions.append("type = :type")
            values["type"] = type
        if after is not None:
            conditions.append("(received_at, id) > (:received_at, :after)")
            values |= {"received_at": after.received_at, "after": after.id}
        statement = (
            f"SELECT {_ALL} FROM {TABLE} WHERE {' AND '.join(conditions)} "  # noqa: S608
            "ORDER BY received_at, id LIMIT :limit"
        )
        with self.begin(writes=False) as session:
            found = [_record(row) for row in session.run(statement, values)]
        last = _arrival(found[-1]) if len(found) == limit else None
        return found, last

    def counts(self) -> Mapping[State, int]:
        """How many events are in each state."""
        statement = f"SELECT state, COUNT(*) FROM {TABLE} GROUP BY state"  # noqa: S608
        with self.begin(writes=False) as session:
            rows = cast("Sequence[tuple[str, int]]", session.run(statement, {}))
        found = {State(state): number for state, number in rows}
        return {state: found.get(state, 0) for state in State}

    def prune(self, state: State, settled_before: float, limit: int) -> int:
        """Drop the bodies of settled events."""
        assert state in SETTLED  # noqa: S101 - a body that is still needed is never dropped
        values: dict[str, Value] = {
            "state": state.value,
            "before": settled_before,
            "limit": limit,
            "empty": b"",
        }
        with self.begin() as session:
            return len(session.run(_PRUNE.format(lock=self._lock), values))

    def forget(self, received_before: float, limit: int) -> int:
        """Remove pruned events."""
        values: dict[str, Value] = {"before": received_before, "limit": limit}
        with self.begin() as session:
            return len(session.run(_FORGET.format(lock=self._lock), values))


@contextmanager
def saving(session: Session, record: Record) -> Generator[None]:
    """Write a record first, so that whoever lost its lease does nothing at all."""
    if not _saved(session, record):
        raise LeaseLostError(
            f"The lease of {record.id} is over: another worker has taken the event. What the "
            "handler wrote in this transaction is rolled back."
        )
    yield


def _saved(session: Session, record: Record) -> bool:
    values = {**_row(record), "next_fence": record.next_fence}
    return bool(session.run(_SAVE, values))


def _arrival(record: Record) -> Position:
    return Position(record.received_at, record.id)


def _row(record: Record) -> dict[str, Value]:
    return {
        "id": record.id,
        "type": record.type,
        "body": record.body,
        "timestamp": record.timestamp,
        "received_at": record.received_at,
        "state": record.state.value,
        "due": record.due,
        "attempts": record.attempts,
        "fence": record.fence,
        "finished": json.dumps(dict(record.finished)),
        "failures": json.dumps(dict(record.failures)),
        "settled_at": record.settled_at,
    }


def _record(row: Row) -> Record:
    # The columns are this module's own, and so are their types.
    id_, type_, body, timestamp, received_at, state, due, attempts, fence = cast(
        "tuple[str, str, bytes, int, float, str, float | None, int, int]", tuple(row[:9])
    )
    finished, failures, settled_at = cast("tuple[str, str, float | None]", tuple(row[9:]))
    return Record(
        id=id_,
        type=type_,
        body=bytes(body),
        timestamp=timestamp,
        received_at=received_at,
        state=State(state),
        due=due,
        attempts=attempts,
        fence=fence,
        finished=json.loads(finished),
        failures=json.loads(failures),
        settled_at=settled_at,
    )
