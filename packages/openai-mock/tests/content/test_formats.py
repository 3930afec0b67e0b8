import datetime as dt
import ipaddress
from collections.abc import Callable
from itertools import islice
from typing import Any
from uuid import UUID

import pytest
from openai_mock.content import formats
from pydantic import AnyUrl, TypeAdapter

# Any: a type that pydantic reads texts of the format as.
READERS: dict[str, Callable[[str], Any]] = {
    "date-time": TypeAdapter(dt.datetime).validate_python,
    "date": TypeAdapter(dt.date).validate_python,
    "time": TypeAdapter(dt.time).validate_python,
    "duration": TypeAdapter(dt.timedelta).validate_python,
    "email": lambda text: text.index("@"),
    "hostname": lambda text: text.index("."),
    "ipv4": ipaddress.IPv4Address,
    "ipv6": ipaddress.IPv6Address,
    "uuid": UUID,
    "uri": TypeAdapter(AnyUrl).validate_python,
}
OTHERS = {
    "date-time": [
        "2026-01-01",
        "2026-13-01T00:00:00Z",
        "2026-01-01T00:00:00",
        "2026-01-01 00:00:00Z",
    ],
    "date": ["2026-02-30", "20260101", "2026-1-1", "2026-01-01\n"],
    "time": ["12:00", "25:00:00Z", "12:00:00"],
    "duration": ["P", "PT", "1D", "P1H"],
    "email": ["a", "a@b", "a b@c.de", "@c.de"],
    "hostname": ["-a.b", "a..b", "a_b", "a." * 130],
    "ipv4": ["1.2.3", "1.2.3.256", "1.2.3.4.5"],
    "ipv6": ["1.2.3.4", ":::", "12345::"],
    "uuid": ["0", "d2fd9cb04065499fbf766fa354d75389"],
    "uri": ["example.com", "//a", "a b:c"],
}


@pytest.mark.parametrize("name", READERS)
def test_examples_are_in_their_format_and_different(name: str):
    found = list(formats.examples(name, "seed"))
    assert len(set(found)) == len(found) == formats.EXAMPLES
    for text in found:
        READERS[name](text)
        assert formats.is_in_format(text, name)


@pytest.mark.parametrize(("name", "texts"), OTHERS.items())
def test_other_texts_are_not_in_the_format(name: str, texts: list[str]):
    assert [text for text in texts if formats.is_in_format(text, name)] == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("date-time", "2026-11-05T08:15:30.25-05:00"),
        ("time", "23:59:59.5+01:00"),
        ("duration", "P1Y2M3DT4H5M6S"),
        ("duration", "P2W"),
        ("email", "first.last+tag@sub.example.org"),
        ("ipv6", "::ffff:1.2.3.4"),
        ("uri", "mailto:someone@example.com"),
    ],
)
def test_texts_are_in_the_format(name: str, text: str):
    assert formats.is_in_format(text, name)


def test_unknown_format_asks_nothing():
    assert not formats.is_known("phone")
    assert formats.is_in_format("anything", "phone")
    assert formats.is_known("uuid")


def test_identifiers_are_made_from_the_seed():
    first, other = formats.examples("uuid", "a"), formats.examples("uuid", "b")
    assert next(first) == next(formats.examples("uuid", "a")) != next(other)
    assert {UUID(each).version for each in islice(first, 20)} == {4}
