from __future__ import annotations

import pytest

from codegen.checking.kinds import lacking
from codegen.importing.openapi import Document

THING = {"Thing": {"properties": {"id": {"type": "string"}}}}


@pytest.mark.parametrize(
    ("expression", "schema", "more"),
    [
        ("str", {"type": "string"}, []),
        ("str", {"type": ["string", "null"]}, ["null"]),
        ("str | None", {"type": "string"}, []),
        ("float", {"type": "integer"}, []),
        ("int", {"type": "number"}, ["number"]),
        ("Literal['a', 1]", {"enum": ["a", 1, True, None]}, ["boolean", "null"]),
        ("Literal[True]", {"const": "a"}, ["string"]),
        ("dict[str, str]", {"type": "array"}, ["array"]),
        ("list[str] | shared.Thing", {"$ref": "#/components/schemas/Thing"}, []),
        ("str", {"anyOf": [{"$ref": "#/components/schemas/Thing"}, {"type": "array"}]},
         ["array", "object"]),
        ("object", {"type": "string"}, []),
        ("bytes | FileTypes", {"type": "string"}, []),
        ("str", {}, []),
        ("str", {"const": [1]}, []),
    ],
)  # fmt: skip
def test_what_a_schema_may_be_and_a_type_may_not(
    expression: str, schema: dict[str, object], more: list[str]
):
    document = Document({"openapi": "3.1.0", "components": {"schemas": THING}})

    assert lacking(expression, document, schema) == more
