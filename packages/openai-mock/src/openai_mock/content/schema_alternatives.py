"""A JSON Schema taken apart into alternatives, each of which has plain keywords only.

Decides how `$ref`, `allOf`, `anyOf`, `oneOf`, `if` and keywords beside them come together. What
cannot be put together exactly is kept as a check of the finished value. Makes no values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openai_mock.content.json_values import identity
from openai_mock.content.schema_keywords import (
    item_schema,
    items_schemas,
    property_schema,
    types,
)
from openai_mock.content.schema_numbers import common_multiple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from openai_mock.content.json_values import Keywords, Schema
    from openai_mock.content.schema_references import References

_COMBINING = frozenset({"$ref", "allOf", "anyOf", "oneOf", "if", "then", "else", "not"})
_HIGHEST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains")
_LOWEST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains")
_ITEMS = ("items", "prefixItems", "additionalItems")
_PROPERTIES = ("properties", "patternProperties", "additionalProperties")
_SINGLE = frozenset({"pattern", "format", "contains", "dependentSchemas", "dependentRequired"})


@dataclass(frozen=True)
class Alternative:
    """One way to meet a schema.

    Attributes:
        keywords: What a value must meet; none of them combines schemas.
        checks: What it must meet besides.
        references: Those that were followed to come here.
    """

    keywords: Keywords
    checks: tuple[Schema, ...] = ()
    references: frozenset[str] = frozenset()

    def and_(self, other: Alternative) -> Alternative | None:
        """The way to meet this one and another; None if no value can."""
        merged, checks = _merged(self.keywords, other.keywords)
        if merged is None:
            return None
        return Alternative(
            merged,
            (*self.checks, *other.checks, *checks),
            self.references | other.references,
        )


def alternatives(schema: Schema, references: References) -> Iterator[Alternative]:
    """The ways to meet a schema, in the order of its unions.

    Raises:
        SchemaError: A reference leads nowhere.
    """
    return _of(schema, references, frozenset())


def _of(schema: Schema, references: References, followed: frozenset[str]) -> Iterator[Alternative]:
    if isinstance(schema, bool):
        if schema:
            yield Alternative({}, references=followed)
        return
    plain = {name: given for name, given in schema.items() if name not in _COMBINING}
    unions, checks = _unions(schema)
    begun = Alternative(plain, checks, followed)
    reference: str | None = schema.get("$ref")
    if reference is None:
        yield from _with_unions(begun, unions, references, followed)
    elif reference not in followed:  # one that leads back to itself gives no other way
        for target in _of(references.target(reference), references, followed | {reference}):
            if (both := begun.and_(target)) is not None:
                yield from _with_unions(both, unions, references, followed)


def _unions(schema: Keywords) -> tuple[list[Sequence[Schema]], tuple[Schema, ...]]:
    """The unions of which one member each has to be met, and what they leave unsaid."""
    unions: list[Sequence[Schema]] = [[each] for each in schema.get("allOf", ())]
    unions += [schema[name] for name in ("anyOf", "oneOf") if name in schema]
    if "if" in schema:
        met: Schema = {"allOf": [schema["if"], schema.get("then", True)]}
        unions.append([met, schema.get("else", True)])
    unsaid = [("not",), ("oneOf",), ("if", "then", "else")]
    checks = [
        {name: schema[name] for name in names if name in schema}
        for names in unsaid
        if names[0] in schema
    ]
    return unions, tuple(checks)


def _with_unions(
    begun: Alternative,
    unions: Sequence[Sequence[Schema]],
    references: References,
    followed: frozenset[str],
) -> Iterator[Alternative]:
    """The ways to meet an alternative and one member of each union."""
    if not unions:
        yield begun
        return
    for member in unions[0]:
        for way in _of(member, references, followed):
            if (both := begun.and_(way)) is not None:
                yield from _with_unions(both, unions[1:], references, followed)


def _merged(one: Keywords, other: Keywords) -> tuple[Keywords | None, list[Schema]]:
    """Keywords that mean both, and checks for what they leave out; None if no value meets both."""
    if not one or not other:
        return one or other, []
    merged: Keywords = {**one, **other}
    checks: list[Schema] = []
    for name in one.keys() & other.keys():
        if name in _JOINED:
            merged[name] = _JOINED[name](one[name], other[name])
        elif name in _SINGLE and one[name] != other[name]:
            checks.append({name: other[name]})
            merged[name] = one[name]
    if "multipleOf" in one and "multipleOf" in other:  # floats may not have an exact one in common
        checks += [{"multipleOf": each["multipleOf"]} for each in (one, other)]
    if "patternProperties" in one or "patternProperties" in other:
        checks += [
            {name: each[name] for name in _PROPERTIES if name in each} for each in (one, other)
        ]
    merged |= (
        _properties(one, other) | _items(one, other) | _types(one, other) | _values(one, other)
    )
    possible = merged.get("type") != [] and merged.get("enum") != []
    return (merged if possible else None), checks


def _values(one: Keywords, other: Keywords) -> Keywords:
    """The `enum` of both."""
    given = [_named(each) for each in (one, other) if "enum" in each or "const" in each]
    if not given:
        return {}
    kept = {identity(value) for value in given[-1]}
    return {"enum": [value for value in given[0] if identity(value) in kept]}


def _named(keywords: Keywords) -> list[object]:
    """The values that `enum` and `const` name."""
    if "const" not in keywords:
        return keywords["enum"]
    constant = identity(keywords["const"])
    named = keywords.get("enum", [keywords["const"]])
    return [value for value in named if identity(value) == constant]


def _types(one: Keywords, other: Keywords) -> Keywords:
    """The `type` of both."""
    if "type" not in one or "type" not in other:
        return {}
    first, second = types(one), types(other)
    common = [kind for kind in first if kind in second]
    if "number" not in common and (
        ("integer" in first and "number" in second) or ("number" in first and "integer" in second)
    ):
        common = [*common, "integer"]
    return {"type": list(dict.fromkeys(common))}


def _properties(one: Keywords, other: Keywords) -> Keywords:
    """The keywords about properties that mean those of both."""
    if not (one.keys() & {*_PROPERTIES} and other.keys() & {*_PROPERTIES}):
        return {}
    names = dict.fromkeys((*one.get("properties", {}), *other.get("properties", {})))
    joined: Keywords = {
        "properties": {
            name: _both(property_schema(one, name), property_schema(other, name)) for name in names
        },
        "additionalProperties": _both(
            one.get("additionalProperties", True), other.get("additionalProperties", True)
        ),
    }
    if "patternProperties" in one and "patternProperties" in other:
        first, second = one["patternProperties"], other["patternProperties"]
        joined["patternProperties"] = {
            pattern: _both(first.get(pattern, True), second.get(pattern, True))
            for pattern in {**first, **second}
        }
    return joined


def _items(one: Keywords, other: Keywords) -> Keywords:
    """The keywords about items that mean those of both."""
    if not (one.keys() & {*_ITEMS} and other.keys() & {*_ITEMS}):
        return {}
    (first, first_rest), (second, second_rest) = items_schemas(one), items_schemas(other)
    places = range(max(len(first), len(second)))
    return {
        "prefixItems": [
            _both(item_schema(one, place), item_schema(other, place)) for place in places
        ],
        "items": _both(first_rest, second_rest),
    }


def _both(one: Schema, other: Schema) -> Schema:
    if one is True or one == {}:
        return other
    return one if other is True or other == {} else {"allOf": [one, other]}


_JOINED: dict[str, Callable[[Any, Any], Any]] = {  # Any: what the keyword holds
    **dict.fromkeys(_HIGHEST, max),
    **dict.fromkeys(_LOWEST, min),
    "multipleOf": common_multiple,
    "propertyNames": _both,
    "required": lambda one, other: list(dict.fromkeys((*one, *other))),
    "uniqueItems": lambda one, other: one or other,
}
