from __future__ import annotations

from copy import deepcopy

import pytest

from codegen.description import Alias, Field, Object, Union
from codegen.importing.facts import Facts
from codegen.importing.importer import Importer
from codegen.operations import Parameter, Resource
from codegen.tests.made_up import CAT, FACTS, LAYOUT, described, literal, model


def test_types_have_the_names_under_which_users_know_them():
    names = {f"{module.path}: {type_.name}" for module, type_ in described().types()}

    assert names == {
        "zoo/objects.yaml: Animal",
        "zoo/objects.yaml: Cat",
        "zoo/objects.yaml: CatEar",
        "zoo/objects.yaml: Dog",
        "zoo/params.yaml: AnimalCreateParams",
    }


def test_a_class_keeps_its_fields_and_what_is_optional():
    types = {type_.name: type_ for _, type_ in described().types()}

    assert types["Cat"] == Object(
        "Cat",
        "model",
        (
            Field("type", "Literal['cat']"),
            Field("ears", "list[CatEar] | None", required=False),
            Field("mood", "Literal['calm', 'wild']"),
            Field("extra", "object"),
        ),
    )


def test_models_with_a_literal_in_common_become_a_tagged_union():
    types = {type_.name: type_ for _, type_ in described().types()}

    assert types["Animal"] == Union("Animal", ("Cat", "Dog"), ("type",))


def test_models_inside_of_another_union_become_a_union_of_their_own():
    facts = deepcopy(FACTS)
    mixed = {"union": ["str", *facts["types"][3]["alias"]["union"]]}
    facts["types"].append(model("types.zoo.cage:Cage", {"holds": mixed}))

    types = {t.name: t for _, t in Importer(Facts(facts, LAYOUT), LAYOUT).run().types()}

    assert types["Cage"] == Object("Cage", "model", (Field("holds", "str | CageHoldsObject"),))
    assert types["CageHoldsObject"] == Union("CageHoldsObject", ("Cat", "Dog"), ("type",))


def test_a_union_inside_takes_no_name_that_a_type_has():
    facts = deepcopy(FACTS)
    animals = facts["types"][3]["alias"]
    facts["types"].append(model("types.zoo.cage:Cage", {"holds": animals}))
    facts["types"].append(model("types.zoo.cage_holds:CageHolds", {"since": {"dict": "int"}}))

    types = {t.name: t for _, t in Importer(Facts(facts, LAYOUT), LAYOUT).run().types()}

    assert types["Cage"] == Object("Cage", "model", (Field("holds", "CageHoldsUnion"),))
    assert types["CageHoldsUnion"] == Union("CageHoldsUnion", ("Cat", "Dog"), ("type",))
    assert types["CageHolds"] == Object("CageHolds", "model", (Field("since", "dict[str, int]"),))


def test_an_expression_of_no_known_form_is_refused():
    facts = deepcopy(FACTS)
    facts["types"].append(model("types.zoo.cage:Cage", {"holds": {"tuple": "int"}}))

    with pytest.raises(ValueError, match=r"zoo\.Cage: cannot say \{'tuple': 'int'\}"):
        Importer(Facts(facts, LAYOUT), LAYOUT).run()


def test_an_enum_is_an_alias_and_can_be_a_tag():
    facts = deepcopy(FACTS)
    kind = {**model("types.zoo.kind:Kind", {}), "kind": "enum", "alias": literal("cat", "lion")}
    facts["types"].append(kind)
    facts["types"][0]["fields"]["type"]["type"] = {"ref": kind["id"]}

    types = {t.name: t for _, t in Importer(Facts(facts, LAYOUT), LAYOUT).run().types()}

    assert types["Kind"] == Alias("Kind", "Literal['cat', 'lion']")
    assert types["Animal"] == Union("Animal", ("Cat", "Dog"), ("type",))


def test_two_types_of_one_name_are_refused():
    facts = deepcopy(FACTS)
    facts["types"].append(model("types.zoo.lion:Cat", {"mane": "bool"}))

    with pytest.raises(ValueError, match=r"both want to be zoo\.Cat"):
        Importer(Facts(facts, LAYOUT), LAYOUT).run()


def test_operations_are_described_and_helpers_are_listed():
    description = described()
    (operation,) = description.operations

    assert (operation.name, operation.method, operation.path) == (
        "zoo.create",
        "post",
        "/zoo/{place}",
    )
    assert operation.returns == "zoo.Animal"
    assert operation.params == ("zoo.AnimalCreateParams",)
    assert operation.parameters == (
        Parameter("place", "path", required=True, wire="place"),
        Parameter("name", "body", required=True, wire="name"),
        Parameter("from", "body", required=False, wire="from"),
    )
    assert description.open == {"zoo.watch": "helper"}
    assert description.resources == [Resource("zoo", "Zoo")]


def test_parameters_without_a_type_get_one():
    facts = deepcopy(FACTS)
    facts["methods"][0]["params_type"] = []

    description = Importer(Facts(facts, LAYOUT), LAYOUT).run()
    types = {f"{m.namespace}.{t.name}": t for m, t in description.types()}

    assert description.operations[0].params == ("shared.ZooCreateParams",)
    assert types["shared.ZooCreateParams"] == Object(
        "ZooCreateParams", "params", (Field("name", "str"), Field("from", "int", required=False))
    )


def test_paths_of_the_official_modules_are_kept():
    assert described().paths == {
        "zoo.animal": "zoo.Animal",
        "zoo.animal_create_params": "zoo.AnimalCreateParams",
        "zoo.cat": "zoo.Cat, zoo.CatEar as Ear",
        "zoo.dog": "zoo.Dog",
    }
    assert Facts(FACTS, LAYOUT).place(CAT).seen_from("elsewhere") == "zoo.Cat"
