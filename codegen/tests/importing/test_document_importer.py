from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from codegen.checking.check import faults
from codegen.description import Alias, Description, Field, Module, Object, Type, Union
from codegen.generate import Target, generate
from codegen.importing.document_importer import DocumentImporter
from codegen.importing.normal_form import DocumentError
from codegen.importing.openapi import Document
from codegen.operations import Parameter
from codegen.tests.made_up import DOCUMENT, LAYOUT, described


def test_a_field_of_which_facts_say_nothing_is_typed_by_the_document():
    types = {t.name: t for _, t in described(with_document=True).types()}

    assert isinstance(types["Cat"], Object)
    assert types["Cat"].fields[3] == Field("extra", "CatExtra")
    assert types["CatExtra"] == Object(
        "CatExtra", "model", (Field("weight", "float", required=False),)
    )


def test_a_new_endpoint_comes_in_with_names_made_by_rule():
    operations = {each.name: each for each in described(with_document=True).operations}

    assert list(operations) == ["widgets.cancel", "widgets.list", "zoo.create"]
    assert operations["widgets.list"].page == "CursorPage"
    assert operations["widgets.list"].returns == "shared.Widget"
    assert operations["widgets.list"].parameters[1] == Parameter(
        "tags", "query", required=False, wire="tags"
    )
    assert operations["widgets.cancel"].auth == "admin"
    assert operations["widgets.cancel"].params == ("shared.WidgetCancelParams",)


def test_its_types_come_with_it():
    types = {t.name: t for _, t in described(with_document=True).types()}

    assert types["Widget"] == Object(
        "Widget",
        "model",
        (
            Field("id", "str"),
            Field("schema", "str | None", attribute="schema_"),
            Field("parts", "list[Part]", required=False),
            Field("inside", "Widget", required=False),
        ),
    )
    assert types["Part"] == Union("Part", ("PartWheel", "PartLever"), ("type",))
    assert types["WidgetCancelParams"] == Object(
        "WidgetCancelParams",
        "params",
        (Field("why", "Literal['late', 'wrong']"), Field("notes", "Sequence[str]", required=False)),
    )


def test_a_route_that_is_left_out_stays_out():
    description = described()
    DocumentImporter(description, Document(DOCUMENT), LAYOUT, ["get /widgets"]).run()

    assert "widgets.list" not in {each.name for each in description.operations}


def test_importing_twice_changes_nothing():
    once, twice = described(with_document=True), described(with_document=True)

    assert DocumentImporter(twice, Document(DOCUMENT), LAYOUT).run() == []
    assert once == twice


def test_a_new_endpoint_reaches_the_package_with_import_and_generate_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    target = Target.below(tmp_path)
    generate(described(with_document=True), target)

    source = (target.types / "shared" / "widgets_objects.py").read_text()
    catalogue = (target.types / "operations.json").read_text()
    assert '"name": "widgets.cancel", "method": "POST"' in catalogue
    monkeypatch.setitem(sys.modules, "openai_types.shared.widgets_objects", sys)  # none is real
    names: dict[str, object] = {"__name__": "made_up_objects"}
    exec(compile(source, "objects.py", "exec"), names)  # noqa: S102 - this is the generated module
    widget = names["Widget"]
    assert isinstance(widget, type)
    assert set(widget.__annotations__) == {"id", "schema_", "parts", "inside"}


def imported(paths: dict[str, Any], **more: Any) -> Description:
    """The small API with what a document has."""
    description = described()
    content = {"openapi": "3.1.0", "paths": paths, **more}
    DocumentImporter(description, Document(content), LAYOUT).run()
    return description


def answered(schema: object, media_type: str = "application/json") -> dict[str, Any]:
    return {"responses": {"200": {"content": {media_type: {"schema": schema}}}}}


EVENT = {"type": "object", "properties": {"type": {"const": "turned"}}}
WHEEL = {"type": "object", "properties": {"spokes": {"type": "integer"}}}


def test_a_new_endpoint_gives_the_union_that_others_give():
    components = DOCUMENT["components"]["schemas"]
    animal = {"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("Cat", "Dog")]}
    given = answered({"$ref": "#/components/schemas/Animal"})
    description = imported(
        {"/zoo/{place}": {"post": given}, "/parks/{place}": {"get": given}},
        components={"schemas": {**components, "Animal": animal}},
    )

    assert [each.returns for each in description.operations] == ["zoo.Animal", "zoo.Animal"]
    assert not any("Alternatives" in type_.name for _, type_ in description.types())


def test_a_new_endpoint_may_need_what_needs_others_of_its_namespace():
    description = described()
    leash = Object("Leash", "model", (Field("length", "int"),))
    description.modules.append(Module("shared", "objects", {"Leash": leash}))
    (zoo,) = [each for each in description.modules if each.path == "zoo/objects.yaml"]
    dog = zoo.types["Dog"]
    assert isinstance(dog, Object)
    zoo.types["Dog"] = replace(dog, fields=(*dog.fields, Field("leash", "shared.Leash")))
    walk = {"properties": {"who": {"$ref": "#/components/schemas/Dog"}}}
    paths = {"/zoo/{place}": DOCUMENT["paths"]["/zoo/{place}"], "/walks": {"get": answered(walk)}}
    DocumentImporter(description, Document({**DOCUMENT, "paths": paths}), LAYOUT).run()

    assert list(faults(description)) == []


def test_a_route_that_begins_like_those_of_a_group_is_in_the_group():
    description = described()
    (create,) = description.operations
    ape = replace(create, name="beta.apes.list", path="/apes")
    keys = [replace(create, name=f"{group}keys.list", path="/keys") for group in ("", "admin.")]
    description.operations += [ape, *keys]
    paths = {f"/{name}/{{id}}/parts": {"get": answered(WHEEL)} for name in ("apes", "keys", "zoo")}
    DocumentImporter(description, Document({"openapi": "3.1.0", "paths": paths}), LAYOUT).run()

    names = [each.name for each in description.operations if each.path.endswith("/parts")]
    assert names == ["beta.apes.parts.list", "keys.parts.list", "zoo.parts.list"]


@pytest.mark.parametrize("schema", [{}, {"type": "string", "format": "binary"}])
def test_an_answer_that_is_no_json_is_bytes(schema: object):
    description = imported({"/wheels/sound": {"get": answered(schema, "audio/mpeg")}})
    (found,) = [each for each in description.operations if each.top == "wheels"]

    assert (found.kind, found.returns, found.accept) == ("binary", "bytes", "audio/mpeg")


def test_an_answer_of_which_nothing_is_said_is_any_json():
    description = imported({"/wheels": {"get": answered({})}, "/levers": {"get": {}}})
    found = {each.top: (each.kind, each.returns) for each in description.operations}

    assert found["wheels"] == ("json", "object")
    assert found["levers"] == ("none", "None")


def test_one_of_several_bodies_is_a_dict_of_its_own():
    bodies = [{"properties": {name: {"type": "string"}}} for name in ("size", "colour")]
    body = {"content": {"application/json": {"schema": {"oneOf": bodies}}}}
    description = imported({"/wheels": {"post": {**answered(WHEEL), "requestBody": body}}})
    (found,) = [each for each in description.operations if each.top == "wheels"]
    types = {type_.name: type_ for _, type_ in description.types()}

    assert found.params == ("shared.WheelCreateParams",)
    assert types["WheelCreateParams"] == Alias(
        "WheelCreateParams", "WheelCreateParams1 | WheelCreateParams2"
    )


def test_a_name_that_is_taken_is_given_to_no_other_type():
    paths = {f"/{name}/parts": {"get": answered(schema)} for name, schema in (
        ("wheels", WHEEL), ("levers", {"properties": {"length": {"type": "integer"}}})
    )}  # fmt: skip
    description = imported(paths)
    again = imported({f"/a{path}": item for path, item in paths.items()})

    assert {each.returns for each in description.operations if each.top != "zoo"} == {
        "levers.PartListResponse", "wheels.PartListResponse"
    }  # fmt: skip
    assert len({each.returns for each in again.operations if each.top == "a"}) == 2


def test_a_method_with_the_name_of_a_group_is_refused():
    paths = {
        "/wheels/turn": {"post": {"operationId": "turn", **answered(WHEEL)}},
        "/wheels/turn/half": {"post": {"operationId": "half", **answered(WHEEL)}},
    }
    with pytest.raises(DocumentError, match=r"wheels\.turn: is the name of a method and of"):
        imported(paths)


def test_a_route_of_parameters_alone_has_no_name():
    with pytest.raises(DocumentError, match=r"absent: get /\{id\}"):
        imported({"/{id}": {"get": answered(WHEEL)}})


def test_a_route_with_nothing_but_events_streams():
    description = imported({"/wheels/watch": {"get": answered(EVENT, "text/event-stream")}})
    (found,) = [each for each in description.operations if each.top == "wheels"]

    assert (found.returns, found.streams, found.accept) == (
        "wheels.WatchEvent", "wheels.WatchEvent", "text/event-stream"
    )  # fmt: skip
    assert found.always_streams


def test_where_a_parameter_asks_for_events_there_is_a_dict_for_each_choice():
    body = {"properties": {"speed": {"type": "integer"}, "stream": {"type": "boolean"}}}
    answers = answered(WHEEL)
    answers["responses"]["200"]["content"]["text/event-stream"] = {"schema": EVENT}
    description = imported(
        {
            "/wheels": {
                "post": {
                    **answers,
                    "requestBody": {"content": {"application/json": {"schema": body}}},
                }
            }
        }
    )
    (found,) = [each for each in description.operations if each.top == "wheels"]

    assert found.streams == "shared.WheelEvent"
    assert found.params == (
        "shared.WheelCreateParamsNonStreaming", "shared.WheelCreateParamsStreaming"
    )  # fmt: skip


def test_a_result_without_a_name_of_its_own_gets_one():
    texts = {"type": "array", "items": {"type": "string"}}
    description = imported({"/wheels": {"get": answered(texts)}})

    assert description.operations[0].returns == "shared.WheelListResponseAlternatives"
    types = {t.name: t for _, t in description.types()}
    assert types["WheelListResponseAlternatives"] == Alias(
        "WheelListResponseAlternatives", "list[str]"
    )


def test_operations_that_rule_names_alike_go_by_their_ids():
    paths = {
        "/wheels/{wheel}": {
            "post": {"operationId": "turnWheel"},
            "patch": {"operationId": "patchWheel"},
        }
    }
    names = {each.name for each in imported(paths).operations}

    assert {"wheels.update", "wheels.patch_wheel"} < names
    paths["/wheels/{wheel}"]["patch"]["operationId"] = ""
    with pytest.raises(DocumentError, match=r"another operation is wheels\.update, too: give it"):
        imported(paths)


def test_a_component_with_the_name_of_another_type_is_a_type_of_its_own():
    schemas = {"Animal": WHEEL}
    zoo = {"/zoo/wheels": {"get": answered({"$ref": "#/components/schemas/Animal"})}}
    description = imported(zoo, components={"schemas": schemas})
    types = {t.name: t for _, t in description.types()}

    assert isinstance(types["Animal"], Union)
    assert types["AnimalObject"] == Object(
        "AnimalObject", "model", (Field("spokes", "int", required=False),)
    )


def test_the_event_of_a_new_webhook_is_one_of_them():
    description = described()
    old = Object("OldWebhookEvent", "model", (Field("type", "Literal['old']"),))
    union = Union("UnwrapWebhookEvent", ("OldWebhookEvent",), ("type",))
    types: dict[str, Type] = {each.name: each for each in (old, union)}
    description.modules.append(Module("webhooks", "objects", types))

    def hook(schema: object) -> dict[str, Any]:
        return {"post": {"requestBody": {"content": {"application/json": {"schema": schema}}}}}

    content: dict[str, Any] = {"openapi": "3.1.0", "webhooks": {"wheel_turned": hook(EVENT)}}
    DocumentImporter(description, Document(content), LAYOUT).run()

    assert types["UnwrapWebhookEvent"] == Union(
        "UnwrapWebhookEvent", ("OldWebhookEvent", "TurnedWebhookEvent"), ("type",)
    )
    content["webhooks"]["wheel_lost"] = hook(WHEEL)
    with pytest.raises(DocumentError, match="webhooks wheel_lost: its event has no type"):
        DocumentImporter(description, Document(content), LAYOUT).run()
