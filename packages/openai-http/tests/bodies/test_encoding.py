"""Which keys are sent: those that the API knows, where the description says that they differ."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_http import NOT_GIVEN, omit
from openai_http.bodies.encoding import WireNames, encoded, in_wire_names
from openai_types.errors import InvalidArgumentError
from pydantic import BaseModel, Field

# Any: JSON, and what stands for it.

# `setup` is one Setup, or several; a Setup has others inside, and some by names of any kind.
NAMES: WireNames = {
    "": {"setup": ("", "Setup"), "class_": ("class", "")},
    "Setup": {
        "async_": ("async", ""),
        "from_": ("from", "Setup"),
        "others": ("", "dict[str, Setup]"),
    },
    "dict[str, Setup]": {"*": ("", "Setup")},
}
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=3)
values: st.SearchStrategy[Any] = st.none() | st.booleans() | st.integers() | texts
others = values | st.fixed_dictionaries({"async_": values})


def setup_with(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {},
        optional={
            "async_": others,
            "text": others,
            "from_": inner | st.lists(inner, max_size=3),
            "others": st.dictionaries(texts, inner, max_size=3),
        },
    )


setups: st.SearchStrategy[dict[str, Any]] = st.recursive(
    setup_with(st.builds(dict[str, Any])), setup_with, max_leaves=8
)


class Alone(BaseModel):
    """Of the user's own, with the keys of Python."""

    async_: bool
    text: str | None = None


class Aliased(BaseModel):
    """As the models of this package are."""

    async_: bool = Field(alias="async")


DAY = date(2024, 1, 2)
MOMENT = datetime(2024, 1, 2, 3, 4, 5, 6, tzinfo=timezone(timedelta(hours=2)))


def renamed(value: Any) -> Any:
    return in_wire_names("things.make", {"setup": value}, NAMES)["setup"]


def one_by_one() -> Iterator[dict[str, Any]]:
    yield {"async_": 1}
    yield {"async_": 2}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"async_": True}, {"async": True}),
        ({"async_": {"async_": 1}}, {"async": {"async_": 1}}),
        ({"text": {"async_": 1}, "class_": 2}, {"text": {"async_": 1}, "class_": 2}),
        ({"async": False}, {"async": False}),
        ({"async": False, "async_": True}, {"async": True}),
        ([{"async_": 1}, "async_", None, 2.5, [{"async_": 3}]],
         [{"async": 1}, "async_", None, 2.5, [{"async": 3}]]),
        (({"async_": 1},), [{"async": 1}]),
        (one_by_one(), [{"async": 1}, {"async": 2}]),
        (MappingProxyType({"async_": 1}), {"async": 1}),
        ({"from_": {"from_": {"async_": 1}}}, {"from": {"from": {"async": 1}}}),
        ({"others": {"async_": {"async_": 1}}}, {"others": {"async_": {"async": 1}}}),
        (Alone(async_=True), {"async": True}),
        ([Aliased.model_validate({"async": True})], [{"async": True}]),
        ({"async_": omit, "from_": NOT_GIVEN}, {"async": omit, "from": NOT_GIVEN}),
        ({"from_": DAY, "others": [DAY]}, {"from": "2024-01-02", "others": ["2024-01-02"]}),
        ("async_", "async_"),
        (None, None),
    ],
)  # fmt: skip
def test_keys_are_renamed_where_the_description_says(value: Any, written: Any):
    assert renamed(value) == written


def test_parameters_themselves_may_have_another_name():
    assert in_wire_names("t.make", {"class_": {"async_": 1}, "n": 1}, NAMES) == {
        "class": {"async_": 1},
        "n": 1,
    }


@given(setups | st.lists(setups))
def test_what_the_user_has_stays_as_it_is(value: Any):
    before = copy.deepcopy(value)
    renamed(value)
    assert value == before


@given(setups)
def test_only_the_keys_change(value: dict[str, Any]):
    def back(setup: Any) -> Any:
        if isinstance(setup, list):
            return [back(each) for each in cast("list[Any]", setup)]
        names = {"async": "async_", "from": "from_"}
        found = {names.get(key, key): each for key, each in setup.items()}
        if "from_" in found:
            found["from_"] = back(found["from_"])
        if "others" in found:
            found["others"] = {key: back(each) for key, each in found["others"].items()}
        return found

    assert back(renamed(value)) == value


circular: dict[str, Any] = {}
circular["from_"] = [circular]


class Unwritable(BaseModel):
    async_: object


@pytest.mark.parametrize(
    ("value", "cause"),
    [
        (circular, "recursion"),
        ({"from_": b"bytes"}, "a value of type bytes is not JSON"),
        ({"from_": Unwritable(async_=object())}, "Unable to serialize"),
    ],
)
def test_what_is_not_json_is_refused_with_the_name_of_the_call(value: Any, cause: str):
    with pytest.raises(InvalidArgumentError, match=r"parameters of things\.make\(\)") as caught:
        renamed(value)
    assert cause in str(caught.value)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"a": omit, "b": {"c": NOT_GIVEN, "d": None}}, {"b": {"d": None}}),
        ([omit, {"a": omit, "b": 1}, [NOT_GIVEN, 2]], [{"b": 1}, [2]]),
        ((omit, MappingProxyType({"a": omit, "b": 1})), [{"b": 1}]),
        ({"a": one_by_one(), "b": omit}, {"a": [{"async_": 1}, {"async_": 2}]}),
        ({"a": omit, "b": one_by_one()}, {"b": [{"async_": 1}, {"async_": 2}]}),
        ({"a": ({"b": each, "c": 0} for each in (1, omit))}, {"a": [{"b": 1, "c": 0}, {"c": 0}]}),
        ({"a": Aliased.model_validate({"async": True}), "b": omit}, {"a": {"async": True}}),
    ],
)
def test_what_is_omitted_is_left_out_and_nothing_is_read_twice(value: Any, written: Any):
    assert json.loads(encoded("things.make", value)) == written


def test_what_the_user_has_keeps_what_is_omitted():
    value = {"a": omit, "b": [omit]}
    encoded("things.make", value)
    assert value == {"a": omit, "b": [omit]}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (DAY, "2024-01-02"),
        (MOMENT, "2024-01-02T03:04:05.000006+02:00"),
        (MOMENT.replace(tzinfo=None, microsecond=0), "2024-01-02T03:04:05"),
    ],
)
def test_dates_are_text_by_iso_8601(value: date, text: str):
    assert json.loads(encoded("t.make", {"a": value, "b": [value]})) == {"a": text, "b": [text]}
    assert json.loads(encoded("t.make", {"a": value, "b": omit})) == {"a": text}


def test_body_that_is_omitted_or_has_itself_in_it_is_refused():
    itself: dict[str, Any] = {"a": omit}
    itself["b"] = itself
    for body, cause in ((omit, "type Omit is not JSON"), (itself, "recursion")):
        with pytest.raises(InvalidArgumentError, match=cause):
            encoded("things.make", body)
