"""Faults of the framing: what is around the data of events, and bytes that are no text or JSON."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

from openai_mock.errors import MockServerError
from openai_mock.faults.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from openai_mock.faults.wire import Piece, Wire

BROKEN = b'data: {"broken": \n\n'
HALF_OF_A_CHARACTER = b'data: "\xf0\x9f\x8c"\n\n'  # the first three of the four bytes of a tree
BOM = b"\xef\xbb\xbf"
_GZIP = 16 + zlib.MAX_WBITS


def comments(every: int = 1, text: str = "keep-alive") -> Fault:
    """Put a comment before every so many events of a stream.

    Args:
        every: How many.
        text: The comment.
    """
    if every < 1:
        raise MockServerError(f"'every' is {every}. Give 1 or more.")
    comment = f": {text}\n\n".encode()

    def commented(number: int, piece: bytes) -> bytes:
        return piece if number % every else comment + piece

    return _of_streams(_mapping(f"comments({every}, {text!r})", commented))


def blank_lines(count: int = 3) -> Fault:
    """Begin the body with blank lines, as servers do that have a request wait.

    Args:
        count: How many.
    """
    return _mapping(
        f"blank_lines({count})", lambda number, piece: piece if number else b"\n" * count + piece
    )


def bom() -> Fault:
    """Begin the body with a byte order mark."""
    return _mapping("bom()", lambda number, piece: piece if number else BOM + piece)


def crlf() -> Fault:
    """End the lines of a stream with a carriage return, too."""
    return _of_streams(_mapping("crlf()", lambda _, piece: piece.replace(b"\n", b"\r\n")))


def malformed(after_events: int = 1) -> Fault:
    """Put an event among the others whose data is broken JSON.

    Args:
        after_events: How many events come before it.
    """
    return _inserting("malformed", BROKEN, after_events)


def half_character(after_events: int = 1) -> Fault:
    """Put an event among the others whose data is no UTF-8.

    Args:
        after_events: How many events come before it.
    """
    return _inserting("half_character", HALF_OF_A_CHARACTER, after_events)


def no_final_blank_line() -> Fault:
    """Leave out the blank line that ends the last event of a stream."""

    def stripped(pieces: Iterable[Piece]) -> Iterator[Piece]:
        last = b""
        for piece in pieces:
            if isinstance(piece, bytes):
                if last:
                    yield last
                last = piece
            else:
                yield piece
        yield last.rstrip(b"\r\n")

    return _of_streams(_piping("no_final_blank_line()", stripped))


def gzip_cut() -> Fault:
    """Compress the body, and leave out the end of what is compressed."""

    def compressed(pieces: Iterable[Piece]) -> Iterator[Piece]:
        packing = zlib.compressobj(wbits=_GZIP)
        for piece in pieces:
            if isinstance(piece, bytes):
                yield packing.compress(piece) + packing.flush(zlib.Z_SYNC_FLUSH)
            else:
                yield piece

    return Fault(
        "gzip_cut()",
        on_wire=lambda wire: wire.sized_anew(compressed(wire.pieces)).having(
            "content-encoding", "gzip"
        ),
    )


def _inserting(name: str, event: bytes, after_events: int) -> Fault:
    """Put bytes before the event of a number, or at the end of shorter streams."""
    if after_events < 0:
        raise MockServerError(f"'after_events' is {after_events}. Give 0 or more.")

    def inserted(pieces: Iterable[Piece]) -> Iterator[Piece]:
        number = 0
        for piece in pieces:
            if isinstance(piece, bytes):
                if number == after_events:
                    yield event
                number += 1
            yield piece
        if number <= after_events:
            yield event

    return _of_streams(_piping(f"{name}({after_events})", inserted))


def _mapping(name: str, change: Callable[[int, bytes], bytes]) -> Fault:
    """Change each piece by its number."""

    def mapped(pieces: Iterable[Piece]) -> Iterator[Piece]:
        number = 0
        for piece in pieces:
            if isinstance(piece, bytes):
                yield change(number, piece)
                number += 1
            else:
                yield piece

    return _piping(name, mapped)


def _of_streams(fault: Fault) -> Fault:
    """The same, which leaves answers alone that are no stream."""
    change = fault.on_wire

    def changed(wire: Wire) -> Wire:
        return change(wire) if change and wire.is_stream else wire

    return replace(fault, on_wire=changed)


def _piping(name: str, through: Callable[[Iterable[Piece]], Iterator[Piece]]) -> Fault:
    return Fault(name, on_wire=lambda wire: wire.sized_anew(through(wire.pieces)))
