from __future__ import annotations

from codegen.description import Alias, Description, Field, Module, Object, Type, Union
from codegen.importing.sharing import share
from codegen.operations import Operation


def shared(
    *types: Type, private: set[str], operations: tuple[Operation, ...] = ()
) -> dict[str, Type]:
    module = Module("zoo", "objects", {type_.name: type_ for type_ in types})
    share(Description([module], operations=list(operations)), {f"zoo.{name}" for name in private})
    return module.types


def ear(name: str, type_: str = "str") -> Object:
    return Object(name, "model", (Field("side", type_),))


def test_a_private_type_becomes_a_name_of_what_says_the_same():
    types = shared(ear("CatEar"), ear("Ear"), private={"CatEar"})

    assert types["CatEar"] == Alias("CatEar", "Ear")
    assert types["Ear"] == ear("Ear")


def test_public_types_stay_apart():
    types = shared(ear("CatEar"), ear("Ear"), private=set())

    assert types == {"CatEar": ear("CatEar"), "Ear": ear("Ear")}


def test_what_is_made_of_equal_parts_is_equal_too():
    types = shared(
        ear("DogEar"),
        ear("CatEar"),
        Object("CatHead", "model", (Field("ears", "list[CatEar] | None"),)),
        Object("DogHead", "model", (Field("ears", "list[DogEar] | None"),)),
        Object("Zoo", "model", (Field("cat", "CatHead"), Field("dog", "DogHead"))),
        private={"CatEar", "DogEar", "CatHead", "DogHead"},
    )

    assert types["DogHead"] == Alias("DogHead", "CatHead")
    assert types["Zoo"] == Object(
        "Zoo", "model", (Field("cat", "CatHead"), Field("dog", "CatHead"))
    )


def test_unions_are_shared_and_literals_are_left_alone():
    types = shared(
        Union("Ears", ("CatEar", "DogEar"), ("side",)),
        Union("MoreEars", ("CatEar", "DogEar"), ("side",)),
        ear("CatEar", "Literal['DogEar']"),
        ear("DogEar", "Literal['DogEar']"),
        ear("Nose", "Literal['CatEar']"),
        private={"DogEar", "MoreEars", "Nose"},
    )

    assert types["MoreEars"] == Alias("MoreEars", "Ears")
    assert types["Ears"] == Union("Ears", ("CatEar",), ("side",))
    assert types["CatEar"] == ear("CatEar", "Literal['DogEar']")
    assert types["Nose"] == ear("Nose", "Literal['CatEar']")


def test_what_an_operation_names_stays_as_it_is():
    operation = Operation("zoo.get", "get", "/zoo", returns="zoo.CatEar")
    types = shared(ear("CatEar"), ear("Ear"), private={"CatEar"}, operations=(operation,))

    assert types["CatEar"] == ear("CatEar")


def test_another_namespace_follows():
    zoo = Module("zoo", "objects", {"CatEar": ear("CatEar"), "Ear": ear("Ear")})
    farm = Module("farm", "objects", {"Cow": Object("Cow", "model", (Field("ear", "zoo.CatEar"),))})

    assert share(Description([zoo, farm]), {"zoo.CatEar"}) == 1
    assert farm.types["Cow"] == Object("Cow", "model", (Field("ear", "zoo.Ear"),))


def test_events_may_be_names_of_objects_but_objects_not_of_events():
    objects = Module("zoo", "objects", {"Ear": ear("Ear")})
    events = Module("zoo", "events", {"EventEar": ear("EventEar"), "Eye": ear("Eye", "int")})
    params = Module("zoo", "params", {"EarParam": Object("EarParam", "model", ear("Ear").fields)})
    share(Description([events, objects, params]), {"zoo.EventEar", "zoo.Ear", "zoo.EarParam"})

    assert events.types["EventEar"] == Alias("EventEar", "Ear")
    assert objects.types["Ear"] == ear("Ear")
    assert isinstance(params.types["EarParam"], Object)
