"""How long each part of a call may take.

A call with limits as a whole, which `watch` knows, has a `WatchedTimeout`: the limits of its parts
shrink as time passes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self, TypeAlias, cast

from openai_types.errors import InvalidArgumentError

from openai_http.timing.deadlines import LONGEST, is_seconds

if TYPE_CHECKING:
    from openai_http.timing.watch import Watch


class TimeoutLike(Protocol):
    """A timeout with four parts: this package's own, or that of httpx."""

    @property
    def connect(self) -> float | None:
        """Seconds to open a connection."""
        ...

    @property
    def read(self) -> float | None:
        """Seconds to wait for the next piece of the answer."""
        ...

    @property
    def write(self) -> float | None:
        """Seconds to send a piece of the request."""
        ...

    @property
    def pool(self) -> float | None:
        """Seconds to wait for a free connection."""
        ...


class _Unset:
    """Tells a part that was not given from one that is None, which means no limit."""


TimeoutTypes: TypeAlias = float | TimeoutLike | tuple[float | None, ...] | None
"""What `timeout=` takes. A tuple has connect, read, write and pool in this order, as in httpx."""

_UNSET = _Unset()
_PARTS = ("connect", "read", "write", "pool")
_SHORTEST = 1e-6  # seconds; sockets and HTTP libraries take 0 for no waiting, or for no limit


@dataclass(frozen=True, init=False, slots=True, eq=False)
class Timeout:
    """Limits in seconds; None means no limit. `Timeout(60, connect=5)` sets all, then one.

    It equals a number that all its parts have, and a timeout of httpx with the same parts.

    Attributes:
        connect: to open a connection.
        read: to wait for the next piece of the answer.
        write: to send a piece of the request.
        pool: to wait for a free connection.
    """

    connect: float | None
    read: float | None
    write: float | None
    pool: float | None

    def __init__(
        self,
        timeout: TimeoutTypes = None,
        *,
        connect: float | _Unset | None = _UNSET,
        read: float | _Unset | None = _UNSET,
        write: float | _Unset | None = _UNSET,
        pool: float | _Unset | None = _UNSET,
    ) -> None:
        everything = _parts_of(timeout)
        for name, value in zip(_PARTS, (connect, read, write, pool), strict=True):
            chosen = everything.get(name, _UNSET) if isinstance(value, _Unset) else value
            if not _is_limit(chosen):
                is_own = isinstance(value, _Unset)
                what = f"timeout is {timeout!r}" if is_own else f"{name} is {value!r}"
                raise InvalidArgumentError(
                    f"{what}. Pass seconds, not negative and at most {LONGEST}, None for no"
                    " limit, or a Timeout(...)."
                )
            limit = cast("float | None", chosen)
            object.__setattr__(self, name, None if limit is None else max(limit, _SHORTEST))

    def __eq__(self, other: object) -> bool:
        parts = _parts_of(other)
        return parts == _parts_of(self) if len(parts) == len(_PARTS) else NotImplemented

    def __hash__(self) -> int:
        parts = (self.connect, self.read, self.write, self.pool)
        return hash(parts[0] if len({*parts}) == 1 else parts)  # that of the equal number


def _parts_of(timeout: object) -> dict[str, object]:
    """What a timeout of any kind says of the parts, whether that can work or not."""
    if isinstance(timeout, tuple):
        given = cast("tuple[object, ...]", timeout)
        fits = 1 < len(given) <= len(_PARTS)
        return dict(zip(_PARTS, (*given, None, None), strict=False)) if fits else {}
    if _is_limit(timeout):
        return dict.fromkeys(_PARTS, timeout)
    return {name: getattr(timeout, name) for name in _PARTS if hasattr(timeout, name)}


def _is_limit(value: object) -> bool:
    return value is None or (is_seconds(value) and value <= LONGEST)


DEFAULT_TIMEOUT = Timeout(600, connect=5)
"""Answers of large models take minutes; a connection does not."""


class WatchedTimeout(Timeout):
    """The limits of the parts of a call that is watched; as attributes, those at its beginning.

    Attributes:
        own: the limits without the watch; None where the user's own HTTP client decides.
        watch: knows what is left.
    """

    __slots__ = ("own", "watch")

    own: Timeout | None
    watch: Watch

    def __init__(self, own: Timeout | None, watch: Watch) -> None:
        super().__init__(_shortest(own, watch.left()))
        object.__setattr__(self, "own", own)
        object.__setattr__(self, "watch", watch)

    def over(self, parts: Mapping[str, float | None]) -> LiveParts:
        """The limits of parts as a mapping that gives what is left when it is asked."""
        return LiveParts(parts, self.watch)


class LiveParts(Mapping[str, "float | None"]):
    """Limits by the names of the parts, which a call that is watched makes shorter over time."""

    def __init__(self, parts: Mapping[str, float | None], watch: Watch) -> None:
        self._parts = parts
        self._watch = watch

    def __getitem__(self, part: str) -> float | None:
        own = self._parts.get(part)
        now = self._watch.limited(part, own)
        return None if now is None else Left(now, part, own, self._watch)

    def __iter__(self) -> Iterator[str]:
        return iter(_PARTS)

    def __len__(self) -> int:
        return len(_PARTS)


class Left(float):
    """Seconds that are left of a limit, when it was asked for; `now()` gives them anew.

    An HTTP library asks for a limit once and may block several times under it.
    """

    __slots__ = ("_own", "_part", "_watch")

    _own: float | None
    _part: str
    _watch: Watch

    def __new__(cls, now: float, part: str, own: float | None, watch: Watch) -> Self:
        """The seconds that are left now of a part whose own limit is `own`."""
        made = super().__new__(cls, now)
        made._part, made._own, made._watch = part, own, watch
        return made

    def now(self) -> float | None:
        """The seconds that are left now. Raises what `Watch.limited` raises."""
        return self._watch.limited(self._part, self._own)


def _shortest(own: Timeout | None, left: float | None) -> Timeout:
    if left is None:
        return own or Timeout(None)
    rest = min(max(left, 0), LONGEST)
    if own is None:
        return Timeout(rest)
    parts = {
        name: rest if limit is None else min(rest, limit)
        for name in _PARTS
        for limit in (getattr(own, name),)
    }
    return Timeout(**parts)
