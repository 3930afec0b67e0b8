"""The formats of strings that JSON Schema names: what is in a format, and examples of it.

Decides which formats are known; of others, nothing is asked, as JSON Schema says. Examples are of
the names and addresses that are reserved for examples.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EXAMPLES = 100

_DATE = r"\d{4}-\d\d-\d\d"
_TIME = r"\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DURATION = r"P(?=.)(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)"
_HOSTNAME = rf"{_LABEL}(?:\.{_LABEL})*"
_EMAIL = rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+(?:\.[A-Za-z0-9_+-]+)*@{_LABEL}(?:\.{_LABEL})+"
_UUID = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_URI = r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]+"
_FIRST_DAY = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)


def is_in_format(text: str, format_: str) -> bool:
    """Whether a text is in a format; in an unknown one, each text is."""
    known = _FORMATS.get(format_)
    if known is None:
        return True
    pattern, parse, _ = known
    if not re.fullmatch(pattern, text, re.ASCII):
        return False
    try:
        parse(text)
    except ValueError:
        return False
    return True


def is_known(format_: str) -> bool:
    """Whether anything is asked of a text in this format."""
    return format_ in _FORMATS


def examples(format_: str, seed: str) -> Iterator[str]:
    """Different texts in a known format.

    Args:
        format_: The format.
        seed: What identifiers are made from: other seeds give other ones.
    """
    make = _FORMATS[format_][2]
    for number in range(EXAMPLES):
        yield make(number, seed)


def _uuid(number: int, seed: str) -> str:
    return str(UUID(bytes=sha256(f"{seed}\0{number}".encode()).digest()[:16], version=4))


def _date_time(number: int) -> str:
    return f"{_FIRST_DAY + dt.timedelta(days=number):%Y-%m-%dT%H:%M:%SZ}"


def _nth(number: int) -> str:
    """Nothing for the first; the others are counted from 2."""
    return str(number + 1) if number else ""


# For each: how it is written, what fails when its numbers make no sense, and an example.
_FORMATS: dict[str, tuple[str, Callable[[str], object], Callable[[int, str], str]]] = {
    "date-time": (f"{_DATE}[Tt]{_TIME}", dt.datetime.fromisoformat, lambda n, _: _date_time(n)),
    "date": (_DATE, dt.date.fromisoformat, lambda n, _: _date_time(n)[:10]),
    "time": (_TIME, dt.time.fromisoformat, lambda n, _: f"12:{n % 60:02}:{n // 60:02}Z"),
    "duration": (_DURATION, str, lambda n, _: f"P{n + 1}D"),
    "email": (_EMAIL, str, lambda n, _: f"user{_nth(n)}@example.com"),
    "hostname": (f"(?=.{{1,253}}$){_HOSTNAME}", str, lambda n, _: f"example{_nth(n)}.com"),
    "ipv4": (r"[\d.]+", ipaddress.IPv4Address, lambda n, _: f"192.0.2.{n + 1}"),
    "ipv6": (r"[\dA-Fa-f:.]+", ipaddress.IPv6Address, lambda n, _: f"2001:db8::{n + 1:x}"),
    "uuid": (_UUID, UUID, _uuid),
    "uri": (_URI, urlsplit, lambda n, _: f"https://example.com/{_nth(n)}"),
}
