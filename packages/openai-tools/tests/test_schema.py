from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from openai_tools import StrictSchemaError, strict_json_schema
from openai_tools.schema import to_strict
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

# Any: schemas are JSON of any shape.


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Line(BaseModel):
    item: str
    count: int = 1
    note: str | None = None


class Order(BaseModel):
    id: str
    lines: list[Line]
    first: Line = Field(description="the first line")
    colour: Colour = Colour.RED


def schema(type_: object) -> Any:
    return strict_json_schema(type_)


def test_every_object_is_closed_and_every_property_required():
    order = schema(Order)
    for node in (order, order["$defs"]["Line"], order["properties"]["first"]):
        assert node["additionalProperties"] is False
        assert node["required"] == list(node["properties"])


def test_defaults_are_dropped():
    line = schema(Line)["properties"]
    assert line["count"] == {"title": "Count", "type": "integer"}
    assert line["note"]["anyOf"] == [{"type": "string"}, {"type": "null"}]
    assert "default" not in line["note"]
    assert schema(Order)["properties"]["colour"] == {"$ref": "#/$defs/Colour"}


def test_reference_alone_stays_a_reference():
    assert schema(Order)["properties"]["lines"]["items"] == {"$ref": "#/$defs/Line"}


def test_reference_with_siblings_becomes_a_copy_that_keeps_them():
    compiled = schema(Order)
    first = compiled["properties"]["first"]
    assert first == {**compiled["$defs"]["Line"], "description": "the first line"}


def test_single_all_of_is_inlined():
    node: dict[str, Any] = {
        "type": "object",
        "properties": {
            "a": {"allOf": [{"allOf": [{"type": "string", "default": ""}]}], "title": "A"},
            "b": {"allOf": [{"$ref": "#/$defs/B"}], "description": "b"},
        },
        "$defs": {"B": {"type": "integer", "description": "of B"}},
    }
    compiled: Any = to_strict(node, name="X")
    assert compiled["properties"] == {
        "a": {"type": "string", "title": "A"},
        "b": {"type": "integer", "description": "b"},
    }


def test_all_of_many_stays_and_is_compiled():
    parts = [{"type": "object"}, {"type": "object", "properties": {"x": {"type": "string"}}}]
    node: dict[str, Any] = {"type": "object", "properties": {"a": {"allOf": parts}}}
    compiled: Any = to_strict(node, name="X")
    assert [part["required"] for part in compiled["properties"]["a"]["allOf"]] == [[], ["x"]]


def test_schema_given_is_left_as_it_was():
    node: dict[str, Any] = {"type": "object", "properties": {"a": {"type": "string"}}}
    to_strict(node, name="X")
    assert node == {"type": "object", "properties": {"a": {"type": "string"}}}


class Cat(BaseModel):
    kind: Literal["cat"]


class Dog(BaseModel):
    kind: Literal["dog"]


class Owner(BaseModel):
    pet: Annotated[Cat | Dog, Field(discriminator="kind")]


def test_tagged_union_becomes_any_of():
    assert schema(Owner)["properties"]["pet"] == {
        "anyOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}],
        "title": "Pet",
    }


class Node(BaseModel):
    value: int
    children: list[Node]
    described: list[Annotated[Node, Field(description="again")]]


def test_model_that_refers_to_itself_has_an_object_at_the_top_and_an_end():
    compiled = schema(Node)
    assert compiled["type"] == "object"
    assert compiled["properties"]["children"]["items"] == {"$ref": "#/$defs/Node"}
    described = compiled["$defs"]["Node"]["properties"]["described"]["items"]
    assert described == {"anyOf": [{"$ref": "#/$defs/Node"}], "description": "again"}


@dataclass
class Point:
    x: int
    y: int = 0


class Pair(TypedDict, total=False):
    key: str


@pytest.mark.parametrize(("type_", "names"), [(Point, ["x", "y"]), (Pair, ["key"])])
def test_other_types_with_named_fields_will_do(type_: object, names: list[str]):
    compiled = schema(type_)
    assert compiled["required"] == names
    assert compiled["additionalProperties"] is False


def test_model_without_fields_is_an_empty_object():
    class Nothing(BaseModel):
        pass

    assert schema(Nothing)["required"] == []


class Meta(BaseModel):
    model_config = ConfigDict(extra="allow")
    a: int


class OfMeta(BaseModel):
    lines: list[Meta]


class Inner(BaseModel):
    meta: dict[str, int]


class OfInner(BaseModel):
    lines: list[Inner]


class Described(BaseModel):
    inner: Annotated[Inner, Field(description="x")] | None


class Bare(BaseModel):
    bare: dict  # pyright: ignore[reportMissingTypeArgument]


class Patterned(BaseModel):
    keys: dict[Annotated[str, Field(pattern="^x")], int]


class Anything(BaseModel):
    value: Any


class AnyList(BaseModel):
    values: list[Any]


class Mixed(BaseModel):
    pair: tuple[int, str]


class Calling(BaseModel):
    call: Callable[[], int]


@pytest.mark.parametrize(
    ("type_", "message"),
    [
        (OfMeta, r"^OfMeta\.lines\[\]: extra fields are not allowed; remove extra='allow'"),
        (OfInner, r"^OfInner\.lines\[\]\.meta: open dict not allowed; use a model, or a list"),
        (Described, r"^Described\.inner\.meta: open dict not allowed"),
        (Bare, r"^Bare\.bare: open dict not allowed"),
        (Patterned, r"^Patterned\.keys: open dict not allowed"),
        (Anything, r"^Anything\.value: a value of any type is not allowed; give it a type"),
        (AnyList, r"^AnyList\.values: a list of anything"),
        (Mixed, r"^Mixed\.pair: a list of anything, or a tuple"),
        (Calling, r"^Calling: no JSON schema can be made of it"),
        (list[int], r"^list: the top must be an object; make it a model's field"),
        (Cat | Dog, r"the top must be an object"),
        (object(), r"no JSON schema can be made of it"),
    ],
)
def test_what_strict_mode_refuses_is_refused_with_its_path(type_: object, message: str):
    with pytest.raises(StrictSchemaError, match=message):
        strict_json_schema(type_)


def test_reference_to_nowhere_is_refused_with_its_path():
    node: dict[str, Any] = {"type": "object", "properties": {"a": {"$ref": "#/$defs/Gone"}}}
    with pytest.raises(StrictSchemaError, match=r"^Wrong\.a: #/\$defs/Gone leads nowhere"):
        to_strict(node, name="Wrong")
