"""Faults of time and of the connection: cuts, resets, stalls, delays, drips."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

from openai_mock.errors import MockServerError
from openai_mock.faults.fault import Fault
from openai_mock.faults.wire import Break, Wait, interrupted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from openai_mock.faults.wire import Pause, Piece, Wire


def cut(after_bytes: int | None = None, after_events: int | None = None) -> Fault:
    """Close the connection without the end of the answer; before its head if nothing is given.

    Args:
        after_bytes: How many bytes of the body are sent.
        after_events: How many events of a stream are sent.
    """
    return _pausing("cut", lambda fault: Break(False, fault), after_bytes, after_events)


def reset(after_bytes: int | None = None, after_events: int | None = None) -> Fault:
    """Reset the connection (RST); before the head of the answer if nothing is given.

    Args:
        after_bytes: How many bytes of the body are sent.
        after_events: How many events of a stream are sent.
    """
    return _pausing("reset", lambda fault: Break(True, fault), after_bytes, after_events)


def stall(
    after_bytes: int | None = None, after_events: int | None = None, seconds: float | None = None
) -> Fault:
    """Send nothing more until the client leaves; before the head if no place is given.

    Args:
        after_bytes: How many bytes of the body are sent before.
        after_events: How many events of a stream are sent before.
        seconds: Go on after so many seconds.
    """
    waits, last = Wait(_checked(seconds)), () if seconds is None else (f"seconds={seconds}",)
    return _pausing("stall", lambda _: waits, after_bytes, after_events, *last)


def delay(seconds: float) -> Fault:
    """Answer later by so many seconds; advancing the server's clock by them is enough.

    Args:
        seconds: How many.
    """
    waits = Wait(_checked(seconds))
    return Fault(f"delay({seconds})", on_wire=lambda wire: _before(wire, waits))


def drip(size: int = 1) -> Fault:
    """Send the body in packets of so many bytes.

    Args:
        size: How many.
    """
    _at_least(1, size=size)
    return Fault(
        f"drip({size})", on_wire=lambda wire: replace(wire, pieces=_dripping(wire.pieces, size))
    )


def linger(seconds: float = 1.0, text: str = "keep-alive") -> Fault:
    """Send comments for ever after the last event of a stream, instead of ending it.

    Args:
        seconds: The time between two of them.
        text: The comment.
    """
    comment, waits = f": {text}\n\n".encode(), Wait(_checked(seconds))

    def lingering(pieces: Iterable[Piece]) -> Iterator[Piece]:
        yield from pieces
        yield from itertools.cycle((waits, comment))

    return Fault(
        f"linger({seconds}, {text!r})",
        on_wire=lambda wire: wire.sized_anew(lingering(wire.pieces)) if wire.is_stream else wire,
    )


def _pausing(
    word: str,
    pausing: Callable[[str], Pause],
    after_bytes: int | None,
    after_events: int | None,
    *more: str,
) -> Fault:
    """A fault that happens at a place of an answer; what happens is told the fault's name."""
    given = {"after_bytes": after_bytes, "after_events": after_events}
    place = {key: value for key, value in given.items() if value is not None}
    _at_least(0, **place)
    if len(place) > 1:
        raise MockServerError(f"{word} has one place: give after_bytes or after_events, not both.")
    name = f"{word}({', '.join((*(f'{key}={value}' for key, value in place.items()), *more))})"
    pause = pausing(name)

    def applied(wire: Wire) -> Wire:
        if not place:
            return _before(wire, pause)
        return replace(wire, pieces=interrupted(wire.pieces, (pause,), **place))

    return Fault(name, on_wire=applied)


def _before(wire: Wire, pause: Pause) -> Wire:
    return replace(wire, before=(*wire.before, pause))


def _dripping(pieces: Iterable[Piece], size: int) -> Iterator[Piece]:
    for piece in pieces:
        if isinstance(piece, bytes):
            yield from (piece[at : at + size] for at in range(0, len(piece), size))
        else:
            yield piece


def _checked(seconds: float | None) -> float | None:
    if seconds is not None and not 0 <= seconds < float("inf"):
        raise MockServerError(f"A fault cannot last {seconds} seconds. Give 0 or more.")
    return seconds


def _at_least(least: int, **given: int) -> None:
    for name, value in given.items():
        if value < least:
            raise MockServerError(f"'{name}' is {value}. Give {least} or more.")
