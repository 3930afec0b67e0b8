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


def media_type_of(content_type: str | None) -> str:
    """The media type in a header, without its parameters; empty if there is none."""
    return (content_type or "").partition(";")[0].strip().lower()


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
    """What JSON calls a value, with its article; what JSON does not have is a file."""
    return "null" if value is None else _KINDS.get(type(value), "a file")
