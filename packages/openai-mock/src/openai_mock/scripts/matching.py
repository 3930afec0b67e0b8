"""Whether a request fits what a script expects, and if not, where.

Knows values and files only, neither operations nor requests.
"""

from __future__ import annotations

import re
import reprlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast

from openai_mock.calls import Upload

SHOWN = 80  # characters of a value in a message
LEVELS = 4  # of lists and objects within it


class Anything:
    """Equal to everything, also within lists and objects."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment] # what equals everything has no hash

    def __repr__(self) -> str:
        return "ANY"


ANY: Final = Anything()
"""Matches any value that was sent."""


def differences(expected: object, actual: object, where: str) -> list[str]:
    """In which places a value is not as expected; empty if it is.

    Args:
        expected: `ANY`, a compiled pattern, a type, a predicate, an object of which each field is
            to match, a list of which each element is, or a value. Of a file: its bytes, or a tuple
            of its name, its bytes and perhaps its media type, as clients write it.
        actual: The value.
        where: Its name, for messages.
    """
    if isinstance(expected, re.Pattern):
        pattern = cast("re.Pattern[str]", expected)
        found = isinstance(actual, str) and pattern.search(actual)
        return [] if found else [_differs(where, actual, f"something like {pattern.pattern!r}")]
    if isinstance(expected, type):
        kind = cast("type[object]", expected)
        return [] if isinstance(actual, kind) else [_differs(where, actual, f"a {kind.__name__}")]
    if isinstance(expected, Mapping):
        return _in_object(cast("Mapping[str, object]", expected), actual, where)
    if isinstance(expected, list | tuple):
        inside = _in_file if isinstance(actual, Upload) else _in_list
        return inside(cast("Sequence[object]", expected), actual, where)
    if callable(expected) and not isinstance(expected, Anything):
        return _by_predicate(expected, actual, where)
    if isinstance(expected, bytes) and isinstance(actual, Upload):
        actual, where = actual.content, f"{where}.content"
    return [] if expected == actual else [_differs(where, actual, shown(expected))]


def shown(value: object) -> str:
    """A value as messages show it."""
    if isinstance(value, re.Pattern):
        return f"re.compile({cast('re.Pattern[str]', value).pattern!r})"
    if callable(value) and not isinstance(value, Anything):
        return getattr(value, "__name__", repr(value))
    short = reprlib.Repr()
    short.maxstring = short.maxother = SHOWN
    short.maxlevel = LEVELS
    return short.repr(value)


def _in_object(expected: Mapping[str, object], actual: object, where: str) -> list[str]:
    if not isinstance(actual, Mapping):
        return [_differs(where, actual, "an object")]
    given = cast("Mapping[str, object]", actual)
    found: list[str] = []
    for name, value in expected.items():
        inner = f"{where}.{name}"
        if name in given:
            found += differences(value, given[name], inner)
        else:
            found.append(f"'{inner}' was not sent, expected {shown(value)}")
    return found


def _in_list(expected: Sequence[object], actual: object, where: str) -> list[str]:
    if not isinstance(actual, list):
        return [_differs(where, actual, "a list")]
    given = cast("list[object]", actual)
    if len(given) != len(expected):
        return [f"'{where}' had {len(given)} elements, expected {len(expected)}"]
    pairs = zip(expected, given, strict=True)
    return [
        each
        for number, (one, other) in enumerate(pairs)
        for each in differences(one, other, f"{where}[{number}]")
    ]


def _in_file(expected: Sequence[object], actual: object, where: str) -> list[str]:
    if isinstance(expected, list):  # of a parameter that takes several, if only one was sent
        return _in_list(expected, [actual], where)
    parts = ("filename", "content", "content_type")
    return [
        each
        for name, part in zip(parts, expected, strict=False)
        for each in differences(part, getattr(actual, name), f"{where}.{name}")
    ]


def _by_predicate(expected: Callable[..., Any], actual: object, where: str) -> list[str]:
    try:
        fits = expected(actual)
    except Exception as error:  # noqa: BLE001 - of whoever wrote the script; told, not raised here
        return [f"'{where}' was {shown(actual)}, for which {shown(expected)} raised {error!r}"]
    return [] if fits else [f"'{where}' was {shown(actual)}, which {shown(expected)} does not take"]


def _differs(where: str, actual: object, expected: str) -> str:
    return f"'{where}' was {shown(actual)}, expected {expected}"
