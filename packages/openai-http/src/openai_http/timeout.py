"""How long each part of a call may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from openai_types.errors import OpenAIError


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
                raise OpenAIError(
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
