"""How the demo looks: headings, the lines of Python, the traffic on the wire, the result.

Knows nothing of what is shown. Colours only on a terminal, and never with NO_COLOR set.
"""

from __future__ import annotations

import inspect
import os
import textwrap
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

WIDTH = 96
LONGEST_BODY = 400  # characters of a request's body that are shown

BOLD, DIM, GREEN, RED, CYAN = "1", "2", "32", "31", "36"


class Stage:
    """Prints the demo to a text stream, each piece as soon as it is known."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._encoding = out.encoding or "utf-8"  # which may have no arrows and lines
        self._colours = out.isatty() and not os.environ.get("NO_COLOR")
        # Traffic is told from other threads too; while a result is being written it is held back.
        self._lock = threading.Lock()
        self._held: list[str] | None = None

    def heading(self, text: str) -> None:
        """A line that opens a step."""
        self._print(self._paint(f"\n━━ {text} {'━' * (WIDTH - len(text) - 4)}", BOLD))

    def line(self, text: str) -> None:
        """A plain line."""
        self._print(text)

    def code(self, function: Callable[..., object]) -> None:
        """The lines of a function as they stand in the file, without its head and docstring."""
        self._print(self._paint("python", DIM))
        for line in body_of(function):
            self._print(f"  {self._paint(line, CYAN)}")
        self._print(self._paint("on the wire", DIM))

    def sent(self, text: str, body: str = "") -> None:
        """What went out."""
        self._traffic(f"  → {text}" + (f"\n    {shortened(body)}" if body else ""))

    def received(self, text: str) -> None:
        """What came in."""
        self._traffic(f"  ← {text}")

    def result(self, pieces: Iterator[str]) -> None:
        """What the step yields, piece by piece as it arrives."""
        first = next(pieces, "")
        with self._lock:
            self._held = []
        self._print(self._paint("came back, as typed values", DIM))
        try:
            self._write(f"  {self._paint(first, GREEN)}")
            for piece in pieces:
                self._write(self._paint(piece.replace("\n", "\n  "), GREEN))
            self._print("")
        finally:
            self._release()

    def _traffic(self, lines: str) -> None:
        with self._lock:
            if self._held is None:
                self._print(lines)
            else:
                self._held.append(lines)

    def _release(self) -> None:
        with self._lock:
            held, self._held = self._held or [], None
            if held:
                self._print(self._paint("on the wire meanwhile", DIM))
            for lines in held:
                self._print(lines)

    def failure(self, error: Exception) -> None:
        """The error that ended a step."""
        self._print("")
        self._print(self._paint(f"  {type(error).__name__}: {error}", RED))

    def _print(self, text: str) -> None:
        self._write(f"{text}\n")

    def _write(self, text: str) -> None:
        self._out.write(text.encode(self._encoding, "replace").decode(self._encoding))
        self._out.flush()

    def _paint(self, text: str, colour: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._colours else text


def body_of(function: Callable[..., object]) -> list[str]:
    """The source lines of a function below its docstring."""
    source = textwrap.dedent(inspect.getsource(function))
    body = source.partition('."""\n')[2]
    return textwrap.dedent(body).rstrip().splitlines()


def shortened(text: str) -> str:
    """The beginning of a long text."""
    return text if len(text) <= LONGEST_BODY else f"{text[:LONGEST_BODY]}…"
