from __future__ import annotations

import json
from typing import Any

from codegen.checking.examples import decoded, report

FILE = {
    "id": "file_1",
    "object": "file",
    "bytes": 1,
    "created_at": 1,
    "filename": "a.txt",
    "purpose": "batch",
    "status": "processed",
}


def document(
    *responses: object, path: str = "/files/{file}", method: str = "get"
) -> dict[str, Any]:
    examples = [{"response": each} for each in responses]
    return {"paths": {path: {method: {"x-oaiMeta": {"examples": examples}}}}}


def test_an_example_of_what_is_described_decodes_strictly():
    [example] = decoded(document(json.dumps(FILE)))

    assert (example.operation, example.outcome) == ("files.retrieve", "decodes strictly")


def test_a_fault_of_an_example_is_named_and_nothing_is_lost():
    [example] = decoded(document(json.dumps(FILE | {"bytes": "1", "vendor": {"x": None}})))

    assert example.outcome == "decodes with a fault"
    assert "bytes: " in example.fault


def test_the_items_of_a_page_are_examples_each():
    page = json.dumps({"object": "list", "data": [FILE, FILE]})

    assert len(list(decoded(document(page, path="/files")))) == 2


def test_what_is_no_json_or_of_no_operation_is_left_out():
    assert list(decoded(document("event: a", "[1]", None))) == []
    assert list(decoded(document(json.dumps(FILE), path="/nowhere"))) == []


def test_the_report_counts_and_lists():
    lines = list(report(document(json.dumps(FILE), json.dumps(FILE | {"bytes": "1"}))))

    assert [line.split()[-1] for line in lines[:3]] == ["1", "1", "0"]
    assert lines[3].startswith("files.retrieve: ")
