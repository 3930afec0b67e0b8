import re
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock import ANY
from openai_mock.calls import Upload
from openai_mock.scripts.matching import differences, shown

FILE = Upload("a.jsonl", "text/plain", b"{}")

documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(documents)
def test_everything_matches_itself_and_any(document: Any):
    assert differences(document, document, "it") == []
    assert differences(ANY, document, "it") == []
    assert differences({"a": ANY}, {"a": document, "b": 1}, "it") == []


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (re.compile("weather"), "the weather is fine"),
        (str, "text"),
        ((3).__lt__, 4),
        ({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}, "d": 3}),
        ([{"role": "user"}, ANY], [{"role": "user", "content": "x"}, 5]),
        (({"role": "user"},), [{"role": "user"}]),
        (mock.ANY, "anything"),
        ([1, ANY], [1, None]),
        (b"{}", FILE),
        (("a.jsonl", b"{}"), FILE),
        ((re.compile("jsonl$"), ANY, "text/plain"), FILE),
        ([b"{}"], FILE),
        ([b"{}", ANY], [FILE, FILE]),
        (FILE.__eq__, FILE),
        (FILE, FILE),
    ],
)
def test_what_matches(expected: Any, actual: Any):
    assert differences(expected, actual, "it") == []


@pytest.mark.parametrize(
    ("expected", "actual", "told"),
    [
        ("a", "b", "'it' was 'b', expected 'a'"),
        (re.compile("x+"), "b", "expected something like 'x+'"),
        (re.compile("x+"), 5, "expected something like 'x+'"),
        (int, "b", "expected a int"),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, "'it.a.b' was 2, expected 1"),
        ({"a": 1}, {}, "'it.a' was not sent, expected 1"),
        ({"a": 1}, "b", "expected an object"),
        ([1], "b", "expected a list"),
        ([1], [1, 2], "'it' had 2 elements, expected 1"),
        ([{"a": 1}], [{"a": 2}], "'it[0].a' was 2"),
        (str.isdigit, "b", "which isdigit does not take"),
        (str.isdigit, 5, "raised TypeError"),
        (b"[]", FILE, "'it.content' was b'{}', expected b'[]'"),
        (("b", b"{}"), FILE, "'it.filename' was 'a.jsonl', expected 'b'"),
        ([b"{}", b"{}"], FILE, "'it' had 1 elements, expected 2"),
    ],
)
def test_what_does_not_match_is_told(expected: Any, actual: Any, told: str):
    [found] = differences(expected, actual, "it")
    assert told in found


def test_values_are_shown_short():
    assert len(shown("x" * 1000)) < 100
    assert shown(ANY) == "ANY"
    assert shown(re.compile("a")) == "re.compile('a')"
    assert shown(str.isdigit) == "isdigit"
