from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock.content.schema_numbers import (
    common_multiple,
    is_multiple,
    numbers,
    numbers_in,
    within,
)

Keywords = dict[str, Any]  # Any: as in the module


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("add 2 and 3.5, then -1.", [2, 3.5, -1]),
        ("costs 1,234,567.89 or (12)", [1234567.89, 12]),
        ("1,2,3", [1, 2, 3]),
        ("on 2026-01-02 at 10.0.0.1, v2, a1b, 1.2.3", []),
        ("", []),
    ],
)
def test_numbers_in_a_text(text: str, found: list[float]):
    assert numbers_in(text) == found
    assert [type(each) for each in numbers_in(text)] == [type(each) for each in found]


@given(st.integers(-(10**9), 10**9), st.integers(0, 10**6), st.integers(1, 50), st.booleans())
def test_bounds_with_a_multiple_between_them_have_a_number(
    multiple: int, width: int, step: int, whole: bool
):
    keywords = {"minimum": multiple * step - width, "maximum": multiple * step, "multipleOf": step}
    found = list(islice(numbers(keywords, whole=whole, preferred=()), 5))
    assert found
    assert len(set(found)) == len(found)
    for number in found:
        assert keywords["minimum"] <= number <= keywords["maximum"]
        assert number % step == 0


@given(
    st.floats(-1e9, 1e9).filter(lambda low: low + 1e-3 != low),
    st.floats(1e-3, 1e6),
)
def test_bounds_that_are_excluded_have_a_number_between_them(low: float, width: float):
    keywords = {"exclusiveMinimum": low, "exclusiveMaximum": low + width}
    number = next(numbers(keywords, whole=False, preferred=()))
    assert low < number < low + width


@pytest.mark.parametrize(
    ("keywords", "whole", "first"),
    [
        ({}, True, 1),
        ({}, False, 1),
        ({"minimum": 5}, True, 5),
        ({"maximum": -5}, True, -5),
        ({"exclusiveMinimum": 5}, True, 6),
        ({"multipleOf": 7}, True, 7),
        ({"multipleOf": 0.1}, False, 1),
        ({"multipleOf": 0.25, "exclusiveMaximum": 1, "minimum": 0.1}, False, 0.75),
        ({"multipleOf": 1.5}, True, 3),
        ({"minimum": 10**400, "exclusiveMaximum": 10**400 + 1}, False, 10**400),
        ({"minimum": 0.2, "maximum": 0.3}, False, 0.2),
    ],
)
def test_first_number_is_the_allowed_one_next_to_1(keywords: Keywords, whole: bool, first: float):
    assert next(numbers(keywords, whole=whole, preferred=())) == first


def test_preferred_numbers_come_first_where_they_fit():
    assert list(islice(numbers({"minimum": 3}, whole=True, preferred=[2, 4.5, 8.0]), 2)) == [8, 3]
    assert next(numbers({}, whole=False, preferred=[4.5])) == 4.5


@pytest.mark.parametrize(
    "keywords",
    [{"minimum": 2, "maximum": 1}, {"exclusiveMinimum": 1, "exclusiveMaximum": 2, "multipleOf": 1}],
)
def test_bounds_without_a_number_give_none(keywords: Keywords):
    assert not list(numbers(keywords, whole=False, preferred=[1, 2]))
    assert not list(numbers({"minimum": 1.2, "maximum": 1.8}, whole=True, preferred=[]))


@pytest.mark.parametrize(
    ("value", "step", "is_one"),
    [(0.3, 0.1, False), (0.2, 0.1, True), (1e308, 0.5, True), (7, 2, False), (10**400, 0.5, True)],
)
def test_multiples_are_those_that_every_validator_takes(value: float, step: float, is_one: bool):
    assert is_multiple(value, step) == is_one


def test_common_multiple():
    assert common_multiple(4, 6) == 12
    assert common_multiple(0.5, 0.2) == 1
    assert common_multiple(0.5, 0.75) == 1.5


def test_within_looks_at_every_bound():
    assert within({"minimum": 1, "maximum": 1}, 1)
    assert not within({"exclusiveMaximum": 1}, 1)
    assert not within({"exclusiveMinimum": 1}, 1)
