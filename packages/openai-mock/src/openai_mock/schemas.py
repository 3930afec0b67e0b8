"""Validators that take exactly what the description says, made from the parameter types.

The types are written for callers: open, and lenient about what an iterable is. Decides how they
are closed: no unknown key, no conversion, every element looked at. What a complaint means to a
client is in `complaints`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

if TYPE_CHECKING:
    from pydantic_core import SchemaValidator

Node: TypeAlias = dict[str, Any]  # Any: pydantic-core types its schemas as dicts of any shape

# Begins the place of an error that is in one branch of a union: no parameter can be called so.
BRANCH = "\0"

Operation: TypeAlias = Literal["chat.completions.create", "responses.create"]


@cache
def operation_validator(operation: Operation) -> SchemaValidator:
    """The validator of an operation's body; made at its first use."""
    if operation == "chat.completions.create":
        from openai_types.chat import CompletionCreateParams

        return _validator(CompletionCreateParams)
    from openai_types.responses import ResponseCreateParams

    return _validator(ResponseCreateParams)


@cache
def client_event_validators() -> dict[str, SchemaValidator]:
    """The validator of each event that a client of a Realtime session may send, by its type."""
    from typing import get_args, get_type_hints

    from openai_types.realtime import RealtimeClientEventParam

    validators: dict[str, SchemaValidator] = {}
    for event in get_args(RealtimeClientEventParam):
        (name,) = get_args(get_type_hints(event)["type"])
        validators[name] = _validator(event)
    return validators


def _validator(type_: Any) -> SchemaValidator:  # Any: a union is no class
    from pydantic import TypeAdapter
    from pydantic_core import SchemaValidator

    adapter: TypeAdapter[object] = TypeAdapter(type_)
    return SchemaValidator(_closed(adapter.core_schema))


def _closed(value: Any) -> Any:  # Any: a part of a core schema
    if isinstance(value, list | tuple):
        parts = cast("list[Any]", value)
        return type(parts)(_closed(part) for part in parts)
    if not isinstance(value, dict):
        return value
    node = cast("Node", value)
    if node.get("type") == "json-or-python":
        return _closed(node["json_schema"])
    copy = {key: part if key in _OPAQUE else _closed(part) for key, part in node.items()}
    if node.get("type") == "generator":
        copy["type"] = "list"  # a generator would complain only when someone reads from it
    elif node.get("type") == "typed-dict":
        copy["extra_behavior"] = "forbid"
    elif node.get("type") == "union":
        choices: list[Any] = [
            each[0] if isinstance(each, tuple) else each for each in copy["choices"]
        ]
        copy["choices"] = [(each, f"{BRANCH}{number}") for number, each in enumerate(choices)]
        copy["mode"] = "left_to_right"
    return copy


_OPAQUE = {"cls", "metadata", "expected", "default", "serialization"}
