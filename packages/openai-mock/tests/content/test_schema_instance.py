"""The values are held against jsonschema, which shares nothing with the module."""

import json
from contextlib import suppress
from functools import partial
from typing import Any, Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from openai_mock.content.errors import SchemaError
from openai_mock.content.formats import is_in_format
from openai_mock.content.schema_check import is_valid
from openai_mock.content.schema_instance import instance
from openai_mock.content.schema_references import References
from pydantic import BaseModel, Field

Schema = dict[str, Any]  # Any: as in the module
validator: Any = Draft202012Validator  # Any: its stubs cannot spell what JSON is

PATTERNS = [r"^[A-Z]{2}\d{4}$", r"^[a-z]+(-[a-z]+)*$", r"\d", r"^(?!-)[\w-]{3,}$", "^(yes|no)$"]
FORMATS = ["date-time", "date", "time", "duration", "email", "ipv4", "ipv6", "uuid", "hostname"]
texts = st.sampled_from(["", "Hello", "Send 3 mails to bob@example.org, 2.5 times"]) | st.text()
names = st.sampled_from(["a", "b", "id", "the name", "größe", "$ref"])


@st.composite
def bounded(draw: st.DrawFn, low: str, high: str, least: int, most: int) -> Schema:
    """Two bounds of which none, one or both are there, and which leave room."""
    bounds = sorted([draw(st.integers(least, most)), draw(st.integers(least, most))])
    kept = draw(st.sets(st.sampled_from([low, high])))
    return {name: bound for name, bound in zip((low, high), bounds, strict=True) if name in kept}


@st.composite
def numeric(draw: st.DrawFn) -> Schema:
    schema = draw(bounded("minimum", "maximum", -1000, 1000))
    if len(schema) < 2:
        schema["multipleOf"] = draw(st.sampled_from([1, 2, 7, 0.5, 0.01, 0.1]))
    return {"type": draw(st.sampled_from(["number", "integer"])), **schema}


values = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just([1, {"a": 2}])
leaves: st.SearchStrategy[Schema] = st.one_of(
    st.just({"type": "null"}),
    st.just({"type": "boolean"}),
    bounded("minLength", "maxLength", 0, 30).map(lambda bounds: {"type": "string", **bounds}),
    st.sampled_from(PATTERNS).map(lambda pattern: {"type": "string", "pattern": pattern}),
    st.sampled_from(FORMATS).map(lambda name: {"type": "string", "format": name}),
    numeric(),
    st.lists(values, min_size=1, max_size=3).map(lambda enum: {"enum": enum}),
    values.map(lambda value: {"const": value}),
    st.lists(st.sampled_from(["null", "string", "integer", "array"]), min_size=1, unique=True).map(
        lambda kinds: {"type": kinds}
    ),
    st.just({"$ref": "#/$defs/Node"}),
    st.just({"$ref": "#/$defs/Tree"}),
)


@st.composite
def objects(draw: st.DrawFn, inner: st.SearchStrategy[Schema]) -> Schema:
    properties = draw(st.dictionaries(names, inner, max_size=4))
    required = draw(st.sets(st.sampled_from(sorted(properties)))) if properties else set[str]()
    others = draw(st.sampled_from([False, True]) | inner)
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(required),
        "additionalProperties": others,
    }


@st.composite
def arrays(draw: st.DrawFn, inner: st.SearchStrategy[Schema]) -> Schema:
    schema = {"type": "array", "items": draw(inner), **draw(bounded("minItems", "maxItems", 0, 3))}
    if draw(st.booleans()):
        schema["prefixItems"] = draw(st.lists(inner, min_size=1, max_size=2))
    return schema


def composed(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    unions = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        objects(inner),
        arrays(inner),
        unions.map(lambda members: {"anyOf": members}),
        inner.map(lambda only: {"allOf": [only], "description": "alone"}),
    )


NODE = {
    "type": "object",
    "properties": {
        "value": {"type": "string"},
        "next": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]},
        "tree": {"$ref": "#/$defs/Tree"},
    },
    "required": ["value", "next", "tree"],
    "additionalProperties": False,
}
TREE = {
    "anyOf": [
        {
            "type": "object",
            "properties": {"left": {"$ref": "#/$defs/Tree"}, "right": {"$ref": "#/$defs/Tree"}},
            "required": ["left", "right"],
        },
        {"type": "integer"},
    ]
}
satisfiable = st.recursive(leaves, composed, max_leaves=8).map(
    lambda schema: {**schema, "$defs": {"Node": NODE, "Tree": TREE}}
)


# Keywords that may exclude each other.
def excluding(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    pairs = st.tuples(inner, inner)
    several = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(
        composed(inner),
        several.map(lambda members: {"allOf": members}),
        several.map(lambda members: {"oneOf": members}),
        inner.map(lambda excluded: {"not": excluded}),
        st.fixed_dictionaries({"if": inner, "then": inner, "else": inner}),
        pairs.map(lambda pair: {**pair[0], **pair[1]}),
        pairs.map(lambda pair: {"type": "array", "items": pair[0], "contains": pair[1]}),
        inner.map(lambda items: {"items": items, "minItems": 2, "uniqueItems": True}),
        st.fixed_dictionaries(
            {
                "type": st.just("object"),
                "minProperties": st.just(2),
                "patternProperties": inner.map(lambda members: {"^[a-c]": members}),
                "propertyNames": st.sampled_from([{"pattern": each} for each in PATTERNS]),
            }
        ),
    )


contradictory = st.recursive(leaves, excluding, max_leaves=8).map(
    lambda schema: {**schema, "$defs": {"Node": NODE, "Tree": TREE}}
)


def is_not_in_another_format(name: str, value: object) -> bool:
    return not isinstance(value, str) or is_in_format(value, name)


FORMATS_OF_OTHERS = FormatChecker(["date", "email", "ipv4", "ipv6", "uuid"])
OUR_FORMATS = FormatChecker([])
for each in FORMATS:
    OUR_FORMATS.checks(each)(partial(is_not_in_another_format, each))


def complaints(
    schema: Schema, value: object, formats: FormatChecker = FORMATS_OF_OTHERS
) -> list[str]:
    return [str(error) for error in validator(schema, format_checker=formats).iter_errors(value)]


@given(satisfiable, texts)
def test_schema_of_structured_outputs_has_an_instance(schema: Schema, text: str):
    value = instance(schema, text=text)
    assert not complaints(schema, value)
    assert value == instance(schema, text=text)
    assert json.loads(json.dumps(value)) == value


@given(contradictory, texts)
def test_any_schema_has_an_instance_or_an_error_that_names_it(schema: Schema, text: str):
    try:
        value = instance(schema, text=text, name="the answer")
    except SchemaError as error:
        assert "the answer" in str(error)  # noqa: PT017 - there may be an instance, too
    else:
        assert not complaints(schema, value, OUR_FORMATS)


keywords = st.sampled_from(
    ["a", "type", "items", "enum", "anyOf", "$ref", "minLength", "required", "properties"]
)


@given(
    st.recursive(values, lambda inner: st.dictionaries(keywords, inner, max_size=4), max_leaves=6)
)
def test_any_json_has_an_instance_or_an_error(schema: object):
    with suppress(SchemaError):
        instance(schema)


extreme = st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.just(10**400)
sizes = st.integers(0, 3) | st.sampled_from([10**5, 10**12])
bounds_of_all_kinds = st.fixed_dictionaries(
    {"type": st.sampled_from(["string", "integer", "number", "array", "object"])},
    optional={
        **dict.fromkeys(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"], extreme),
        "multipleOf": st.floats(min_value=0, exclude_min=True, allow_infinity=False),
        **dict.fromkeys(["minLength", "maxLength", "minItems", "maxItems"], sizes),
        **dict.fromkeys(["minProperties", "maxProperties"], sizes),
        "pattern": st.sampled_from(PATTERNS),
        "format": st.sampled_from(FORMATS),
    },
)


@given(bounds_of_all_kinds, bounds_of_all_kinds)
def test_extreme_bounds_have_an_instance_or_an_error(one: Schema, other: Schema):
    schema = {"allOf": [one, {**other, "type": one["type"]}]}
    try:
        value = instance(schema)
    except SchemaError as error:
        assert "the schema" in str(error)  # noqa: PT017 - there may be an instance, too
    else:
        assert is_valid(value, schema, References(schema))


class Line(BaseModel):
    """One line of an order."""

    article: str = Field(max_length=10)
    count: int = Field(ge=1, le=10)
    price: float = Field(gt=0, multiple_of=0.25)


class Order(BaseModel):
    """What a model with most of pydantic's types makes of a schema."""

    id: UUID
    lines: list[Line] = Field(min_length=2)
    unit: Literal["piece", "box"]
    note: str | None
    pair: tuple[int, str]
    parent: "Order | None"
    by_name: dict[str, bool]


def test_instance_is_one_of_the_pydantic_model():
    value = instance(Order.model_json_schema(), text="I want 3 boxes: 0.5 each")
    order = Order.model_validate(value)
    assert [line.model_dump() for line in order.lines] == [
        {"article": "I want 3 b", "count": 3, "price": 0.5},
        {"article": "I want 3 2", "count": 2, "price": 1.25},
    ]
    assert order.unit == "box"
    assert order.note == "I want 3 boxes: 0.5 each"
    assert order.parent is None


WEATHER: Schema = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "unit": {"enum": ["celsius", "fahrenheit"]}},
    "required": ["city", "unit"],
    "additionalProperties": False,
}


def test_strings_say_the_text_and_enums_what_it_names():
    text = "Rome in Fahrenheit"
    assert instance(WEATHER, text=text) == {"city": text, "unit": "fahrenheit"}
    assert instance(WEATHER, text="Rome") == {"city": "Rome", "unit": "celsius"}
    assert instance(True, text="Hello") == "Hello"


def test_numbers_of_the_text_are_used_once_each_and_in_their_order():
    numbers = {"properties": {name: {"type": "number"} for name in "abc"}, "type": "object"}
    assert instance(numbers, text="add 7 to 2.5") == {"a": 7, "b": 2.5, "c": 1}


def test_what_may_be_missing_is_there_until_a_schema_comes_again():
    node: Schema = {
        "type": "object",
        "properties": {
            "value": {"type": "integer"},
            "nodes": {"type": "array", "items": {"$ref": "#"}},
        },
        "required": ["value"],
    }
    assert instance(node) == {"value": 1, "nodes": [{"value": 1, "nodes": [{"value": 1}]}]}


def test_null_comes_last():
    assert instance({"type": ["null", "integer"]}) == 1
    assert instance({"anyOf": [{"type": "null"}, {"type": "string"}]}, text="a") == "a"
    assert instance({"type": "null"}) is None


def test_items_that_must_differ_do():
    unique: Schema = {"type": "array", "minItems": 3, "uniqueItems": True}
    assert instance({**unique, "items": {"enum": [*"abc"]}}) == ["a", "b", "c"]
    assert instance({**unique, "items": {"type": "string"}}, text="x") == ["x", "x 2", "x 3"]
    assert instance({**unique, "items": {"type": "integer"}}) == [1, 2, 0]


OBJECT: Schema = {"type": "object"}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({**OBJECT, "required": ["a"], "dependentRequired": {"a": ["b"]}}, {"a": "x", "b": "x"}),
        ({**OBJECT, "minProperties": 2}, {"key1": "x", "key2": "x"}),
        ({**OBJECT, "additionalProperties": {"type": "integer"}}, {"key1": 1}),
        ({**OBJECT, "additionalProperties": {"type": "integer"}, "maxProperties": 0}, {}),
        (
            {**OBJECT, "minProperties": 1, "propertyNames": {"pattern": "^[A-Z]$"}},
            {"A": "x"},
        ),
        (
            {
                **OBJECT,
                "minProperties": 2,
                "patternProperties": {"^n[0-9]$": {"type": "integer"}},
                "additionalProperties": False,
            },
            {"n2": 1, "n3": 1},
        ),
        (
            {**OBJECT, "properties": {"a": True, "b": True}, "required": ["b"], "maxProperties": 1},
            {"b": "x"},
        ),
        (
            {
                **OBJECT,
                "properties": {"a": {"type": "integer"}, "b": False, "c": {"type": "null"}},
                "dependentSchemas": {"a": {"required": ["c"]}},
            },
            {"a": 1, "c": None},
        ),
        ({"type": "array", "items": {"type": "integer"}, "contains": {"minimum": 7}}, [7]),
        (
            {"items": {"type": "integer"}, "contains": {"minimum": 7}, "minContains": 2},
            [7, 8],
        ),
        ({"prefixItems": [{"type": "null"}, {"type": "boolean"}], "items": False}, [None, False]),
        ({"type": "array", "items": False}, []),
        ({"type": "array", "items": {"const": 1}, "maxItems": 0}, []),
        ({"oneOf": [{"type": "number"}, {"type": "integer"}]}, 1.5),
        ({"not": {"type": "string"}}, 1),
        ({"if": {"type": "integer"}, "then": {"minimum": 5}, "type": "integer"}, 5),
    ],
)
def test_keywords_beyond_structured_outputs_are_met(schema: Schema, value: object):
    assert instance(schema, text="x") == value
    assert not complaints(schema, value)


EMPTY: Schema = {"type": "number", "minimum": 2, "maximum": 1}
ENDLESS: Schema = {"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]}
CLOSED: Schema = {"type": "object", "additionalProperties": False}
UNIQUE: Schema = {"type": "array", "uniqueItems": True}


@pytest.mark.parametrize(
    ("schema", "place", "words"),
    [
        ({**CLOSED, "properties": {"a": EMPTY}, "required": ["a"]}, "a", "'minimum', 'maximum'"),
        ({"type": "array", "minItems": 1, "items": EMPTY}, "[0]", "'minimum', 'maximum'"),
        (ENDLESS, "", "without end"),
        ({"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/A"}}}, "", "without end"),
        ({"$ref": "#/$defs/Missing"}, "", "leads nowhere"),
        ({"$ref": "https://example.com/schema"}, "", "leads nowhere"),
        ({**UNIQUE, "items": {"type": "boolean"}, "minItems": 3}, "", "not enough different"),
        ({"type": "string", "pattern": "["}, "", "cannot be read"),
        ({"properties": {"a": {"type": "text"}}}, "#/properties/a/type", "must be one or more of"),
        (False, "", "allows no value"),
        ({"allOf": [{"type": "string"}, {"type": "integer"}]}, "", "exclude each other"),
        ({"required": ["b"], "type": "object", "propertyNames": {"const": "a"}}, "b", "this name"),
        ({"not": {}}, "", "'not'"),
        ({**CLOSED, "properties": {"a": True}, "minProperties": 3}, "", "'minProperties'"),
        ([], "#", "must be an object"),
        ({"type": "array", "minItems": 10**9}, "", "more than 1000 items"),
        ({"type": "object", "minProperties": 10**9}, "", "more than 1000 properties"),
        ({"type": "string", "minLength": 10**9}, "", "'minLength'"),
    ],
)
def test_error_names_the_place_and_the_reason(schema: object, place: str, words: str):
    with pytest.raises(SchemaError) as caught:
        instance(schema, name="the answer")
    assert caught.value.place == place
    assert words in str(caught.value)
    assert "the answer" in str(caught.value)


def test_schema_with_very_many_ways_ends():
    names = [f"n{number}" for number in range(12)]
    properties = {name: {"$ref": f"#/$defs/{name}"} for name in names}
    every = {"type": "object", "properties": properties, "additionalProperties": False}
    schema: Schema = {"$defs": dict.fromkeys(names, every), "$ref": "#/$defs/n0"}
    assert not complaints(schema, instance(schema))
