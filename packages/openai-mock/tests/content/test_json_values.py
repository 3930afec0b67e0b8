import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock.content.json_values import identity, kinds

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (None, ["null"]),
        (True, ["boolean"]),
        (1, ["integer", "number"]),
        (1.0, ["integer", "number"]),
        (1.5, ["number"]),
        ("", ["string"]),
        ([], ["array"]),
        ({}, ["object"]),
    ],
)
def test_kinds(value: object, names: list[str]):
    assert list(kinds(value)) == names


@given(values)
def test_same_values_have_the_same_identity(value: object):
    assert identity(value) == identity(json.loads(json.dumps(value)))
    assert hash(identity(value)) == hash(identity(json.loads(json.dumps(value))))


@pytest.mark.parametrize(
    ("one", "other"), [(1, True), (0, False), ([], {}), ("1", 1), ([1], [True]), (None, False)]
)
def test_different_values_have_different_identities(one: object, other: object):
    assert identity(one) != identity(other)


def test_numbers_and_members_are_compared_as_json_does():
    assert identity({"a": 1, "b": [2]}) == identity({"b": [2.0], "a": 1.0})
