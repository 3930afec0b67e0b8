"""Whether a JSON Schema is written as it must be.

Decides what each keyword may hold, so that whoever reads a schema after this need not look again.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, TypeGuard, cast

from openai_mock.content.errors import SchemaError
from openai_mock.content.schema_keywords import TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from openai_mock.content.json_values import Keywords, Schema

DEEPEST = 200  # schemas inside each other

_MAPS = {"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"}
_LISTS = {"allOf", "anyOf", "oneOf", "prefixItems"}
_SCHEMAS = {
    *("additionalProperties", "additionalItems", "propertyNames", "contains"),
    *("not", "if", "then", "else", "items"),
}
_COUNTS = {
    *("minLength", "maxLength", "minItems", "maxItems", "minContains", "maxContains"),
    *("minProperties", "maxProperties"),
}
_NUMBERS = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
_TEXTS = {"pattern", "format", "$ref"}


def check_form(schema: object, place: str = "") -> Schema:
    """Give the schema back if each keyword holds what it may.

    Args:
        schema: What may be a schema.
        place: Where it is, for the error: empty, or a reference like `#/$defs/Name`.

    Raises:
        SchemaError: A keyword holds something else.
    """
    _check(schema, place.removeprefix("#"), 0)
    return cast("Schema", schema)


def _check(schema: object, place: str, depth: int) -> None:
    if isinstance(schema, bool):
        return
    if not _is_object(schema):
        raise _wrong(place, "a schema must be an object or a boolean")
    if depth > DEEPEST:
        raise _wrong(place, f"there are more than {DEEPEST} schemas inside each other")
    for keyword, given in schema.items():
        reason = _complaint(keyword, given)
        if reason:
            raise _wrong(f"{place}/{keyword}", reason)
    for inner_place, inner in _inner(schema, place):
        _check(inner, inner_place, depth + 1)


def _complaint(keyword: str, given: object) -> str | None:
    """Why a keyword may not hold this; None if it may."""
    for keywords, holds, reason in _RULES:
        if keyword in keywords and not holds(given):
            return reason
    return None


def _inner(schema: Keywords, place: str) -> Iterator[tuple[str, object]]:
    """The schemas inside a schema, with their places."""
    for keyword, given in schema.items():
        at = f"{place}/{keyword}"
        if keyword in _MAPS:
            yield from ((f"{at}/{name}", each) for name, each in given.items())
        elif keyword in _LISTS or (keyword == "items" and _is_list(given)):
            yield from ((f"{at}/{index}", each) for index, each in enumerate(given))
        elif keyword in _SCHEMAS:
            yield at, given


def _is_object(value: object) -> TypeGuard[Keywords]:
    return isinstance(value, dict)


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_list_of_texts(value: object) -> bool:
    return _is_list(value) and all(map(_is_text, value))


def _are_types(value: object) -> bool:
    names = value if _is_list(value) else [value]
    return bool(names) and all(_is_text(name) and name in TYPES for name in names)


def _is_number(value: object) -> TypeGuard[int | float]:
    if isinstance(value, float):
        return isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _is_count(value: object) -> bool:
    return _is_number(value) and value >= 0 and value == int(value)


_RULES: list[tuple[set[str], Callable[[object], bool], str]] = [
    ({"type"}, _are_types, f"it must be one or more of {', '.join(TYPES)}"),
    (_MAPS, _is_object, "it must be an object of schemas"),
    (
        _LISTS,
        lambda value: _is_list(value) and value != [],
        "it must be a list of schemas",
    ),
    ({"enum"}, _is_list, "it must be a list of values"),
    ({"required"}, _is_list_of_texts, "it must be a list of names"),
    (
        {"dependentRequired"},
        lambda value: _is_object(value) and all(map(_is_list_of_texts, value.values())),
        "it must be an object of lists of names",
    ),
    (_TEXTS, _is_text, "it must be a text"),
    ({"uniqueItems"}, lambda value: isinstance(value, bool), "it must be a boolean"),
    (_COUNTS, _is_count, "it must be a whole number that is not negative"),
    (_NUMBERS, _is_number, "it must be a number"),
    ({"multipleOf"}, lambda value: _is_number(value) and value > 0, "it must be more than 0"),
]


def _wrong(place: str, reason: str) -> SchemaError:
    return SchemaError(
        f"The schema is wrong at '#{place}': {reason}. Correct it there.", place=f"#{place}"
    )
