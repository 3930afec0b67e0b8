from __future__ import annotations

from collections.abc import Mapping

import pytest

from codegen.description import Alias, Field, Object, Type, Union
from codegen.expressions import Writer, literal_values, parsed
from codegen.importing.openapi import Document
from codegen.importing.schemas import SchemaWriter

TEXT = {"type": "string"}


def ref(name: str) -> dict[str, object]:
    return {"$ref": f"#/components/schemas/{name}"}


def written(
    schema: Mapping[str, object], kind: str = "model", **components: object
) -> tuple[str, dict[str, Type]]:
    """The expression of a schema, and the types that were made for it."""
    made: dict[str, Type] = {}

    def put(type_: Type) -> str:
        made[type_.name] = type_
        return type_.name

    document = Document({"openapi": "3.1.0", "components": {"schemas": components}})
    return SchemaWriter(document, kind, lambda _: "", put).write(schema, "Thing"), made


@pytest.mark.parametrize(
    ("schema", "expression"),
    [
        ({"type": ["string", "integer", "null"]}, "str | int | None"),
        ({"type": "string", "nullable": True}, "str | None"),
        ({"enum": ["a", 1, None]}, "Literal['a', 1] | None"),
        ({"enum": [1.5, 2]}, "Literal[2] | float"),
        ({"enum": []}, "object"),
        ({"const": True}, "Literal[True]"),
        ({"const": None}, "None"),
        ({"const": 1.5}, "float"),
        ({"const": {"a": 1}}, "dict[str, object]"),
        ({"const": ["a"]}, "list[object]"),
        ({"type": "string", "format": "binary"}, "str"),
        ({"additionalProperties": {"type": "integer"}}, "dict[str, int]"),
        ({"type": "array"}, "list[object]"),
        ({}, "object"),
    ],
)
def test_each_form_of_a_schema_has_a_type(schema: dict[str, object], expression: str):
    assert written(schema) == (expression, {})


def test_what_is_all_of_several_has_the_fields_of_all():
    parts = [ref("Part"), {"properties": {"size": {"type": "integer"}}, "required": ["size"]}]
    name, made = written({"allOf": parts}, Part={"properties": {"id": TEXT}, "required": ["id"]})

    assert made[name] == Object("Thing", "model", (Field("id", "str"), Field("size", "int")))


@pytest.mark.parametrize("value", ["it's", 'say "hi"', "back\\slash", "two\nlines", "]", "a' , 'b"])
def test_any_text_may_be_a_literal(value: str):
    expression, _ = written({"enum": [value, "plain", "é"]})

    assert literal_values(parsed(expression)) == [value, "plain", "é"]
    source = Writer(str, ()).write(expression)
    assert literal_values(parsed(source)) == [value, "plain", "é"]


def test_a_union_may_be_inside_of_itself():
    wheel = {"properties": {"type": {"const": "wheel"}}}
    lever = {"properties": {"type": {"const": "lever"}, "inner": ref("Part")}}
    expression, made = written(ref("Part"), Part={"oneOf": [wheel, lever]})

    assert expression == "Part"
    assert made["Part"] == Union("Part", ("PartWheel", "PartLever"), ("type",))
    lever_made = made["PartLever"]
    assert isinstance(lever_made, Object)
    assert lever_made.fields[1] == Field("inner", "Part", required=False)


def test_what_is_inside_of_itself_without_a_class_between_is_anything_there():
    items = {"type": "array", "items": ref("Tree")}
    expression, made = written(ref("Tree"), Tree={"anyOf": [TEXT, items]})

    assert made[expression] == Alias("Tree", "str | list[object]")
    assert written(ref("Rows"), Rows={"type": "array", "items": ref("Rows")})[0] == "list[object]"


def test_a_discriminator_of_any_name_tells_members_apart():
    forms = [{"properties": {"shape": {"const": name}}} for name in ("round", "square")]
    named = {"oneOf": forms, "discriminator": {"propertyName": "shape"}}
    expression, made = written(named)

    assert made[expression] == Union("Thing", ("ThingVariant1", "ThingVariant2"), ("shape",))


def test_fields_have_names_that_a_model_may_have():
    keys = ("class", "max-size", "2fa", "_private", "copy", "id", "$id")
    _, made = written({"properties": dict.fromkeys(keys, TEXT)})
    thing = made["Thing"]

    assert isinstance(thing, Object)
    assert [each.attribute or each.wire for each in thing.fields] == [
        "class_", "max_size", "field_2fa", "private", "copy_", "id", "id_"
    ]  # fmt: skip


def test_a_dict_that_callers_write_has_the_keys_of_the_wire():
    _, made = written({"properties": {"class": TEXT, "max-size": TEXT}}, "params")
    thing = made["Thing"]

    assert isinstance(thing, Object)
    assert [each.attribute for each in thing.fields] == ["", ""]


def test_a_component_with_the_name_of_something_else_gets_another():
    names = ("Union", "None", "3d", "my-own")
    components: dict[str, object] = {name: {"properties": {"a": TEXT}} for name in names}
    _, made = written({"properties": {n: ref(n) for n in names}}, "model", **components)

    assert list(made) == ["TypeUnion", "TypeNone", "Type3d", "MyOwn", "Thing"]
