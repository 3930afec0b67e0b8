"""What the model says in text: it repeats what it was told last, in the format that is asked for.

Decides the words only. Knows no API: formats come in the shape of either.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from openai_mock.content.json_values import as_object
from openai_mock.content.schema_instance import instance

if TYPE_CHECKING:
    from openai_mock.content.json_values import Object
    from openai_mock.content.turns import Turn

NOTHING_SAID = "You wrote nothing."


def words(turn: Turn, format_: Object) -> str:
    """What the model says.

    Args:
        turn: What it answers to.
        format_: The `response_format` of chat completions or the `text.format` of responses.

    Raises:
        SchemaError: No value meets the schema of the format.
    """
    match format_.get("type"):
        case "json_schema":
            schema = as_object(format_.get("json_schema", format_)).get("schema", {})
            told = "\n".join(turn.results) or turn.said
            return _as_json(instance(schema, text=told, name="the schema of the format"))
        case "json_object":
            return _as_json({"text": plain_words(turn)})
        case _:
            return plain_words(turn)


def plain_words(turn: Turn) -> str:
    """What the model says where no format is asked for."""
    if turn.results:
        return "The tools gave: " + "\n".join(turn.results)
    return f"You wrote: {turn.said}" if turn.said else NOTHING_SAID


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
