from __future__ import annotations

from pathlib import Path

import pytest

from codegen.description import Field, Object
from codegen.importing.corrections import Overlay, OverlayError, absent, apply, read
from codegen.tests.made_up import described


def overlay(target: str, name: str, expect: object, value: object) -> Overlay:
    return Overlay("a test", target, name, expect, value)


def field_of(name: str, wire: str, overlays: list[Overlay]) -> Field | None:
    description = described()
    apply(overlays, description)
    found = next(type_ for _, type_ in description.types() if type_.name == name)
    assert isinstance(found, Object)
    return next((each for each in found.fields if each.wire == wire), None)


def test_a_field_is_corrected_where_it_is_as_expected():
    change = overlay("field", "zoo.Cat.extra", {"extra": "object"}, {"extra?": "int"})

    assert field_of("Cat", "extra", [change]) == Field("extra", "int", required=False)


def test_a_field_is_added_and_taken_away():
    assert field_of("Dog", "tail", [overlay("field", "zoo.Dog.tail", None, {"tail": "bool"})])
    gone = overlay("field", "zoo.Dog.type", {"type": "Literal['dog']"}, None)
    assert field_of("Dog", "type", [gone]) is None


def test_a_type_and_an_operation_are_corrected():
    description = described()
    entry = {"params": ["zoo.AnimalCreateParams"], "path": ["place"], "body": ["name", "from?"]}
    changes = [
        overlay(
            "type", "zoo.Animal", {"tags": ["type"], "union": ["Cat", "Dog"]}, {"alias": "Cat"}
        ),
        overlay(
            "operation",
            "zoo.create",
            {"post": "/zoo/{place}", "returns": "zoo.Animal", **entry},
            {"put": "/zoo/{place}", "returns": "zoo.Animal", **entry},
        ),
    ]

    apply(changes, description)

    assert description.operations[0].method == "put"
    assert "Animal" in description.modules[0].types or "Animal" in description.modules[1].types


def test_a_type_that_no_input_has_is_added_to_the_module_of_its_role():
    description = described()
    role = description.modules[0].role
    change = Overlay("a test", "type", "zoo.Bird", None, {"model": {"wings": "int"}}, role)

    apply([change], description)

    assert "Bird" in description.modules[0].types
    with pytest.raises(OverlayError, match="there is no type zoo"):
        apply([overlay("type", "zoo.Fish", None, {"alias": "Bird"})], description)


def test_one_fact_of_an_operation_is_corrected():
    description = described()

    apply([overlay("fact", "zoo.create.deprecated", None, value=True)], description)
    assert description.operations[0].deprecated
    assert description.operations[0].path == "/zoo/{place}"

    apply([overlay("fact", "zoo.create.deprecated", expect=True, value=None)], description)
    assert description.operations == described().operations


@pytest.mark.parametrize(
    "change",
    [
        overlay("field", "zoo.Cat.extra", {"extra": "int"}, {"extra": "str"}),
        overlay("field", "zoo.Bird.extra", None, None),
        overlay("type", "zoo.Animal", {"alias": "Cat"}, None),
        overlay("operation", "zoo.create", {"post": "/zoo"}, None),
        overlay("operation", "zoo.feed", {"post": "/zoo"}, None),
        overlay("fact", "zoo.create.returns", "zoo.Cat", "zoo.Dog"),
        overlay("fact", "zoo.feed.returns", "zoo.Cat", "zoo.Dog"),
    ],
)
def test_what_no_longer_matches_fails_and_says_where(change: Overlay):
    with pytest.raises(OverlayError, match=change.name):
        apply([change], described())


@pytest.mark.parametrize(
    "written",
    ["- field: zoo.Cat.extra", "- reason: none", "- {reason: two, field: a.B.c, type: a.B}"],
)
def test_a_correction_needs_a_reason_and_one_target(tmp_path: Path, written: str):
    (tmp_path / "wrong.yaml").write_text(written)

    with pytest.raises(OverlayError, match="needs a reason and one of"):
        read(tmp_path)


def test_routes_that_are_left_out(tmp_path: Path):
    (tmp_path / "routes.yaml").write_text("- {absent: get /widgets, reason: nobody needs it}")

    assert absent(read(tmp_path)) == ["get /widgets"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x: [", "zoo.yaml is no YAML"),
        ("3", "zoo.yaml has no list"),
        ("- 3", "zoo.yaml: 3 needs a reason"),
        ("- {absent: zoo, reason: a test}", "'zoo' is no route: write it as 'post /path'"),
    ],
)
def test_a_file_of_corrections_that_cannot_be_read_is_refused(
    text: str, message: str, tmp_path: Path
):
    (tmp_path / "zoo.yaml").write_text(text)

    with pytest.raises(OverlayError) as caught:
        read(tmp_path)

    assert message in str(caught.value)


def test_a_field_of_a_type_that_has_none_cannot_be_corrected():
    with pytest.raises(OverlayError, match=r"zoo\.Animal has no fields"):
        field_of("Animal", "tail", [overlay("field", "zoo.Animal.tail", None, {"tail": "bool"})])
