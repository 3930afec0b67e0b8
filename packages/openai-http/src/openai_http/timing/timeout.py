"""How long each part of a call may take.

A call with limits as a whole, which `watch` knows, has a `WatchedTimeout`: the limits of its parts
shrink as time passes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self, TypeAlias

from openai_types.errors import InvalidArgumentError

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


_UNSET = _Unset()
_LONGEST = 2_000_000  # seconds, three weeks: sockets of some systems take no more


@dataclass(frozen=True, init=False, slots=True)
class Timeout:
    """Limits in seconds; None means no limit. `Timeout(60, connect=5)` sets all, then one.

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
        timeout: float | TimeoutLike | None = None,
        *,
        connect: float | _Unset | None = _UNSET,
        read: float | _Unset | None = _UNSET,
        write: float | _Unset | None = _UNSET,
        pool: float | _Unset | None = _UNSET,
    ) -> None:
        for name, value in (("connect", connect), ("read", read), ("write", write), ("pool", pool)):
            everything = timeout if _is_seconds(timeout) else getattr(timeout, name, _UNSET)
            chosen = everything if isinstance(value, _Unset) else value
            if not _is_seconds(chosen):
                what = f"timeout is {timeout!r}" if chosen is everything else f"{name} is {value!r}"
                raise InvalidArgumentError(
                    f"{what}. Pass seconds, not negative and at most {_LONGEST}, None for no"
                    " limit, or a Timeout(...)."
                )
            object.__setattr__(self, name, chosen)


def _is_seconds(value: object) -> bool:
    if value is None:
        return True
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value <= _LONGEST


TimeoutTypes: TypeAlias = float | TimeoutLike | None

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
        return iter(("connect", "read", "write", "pool"))

    def __len__(self) -> int:
        return 4


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
    rest = min(max(left, 0), _LONGEST)
    if own is None:
        return Timeout(rest)
    parts = {
        name: rest if limit is None else min(rest, limit)
        for name in ("connect", "read", "write", "pool")
        for limit in (getattr(own, name),)
    }
    return Timeout(**parts)
