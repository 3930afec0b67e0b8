"""Structured outputs in a request: the parameter that holds a model to a type.

Chat completions and the Responses API take the same schema in different wrappings.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from openai_tools.schema import strict_json_schema

if TYPE_CHECKING:
    from openai_types.responses import ResponseFormatTextJSONSchemaConfigParam
    from openai_types.shared_params import ResponseFormatJSONSchema

MAX_NAME = 64  # characters of a format's name that the API takes


def response_format_of(type_: type[object]) -> ResponseFormatJSONSchema:
    """The `response_format` of a chat completion whose answer is of a type.

    Args:
        type_: a pydantic model, a dataclass or a TypedDict; it may refer to itself.

    Raises:
        StrictSchemaError: the type has something that strict mode refuses; the message names it.
    """
    schema = strict_json_schema(type_)
    return {
        "type": "json_schema",
        "json_schema": {"name": _name(type_), "strict": True, "schema": schema},
    }


def text_format_of(type_: type[object]) -> ResponseFormatTextJSONSchemaConfigParam:
    """The `text={"format": ...}` of a response whose answer is of a type.

    Args:
        type_: a pydantic model, a dataclass or a TypedDict; it may refer to itself.

    Raises:
        StrictSchemaError: the type has something that strict mode refuses; the message names it.
    """
    schema = strict_json_schema(type_)
    return {"type": "json_schema", "name": _name(type_), "strict": True, "schema": schema}


def _name(type_: type[object]) -> str:
    """The type's name with the characters that the API takes: `Page[int]` becomes `Page_int`."""
    name = getattr(type_, "__name__", "")
    return re.sub(r"[^a-zA-Z0-9_-]+", "_", name).strip("_")[:MAX_NAME] or "answer"
