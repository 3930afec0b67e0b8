from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Literal, NotRequired, TypeVar

import pydantic.dataclasses
import pytest
from openai_stream.parsing.inner_types import TypeNode, type_node
from pydantic import AliasChoices, BaseModel, Field, RootModel, ValidationError
from typing_extensions import TypeAliasType, TypedDict

T = TypeVar("T")


class Line(BaseModel):
    price: int


class Circle(BaseModel):
    kind: Literal["circle"]
    size: int
    only: Line


class Square(BaseModel):
    kind: Literal["square"]
    size: str


class Keyed(TypedDict):
    line: Line
    maybe: NotRequired[Line]


@dataclass
class Plain:
    line: Line


@pydantic.dataclasses.dataclass
class Checked:
    size: int = Field(gt=0)


class Lines(RootModel[list[Line]]):
    pass


class Boxed(BaseModel, Generic[T]):
    inside: T


class Order(BaseModel):
    lines: list[Line]
    by_name: dict[str, Line]
    pair: tuple[int, Line]
    many: tuple[Line, ...]
    sequence: Sequence[Line]
    maybe: Line | None
    shape: Circle | Square
    tagged: Annotated[Circle | Square, Field(discriminator="kind")]
    renamed: Line = Field(alias="other-name")
    choices: Line = Field(validation_alias=AliasChoices("one", "two"))
    keyed: Keyed
    plain: Plain
    checked: Checked
    rooted: Lines
    boxed: Boxed[Line]
    alias: "Named"
    again: "Order | None"
    anything: Any
    objects: dict[str, Any]
    bare: list  # type: ignore[type-arg]


Named = TypeAliasType("Named", list[Line])
Order.model_rebuild()


@pytest.mark.parametrize(
    "path",
    [
        ("lines", 3),
        ("by_name", "any"),
        ("pair", 1),
        ("many", 7),
        ("sequence", 0),
        ("shape", "only"),
        ("other-name",),
        ("one",),
        ("two",),
        ("keyed", "line"),
        ("keyed", "maybe"),
        ("plain", "line"),
        ("rooted", 2),
        ("boxed", "inside"),
        ("alias", 0),
        ("again", "again", "lines", 0),
        ("maybe",),
    ],
)
def test_at_finds_what_is_at_a_path(path: tuple[str | int, ...]):
    node = type_node(Order).at(path)
    assert node is not None
    assert node.adapter.validate_json('{"price": 3}') == Line(price=3)


@pytest.mark.parametrize(
    "path",
    [
        ("nothing",),
        ("lines", "price"),
        ("pair", 2),
        ("lines", 0, "price", "cents"),
        ("anything", "x"),
        ("bare", 0),
        ("unknown", 0, "deeper"),
    ],
)
def test_at_gives_nothing_where_the_type_says_nothing(path: tuple[str | int, ...]):
    assert type_node(Order).at(path) is None


def test_a_union_has_what_any_of_its_members_has():
    node = type_node(Order).at(("shape", "size"))
    assert node is not None
    assert [node.adapter.validate_json(each) for each in ("3", '"3"')] == [3, "3"]


def test_a_tagged_union_keeps_its_tag():
    node = type_node(Order).at(("tagged",))
    assert node is not None
    with pytest.raises(ValidationError, match="union_tag_not_found"):
        node.adapter.validate_json('{"size": 3}')


def test_constraints_of_a_field_hold_at_its_place():
    node = type_node(Order).at(("checked", "size"))
    assert node is not None
    with pytest.raises(ValidationError, match="greater than 0"):
        node.adapter.validate_json("0")


def test_the_nodes_of_a_document_of_many_keys_are_as_many_as_the_types():
    node = TypeNode(Order)
    found = {node.at(("by_name", f"key {n}")) for n in range(100)}
    assert len(found) == 1


def test_a_type_that_cannot_be_hashed_has_a_node_all_the_same():
    node = type_node(Annotated[list[Line], ["not hashable"]])
    assert node.at((0,)) is not None
