"""The schemas that a request wants to be followed strictly, and what they may not have.

Decides by the rules for structured outputs: every object closed, every property required, and only
keywords that a model can be held to. Where nothing says `strict`, nothing is checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from openai_mock.content.json_values import as_object, objects_in
from openai_mock.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_mock.content.json_values import Object

MOST_LEVELS = 10
MOST_PROPERTIES = 5000
_REFUSED = ("allOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas", "oneOf")
_NAMED = ("properties", "$defs", "definitions")  # hold schemas by names


class _Strict(NamedTuple):
    """A schema to be followed.

    Attributes:
        owner: What it is for, as a complaint says it.
        schema: The schema.
        param: Where it is in the request.
        code: The code of the complaint.
    """

    owner: str
    schema: Object
    param: str
    code: str


def check_strict_schemas(request: Object) -> None:
    """Return if a model can be held to the schemas of a request that are strict.

    Args:
        request: The body of a request for chat completions or responses.

    Raises:
        Refusal: One has what it may not have, or lacks what it must have.
    """
    for strict in _strict_schemas(request):
        complaint = _complaint(strict.schema)
        if complaint:
            message = f"Invalid schema for {strict.owner}: {complaint}"
            raise Refusal(message, code=strict.code, param=strict.param)


def _strict_schemas(request: Object) -> Iterator[_Strict]:
    chat = as_object(as_object(request.get("response_format")).get("json_schema"))
    response = as_object(as_object(request.get("text")).get("format"))
    for format_, param in ((chat, "response_format"), (response, "text.format.schema")):
        if format_.get("strict") is True and "schema" in format_:
            owner, schema = f"response_format '{format_.get('name')}'", as_object(format_["schema"])
            yield _Strict(owner, schema, param, "invalid_json_schema")
    for number, tool in enumerate(objects_in(request.get("tools"))):
        inner = as_object(tool.get("function"))
        function, where = (inner, "function.parameters") if inner else (tool, "parameters")
        if function.get("strict") is True and function.get("parameters") is not None:
            owner, schema = f"function '{function.get('name')}'", as_object(function["parameters"])
            yield _Strict(owner, schema, f"tools[{number}].{where}", "invalid_function_parameters")


def _complaint(schema: Object) -> str | None:
    """What is wrong with a whole schema; None if nothing is."""
    if schema.get("type") != "object" or "anyOf" in schema:
        kind = schema.get("type")
        return f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{kind}\"'."
    properties = 0
    for part, context, level in _parts(schema):
        complaint = _of_part(part)
        if complaint:
            return f"In context={context!r}, {complaint}"
        properties += len(as_object(part.get("properties")))
        if level > MOST_LEVELS:
            return f"In context={context!r}, it is nested deeper than {MOST_LEVELS} levels."
    if properties > MOST_PROPERTIES:
        return f"it has {properties} properties, and may have {MOST_PROPERTIES}."
    return None


def _of_part(schema: Object) -> str | None:
    """What is wrong with a schema, apart from those inside it."""
    for keyword in _REFUSED:
        if keyword in schema:
            return f"'{keyword}' is not permitted."
    if schema.get("type") != "object" and "properties" not in schema:
        return None
    if schema.get("additionalProperties") is not False:
        return "'additionalProperties' is required to be supplied and to be false."
    required = schema.get("required")
    names = cast("list[object]", required) if isinstance(required, list) else []
    for name in as_object(schema.get("properties")):
        if name not in names:
            return (
                "'required' is required to be supplied and to be an array including every key in "
                f"properties. Missing '{name}'."
            )
    return None


def _parts(
    schema: Object, context: tuple[str, ...] = (), level: int = 0
) -> Iterator[tuple[Object, tuple[str, ...], int]]:
    """A schema and those inside it, with where they are and how many objects are around each."""
    level += schema.get("type") == "object"
    yield schema, context, level
    for keyword in _NAMED:
        for name, inner in as_object(schema.get(keyword)).items():
            above = 0 if keyword != "properties" else level
            yield from _parts(as_object(inner), (*context, keyword, name), above)
    if isinstance(schema.get("items"), dict):
        yield from _parts(as_object(schema["items"]), (*context, "items"), level)
    for number, inner in enumerate(objects_in(schema.get("anyOf"))):
        yield from _parts(inner, (*context, "anyOf", str(number)), level)
