"""How many connections a client may have, and how many it has."""

from __future__ import annotations

from dataclasses import dataclass

from openai_types.errors import InvalidArgumentError

from openai_http.timing.deadlines import check_seconds


@dataclass(frozen=True, slots=True)
class Limits:
    """How many connections a client may have to one server; None means no limit.

    Attributes:
        max_connections: at the same time; further calls wait for one, see `Timeout.pool`.
        max_keepalive_connections: that stay open while nothing uses them.
        keepalive_expiry: seconds after which an unused one is closed.

    Raises:
        InvalidArgumentError: a limit is no number, or one that nothing could work with.
    """

    max_connections: int | None = 1000
    max_keepalive_connections: int | None = 100
    keepalive_expiry: float | None = 5.0

    def __post_init__(self) -> None:
        for name, least in (("max_connections", 1), ("max_keepalive_connections", 0)):
            value: object = getattr(self, name)
            fits = isinstance(value, int) and not isinstance(value, bool) and value >= least
            if value is not None and not fits:
                raise InvalidArgumentError(
                    f"{name} is {value!r}. Pass {least} or more, or None for no limit."
                )
        if self.keepalive_expiry is not None:
            check_seconds("keepalive_expiry", self.keepalive_expiry)

    def none_used(self) -> PoolStats:
        """The statistics of pools without a connection."""
        return PoolStats(open=0, idle=0, in_use=0, waiting=0, limit=self.max_connections)


@dataclass(frozen=True, slots=True)
class PoolStats:
    """The connections of a client in this process, in all its event loops, at this moment.

    Attributes:
        open: how many there are; None where the HTTP library does not tell.
        idle: how many of them wait for a call; None where the HTTP library does not tell.
        in_use: how many serve a call, or are being opened for one.
        waiting: how many calls wait for a connection.
        limit: how many there may be to one server; None means no limit.
    """

    open: int | None
    idle: int | None
    in_use: int
    waiting: int
    limit: int | None

    def __add__(self, other: PoolStats) -> PoolStats:
        return PoolStats(
            _sum(self.open, other.open),
            _sum(self.idle, other.idle),
            self.in_use + other.in_use,
            self.waiting + other.waiting,
            self.limit,
        )


DEFAULT_LIMITS = Limits()


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other
