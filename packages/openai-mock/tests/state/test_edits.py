from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from openai_mock.state.edits import REMOVED, edited, merged

names = st.sampled_from("abc")
documents = st.recursive(
    st.none() | st.integers() | st.text(max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
)


def has(value: Any, name: str) -> bool:
    if isinstance(value, list):
        return any(has(each, name) for each in value)  # pyright: ignore[reportUnknownVariableType]
    return isinstance(value, dict) and (name in value or any(has(e, name) for e in value.values()))  # pyright: ignore[reportUnknownVariableType]


@given(documents)
def test_removed_is_gone_and_the_original_is_as_it_was(document: Any):
    before = deepcopy(document)
    found = edited(document, ("a",), lambda _: REMOVED)
    assert not has(found, "a")
    assert document == before


@given(documents)
def test_nothing_changes_where_nothing_is_meant(document: Any):
    assert edited(document, ("no such name",), lambda _: REMOVED) == document


def test_only_the_last_names_of_the_way_count():
    document = {"a": {"b": 1}, "b": 2, "c": [{"a": [{"b": 3}]}]}
    found = edited(document, ("a", "b"), lambda _: 0)
    assert found == {"a": {"b": 0}, "b": 2, "c": [{"a": [{"b": 0}]}]}


@given(documents)
def test_nothing_laid_over_changes_nothing(document: Any):
    assert merged(document, document) == document
    assert merged({"x": document}, {}) == {"x": document}


def test_objects_are_laid_over_by_name_and_lists_by_position():
    base = {"a": 1, "list": [{"x": 1, "y": 2}, {"z": 3}]}
    over = {"b": 2, "list": [{"y": 5}]}
    assert merged(base, over) == {"a": 1, "b": 2, "list": [{"x": 1, "y": 5}]}
    assert merged({"list": []}, {"list": [{"x": 1}, 2]}) == {"list": [{"x": 1}, 2]}


def test_objects_of_different_types_are_not_mixed():
    assert merged({"type": "message", "content": []}, {"type": "call"}) == {"type": "call"}
    assert merged({"type": "message", "content": []}, {"type": "message", "x": 1}) == {
        "type": "message",
        "content": [],
        "x": 1,
    }
