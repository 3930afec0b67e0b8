from typing import Any

import pytest
from openai_mock.content.errors import SchemaError
from openai_mock.content.schema_references import ENDLESS, References

Schema = dict[str, Any]  # Any: as in the module

NODE: Schema = {
    "type": "object",
    "properties": {"next": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]}},
    "required": ["next"],
}
LIST: Schema = {"type": "array", "items": {"$ref": "#/$defs/List"}, "minItems": 1}
EXPRESSION: Schema = {
    "oneOf": [
        {
            "type": "object",
            "properties": {"of": {"$ref": "#/$defs/Expression"}},
            "required": ["of"],
        },
        {"type": "array", "items": {"type": "number"}, "minItems": 2},
    ]
}
WHOLE: Schema = {
    "$defs": {
        "Node": NODE,
        "List": LIST,
        "Expression": EXPRESSION,
        "Alone": {"$ref": "#/$defs/Alone"},
        "a/b~c d": {"type": "string"},
        "Tuple": {"prefixItems": [{"type": "string"}, {"$ref": "#/$defs/Node"}]},
    },
    "properties": {
        "odd": {"$ref": "#/$defs/a~1b~0c%20d"},
        "alone": {"$ref": "#/$defs/Alone"},
        "item": {"$ref": "#/$defs/Tuple/prefixItems/0"},
        "whole": {"$ref": "#"},
        "expression": {"$ref": "#/$defs/Expression"},
        "$ref": {"type": "string"},
    },
    "examples": [{"$ref": "no reference, but a value"}],
}


@pytest.mark.parametrize(
    ("schema", "depth"),
    [
        ({"$ref": "#/$defs/Node"}, 1),
        ({"$ref": "#/$defs/List"}, ENDLESS),
        ({"$ref": "#/$defs/Alone"}, ENDLESS),
        ({"$ref": "#/$defs/Expression"}, 1),
        ({"type": "array", "items": {"$ref": "#/$defs/Expression"}, "minItems": 1}, 2),
        ({"type": "array", "items": {"$ref": "#/$defs/List"}}, 1),
        ({"type": ["array", "null"], "items": {"$ref": "#/$defs/List"}, "minItems": 1}, 0),
        ({"type": "object", "required": ["a"], "additionalProperties": NODE}, 2),
        ({"allOf": [{"type": "string"}, NODE]}, 1),
        ({"enum": [{"a": 1}], "$ref": "#/$defs/Node"}, 1),
        ({"const": [["a"]]}, 0),
        (True, 0),
        (False, ENDLESS),
        ({}, 0),
    ],
)
def test_depth_is_that_of_the_shallowest_value(schema: Schema | bool, depth: float):
    assert References(WHOLE).depth(schema) == depth


@pytest.mark.parametrize(
    ("reference", "target"),
    [
        ("#", WHOLE),
        ("#/$defs/a~1b~0c%20d", {"type": "string"}),
        ("#/$defs/Tuple/prefixItems/0", {"type": "string"}),
    ],
)
def test_target_is_what_the_pointer_names(reference: str, target: Schema):
    assert References(WHOLE).target(reference) == target


@pytest.mark.parametrize(
    "reference", ["other.json", "#anchor", "#/no", "#/$defs", "#/a/5", "#/a/x", "#/title/0", ""]
)
def test_reference_that_leads_nowhere_is_refused(reference: str):
    schema: Schema = {"title": "t", "a": [True], "items": {"$ref": reference}}
    if reference == "#/$defs":
        schema["$defs"] = []
    with pytest.raises(SchemaError, match="leads nowhere"):
        References(schema)


def test_target_outside_of_the_known_keywords_is_checked():
    schema: Schema = {"components": {"A": {"type": "text"}}, "$ref": "#/components/A"}
    with pytest.raises(SchemaError, match="'#/components/A/type'"):
        References(schema)
