from codegen.description import Alias, Description, Field, Module, Object, Union
from codegen.emitting.input_rules import InputRules


def model(name: str, *bases: str, **fields: str) -> Object:
    return Object(name, "model", tuple(Field(key, type_) for key, type_ in fields.items()), bases)


def params(name: str, **fields: str) -> Object:
    read = tuple(Field.read(key.replace("_opt", "?"), type_) for key, type_ in fields.items())
    return Object(name, "params", read)


def described() -> Description:
    objects = [
        model(
            "Cat",
            type="Literal['cat']",
            toys="list[Toy]",
            fed_at="int",
            mood="Literal['calm', 'wild']",
        ),
        model("Kitten", "Cat", size="int"),
        model("Toy", label="str | None", broken_by="str"),
        model("Note", type="Literal['note']", role="Literal['user', 'assistant']", id="str"),
        Union("Animal", ("Cat", "Kitten", "Note"), ("type",)),
        model("Zoo", animals="list[Animal]"),
    ]
    inputs = [
        params(
            "CatParam", type="Literal['cat']", toys="Iterable[ToyParam]", mood_opt="Literal['calm']"
        ),
        params("ToyParam", label_opt="str"),
        params("AskParam", type="Literal['note']", role="Literal['user']"),
        params("SaidParam", type="Literal['note']", role="Literal['assistant']", id="str"),
        Alias("AnimalParam", "CatParam | AskParam | SaidParam"),
    ]
    return Description(
        [
            Module("zoo", "objects", {each.name: each for each in objects}),
            Module("zoo", "params", {each.name: each for each in inputs}),
        ],
        inputs={"zoo.Zoo.animals": "zoo.AnimalParam"},
    )


def test_what_input_refuses_follows_from_the_parameters():
    source = InputRules(described()).module()
    assert '"zoo.Cat": "fed_at mood=null mood=wild",' in source
    assert '"zoo.Toy": "broken_by label=null",' in source
    assert '"zoo.Note:user": "id",' in source
    assert "Note:assistant" not in source


def test_a_model_has_the_type_that_it_is_sent_as():
    rules = InputRules(described())
    assert "-> zoo_params.CatParam: ..." in rules.signature("zoo.Cat")
    assert "-> zoo_params.SaidParam | zoo_params.AskParam: ..." in rules.signature("zoo.Note")
    assert "-> list[zoo_params.AnimalParam]: ..." in rules.signature("zoo.Zoo")
    assert "-> zoo_params.AnimalParam: ..." in rules.signature("zoo.Animal")
    assert rules.signature("zoo.Toy") == ""
    assert [rules.mixin(f"zoo.{name}") for name in ("Zoo", "Cat", "Kitten", "Toy")] == [
        "InputItems",
        "InputItem",
        "",
        "",
    ]


def test_without_inputs_there_are_no_rules():
    rules = InputRules(Description(described().modules))
    assert rules.module() == ""
    assert rules.imports(described().modules[0]) == ""
