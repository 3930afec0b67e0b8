import json
import warnings
from typing import Annotated, Any, Literal, Optional, cast

import pytest
from openai_types import BaseModel, DecodeError, Decoder, UnknownMember
from openai_types.leniency import Tagged, tag_values
from openai_types.responses import Response, ResponseStreamEvent
from pydantic import Field, PrivateAttr, Tag, TypeAdapter, field_validator

# Any: JSON of any shape.


class Leaf(BaseModel):
    kind: Literal["leaf"]
    size: int


class Node(BaseModel):
    kind: Literal["node", "root"]
    left: "Tree"
    right: Optional["Tree"] = None
    forest: "Forest | None" = None


class UnknownTree(UnknownMember):
    kind: Literal["(unknown)"]


Tree = Annotated[Leaf | Node | UnknownTree, Tagged("kind")]


class Forest(BaseModel):
    trees: list[Tree]
    oldest: Node | None = None


class Everything(BaseModel):
    flag: bool
    whole: int
    real: float
    text: str
    mixed: str | float | list[bool | float]
    names: dict[str, list[int]]
    leaf: Leaf
    leaves: list[Leaf | None]
    choice: Literal["a", 1] | None
    one: Literal[1, 2]
    anything: object


VALUES: list[Any] = [None, True, 0, 1, 1.0, 0.5, 2**70, "", "1", "true", "1.5", [], ["1", 1], {}]
NESTED: list[Any] = [[1, 1.0, True, "x"], [{"kind": "leaf", "size": "1"}, 3], {"a": ["1", 1, None]}]


@pytest.mark.parametrize("name", Everything.model_fields)
@pytest.mark.parametrize("value", VALUES + NESTED, ids=repr)
def test_value_of_any_type_is_kept_as_it_came(name: str, value: Any):
    sent = json.dumps({name: value})
    everything = Decoder[Everything](Everything)(sent)
    assert everything.to_json(indent=None) == json.dumps({name: value}, separators=(",", ":"))
    assert json.dumps(everything.to_dict(mode="json")) == sent
    assert repr(everything.to_dict()) == repr({name: value})


@pytest.mark.parametrize(("name", "value"), [("choice", 1), ("choice", "a"), ("one", 2)])
def test_literal_that_is_described_fits_strictly(name: str, value: Any):
    class One(BaseModel):
        choice: Literal["a", 1] | None = None
        one: Literal[1, 2] = 1

    decode = Decoder[One](One, strict=True)
    assert decode(json.dumps({name: value})).to_dict() == {name: value}
    for wrong in (True, 1.0, "1", 3):
        with pytest.raises(DecodeError, match=name):
            decode(json.dumps({name: wrong}))


@pytest.mark.parametrize("value", [1, 1.0, "true", False, None])
def test_true_is_not_what_equals_it(value: Any):
    class Flagged(BaseModel):
        success: Literal[True]

    sent = {"success": value}
    assert repr(Decoder[Flagged](Flagged)(json.dumps(sent)).to_dict()) == repr(sent)
    with pytest.raises(DecodeError, match="success"):
        Decoder[Flagged](Flagged, strict=True)(json.dumps(sent))
    assert Decoder[Flagged](Flagged, strict=True)(b'{"success": true}').success is True


def test_fields_with_the_names_of_parts_of_a_schema_are_strict_too():
    class Named(BaseModel):
        metadata: int
        default: int
        config: int
        schema_: int = Field(alias="schema")
        expected: int
        type: int

    sent = dict.fromkeys(["metadata", "default", "config", "schema", "expected", "type"], 1)
    decode = Decoder[Named](Named, strict=True)
    assert decode(json.dumps(sent)).to_dict() == sent
    for name in sent:
        with pytest.raises(DecodeError, match="valid integer"):
            decode(json.dumps(sent | {name: "x"}))
        with pytest.raises(DecodeError, match=f"{name}: Field required"):
            decode(json.dumps({key: 1 for key in sent if key != name}))


def test_value_that_fits_has_its_type():
    sent = b'{"real": 0.5, "leaf": {"size": 1}, "leaves": [{"size": 2}, null, 3]}'
    everything = Decoder[Everything](Everything)(sent)
    assert everything.leaf.size == 1
    assert everything.leaves[:2] == [Leaf.construct(size=2), None]
    assert everything.leaves[2] == 3
    assert type(everything.real) is float


class Point(BaseModel):
    x: float


def test_whole_number_stays_one_where_a_real_one_is_described():
    for strict in (False, True):
        decode = Decoder[Point](Point, strict=strict)
        assert decode(b'{"x": 9007199254740993}').to_json(indent=None) == '{"x":9007199254740993}'
        with pytest.raises(DecodeError):
            Decoder[Point](Point, strict=True)(b'{"x": "1.5"}')


def test_missing_field_is_absent_and_null_is_not():
    everything = Decoder[Everything](Everything)(b'{"text": null}')
    assert everything.text is everything.leaf is None
    assert everything.model_fields_set == {"text"}


def test_dumping_wrong_types_warns_of_nothing():
    odd = {name: {"odd": [name]} for name in Everything.model_fields}
    everything = Decoder[Everything](Everything)(json.dumps(odd))
    tree = Decoder[Forest](Forest)(b'{"trees": [5, {"kind": "node", "left": [{}]}], "oldest": []}')
    Leaf.model_rebuild()  # before pydantic 2.14, a model in a place of another type had to be built
    constructed = Everything.construct(flag=object, whole="x", leaf=[Leaf.construct(size="x")])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for model in (everything, tree):
            model.to_dict(mode="json", warnings=True)
            model.to_json(warnings=True)
            model.model_dump(warnings="error")
        constructed.to_dict()
    assert caught == []


@pytest.mark.parametrize("strict", [False, True])
def test_models_that_refer_to_each_other(strict: bool):
    leaf: dict[str, Any] = {"kind": "leaf", "size": 1}
    root: dict[str, Any] = {"kind": "root", "left": {"kind": "node", "left": leaf}, "right": leaf}
    sent = {"trees": [leaf, {**root, "forest": {"trees": [root], "oldest": root}}], "oldest": root}
    forest = Decoder[Forest](Forest, strict=strict)(json.dumps(sent))
    second = forest.trees[1]
    assert type(second) is Node
    assert type(second.forest) is Forest
    assert type(second.forest.oldest) is Node
    assert forest.to_dict() == sent
    assert forest == Forest.model_validate(sent)


def test_fault_deep_inside_is_found_strictly():
    decode = Decoder[Forest](Forest, strict=True)
    leaf = {"kind": "leaf"}
    sent: dict[str, Any] = {
        "trees": [],
        "oldest": {"kind": "root", "left": {"kind": "node", "left": leaf}},
    }
    with pytest.raises(DecodeError, match=r"oldest\.left\.node\.left\.leaf\.size: Field required"):
        decode(json.dumps(sent))


@pytest.mark.parametrize("tree", [{"kind": "bush"}, {"kind": None}, {"kind": [1]}, {"size": 1}, {}])
def test_unknown_tag_gives_the_unknown_member(tree: dict[str, Any]):
    forest = Decoder[Forest](Forest)(json.dumps({"trees": [tree]}))
    assert type(forest.trees[0]) is UnknownTree
    assert forest.trees[0].to_dict() == tree


def test_tag_values_are_those_of_the_literals():
    assert tag_values(Leaf, "kind") == ("leaf",)
    assert tag_values(Node, "kind") == ("node", "root")


class Spoken(BaseModel):
    type: Literal["message"]
    role: Annotated[Literal["user", "system"], "documented"] | None
    text: str


class Called(BaseModel):
    type: Literal["message"]
    role: Literal["tool"]
    call: int


class CalledOften(BaseModel):
    type: Literal["message"]
    role: Literal["tool"]
    calls: list[int]


def test_members_that_share_a_tag_are_told_apart_by_the_next_and_by_fit():
    class Described(BaseModel):
        type: Literal["described"]
        text: str

    two = Annotated[Spoken | Called | CalledOften | Described | UnknownTree, Tagged("type", "role")]
    for strict in (False, True):
        decode = Decoder[object](two, strict=strict)
        assert tag_values(Spoken, "role") == ("user", "system")
        for sent, model in [
            ({"type": "message", "role": "system", "text": "t"}, Spoken),
            ({"type": "message", "role": "tool", "call": 1}, Called),
            ({"type": "message", "role": "tool", "calls": [1]}, CalledOften),
            ({"type": "described", "text": "t"}, Described),
        ]:
            assert type(decode(json.dumps(sent))) is model
    assert type(Decoder[object](two)(b'{"type": "message", "role": "new"}')) is UnknownTree


class Checked(Leaf):
    """As users extend models: a default, a validator, private attributes, their own types."""

    unit: str = "cm"
    note: str | None = Field(default=None, alias="noteText")
    size_or_leaf: Annotated[int, Tag("int")] | Annotated[str, Tag("str")] | None = None
    _seen: list[str] = PrivateAttr(default_factory=list[str])

    @field_validator("unit")
    @classmethod
    def check_unit(cls, value: str) -> str:
        return value.upper()

    def see(self) -> list[str]:
        self._seen.append(self.unit)
        return self._seen


@pytest.mark.parametrize("strict", [False, True])
def test_models_can_be_extended(strict: bool):
    decode = Decoder[Checked](Checked, strict=strict)
    checked = decode(b'{"kind": "leaf", "size": 1, "unit": "mm", "noteText": "n", "new": 1}')
    assert (checked.unit, checked.note, checked.see()) == ("MM", "n", ["MM"])
    assert isinstance(checked, Leaf)
    assert decode(b'{"kind": "leaf", "size": 1}').unit == "cm"
    assert decode(b'{"kind": "leaf", "size": 1}').see() == ["cm"]


def test_extended_model_is_lenient_too():
    checked = Decoder[Checked](Checked)(b'{"unit": 5, "noteText": []}')
    assert (checked.unit, checked.note, checked.size) == (5, [], None)
    assert checked.size_or_leaf is None
    assert checked.to_dict() == {"unit": 5, "noteText": []}


def test_model_around_an_extended_one_that_was_used_before():
    Checked.model_validate({"size": 1}).to_dict()

    class Pair(BaseModel):
        first: Checked
        second: Checked

    sent = b'{"first": {"kind": "leaf", "size": 1}, "second": {"size": []}}'
    assert Decoder[Pair](Pair)(sent).second.size == []
    with pytest.raises(DecodeError, match=r"second\.kind: Field required"):
        Decoder[Pair](Pair, strict=True)(sent)


def test_schema_of_a_class_stays_the_same_when_others_refer_to_it():
    class Referred(BaseModel):
        sizes: list[int]

    Referred.model_rebuild()
    before = repr(Referred.__pydantic_core_schema__)

    class Referring(BaseModel):
        one: Referred
        many: list[Referred]

    for strict in (False, True):
        decode = Decoder[Referring](Referring, strict=strict)
        assert decode(b'{"one": {"sizes": [1]}, "many": []}').one.sizes == [1]
    assert repr(Referred.__pydantic_core_schema__) == before


def test_json_schema_can_be_made():
    properties = Everything.model_json_schema()["properties"]
    assert set(properties) == set(Everything.model_fields)


class Oak(BaseModel):
    kind: Literal["tree"]
    of: Literal["oak"]


class Elm(BaseModel):
    kind: Literal["tree"]
    of: Literal["elm"]


Plant = Annotated[Oak | Elm | Leaf | UnknownTree, Tagged("kind", "of")]


class Garden(BaseModel):
    plants: list[Plant]
    trees: list[Tree] | None = None


def test_json_schema_of_a_union_is_its_known_members():
    tree = TypeAdapter[Tree](Tree).json_schema()
    assert tree["discriminator"]["mapping"].keys() == {"leaf", "node", "root"}
    assert "UnknownTree" not in tree["$defs"]
    plants = Garden.model_json_schema()["properties"]["plants"]["items"]
    trees = {"oneOf": [{"$ref": "#/$defs/Oak"}, {"$ref": "#/$defs/Elm"}]}
    assert plants["anyOf"][0].items() >= trees.items()
    assert plants["anyOf"][1:] == [{"$ref": "#/$defs/Leaf"}]


@pytest.mark.parametrize("form", [Garden, Plant, Response, ResponseStreamEvent])
def test_discriminators_of_json_schemas_lead_to_schemas(form: Any):
    # As OpenAPI has them; FastAPI fails to describe itself where a tag leads to anything else.
    def mappings(part: Any) -> list[Any]:
        if isinstance(part, list):
            return [each for value in cast("list[Any]", part) for each in mappings(value)]
        if not isinstance(part, dict):
            return []
        node = cast("dict[str, Any]", part)
        inside = [each for value in node.values() for each in mappings(value)]
        return [*node.get("discriminator", {}).get("mapping", {}).values(), *inside]

    adapter: TypeAdapter[Any] = TypeAdapter(form)
    found = mappings(adapter.json_schema())
    assert found
    assert {type(each) for each in found} == {str}
