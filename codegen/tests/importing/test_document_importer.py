from __future__ import annotations

import sys
from pathlib import Path

import pytest

from codegen.description import Field, Object, Union
from codegen.generate import Target, generate
from codegen.importing.document_importer import DocumentImporter
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

    source = (target.types / "shared" / "objects.py").read_text()
    catalogue = (target.types / "operations.json").read_text()
    assert '"name": "widgets.cancel", "method": "POST"' in catalogue
    monkeypatch.setitem(sys.modules, "openai_types.shared.objects", sys)  # the real one is another
    names: dict[str, object] = {"__name__": "made_up_objects"}
    exec(compile(source, "objects.py", "exec"), names)  # noqa: S102 - this is the generated module
    widget = names["Widget"]
    assert isinstance(widget, type)
    assert set(widget.__annotations__) == {"id", "schema_", "parts", "inside"}
