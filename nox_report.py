"""What the noxfile tells at its end: which sessions and tests ran, which did not, and why.

Knows nothing of what a session does; it times them, keeps their outcome and prints one table.
"""

from __future__ import annotations

import atexit
import functools
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Concatenate, NamedTuple, ParamSpec
from xml.etree import ElementTree as ET

import nox

P = ParamSpec("P")


class NotRun(Exception):  # noqa: N818 - an outcome, not an error
    """A session cannot run here; the message says why."""


class Tests(NamedTuple):
    """The counts of one test run, and the reasons of what it skipped."""

    passed: int
    failed: int
    skipped: list[str]


@dataclass
class Row:
    """One line of the table."""

    name: str
    outcome: str
    seconds: float = 0.0
    remark: str = ""


_rows: list[Row] = []
_tests: dict[str, Tests] = {}


@contextmanager
def counted(name: str, work: Path) -> Generator[list[str]]:
    """Give the options with which pytest reports its counts, and put them into the table."""
    report = work / "reports" / f"{name}.xml"
    report.unlink(missing_ok=True)
    try:
        yield [f"--junit-xml={report}"]
    finally:
        if report.is_file():
            _tests[name] = _read(report)


def _read(report: Path) -> Tests:
    cases = list(ET.parse(report).iter("testcase"))  # noqa: S314 - written by our own pytest
    skipped = [
        f"{case.get('name')}: {element.get('message')}"
        for case in cases
        for element in case.findall("skipped")
    ]
    failed = sum(
        case.find("failure") is not None or case.find("error") is not None for case in cases
    )
    return Tests(len(cases) - failed - len(skipped), failed, skipped)


def reported(
    session_function: Callable[Concatenate[nox.Session, P], None],
) -> Callable[Concatenate[nox.Session, P], None]:
    """Put the outcome and the duration of a session into the table."""

    @functools.wraps(session_function)
    def run(session: nox.Session, *args: P.args, **kwargs: P.kwargs) -> None:
        started = time.monotonic()
        row = Row(session.name, "failed")
        _rows.append(row)
        try:
            session_function(session, *args, **kwargs)
            row.outcome = "passed"
        except NotRun as reason:
            row.outcome, row.remark = "not run", str(reason)
            session.skip(str(reason))
        finally:
            row.seconds = time.monotonic() - started

    return run


def _print_table() -> None:
    if not _rows:
        return
    print(f"\n{'session':<28} {'outcome':<8} {'time':>7}  remark")
    for row in _rows:
        print(f"{row.name:<28} {row.outcome:<8} {row.seconds:>6.0f}s  {row.remark}")
    if _tests:
        print(f"\n{'tests of':<28} {'passed':>7} {'failed':>7} {'not run':>8}")
    for name, tests in _tests.items():
        print(f"{name:<28} {tests.passed:>7} {tests.failed:>7} {len(tests.skipped):>8}")
        for reason in tests.skipped:
            print(f"    not run: {reason}")
    count = {outcome: sum(row.outcome == outcome for row in _rows) for outcome in OUTCOMES}
    print(f"\nsessions: {', '.join(f'{count[o]} {word}' for o, word in OUTCOMES.items())}")


OUTCOMES = {"passed": "passed", "failed": "failed", "not run": "skipped"}

atexit.register(_print_table)
