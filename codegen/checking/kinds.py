"""Which kinds of JSON a type of the description may be, and which a schema of a document.

For comparing the two: a field that a document says to be text today and a list tomorrow has the
same name and no literals, so that nothing else would show the change.
"""

from __future__ import annotations

import ast

from codegen.expressions import literal_values, members, parsed
from codegen.importing.openapi import Document, Schema

NAMED = {"str": "string", "int": "integer", "float": "number", "bool": "boolean", "None": "null"}
LOOSE = {"object", "FileTypes"}  # of these nobody can say
VALUES: dict[type[object], str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    type(None): "null",
}


def lacking(expression: str, document: Document, schema: Schema) -> list[str]:
    """The kinds that a schema has and an expression with its aliases written out has not."""
    theirs, here = _of_schema(document, schema), _of_expression(expression)
    if "" in theirs | here:
        return []
    return sorted(theirs - here - ({"integer"} if "number" in here else set()))


def _of_expression(expression: str) -> set[str]:
    """The kinds; an empty one stands for any."""
    found: set[str] = set()
    for part in members(parsed(expression)):
        name = ast.unparse(part.value if isinstance(part, ast.Subscript) else part)
        values = literal_values(part)
        if values is not None:
            found |= {VALUES[type(each)] for each in values}
        elif isinstance(part, ast.Subscript):
            found.add("object" if name == "dict" else "array")
        else:  # the names of all other types are of objects
            found.add("" if name in LOOSE else NAMED.get(name, "object"))
    return found


def _of_schema(document: Document, schema: Schema) -> set[str]:
    """The kinds; an empty one stands for any."""
    found: set[str] = set()
    for each in document.alternatives(schema):
        resolved = document.resolve(each)
        values: list[object] = resolved.get("enum", [])
        values = [resolved["const"]] if "const" in resolved else values
        if "type" in resolved:
            found.add(resolved["type"])
        elif values:
            found |= {VALUES.get(type(value), "") for value in values}
        else:
            found.add("object" if "properties" in resolved else "")
    return found
