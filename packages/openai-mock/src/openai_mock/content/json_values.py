"""JSON values: what is in them, what kinds they are of, and when two are the same.

The last two are as JSON Schema has it. Python's own answers differ: there `True` is 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Hashable

Object: TypeAlias = Mapping[str, object]  # a JSON object that is read only
Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
Keywords: TypeAlias = dict[str, Any]  # Any: the values of keywords are JSON of any shape
Schema: TypeAlias = "Keywords | bool"


def as_object(value: object) -> Object:
    """The value if it is an object, else an empty one."""
    return cast("Object", value) if isinstance(value, dict) else {}


def objects_in(value: object) -> list[Object]:
    """The objects in a list; of any other value, none."""
    if not isinstance(value, list):
        return []
    return [cast("Object", each) for each in cast("list[object]", value) if isinstance(each, dict)]


def kinds(value: object) -> tuple[str, ...]:
    """The names that `type` has for a value; a whole number has two."""
    if value is None:
        return ("null",)
    if isinstance(value, bool):
        return ("boolean",)
    if isinstance(value, int):
        return ("integer", "number")
    if isinstance(value, float):
        return ("integer", "number") if value.is_integer() else ("number",)
    if isinstance(value, str):
        return ("string",)
    return ("array",) if isinstance(value, list) else ("object",)


def identity(value: object) -> Hashable:
    """The same for values that are the same in JSON, and for no others."""
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, list):
        return ("array", *map(identity, cast("list[object]", value)))
    if isinstance(value, dict):
        members = cast("Mapping[str, object]", value).items()
        return ("object", frozenset((name, identity(member)) for name, member in members))
    return cast("Hashable", value)
