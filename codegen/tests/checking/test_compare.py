from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path

import pytest

from codegen.__main__ import DESCRIPTION, DIFFERENCES
from codegen.checking.compare import reasons, report, with_document
from codegen.description import DescriptionError, load
from codegen.importing.openapi import Document
from codegen.tests.made_up import DOCUMENT, described


def test_what_a_document_has_more_is_found():
    found = with_document(described(), Document(DOCUMENT), {}).unexplained()

    assert [(each.measure, each.name) for each in found] == [
        ("operations", "get /widgets"),
        ("operations", "post /widgets/{widget_id}/cancel"),
        ("literals", "zoo.Cat.mood = sleepy"),
        ("fields", "zoo.Dog.tail"),
    ]


def test_a_field_that_is_of_another_type_in_a_document_is_found():
    document = deepcopy(DOCUMENT)
    document["components"]["schemas"]["Cat"]["properties"]["mood"] = {"type": ["integer", "null"]}
    found = with_document(described(), Document(document), {}).unexplained()

    assert [(each.name, each.problem) for each in found if each.measure == "kinds"] == [
        ("zoo.Cat.mood", "may also be integer, null")
    ]


def test_what_is_meant_needs_no_more_explanation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    meant = {
        "operations * /widgets*": "nobody calls them",
        "fields zoo.Dog.tail": "it moves too fast",
        "literals zoo.Cat.mood = *": "cats wake up",
    }
    found = with_document(described(), Document(DOCUMENT), meant)

    assert not report([found], tmp_path / "out.json")
    assert "unexplained" in capsys.readouterr().out
    (written,) = json.loads((tmp_path / "out.json").read_text())
    assert written["counts"]["operations"] == {"theirs": 3, "here": 1}
    assert {each["reason"] for each in written["differences"]} == set(meant.values())


@pytest.mark.parametrize("text", ["document: [", "document: [{what: a}]", "document: 3"])
def test_reasons_that_cannot_be_read_are_refused(text: str, tmp_path: Path):
    (tmp_path / "differences.yaml").write_text(text)

    with pytest.raises(DescriptionError, match=r"differences\.yaml"):
        reasons(tmp_path / "differences.yaml", "document")


def test_a_reason_for_nothing_is_reported(capsys: pytest.CaptureFixture[str]):
    everything = {"*": "all of it", "fields zoo.Cat.wings": "cats have none"}

    assert report([with_document(described(), Document(DOCUMENT), everything)], None)
    assert "nothing differs any more as 'fields zoo.Cat.wings' says" in capsys.readouterr().out


def test_the_description_has_all_that_the_document_has():
    found = with_document(described(with_document=True), Document(DOCUMENT), {})

    assert {each.measure for each in found.unexplained()} == {"literals"}


@pytest.mark.peer
def test_the_committed_description_has_all_that_the_official_package_has():
    official = pytest.importorskip("codegen.checking.official")
    found = official.with_package(load(DESCRIPTION), reasons(DIFFERENCES, "official"))

    assert found.unexplained() == []
    assert found.unused() == []
