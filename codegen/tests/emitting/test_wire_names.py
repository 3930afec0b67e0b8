from __future__ import annotations

import pytest

from codegen.description import Alias, Description, Field, Module, Object, Type, Union
from codegen.emitting.wire_names import Ways, WireNames
from codegen.operations import Operation, Parameter


def params(name: str, *fields: Field, base: str = "") -> Object:
    return Object(name, "params", fields, (base,) if base else ())


ASYNC = Field("async", "bool", attribute="async_")
SETUP = params("Setup", ASYNC)
LEAF: dict[str, tuple[str, str]] = {"async_": ("async", "")}


def ways(type_: str, *others: Type) -> Ways:
    """Those of an operation with a parameter `setup` of a type, and `name`."""
    made = params("MakeParams", Field("setup", type_), Field("name", "str"))
    types = {each.name: each for each in (made, *others)}
    operation = Operation(
        "zoo.make",
        "post",
        "/zoo",
        (
            Parameter("setup", "body", required=True, wire="setup"),
            Parameter("name", "body", required=True, wire="name"),
        ),
        ("zoo.MakeParams",),
    )
    return WireNames(Description([Module("zoo", "params", types)])).of(operation)


@pytest.mark.parametrize(
    "type_",
    [
        "Setup",
        "Setup | None",
        "Iterable[Setup]",
        "str | Sequence[list[Setup] | int] | None",
        "Other",
        "Iterable[Other] | Other",
        "Either",
        "Derived | Plain",
    ],
)
def test_the_way_goes_through_lists_unions_and_other_names(type_: str):
    others = (
        Alias("Other", "Iterable[Setup] | Plain"),
        Union("Either", ("Plain", "Setup"), ("type",)),
        params("Plain", Field("type", "str")),
        params("Derived", Field("more", "int"), base="Setup"),
    )
    inside = "zoo.Derived" if "Derived" in type_ else "zoo.Setup"

    assert ways(type_, SETUP, *others) == {"": {"setup": ("", inside)}, inside: LEAF}


def test_nothing_is_noted_where_all_keys_are_as_they_are():
    plain = params("Plain", Field("inside", "Plain | dict[str, Plain]"), Field("async", "bool"))

    assert ways("Plain", plain, SETUP) == {}


def test_a_model_is_not_gone_into():
    model = Object("Model", "model", (ASYNC,))

    assert ways("Model", model) == {}


def test_keys_of_any_name_lead_on():
    assert ways("dict[str, Setup | None]", SETUP) == {
        "": {"setup": ("", "dict[str, zoo.Setup | None]")},
        "dict[str, zoo.Setup | None]": {"*": ("", "zoo.Setup")},
        "zoo.Setup": LEAF,
    }


def test_a_mapping_may_be_one_of_several():
    assert ways("dict[str, Setup] | Setup", SETUP)[""] == {
        "setup": ("", "dict[str, zoo.Setup] or zoo.Setup")
    }
    assert ways("dict[str, Setup] | Setup", SETUP)["dict[str, zoo.Setup] or zoo.Setup"] == {
        "*": ("", "zoo.Setup"),
        "async_": ("async", ""),
    }


def test_a_type_inside_of_itself_is_there_once():
    tree = params("Tree", ASYNC, Field("from", "Iterable[Branch]", attribute="from_"))
    branch = params("Branch", Field("tree", "Tree | None"))

    assert ways("Tree", tree, branch) == {
        "": {"setup": ("", "zoo.Tree")},
        "zoo.Tree": {"async_": ("async", ""), "from_": ("from", "zoo.Branch")},
        "zoo.Branch": {"tree": ("", "zoo.Tree")},
    }


def test_members_of_a_union_are_one_place():
    first = params("First", ASYNC, Field("deep", "Setup"))
    second = params("Second", Field("in", "int", attribute="in_"), Field("deep", "str"))

    assert ways("First | Second", first, second, SETUP) == {
        "": {"setup": ("", "zoo.First or zoo.Second")},
        "zoo.First or zoo.Second": {
            "async_": ("async", ""),
            "deep": ("", "zoo.Setup"),
            "in_": ("in", ""),
        },
        "zoo.Setup": LEAF,
    }


def test_members_of_a_union_that_cannot_be_told_apart_are_refused():
    other = params("Other", Field("async_", "bool"))

    with pytest.raises(ValueError, match=r"zoo\.Setup: async_ is async here and async_ there"):
        ways("Setup | Other", SETUP, other)


def test_parameters_have_the_name_that_the_operation_says():
    operation = Operation(
        "zoo.make",
        "get",
        "/zoo",
        (
            Parameter("from_", "query", required=False, wire="from"),
            Parameter("key", "header", required=False, wire="Zoo-Key"),
        ),
        ("zoo.MakeParams",),
    )
    made = params(
        "MakeParams",
        Field("from", "str", attribute="from_"),
        Field("Zoo-Key", "str", attribute="key"),
    )
    description = Description([Module("zoo", "params", {"MakeParams": made})])

    assert WireNames(description).of(operation) == {"": {"from_": ("from", "")}}
