"""From the body of a request to a JSON object.

Decides what is refused before any parameter is looked at. Knows no parameter and no operation.
"""

from __future__ import annotations

from typing import Any, TypeAlias, cast

from pydantic_core import from_json

from openai_mock.refusals import Refusal

JsonObject: TypeAlias = dict[str, Any]  # Any: JSON, before and after it has been checked

_KINDS: dict[type[object], str] = {
    bool: "a boolean",
    int: "an integer",
    float: "a decimal",
    str: "a string",
    list: "an array",
    dict: "an object",
}
SHOWN = 60  # bytes of a body that a message shows


def read_object(content_type: str | None, body: bytes) -> JsonObject:
    """Read the JSON object in a body.

    Raises:
        Refusal: It has another content type, is not JSON, or is JSON of another kind.
    """
    media_type = (content_type or "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        sent = f"'{media_type}'" if media_type else "no content type"
        raise Refusal(
            f"Unsupported content type: {sent} was sent. Send the header 'Content-Type: "
            "application/json' and a JSON object.",
            code="unsupported_content_type",
        )
    return parse_object(body)


def parse_object(data: bytes | str) -> JsonObject:
    """Read a JSON object.

    Raises:
        Refusal: The data is not JSON, or JSON of another kind.
    """
    try:
        value: object = from_json(data, allow_inf_nan=False)
    except ValueError as error:
        raise Refusal(
            f"We could not parse the JSON of your request: {error}. It begins with "
            f"{data[:SHOWN]!r}; send one JSON object in UTF-8.",
            code="invalid_json",
        ) from error
    if not isinstance(value, dict):
        raise Refusal(
            f"The JSON of your request is {kind_of(value)}. Send one JSON object.",
            code="invalid_json",
        )
    return cast("JsonObject", value)


def kind_of(value: object) -> str:
    """What JSON calls a value, with its article."""
    return "null" if value is None else _KINDS[type(value)]
