from __future__ import annotations

from typing import Any

from codegen.description import Description, Field, Object
from codegen.importing.document_importer import DocumentImporter
from codegen.importing.openapi import Document
from codegen.operations import Parameter
from codegen.tests.made_up import DOCUMENT, LAYOUT, described

TEXT = {"type": "string"}


def imported(body: dict[str, Any], meant: str = "") -> Description:
    """The small API with a document whose one known route takes a body."""
    route = DOCUMENT["paths"]["/zoo/{place}"]["post"]
    media = {"content": {"application/json": {"schema": {"properties": body}}}}
    query = {"name": "dry-run", "in": "query", "schema": {"type": "boolean"}}
    changed = {**route, "requestBody": media, "parameters": [query]}
    content = {**DOCUMENT, "paths": {"/zoo/{place}": {"post": changed}}}
    description = described()
    DocumentImporter(description, Document(content), LAYOUT, (), lambda field: field == meant).run()
    return description


def fields_of(description: Description, name: str) -> tuple[Field, ...]:
    (found,) = [t for _, t in description.types() if t.name == name]
    assert isinstance(found, Object)
    return found.fields


def test_a_field_that_only_the_document_has_comes_in():
    assert Field("tail", "bool", required=False) in fields_of(imported({}), "Dog")


def test_a_parameter_that_only_the_document_has_reaches_the_operation_and_its_dict():
    description = imported({"name": TEXT, "nick": TEXT})

    assert description.operations[0].parameters[-2:] == (
        Parameter("dry_run", "query", required=False, wire="dry-run"),
        Parameter("nick", "body", required=False, wire="nick"),
    )
    fields = fields_of(description, "AnimalCreateParams")
    assert Field("dry-run", "bool", required=False, attribute="dry_run") in fields
    assert Field("nick", "str", required=False) in fields


def test_a_field_that_is_missing_on_purpose_stays_out():
    fields = fields_of(imported({}, meant="zoo.Dog.tail"), "Dog")

    assert [each.wire for each in fields] == ["type", "friend"]
