from __future__ import annotations

from pathlib import Path

import pytest

from codegen.description import Field, load, save
from codegen.tests.made_up import described


def test_what_is_saved_is_loaded_again(tmp_path: Path):
    description = described(with_document=True)
    save(description, tmp_path)

    loaded = load(tmp_path)

    assert {m.path: m.types for m in loaded.modules} == {
        m.path: m.types for m in description.modules
    }
    assert loaded.operations == sorted(
        description.operations, key=lambda each: (each.top, each.name)
    )
    assert loaded.resources == description.resources
    assert (loaded.open, loaded.paths) == (description.open, description.paths)


def test_saving_takes_away_what_is_no_more(tmp_path: Path):
    save(described(with_document=True), tmp_path)
    save(described(), tmp_path)

    assert not (tmp_path / "shared" / "objects.yaml").exists()
    assert not (tmp_path / "widgets" / "operations.yaml").exists()


@pytest.mark.parametrize(
    "field",
    [
        Field("id", "str"),
        Field("id", "str", required=False),
        Field("schema", "str", required=False, attribute="schema_"),
        Field("self-harm", "bool", attribute="self_harm"),
    ],
)
def test_a_field_is_read_as_it_is_written(field: Field):
    assert Field.read(field.key, field.type) == field


def test_a_key_that_is_none_is_refused():
    with pytest.raises(ValueError, match="is no field"):
        Field.read("two words", "str")


def test_namespaces_know_what_is_inside_of_them():
    description = described()
    description.modules[0].namespace = "beta.zoo.cats"

    assert description.namespaces == ["beta", "beta.zoo", "beta.zoo.cats", "zoo"]
    assert description.inside("beta") == ["zoo"]
    assert description.inside("") == ["beta", "zoo"]
