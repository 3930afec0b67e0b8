"""From the schemas of a document to types of a description.

Names by rule: a component keeps its name, an object inside another one has the name of its owner
and of the property.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Callable, Container

from openai_types.model import BaseModel

from codegen.description import Alias, Field, Object, Type, Union
from codegen.importing.openapi import Document, Schema
from codegen.importing.tags import NAMES

SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
LOOSE = re.compile(r"\bobject\b")
BINARY = "binary"
# Names of classes that a generated module has for something else.
CLASSES = {
    *("Annotated", "Any", "BaseModel", "Field", "FileTypes", "InputItem", "InputItems", "Iterable"),
    *("Literal", "Required", "Sequence", "Tagged", "TypeAlias", "TypedDict", "Union"),
    *("UnknownMember", *dir(builtins)),
}
HIDDEN = set(dir(BaseModel)) | {"to_input"}  # attributes of models


class SchemaWriter:
    """Writes schemas as type expressions, and makes the types that these need.

    Args:
        document: where the schemas are from.
        kind: "model", or "params" for what callers write.
        known: the type that a component is already, or empty.
        put: takes a type that was made and gives the name under which it can be referred to.
        free: a name that no type has yet, made from one.
    """

    def __init__(
        self,
        document: Document,
        kind: str,
        known: Callable[[str], str],
        put: Callable[[Type], str],
        free: Callable[[str], str] = str,
    ) -> None:
        self._document = document
        self._kind = kind
        self._known = known
        self._put = put
        self._free = free
        self._made: dict[str, str] = {}  # components
        self._begun: set[str] = set()  # those that are being written, since the last class
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
        if component in self._begun:
            return "object"  # an alias cannot be inside of itself without a class between
        known = self._known(component) or self._made.get(component)
        return known or self._component(component, self._document.resolve(schema))

    def _component(self, component: str, resolved: Schema) -> str:
        name = class_name(component)
        if not name[:1].isalpha() or name in CLASSES:
            name = f"Type{name}"
        if self._kind == "params":
            name = self._document.unlike_components(f"{name}Param")  # a model has the name itself
        name = self._free(name)
        if resolved.get("properties"):
            self._made[component] = name  # it may refer to itself
            self._made[component] = self._object(resolved, name)
            return self._made[component]
        is_union = len(self._document.alternatives(resolved)) > 1
        if is_union:
            self._made[component] = name  # what is inside may refer to it
        self._begun.add(component)
        written = self._write(resolved, name)
        self._begun.discard(component)
        if written != name and (is_union or written.startswith("Literal[")):
            written = self._put(Alias(name, written))
        self._made[component] = written
        return written

    def fields(self, schema: Schema, owner: str) -> tuple[Field, ...]:
        """The fields of an object."""
        resolved = self._document.resolve(schema)
        required = set(resolved.get("required", ()))
        properties = self._document.properties(resolved)
        found: list[Field] = []
        names = set(properties)  # of these, nobody else takes one
        for wire, inner in properties.items():
            written = self.write(inner, owner + class_name(wire))
            name = wire
            if self._kind == "model" and attribute_name(wire) != wire:
                name = _other_than(names, attribute_name(wire))
                names.add(name)
            found.append(Field(wire, written, wire in required, name if name != wire else ""))
        return tuple(found)

    def _write(self, schema: Schema, hint: str) -> str:  # noqa: PLR0911 - a way for each form
        resolved = self._document.resolve(schema)
        if "const" in resolved:
            return _literal([resolved["const"]])
        alternatives = self._document.alternatives(resolved)
        if len(alternatives) > 1:
            tag = resolved.get("discriminator", {}).get("propertyName", "")
            return self._union(alternatives, hint, tag)
        if "enum" in resolved:
            return _literal(resolved["enum"])
        kind = resolved.get("type")
        if kind == "array":
            return self._array(resolved.get("items", {}), hint)
        if resolved.get("properties"):
            return self._object(resolved, self._document.unlike_components(hint, "Object"))
        if kind == "object" or "properties" in resolved or "additionalProperties" in resolved:
            values: Schema | bool | None = resolved.get("additionalProperties")
            inner = self.write(values, f"{hint}Value") if isinstance(values, dict) else "object"
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

    def _union(self, alternatives: list[Schema], hint: str, tag: str) -> str:
        members = [each for each in alternatives if each.get("type") != "null"]
        nullable = len(members) < len(alternatives)
        written = [
            self.write(each, f"{hint}{_suffix(each, number, len(members))}")
            for number, each in enumerate(members, 1)
        ]
        written = list(dict.fromkeys(written))
        tags = self._tags(written, tag)
        if tags:
            written = [self._put(Union(hint, tuple(written), tags))]
        return " | ".join([*written, *(["None"] if nullable else [])])

    def _tags(self, members: list[str], tag: str) -> tuple[str, ...]:
        """The field whose literals tell the members apart, if all of them were made here."""
        objects = [self._objects.get(member) for member in members]
        if self._kind != "model" or None in objects or len(members) == 1:
            return ()
        for name in filter(None, (tag, *NAMES)):
            values = [
                next((f.type for f in each.fields if f.wire == name and "Literal[" in f.type), "")
                for each in objects
                if each is not None
            ]
            if "" not in values and len(set(values)) == len(values):
                return (name,)
        return ()

    def _object(self, resolved: Schema, name: str) -> str:
        outside, self._begun = self._begun, set()
        made = Object(name, self._kind, self.fields(resolved, name))
        self._begun = outside
        placed = self._put(made)
        self._objects[placed] = made
        return placed


def is_loose(expression: str) -> bool:
    """Whether an expression says somewhere that anything may be there."""
    return bool(LOOSE.search(re.sub(r"Literal\[[^\]]*\]", "", expression)))


def class_name(name: str) -> str:
    """The name of a class, from a name of any kind."""
    words = re.split(r"[^A-Za-z0-9]+", name)
    return "".join(word[:1].upper() + word[1:] for word in words)


def attribute_name(wire: str) -> str:
    """The name of a model's attribute, from a name in JSON."""
    name = identifier(wire)
    return f"{name}_" if name in HIDDEN else name


def _other_than(names: Container[str], name: str) -> str:
    return _other_than(names, f"{name}_") if name in names else name


def identifier(wire: str) -> str:
    """A name that Python takes, from a name of any kind."""
    name = re.sub(r"\W", "_", wire, flags=re.ASCII)
    if name != wire or name.startswith("_"):
        name = name.strip("_") or "field"
    if name[0].isdigit():
        name = f"field_{name}"
    return f"{name}_" if keyword.iskeyword(name) else name


def _literal(values: list[object]) -> str:
    """The type of some values; of what no literal can be, the type that it has."""
    texts = [_quoted(each) for each in values if isinstance(each, str | int)]  # bool is an int
    others = {_kind_of(each): None for each in values if not isinstance(each, str | int)}
    literal = [f"Literal[{', '.join(dict.fromkeys(texts))}]"] if texts else []
    return " | ".join([*literal, *sorted(others, key="None".__eq__)]) or "object"


def _quoted(value: str | int) -> str:
    """A value as source text, with nothing in it that looks like syntax."""
    if not isinstance(value, str) or re.fullmatch(r"[^'\"\]\[|\\\x00-\x1f]*", value):
        return repr(value)
    escaped = (f"\\x{ord(c):02x}" if c in "'\"[]|" else c for c in value)
    return (
        "'"
        + "".join(c if len(c) > 1 else c.encode("unicode_escape").decode() for c in escaped)
        + "'"
    )


def _kind_of(value: object) -> str:
    if isinstance(value, list):
        return "list[object]"
    if isinstance(value, dict):
        return "dict[str, object]"
    return "None" if value is None else type(value).__name__


def _suffix(schema: Schema, number: int, count: int) -> str:
    """What tells the members of a union apart in their names."""
    if count == 1:
        return ""
    for name in NAMES:
        tag = schema.get("properties", {}).get(name, {})
        values: list[object] = tag.get("enum", [tag["const"]] if "const" in tag else [])
        if len(values) == 1:
            return class_name(str(values[0]))
    return class_name(str(schema["title"])) if "title" in schema else f"Variant{number}"
