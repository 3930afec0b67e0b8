from __future__ import annotations

from dataclasses import replace

import pytest

from codegen.checking.check import faults
from codegen.description import Alias, Description, Field, Module, Object, Union
from codegen.tests.made_up import described


def made(*types: Object | Union | Alias, namespace: str = "zoo") -> Description:
    return Description([Module(namespace, "objects", {type_.name: type_ for type_ in types})])


def test_a_sound_description_has_no_fault():
    assert list(faults(described(with_document=True))) == []


@pytest.mark.parametrize(
    ("description", "fault"),
    [
        (made(Alias("A", "list[B]")), "zoo/objects.yaml: A refers to zoo.B, which is nowhere"),
        (
            made(
                Object("A", "model", ()),
                Object("B", "model", ()),
                Union("C", ("A", "B"), ("type",)),
            ),
            "zoo/objects.yaml: C: its member A has no literal type",
        ),
        (
            made(Object("A", "model", (Field("a", "int"), Field("A", "int", attribute="a")))),
            "zoo/objects.yaml: A has two fields a",
        ),
    ],
)
def test_a_fault_of_a_type_names_the_file_and_the_entry(description: Description, fault: str):
    assert fault in list(faults(description))


def test_a_path_to_a_type_that_is_nowhere_is_a_fault():
    description = made(Object("A", "params", ()))
    description.paths["zoo.a"] = "zoo.A as B, zoo._AKeywords"
    assert list(faults(description)) == []
    description.paths["zoo.c"] = "zoo.A, zoo.C"
    assert list(faults(description)) == ["paths.yaml: zoo.c has zoo.C, which is nowhere"]


def test_a_name_can_be_only_once_in_a_namespace():
    description = made(Alias("A", "int"))
    description.modules.append(Module("zoo", "params", {"A": Alias("A", "str")}))
    description.handwritten["zoo.A"] = "by_hand"

    assert list(faults(description)) == [
        "zoo/objects.yaml: A is written by hand in by_hand",
        "zoo/params.yaml: A is in zoo/objects.yaml too",
        "zoo/params.yaml: A is written by hand in by_hand",
    ]


def test_modules_that_need_each_other_are_found():
    description = made(Alias("A", "list[cage.B]"))
    description.modules.append(Module("cage", "objects", {"B": Alias("B", "list[zoo.A]")}))

    (fault,) = faults(description)

    assert fault.startswith("modules need each other: ")
    assert "openai_types.zoo.objects" in fault


def test_an_operation_must_fit_its_route_and_its_types():
    description = described()
    (operation,) = description.operations
    wrong = replace(operation, path="/zoo/{house}", returns="zoo.Bird", json_without_files=True)
    description.operations[:] = [
        replace(wrong, parameters=(*wrong.parameters, wrong.parameters[1]))
    ]

    assert list(faults(description)) == [
        "zoo/operations.yaml: zoo.create refers to zoo.Bird, which is nowhere",
        "zoo/operations.yaml: zoo.create: house is not both in its path and a parameter",
        "zoo/operations.yaml: zoo.create: place is not both in its path and a parameter",
        "zoo/operations.yaml: zoo.create: json_without_files, but it takes no file",
        "zoo/operations.yaml: zoo.create has two parameters name",
    ]


def test_documentation_of_nothing_is_a_fault():
    description = made(Alias("A", "int"))
    description.docs["zoo.B"] = "A bear."

    assert list(faults(description)) == ["docs: zoo.B is nowhere"]


def test_what_may_be_sent_back_must_be_somewhere():
    description = described()
    description.inputs.update({"zoo.Cat": "zoo.Nobody", "zoo.None.output": "zoo.Cat"})

    assert list(faults(description)) == [
        "inputs.yaml: zoo.Cat needs zoo.Nobody, which is nowhere",
        "inputs.yaml: zoo.None.output needs zoo.None, which is nowhere",
    ]
