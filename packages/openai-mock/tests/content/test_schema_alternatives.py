"""A value meets a schema just when it meets one of the alternatives with its checks."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openai_mock.content.schema_alternatives import alternatives
from openai_mock.content.schema_references import References

Schema = dict[str, Any]  # Any: as in the module
validator: Any = Draft202012Validator  # Any: its stubs cannot spell what JSON is

values = st.recursive(
    st.none() | st.integers(-3, 3) | st.sampled_from([0.5, 1.0]) | st.text("ab", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=5,
)
plain: list[Schema] = [
    {"type": ["integer", "string"]},
    {"type": ["number", "null"]},
    {"type": "number", "minimum": 0},
    {"maximum": 2, "multipleOf": 0.5},
    {"multipleOf": 2, "exclusiveMinimum": -3},
    {"enum": [1, "a", None, [1]]},
    {"const": 1},
    {"enum": ["a", "b"], "const": "a"},
    {"pattern": "^a", "maxLength": 2},
    {"pattern": "b", "minLength": 1},
    {"properties": {"a": {"type": "integer"}}, "required": ["a"], "additionalProperties": False},
    {"properties": {"b": {"type": "integer"}}, "additionalProperties": {"type": "integer"}},
    {"patternProperties": {"^[ab]": {"minimum": 1}}, "minProperties": 1},
    {"patternProperties": {"^[bc]": {"maximum": 2}}, "propertyNames": {"pattern": "[abc]"}},
    {"propertyNames": {"maxLength": 1}, "required": ["b"], "type": "object"},
    {"prefixItems": [{"type": "integer"}], "items": {"type": "string"}, "uniqueItems": True},
    {"items": {"minimum": 1}, "minItems": 1, "uniqueItems": False},
    {"contains": {"const": 1}},
    {"contains": {"type": "string"}},
    {"$ref": "#/$defs/one"},
    {"not": {"type": "integer"}},
    {"if": {"type": "integer"}, "then": {"minimum": 1}, "else": {"type": ["string", "array"]}},
]
leaves: st.SearchStrategy[Any] = st.sampled_from(plain) | st.booleans()
combined: st.SearchStrategy[Any] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda members: {"allOf": members}),
        st.lists(inner, min_size=2, max_size=3).map(lambda members: {"anyOf": members}),
        st.lists(inner, min_size=2, max_size=3).map(lambda members: {"oneOf": members}),
        st.tuples(st.sampled_from(plain), st.lists(inner, min_size=1, max_size=2)).map(
            lambda parts: {**parts[0], "anyOf": parts[1]}
        ),
    ),
    max_leaves=5,
)
DEFINITIONS: Schema = {"one": {"anyOf": [{"type": "integer"}, {"items": {"$ref": "#/$defs/one"}}]}}


@given(combined, values)
def test_alternatives_mean_the_schema(schema: Schema | bool, value: object):
    whole: Schema = {"allOf": [schema], "$defs": DEFINITIONS}

    def meets(part: Any) -> bool:
        return validator({"allOf": [part], "$defs": DEFINITIONS}).is_valid(value)

    met = [
        way
        for way in alternatives(schema, References(whole))
        if meets(way.keywords) and all(map(meets, way.checks))
    ]
    assert bool(met) == validator(whole).is_valid(value)


parts = st.sampled_from(
    [{}, True, False, {"type": "integer"}, {"type": ["string", "null"]}, {"minimum": 2}]
)
names = st.sampled_from("ab")
about_properties = st.fixed_dictionaries(
    {"properties": st.dictionaries(names, parts)},
    optional={
        "patternProperties": st.dictionaries(st.sampled_from(["^a", "b|c"]), parts),
        "additionalProperties": parts,
    },
)
about_items = st.fixed_dictionaries(
    {"prefixItems": st.lists(parts, min_size=1, max_size=2)}, optional={"items": parts}
)


@given(
    st.tuples(about_properties, about_properties) | st.tuples(about_items, about_items),
    st.dictionaries(st.sampled_from("abc"), values) | st.lists(values, max_size=3),
)
def test_two_about_the_same_parts_of_a_value_come_together(
    members: tuple[Schema, Schema], value: object
):
    schema: Schema = {"allOf": [*members]}
    (way,) = alternatives(schema, References(schema))
    met = all(validator(each).is_valid(value) for each in (way.keywords, *way.checks))
    assert met == validator(schema).is_valid(value)


@given(combined)
def test_alternatives_combine_nothing(schema: Schema | bool):
    whole: Schema = {"allOf": [schema], "$defs": DEFINITIONS}
    combining = {"$ref", "allOf", "anyOf", "oneOf", "not", "if", "then", "else"}
    for way in alternatives(schema, References(whole)):
        assert not combining & way.keywords.keys()


def test_order_is_that_of_the_union_and_references_are_told():
    schema: Schema = {
        "anyOf": [{"$ref": "#/$defs/A"}, {"type": "null"}],
        "$defs": {"A": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/A"}]}},
    }
    found = list(alternatives(schema, References(schema)))
    assert [way.keywords["type"] for way in found] == ["string", "null"]
    assert [way.references for way in found] == [{"#/$defs/A"}, set()]


@pytest.mark.parametrize(
    "members",
    [
        [{"type": "string"}, {"type": "integer"}],
        [{"enum": [1, 2]}, {"const": 3}],
        [{"const": 1}, {"const": True}],
        [True, False],
    ],
)
def test_members_that_exclude_each_other_give_no_alternative(members: list[Schema]):
    schema: Schema = {"allOf": members}
    assert not list(alternatives(schema, References(schema)))
