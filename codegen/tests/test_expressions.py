from __future__ import annotations

import pytest

from codegen.expressions import Writer, references


def local(name: str) -> str:
    return name.rpartition(".")[2]


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("str | None", []),
        ("list[Cat] | beta.zoo.Dog", ["Cat", "beta.zoo.Dog"]),
        ("dict[str, Iterable[Cat]]", ["Cat"]),
        ("Literal['Cat', 'a|b']", []),
        ("FileTypes", []),
    ],
)
def test_the_types_that_an_expression_names(expression: str, names: list[str]):
    assert list(references(expression)) == names


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        ("zoo.Cat | None", "Cat | None"),
        ("list[Later] | None", 'list["Later"] | None'),
        ("Later | str | None", 'Union["Later", str, None]'),
        ("Literal['a', 'b']", 'Literal["a", "b"]'),
        ("str | str", "str"),
    ],
)
def test_an_expression_as_source(expression: str, written: str):
    assert Writer(local, {"Later"}).write(expression) == written


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        ("Literal['a']", 'Literal["a"]'),
        ("Literal['a', 'b'] | None", 'Literal["a", "b"] | str | None'),
        ("Mood | None", "Mood | str | None"),
    ],
)
def test_literals_of_a_model_are_open(expression: str, written: str):
    writer = Writer(local, set[str](), lambda name: name == "Mood")

    assert writer.write(expression) == written
