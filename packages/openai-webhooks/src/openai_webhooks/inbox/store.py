"""What the inbox asks of a store, and which store a URL names.

A store only writes what it is given and hands out leases; what becomes of an event is decided in
`records` and `engine`. Three things it must hold: an id is stored once; an event is handed to one
worker at a time; a write from a lease that is over changes nothing (the fence).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

from openai_webhooks.inbox.errors import InboxConfigurationError, InboxStoreError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from openai_webhooks.inbox.records import Record, State

SQLITE = ("sqlite",)
REDIS = ("redis", "rediss")
POSTGRESQL = ("postgresql", "postgres")


class Position(NamedTuple):
    """Where a page of a listing ended."""

    received_at: float
    id: str


class Store(Protocol):
    """Where an inbox keeps its events. Threads share it; every method may raise InboxStoreError.

    All times are in seconds since the epoch.
    """

    def now(self) -> float:
        """The time by the clock that all workers of this store share."""
        ...

    def add(self, records: Sequence[Record]) -> list[bool]:
        """Store events durably; tells of each whether its id was new. Others are left alone."""
        ...

    def claim(self, now: float, until: float, limit: int) -> list[Record]:
        """Lease events that are due, those first that have been so for longest.

        Each comes as `records.leased` makes it. Never one whose lease still runs.
        """
        ...

    def save(self, records: Sequence[Record]) -> list[bool]:
        """Write each record, but not its body, if its fence is still that of the stored one.

        Writes the record's `next_fence`. Tells of each whether it was written.
        """
        ...

    def renew(self, leases: Sequence[tuple[str, int]], until: float) -> list[bool]:
        """Extend leases, by id and fence; tells of each whether it was still held."""
        ...

    def get(self, id: str) -> Record | None:
        """Give one event."""
        ...

    def page(
        self, *, state: State | None, type: str | None, after: Position | None, limit: int
    ) -> tuple[list[Record], Position | None]:
        """List events in the order of their arrival.

        Args:
            state: Only those in this state.
            type: Only those of this type.
            after: Where the page before ended.
            limit: How many at most; a page may have fewer, even none, without being the last.

        Returns:
            The events, and where to go on; None after the last page.
        """
        ...

    def counts(self) -> Mapping[State, int]:
        """How many events are in each state."""
        ...

    def prune(self, state: State, settled_before: float, limit: int) -> int:
        """Drop the bodies of events that were settled in this state before a time.

        Says of how many: at most `limit` in one call, those first that were settled first.
        """
        ...

    def forget(self, received_before: float, limit: int) -> int:
        """Remove pruned events that came before a time, id and all; says how many, as `prune`."""
        ...

    def close(self) -> None:
        """Release connections. More than once does nothing more."""
        ...


@runtime_checkable
class TransactionalStore(Store, Protocol):
    """A store that can write a completion in one transaction with what the handler writes."""

    def transaction(self, record: Record) -> AbstractContextManager[object]:
        """Open a transaction that writes the record as `save` does; gives its connection.

        It is committed at the end, and rolled back if an exception leaves it.

        Raises:
            LeaseLostError: The lease is over; nothing was written.
        """
        ...


class LeaseLostError(InboxStoreError):
    """Another worker has taken the event over; this one's work is rolled back."""


def open_store(url: str) -> Store:
    """Make the store that a URL names. Nothing is opened before it is used.

    Args:
        url: `sqlite:///relative.db`, `sqlite:////absolute.db`, `redis://host/0`, `rediss://…`, or
            `postgresql://user@host/database`. SQLite understands `?synchronous=normal`, Redis
            `?prefix=name`; all else after the question mark goes to the driver.

    Raises:
        InboxConfigurationError: It names none, or its driver is not installed.
    """
    scheme = url.partition("://")[0]
    try:
        if scheme in SQLITE:
            from openai_webhooks.inbox.stores.sqlite import SqliteStore

            return SqliteStore.from_url(url)
        if scheme in REDIS:
            from openai_webhooks.inbox.stores.redis import RedisStore

            return RedisStore.from_url(url)
        if scheme in POSTGRESQL:
            from openai_webhooks.inbox.stores.postgresql import PostgresqlStore

            return PostgresqlStore(url)
    except ImportError as error:
        drivers = "redis" if scheme in REDIS else "'psycopg[binary]' psycopg-pool"
        raise InboxConfigurationError(
            f"The driver of a {scheme} store cannot be imported: {error}. Install it: "
            f"pip install {drivers}."
        ) from error
    raise InboxConfigurationError(
        f"The inbox knows no store {redacted(url)!r}. Give a URL such as sqlite:///inbox.db, "
        "redis://localhost/0 or postgresql://localhost/database."
    )


def redacted(url: str) -> str:
    """The URL without what may be secret: user, password and parameters.

    Passwords often stand in URLs as they are, so what could be a part of one is left out, too.
    """
    scheme, _, rest = url.partition("://")
    shown = rest.partition("?")[0].partition("#")[0]
    if scheme in SQLITE or "@" not in rest:
        return f"{scheme}://{shown}"
    return f"{scheme}://{shown.rpartition('@')[2] if '@' in shown else '…'}"
