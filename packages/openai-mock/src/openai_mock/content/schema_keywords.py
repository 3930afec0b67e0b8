"""What single keywords of a JSON Schema mean for all who read it.

Decides which kinds of values a schema is about, and which schema a property has. Follows no
references and makes no values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.content.patterns import compiled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai_mock.content.json_values import Keywords, Schema

TYPES = ("string", "number", "integer", "boolean", "object", "array", "null")

# The kinds that a schema without `type` is about: the first of which it has a keyword.
_TELLING: Mapping[str, frozenset[str]] = {
    "object": frozenset(
        {
            *("properties", "required", "additionalProperties", "patternProperties"),
            *("minProperties", "maxProperties", "propertyNames", "dependentRequired"),
        }
    ),
    "array": frozenset({"items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"}),
    "string": frozenset({"minLength", "maxLength", "pattern", "format"}),
    "number": frozenset(
        {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
    ),
}
_ALL_KINDS = ("string", "number", "boolean", "object", "array", "null")


def types(keywords: Keywords) -> tuple[str, ...]:
    """The names in `type`; without it, all."""
    given = keywords.get("type", TYPES)
    return (given,) if isinstance(given, str) else tuple(given)


def kinds_of(keywords: Keywords) -> tuple[str, ...]:
    """The kinds of values that are made for a schema, in the order in which they are tried.

    A union of kinds keeps its order, but null comes last. Without `type`, the kind comes first
    that the other keywords are about.
    """
    if "type" in keywords:
        return tuple(sorted(types(keywords), key=lambda kind: kind == "null"))
    told = [kind for kind, telling in _TELLING.items() if telling & keywords.keys()]
    return tuple(dict.fromkeys((*told, *_ALL_KINDS)))


def property_schema(keywords: Keywords, name: str) -> Schema:
    """The schema that a property of this name has to meet."""
    known: list[Schema] = []
    if name in (properties := keywords.get("properties", {})):
        known.append(properties[name])
    for pattern, schema in keywords.get("patternProperties", {}).items():
        if compiled(pattern).matches(name):
            known.append(schema)
    if not known:
        return keywords.get("additionalProperties", True)
    return known[0] if len(known) == 1 else {"allOf": known}


def items_schemas(keywords: Keywords) -> tuple[list[Schema], Schema]:
    """The schemas of the first items, and that of all the others.

    `items` may be a list and `additionalItems` what comes after it, as they were before 2020-12.
    """
    items: Schema | list[Schema] = keywords.get("items", True)
    if isinstance(items, list):
        return items, keywords.get("additionalItems", True)
    return keywords.get("prefixItems", []), items


def item_schema(keywords: Keywords, place: int) -> Schema:
    """The schema that the item at a place has to meet."""
    first, others = items_schemas(keywords)
    return first[place] if place < len(first) else others
