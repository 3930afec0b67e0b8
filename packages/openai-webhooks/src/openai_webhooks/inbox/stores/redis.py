"""The store in Redis or what speaks like it, through redis-py: for workers on several machines.

What was answered is as durable as the server: with `appendfsync everysec`, Redis' advice, a crash
of the server may lose the last second; with `appendfsync always` nothing; without an append-only
file much. `maxmemory-policy` must be `noeviction`. Leases are timed by the server's clock.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import redis

from openai_webhooks.inbox.errors import InboxConfigurationError, InboxStoreError
from openai_webhooks.inbox.records import SETTLED, Record, State
from openai_webhooks.inbox.store import Position, redacted
from openai_webhooks.inbox.stores import scripts

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

DEFAULT_PREFIX = "openai-webhooks-inbox"
_TIMEOUT_SECONDS = 10.0


class RedisStore:
    """Events in a database of Redis.

    Args:
        client: The client; it must not decode responses.
        prefix: What all keys begin with. Inboxes with different ones share a database.
        name: How messages call the server.
    """

    def __init__(
        self, client: redis.Redis, *, prefix: str = DEFAULT_PREFIX, name: str = "Redis"
    ) -> None:
        self._client = client
        self._tag = f"{{{prefix}}}"
        self._name = name
        self._scripts = {text: client.register_script(text) for text in scripts.ALL}

    @classmethod
    def from_url(cls, url: str) -> RedisStore:
        """Make it from `redis://host/0` or `rediss://…`, with `?prefix=name` for other keys."""
        parts = urlsplit(url)
        parameters = dict(parse_qsl(parts.query))
        prefix = parameters.pop("prefix", DEFAULT_PREFIX)
        plain = urlunsplit(parts._replace(query=urlencode(parameters)))
        try:
            client = redis.Redis.from_url(  # pyright: ignore[reportUnknownMemberType] - partly typed
                plain,
                socket_timeout=_TIMEOUT_SECONDS,
                socket_connect_timeout=_TIMEOUT_SECONDS,
                health_check_interval=30,
            )
            # Unknown parameters are found when a connection is made; this one is not opened.
            client.connection_pool.make_connection()
        except (ValueError, TypeError):
            # The cause is not chained: it may carry the URL, and so a password.
            raise InboxConfigurationError(
                f"redis-py cannot read the URL of the store {redacted(url)}. Check its parameters."
            ) from None
        return cls(client, prefix=prefix, name=redacted(url))

    def now(self) -> float:
        """The time of the server."""
        seconds, microseconds = cast("list[bytes]", self._run(scripts.TIME, []))
        return int(seconds) + int(microseconds) / 1e6

    def add(self, records: Sequence[Record]) -> list[bool]:
        """Store events whose id is new."""
        arguments: list[object] = []
        for each in records:
            arguments += [each.id, each.type, each.body, each.timestamp, repr(each.received_at)]
        return self._answers(scripts.ADD, arguments)

    def claim(self, now: float, until: float, limit: int) -> list[Record]:
        """Lease events that are due."""
        found = self._run(scripts.CLAIM, [repr(now), repr(until), limit])
        return [_record(each) for each in cast("list[list[bytes]]", found)]

    def save(self, records: Sequence[Record]) -> list[bool]:
        """Write records whose fence still stands."""
        arguments: list[object] = []
        for each in records:
            arguments += [each.id, each.fence, each.next_fence, each.state.value, _text(each.due)]
            arguments += [each.attempts, _json(each.finished), _json(each.failures)]
            arguments.append(_text(each.settled_at))
        return self._answers(scripts.SAVE, arguments)

    def renew(self, leases: Sequence[tuple[str, int]], until: float) -> list[bool]:
        """Extend leases that still stand."""
        return self._answers(
            scripts.RENEW, [repr(until), *(part for lease in leases for part in lease)]
        )

    def get(self, id: str) -> Record | None:
        """Give one event."""
        found = cast("list[bytes]", self._run(scripts.GET, [id]))
        return _record(found) if found else None

    def page(
        self, *, state: State | None, type: str | None, after: Position | None, limit: int
    ) -> tuple[list[Record], Position | None]:
        """List events in the order of their arrival; those of other states are read, too."""
        start = ["-inf", ""] if after is None else [repr(after.received_at), after.id]
        hashes = cast("list[list[bytes]]", self._run(scripts.PAGE, [*start, limit]))
        found = [_record(each) for each in hashes]
        last = Position(found[-1].received_at, found[-1].id) if len(found) == limit else None
        wanted = [
            each for each in found if state in (None, each.state) and type in (None, each.type)
        ]
        return wanted, last

    def counts(self) -> Mapping[State, int]:
        """How many events are in each state."""
        numbers = cast("list[int]", self._run(scripts.COUNTS, []))
        due, leased, done, dead, pruned = numbers
        return {
            State.WAITING: due - leased,
            State.LEASED: leased,
            State.DONE: done,
            State.DEAD: dead,
            State.PRUNED: pruned,
        }

    def prune(self, state: State, settled_before: float, limit: int) -> int:
        """Drop the bodies of settled events."""
        assert state in SETTLED  # noqa: S101 - a body that is still needed is never dropped
        return cast("int", self._run(scripts.PRUNE, [state.value, repr(settled_before), limit]))

    def forget(self, received_before: float, limit: int) -> int:
        """Remove pruned events."""
        return cast("int", self._run(scripts.FORGET, [repr(received_before), limit]))

    def close(self) -> None:
        """Close the connections; they open again when they are used."""
        self._client.close()

    def __repr__(self) -> str:
        return f"RedisStore({self._name!r})"

    def _answers(self, script: str, arguments: Sequence[object]) -> list[bool]:
        return [answer == 1 for answer in cast("list[int]", self._run(script, arguments))]

    def _run(self, script: str, arguments: Sequence[object]) -> object:
        with self._reporting():
            # Any: redis-py says of what a script may be given less than it takes.
            return self._scripts[script](keys=[self._tag], args=cast("list[str]", arguments))

    @contextmanager
    def _reporting(self) -> Generator[None]:
        try:
            yield
        except redis.RedisError as error:
            raise InboxStoreError(
                f"The inbox in {self._name} cannot be used: {error}. Check that the server runs, "
                "that the URL is right, and that the user may run scripts."
            ) from error


def _text(time: float | None) -> str:
    return "" if time is None else repr(time)


def _json(value: Mapping[str, object]) -> str:
    return json.dumps(dict(value))


def _time(text: bytes) -> float | None:
    return float(text) if text else None


def _record(flat: Sequence[bytes]) -> Record:
    fields = dict(zip(flat[::2], flat[1::2], strict=True))
    return Record(
        id=fields[b"id"].decode(),
        type=fields[b"type"].decode(),
        body=fields[b"body"],
        timestamp=int(fields[b"timestamp"]),
        received_at=float(fields[b"received_at"]),
        state=State(fields[b"state"].decode()),
        due=_time(fields[b"due"]),
        attempts=int(fields[b"attempts"]),
        fence=int(fields[b"fence"]),
        finished=json.loads(fields[b"finished"]),
        failures=json.loads(fields[b"failures"]),
        settled_at=_time(fields[b"settled_at"]),
    )
