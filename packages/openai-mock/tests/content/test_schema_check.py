"""Held against jsonschema, on values that meet a schema and on values that do not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openai_mock.content.schema_check import is_valid
from openai_mock.content.schema_references import References

Schema = dict[str, Any]  # Any: as in the module
validator: Any = Draft202012Validator  # Any: its stubs cannot spell what JSON is

values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.just(1.5) | st.text("ab", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=6,
)
counts = st.integers(0, 3)
kinds = st.sampled_from(
    ["null", "boolean", "integer", "number", "string", "array", "object", ["null", "string"]]
)
patterns = st.sampled_from(["^a", "b$", "a", "^$"])


def schemas(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Of any keyword: most have one or two."""
    several = st.lists(inner, min_size=1, max_size=2)
    named = st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
    names = st.lists(st.sampled_from("ab"), unique=True)
    keywords: dict[str, st.SearchStrategy[Any]] = {
        "type": kinds,
        "enum": st.lists(values, max_size=3),
        "const": values,
        "properties": named,
        "patternProperties": st.dictionaries(patterns, inner, max_size=1),
        "required": names,
        "dependentRequired": st.dictionaries(st.sampled_from("ab"), names),
        "dependentSchemas": named,
        **dict.fromkeys(["additionalProperties", "propertyNames", "items", "contains"], inner),
        **dict.fromkeys(["not", "if", "then", "else"], inner),
        **dict.fromkeys(["allOf", "anyOf", "oneOf", "prefixItems"], several),
        **dict.fromkeys(["minLength", "maxLength", "minItems", "maxItems"], counts),
        **dict.fromkeys(["minProperties", "maxProperties"], counts),
        **dict.fromkeys(["minContains", "maxContains"], counts),
        **dict.fromkeys(["minimum", "maximum"], st.integers(-3, 3)),
        **dict.fromkeys(["exclusiveMinimum", "exclusiveMaximum"], st.integers(-3, 3)),
        "multipleOf": st.sampled_from([1, 2, 0.5]),
        "uniqueItems": st.booleans(),
        "pattern": patterns,
        "$ref": st.sampled_from(["#/$defs/a", "#/$defs/b"]),
    }
    return st.lists(st.sampled_from(list(keywords)), max_size=3, unique=True).flatmap(
        lambda chosen: st.fixed_dictionaries({name: keywords[name] for name in chosen})
    )


# The definitions refer to nothing, so that references end.
leaves = st.booleans() | kinds.map(lambda kind: {"type": kind})
any_schema = st.recursive(leaves, schemas, max_leaves=5)


@given(any_schema.filter(lambda schema: isinstance(schema, dict)), leaves, leaves, values)
def test_agrees_with_jsonschema(schema: Schema, a: Schema, b: Schema, value: object):
    whole: Schema = {**schema, "$defs": {"a": a, "b": b}}
    assert is_valid(value, whole, References(whole)) == validator(whole).is_valid(value)


@pytest.mark.parametrize(
    ("schema", "value", "valid"),
    [
        ({"items": [{"type": "string"}], "additionalItems": {"type": "null"}}, ["a", None], True),
        ({"items": [{"type": "string"}], "additionalItems": {"type": "null"}}, ["a", 1], False),
        ({"format": "uuid"}, "d2fd9cb0-4065-499f-bf76-6fa354d75389", True),
        ({"format": "uuid"}, "d2fd9cb0", False),
        ({"const": 1}, True, False),
        ({"const": 1}, 1.0, True),
        ({"if": {"type": "string"}, "else": {"minimum": 3}}, 2, False),
        ({"dependentSchemas": {"a": {"required": ["b"]}}}, {"a": 1}, False),
        ({"dependentSchemas": {"a": {"required": ["b"]}}}, {"a": 1, "b": 1}, True),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, False),
        ({"uniqueItems": True}, [1, True, 1.5], True),
        ({"uniqueItems": True}, [[1], [1.0]], False),
        ({"contains": {"const": 1}, "maxContains": 1}, [1, 1], False),
        ({"contains": {"const": 1}, "minContains": 0}, [], True),
        ({"minProperties": 1}, {}, False),
    ],
)
def test_what_jsonschema_leaves_open_or_older_drafts_say(
    schema: Schema, value: object, valid: bool
):
    assert is_valid(value, schema, References(schema)) is valid
