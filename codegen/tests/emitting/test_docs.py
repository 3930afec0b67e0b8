from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from codegen.__main__ import DESCRIPTION
from codegen.description import Alias, Description, Field, Module, Object, Type, load
from codegen.emitting.docs import Docs, article, operation_line
from codegen.names import qualified
from codegen.operations import Operation
from codegen.order import needed
from codegen.tests.made_up import described


@pytest.fixture(name="description", scope="module")
def the_description() -> Description:
    return load(DESCRIPTION)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("zoo.AnimalCreateParams", "What `zoo.create` takes."),
        ("zoo.CatEar", "One of the `ears` of a `Cat`."),
        ("zoo.Dog", "An `Animal` of the type `dog`."),
        ("zoo.Animal", "What `zoo.create` gives back."),
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


@pytest.mark.parametrize(
    ("name", "path", "line"),
    [
        ("cages.lock.retrieve", "/cages/{id}/lock", "Get the lock of a cage."),
        ("cages.lock.update", "/cages/{id}/lock?beta=true", "Change the lock of a cage."),
        ("cages.cancel", "/cages/{id}/cancel", "Cancel a cage."),
        ("zoo.cages.cancel", "/zoo/cages/{id}/cancel", "Cancel a cage."),
        ("api_keys.create", "/api_keys", "Create an API key."),
    ],
)
def test_there_is_one_of_what_has_no_id_in_the_route(name: str, path: str, line: str):
    assert operation_line(described(), Operation(name, "post", path)) == line


def test_an_operation_in_beta_says_what_the_one_outside_says():
    description = described()
    description.operation_docs["zoo.create"] = "Take an animal in."

    assert (
        operation_line(description, Operation("beta.zoo.create", "post", "/zoo"))
        == "Take an animal in."
    )


def test_an_operation_that_the_api_discourages_says_so():
    operation = Operation("zoo.create", "post", "/zoo", deprecated=True)
    assert operation_line(described(), operation) == "Create a zoo. Deprecated."


@pytest.mark.parametrize(
    ("namespace", "role", "name", "said"),
    [
        ("zoo", "params", "DogParam", "zoo.Dog"),
        ("zoo", "params", "DogParamTail", "zoo.DogTail"),
        ("beta.zoo", "objects", "Dog", "zoo.Dog"),
        ("shared_params", "params", "Dog", "shared.Dog"),
        ("beta", "responses_objects", "BetaDog", "responses.Dog"),
        ("beta", "responses_params", "BetaDogParam", "responses.Dog"),
    ],
)
def test_the_same_type_elsewhere_has_the_same_line(namespace: str, role: str, name: str, said: str):
    kind = "params" if role.endswith("params") else "model"
    description = made_of(Object(name, kind, ()), namespace=namespace, role=role)
    description.docs[said] = "A good boy."

    assert Docs(description).type_line(f"{namespace}.{name}") == "A good boy."


def test_a_part_of_parameters_is_what_the_parameter_is():
    fields = (Field("lock", "CageCreateParamsLock"), Field("cage_id", "str"))
    description = made_of(
        Object("CageCreateParamsLock", "params", ()), Object("CageCreateParams", "params", fields)
    )
    description.parameter_docs["lock"] = "What keeps the cage shut."
    create = Operation("cages.create", "post", "/cages", params=("zoo.CageCreateParams",))
    description.operations.append(create)
    docs = Docs(description)

    assert docs.type_line("zoo.CageCreateParamsLock") == "What keeps the cage shut."
    assert docs.field_line("zoo.CageCreateParams", "cage_id") == "The id of the cage."


def test_a_deletion_is_known_by_what_is_deleted():
    description = made_of(Object("CageDeleted", "model", (Field("id", "str"),)))
    delete = Operation("cages.delete", "delete", "/cages/{id}", returns="zoo.CageDeleted")
    description.operations.append(delete)

    assert Docs(description).type_line("zoo.CageDeleted") == "A note that a cage is deleted."


def test_of_several_unions_that_counts_by_which_a_type_is_named():
    description = made_of(
        Object("ToolMcp", "model", (Field("type", "Literal['mcp']"),)),
        Alias("Any", "ToolMcp | str"),
        Alias("Tool", "ToolMcp | str"),
    )

    assert Docs(description).type_line("zoo.ToolMcp") == "A `Tool` of the type `mcp`."


def test_a_type_is_known_by_what_holds_it_or_by_what_it_is_made_from():
    description = made_of(
        Object("Dog", "model", (Field("mood", "Feeling"), Field("tail", "str"))),
        Alias("Feeling", "Literal['calm', 'wild']"),
        Object("Puppy", "model", (Field("mother_id", "str"),), ("Dog",)),
        Alias("Whelp", "Puppy"),
        Alias("Pet", "Whelp | str"),
    )
    docs = Docs(description)

    assert docs.type_line("zoo.Feeling") == "The `mood` of a `Dog`."
    assert docs.type_line("zoo.Puppy") == "A `Dog` with `mother_id`."
    assert docs.type_line("zoo.Whelp") == "One form of a `Pet`."
    assert docs.type_line("zoo.Pet") == ""


def test_a_name_alone_is_no_line():
    description = made_of(Object("LonelyThing", "model", (Field("id", "str"),)))

    assert Docs(description).type_line("zoo.LonelyThing") == ""


def test_everything_that_is_described_has_a_line_and_all_lines_are_sentences(
    description: Description,
):
    docs = Docs(description)
    names = (f"{module.namespace}.{type_.name}" for module, type_ in description.types())
    lines = {name: docs.type_line(name) for name in names}
    lines |= {each.name: operation_line(description, each) for each in description.operations}
    lines |= description.parameter_docs

    assert [name for name, line in lines.items() if not line.endswith(".") or "\n" in line] == []


def test_lines_that_are_written_by_hand_are_short(description: Description):
    written = description.docs | description.operation_docs | description.parameter_docs

    assert [name for name, line in written.items() if len(line) >= 88] == []


def test_no_line_says_only_what_the_name_says(description: Description):
    """Where this fails, write a line in `description/docs/` that says what the name does not."""
    docs = Docs(description)
    names = (f"{module.namespace}.{type_.name}" for module, type_ in description.types())
    lines = {name: docs.type_line(name) for name in names}
    lines |= description.parameter_docs

    assert [name for name, line in lines.items() if not _says_more(name, line)] == []


def test_every_parameter_of_an_operation_has_a_line(description: Description):
    docs = Docs(description)
    types = {f"{module.namespace}.{each.name}": each for module, each in description.types()}

    def without(full: str) -> Iterator[str]:
        type_, namespace = types[full], full.rpartition(".")[0]
        for part in needed(type_):
            yield from without(qualified(part, namespace))
        for field in type_.fields if isinstance(type_, Object) else ():
            name = field.attribute or field.wire
            if not docs.field_line(full, name):
                yield f"{full}.{name}"

    missing = {
        name
        for operation in description.operations
        for full in operation.params
        for name in without(full)
    }
    assert sorted(missing) == []


def test_a_class_has_an_article():
    assert (article("Upload"), article("UnknownItem")) == ("a `Upload`", "an `UnknownItem`")


def made_of(*types: Type, namespace: str = "zoo", role: str = "objects") -> Description:
    return Description([Module(namespace, role, {each.name: each for each in types})])


def _says_more(name: str, line: str) -> bool:
    """Whether a line has a word that the name has not, besides those that every line has."""
    common = "a an and by for in is it its of on one or that the this to what which with"
    return bool(_stems(line) - _stems(common) - _stems(name.rpartition(".")[2]))


def _stems(text: str) -> set[str]:
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", text)
    return {word.lower().rstrip("s") for word in words}
