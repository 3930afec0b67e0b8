"""From the schemas of a document to types of a description.

Names by rule: a component keeps its name, an object inside another one has the name of its owner
and of the property.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from codegen.description import Alias, Field, Object, Type, Union
from codegen.importing.openapi import Document, Schema
from codegen.importing.tags import NAMES

SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
LOOSE = re.compile(r"\bobject\b")
BINARY = "binary"


class SchemaWriter:
    """Writes schemas as type expressions, and makes the types that these need.

    Args:
        document: where the schemas are from.
        kind: "model", or "params" for what callers write.
        known: the type that a component is already, or empty.
        put: takes a type that was made and gives the name under which it can be referred to.
    """

    def __init__(
        self,
        document: Document,
        kind: str,
        known: Callable[[str], str],
        put: Callable[[Type], str],
    ) -> None:
        self._document = document
        self._kind = kind
        self._known = known
        self._put = put
        self._made: dict[str, str] = {}  # components
        self._objects: dict[str, Object] = {}

    def write(self, schema: Schema, hint: str) -> str:
        """The type expression of a schema.

        Args:
            schema: the schema.
            hint: the name of a type that has to be made for it.
        """
        component = self._document.component(schema)
        if not component:
            return self._write(schema, hint)
        known = self._known(component) or self._made.get(component)
        if known:
            return known
        name = class_name(component)
        if self._kind == "params":
            name = self._document.unlike_components(f"{name}Param")  # a model has the name itself
        resolved = self._document.resolve(schema)
        if resolved.get("properties"):
            self._made[component] = name  # it may refer to itself
            self._made[component] = self._object(resolved, name)
        else:
            written = self._write(resolved, name)
            if written != name and (written.startswith("Literal[") or " | " in written):
                written = self._put(Alias(name, written))
            self._made[component] = written
        return self._made[component]

    def fields(self, schema: Schema, owner: str) -> tuple[Field, ...]:
        """The fields of an object."""
        resolved = self._document.resolve(schema)
        required = set(resolved.get("required", ()))
        return tuple(
            self._field(name, inner, name in required, owner)
            for name, inner in self._document.properties(resolved).items()
        )

    def _write(self, schema: Schema, hint: str) -> str:  # noqa: PLR0911 - a way for each form
        resolved = self._document.resolve(schema)
        if "const" in resolved:
            return f"Literal[{resolved['const']!r}]"
        alternatives = self._document.alternatives(resolved)
        if len(alternatives) > 1:
            return self._union(alternatives, hint)
        if "enum" in resolved:
            return (
                f"Literal[{', '.join(repr(each) for each in resolved['enum'] if each is not None)}]"
            )
        kind = resolved.get("type")
        if kind == "array":
            return self._array(resolved.get("items", {}), hint)
        if resolved.get("properties"):
            return self._object(resolved, hint)
        if kind == "object" or "properties" in resolved:
            values = resolved.get("additionalProperties")
            inner = self.write(values, f"{hint}Value") if isinstance(values, dict) else "object"  # pyright: ignore[reportUnknownArgumentType]
            return f"dict[str, {inner}]"
        if kind == "string" and resolved.get("format") == BINARY:
            return "FileTypes" if self._kind == "params" else "str"
        return SCALARS.get(str(kind), "object")

    def _array(self, items: Schema, hint: str) -> str:
        inner = self.write(items, f"{hint}Item" if hint[-1:] != "s" else hint[:-1])
        if self._kind == "model":
            return f"list[{inner}]"
        is_plain = inner in SCALARS.values() or "Literal[" in inner
        return f"{'Sequence' if is_plain else 'Iterable'}[{inner}]"

    def _union(self, alternatives: list[Schema], hint: str) -> str:
        members = [each for each in alternatives if each.get("type") != "null"]
        nullable = len(members) < len(alternatives)
        written = [
            self.write(each, f"{hint}{_suffix(each, number, len(members))}")
            for number, each in enumerate(members, 1)
        ]
        written = list(dict.fromkeys(written))
        tags = self._tags(written)
        if tags:
            written = [self._put(Union(hint, tuple(written), tags))]
        return " | ".join([*written, *(["None"] if nullable else [])])

    def _tags(self, members: list[str]) -> tuple[str, ...]:
        """The field whose literals tell the members apart, if all of them were made here."""
        objects = [self._objects.get(member) for member in members]
        if self._kind != "model" or None in objects or len(members) == 1:
            return ()
        for name in NAMES:
            values = [
                next((f.type for f in each.fields if f.wire == name and "Literal[" in f.type), "")
                for each in objects
                if each is not None
            ]
            if "" not in values and len(set(values)) == len(values):
                return (name,)
        return ()

    def _object(self, resolved: Schema, name: str) -> str:
        made = Object(name, self._kind, self.fields(resolved, name))
        placed = self._put(made)
        self._objects[placed] = made
        return placed

    def _field(self, wire: str, schema: Schema, required: bool, owner: str) -> Field:
        written = self.write(schema, owner + class_name(wire))
        attribute = attribute_name(wire)
        return Field(wire, written, required, attribute if attribute != wire else "")


def is_loose(expression: str) -> bool:
    """Whether an expression says somewhere that anything may be there."""
    return bool(LOOSE.search(re.sub(r"Literal\[[^\]]*\]", "", expression)))


def class_name(name: str) -> str:
    """The name of a class, from a name of any kind."""
    words = re.split(r"[^A-Za-z0-9]+", name)
    return "".join(word[:1].upper() + word[1:] for word in words)


def attribute_name(wire: str) -> str:
    """The name of an attribute, from a name in JSON."""
    name = re.sub(r"\W", "_", wire)
    return (
        f"{name}_" if name in {"schema", "json", "copy", "dict", "validate", "construct"} else name
    )


def _suffix(schema: Schema, number: int, count: int) -> str:
    """What tells the members of a union apart in their names."""
    if count == 1:
        return ""
    for name in NAMES:
        values: list[object] = schema.get("properties", {}).get(name, {}).get("enum", [])
        if len(values) == 1:
            return class_name(str(values[0]))
    return class_name(schema["title"]) if "title" in schema else f"Variant{number}"
