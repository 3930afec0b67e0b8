import pytest
from openai_mock.content.errors import SchemaError
from openai_mock.content.schema_form import DEEPEST, check_form


@pytest.mark.parametrize(
    "schema",
    [
        True,
        {},
        {"type": ["string", "null"], "minLength": 1, "x-anything": {"type": 5}},
        {"properties": {"type": {"type": "string"}}, "required": ["type"], "minimum": 0.5},
        {"items": [{"type": "string"}], "additionalItems": False},
        {"enum": [{"type": 1}], "const": {"type": 1}, "default": {"type": 1}},
        {"dependentRequired": {"a": ["b"]}, "uniqueItems": True},
        {"maxLength": 2.0},
    ],
)
def test_schema_that_is_as_it_must_be_is_given_back(schema: object):
    assert check_form(schema) is schema


@pytest.mark.parametrize(
    ("schema", "place", "reason"),
    [
        (None, "#", "object or a boolean"),
        ({"type": "text"}, "#/type", "one or more of string, number, integer"),
        ({"type": []}, "#/type", "one or more of"),
        ({"type": [{"a": 1}]}, "#/type", "one or more of"),
        ({"properties": {"a": 1}}, "#/properties/a", "object or a boolean"),
        ({"properties": []}, "#/properties", "object of schemas"),
        ({"anyOf": []}, "#/anyOf", "list of schemas"),
        ({"anyOf": [{}, {"minLength": -1}]}, "#/anyOf/1/minLength", "not negative"),
        ({"maxItems": "3"}, "#/maxItems", "whole number"),
        ({"maxItems": 1.5}, "#/maxItems", "whole number"),
        ({"minimum": True}, "#/minimum", "a number"),
        ({"maximum": float("inf")}, "#/maximum", "a number"),
        ({"multipleOf": 0}, "#/multipleOf", "more than 0"),
        ({"required": "a"}, "#/required", "list of names"),
        ({"required": [1]}, "#/required", "list of names"),
        ({"dependentRequired": {"a": "b"}}, "#/dependentRequired", "lists of names"),
        ({"enum": "a"}, "#/enum", "list of values"),
        ({"pattern": 1}, "#/pattern", "a text"),
        ({"uniqueItems": 1}, "#/uniqueItems", "a boolean"),
        ({"items": [{"$ref": 1}]}, "#/items/0/$ref", "a text"),
        ({"not": {"if": 3}}, "#/not/if", "object or a boolean"),
    ],
)
def test_other_schema_is_refused_with_its_place(schema: object, place: str, reason: str):
    with pytest.raises(SchemaError, match=reason) as caught:
        check_form(schema)
    assert caught.value.place == place
    assert f"'{place}'" in str(caught.value)


def test_schema_without_end_is_refused():
    schema: dict[str, object] = {}
    schema["items"] = schema
    with pytest.raises(SchemaError, match=f"more than {DEEPEST}"):
        check_form(schema)
