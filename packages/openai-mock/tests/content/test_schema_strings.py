from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock.content.schema_strings import NO_TEXT, is_met, strings

Keywords = dict[str, Any]  # Any: as in the module


def first(keywords: Keywords, text: str = "Hello, world: it is 2026-05-04.") -> str | None:
    return next(strings(keywords, text=text, seed="seed"), None)


@given(st.text(), st.integers(0, 50), st.none() | st.integers(0, 50))
def test_text_is_repeated_or_cut_to_its_length(text: str, least: int, more: int | None):
    keywords = {"minLength": least} | ({} if more is None else {"maxLength": least + more})
    found = list(islice(strings(keywords, text=text, seed=""), 3))
    assert len(set(found)) == len(found) >= 1
    for each in found:
        assert least <= len(each) <= keywords.get("maxLength", len(each))
    if is_met(keywords, text or NO_TEXT):
        assert found[0] == (text or NO_TEXT)


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        ({}, "Hello, world: it is 2026-05-04."),
        ({"maxLength": 5}, "Hello"),
        ({"pattern": "^[a-z]+$"}, "world"),
        ({"pattern": "is"}, "Hello, world: it is 2026-05-04."),
        ({"format": "date"}, "2026-05-04"),
        ({"format": "date", "pattern": "^2026-01"}, "2026-01-01"),
        ({"format": "email"}, "user@example.com"),
        ({"format": "phone"}, "Hello, world: it is 2026-05-04."),
        ({"pattern": "^[A-Z]{3}$"}, "ABC"),
        ({"format": "uuid", "maxLength": 10}, None),
    ],
)
def test_text_or_a_word_of_it_is_said_where_it_fits(keywords: Keywords, expected: str | None):
    assert first(keywords) == expected


def test_variants_are_numbered():
    found = islice(strings({}, text="Hi", seed=""), 3)
    assert list(found) == ["Hi", "Hi 2", "Hi 3"]
    assert list(islice(strings({"maxLength": 1}, text="Hi", seed=""), 3)) == ["H", "1", "2"]
    assert list(strings({"maxLength": 0}, text="Hi", seed="")) == [""]
