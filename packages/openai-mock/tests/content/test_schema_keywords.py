from typing import Any

import pytest
from openai_mock.content.schema_keywords import (
    item_schema,
    items_schemas,
    kinds_of,
    property_schema,
    types,
)

Schema = dict[str, Any]  # Any: as in the module


@pytest.mark.parametrize(
    ("schema", "first"),
    [
        ({}, ("string", "number")),
        ({"required": ["a"]}, ("object", "string")),
        ({"minItems": 1}, ("array", "string")),
        ({"minimum": 1}, ("number", "string")),
        ({"properties": {}, "pattern": "a"}, ("object", "string")),
        ({"type": ["null", "integer"]}, ("integer", "null")),
        ({"type": "null"}, ("null",)),
    ],
)
def test_kind_that_keywords_are_about_comes_first_and_null_last(
    schema: Schema, first: tuple[str, ...]
):
    kinds = kinds_of(schema)
    assert kinds[: len(first)] == first
    assert len(set(kinds)) == len(kinds)


def test_types_are_all_if_none_is_named():
    assert types({"type": "string"}) == ("string",)
    assert {"integer", "number", "null"} <= {*types({})}


def test_property_has_to_meet_its_own_schema_and_those_of_patterns():
    schema: Schema = {
        "properties": {"ab": {"type": "string"}},
        "patternProperties": {"^a": {"minLength": 1}},
        "additionalProperties": {"type": "null"},
    }
    assert property_schema(schema, "ab") == {"allOf": [{"type": "string"}, {"minLength": 1}]}
    assert property_schema(schema, "ac") == {"minLength": 1}
    assert property_schema(schema, "b") == {"type": "null"}
    assert property_schema({}, "b") is True


def test_items_of_all_drafts():
    assert items_schemas({"prefixItems": [True], "items": False}) == ([True], False)
    assert items_schemas({"items": [True], "additionalItems": False}) == ([True], False)
    assert items_schemas({}) == ([], True)
    assert item_schema({"prefixItems": [{"const": 1}], "items": False}, 0) == {"const": 1}
    assert item_schema({"prefixItems": [{"const": 1}], "items": False}, 1) is False
