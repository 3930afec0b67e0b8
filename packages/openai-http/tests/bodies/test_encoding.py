"""Which keys are sent: those that the API knows, where the description says that they differ."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_http.bodies.encoding import WireNames, in_wire_names
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
