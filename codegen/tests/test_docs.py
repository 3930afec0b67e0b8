from __future__ import annotations

import pytest

from codegen.__main__ import DESCRIPTION
from codegen.description import load
from codegen.docs import Docs, article, operation_line, spoken
from codegen.operations import Operation
from codegen.tests.made_up import described


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("zoo.AnimalCreateParams", "What `zoo.create` takes."),
        ("zoo.CatEar", "One of the `ears` of a `Cat`."),
        ("zoo.Dog", "An `Animal` of the type `dog`."),
        ("zoo.Animal", "The `friend` of a `Dog`."),
        ("zoo.Nobody", ""),
    ],
)
def test_a_type_is_known_by_what_it_is_for(name: str, line: str):
    assert Docs(described()).type_line(name) == line


def test_what_is_written_by_hand_comes_first():
    description = described()
    description.docs["zoo.Dog"] = "A good boy."
    description.parameter_docs |= {"name": "A name.", "zoo.AnimalCreateParams.from": "The year."}
    docs = Docs(description)

    assert docs.type_line("zoo.Dog") == "A good boy."
    assert docs.field_line("zoo.AnimalCreateParams", "name") == "A name."
    assert docs.field_line("zoo.AnimalCreateParams", "from") == "The year."
    assert docs.field_line("zoo.Cat", "name") == ""


@pytest.mark.parametrize(
    ("name", "path", "line"),
    [
        ("vector_stores.create", "/vector_stores", "Create a vector store."),
        (
            "vector_stores.files.list",
            "/vector_stores/{id}/files",
            "List the files of a vector store.",
        ),
        ("batches.retrieve", "/batches/{id}", "Get a batch."),
        ("admin.organization.invites.delete", "/organization/invites/{id}", "Delete an invite."),
        ("widgets.explode", "/widgets/{id}/explode", "Explode a widget."),
    ],
)
def test_an_operation_is_known_by_its_method_and_its_resource(name: str, path: str, line: str):
    assert operation_line(described(), Operation(name, "post", path)) == line


def test_everything_that_is_described_has_a_line_and_all_lines_are_sentences():
    description = load(DESCRIPTION)
    docs = Docs(description)
    lines = [
        docs.type_line(f"{module.namespace}.{type_.name}") for module, type_ in description.types()
    ]
    lines += [operation_line(description, each) for each in description.operations]
    lines += description.parameter_docs.values()

    assert [line for line in lines if not line.endswith(".") or "\n" in line] == []


def test_names_are_spoken():
    assert spoken("ResponseFormatJSONObject") == ["response", "format", "JSON", "object"]
    assert (article("Upload"), article("UnknownItem")) == ("a `Upload`", "an `UnknownItem`")
