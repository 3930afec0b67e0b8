"""Which schema of a document says what a type of the description says.

Starts from operations with the same route and goes along fields, so that names do not matter.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from codegen.description import Alias, Description, Field, Object, Type, Union
from codegen.expressions import members, parsed
from codegen.importing.openapi import Document, DocumentOperation, Schema, bare
from codegen.importing.tags import NAMES
from codegen.names import qualified
from codegen.operations import Operation

NAME = re.compile(r"\b[A-Za-z_][\w.]*")
LIKE = 0.5  # the share of fields in common from which two objects are taken for one
VALUES = re.compile(r"'([^']*)'")


class Correspondence:
    """The pairs of one description and one document.

    Attributes:
        pairs: the schema of an object, by the name of the type.
        expressions: for each field of these, by type and wire name, its schema.
        components: the type that a component of the document is, as a model and as what callers
            write: an object, or a union of objects.
    """

    def __init__(self, description: Description, document: Document) -> None:
        self._document = document
        self._description = description
        self._index: dict[str, Type] = {
            f"{module.namespace}.{type_.name}": type_ for module, type_ in description.types()
        }
        self.pairs: dict[str, Schema] = {}
        self.expressions: dict[tuple[str, str], tuple[Field, Schema]] = {}
        self.components: dict[tuple[str, str], str] = {}
        self._seen: set[tuple[str, int]] = set()
        self._start()

    def operations(self) -> Iterator[tuple[Operation, DocumentOperation]]:
        """The operations that both have."""
        routes = {each.route: each for each in self._document.operations()}
        for operation in self._description.operations:
            found = routes.get((operation.method, bare(operation.path)))
            if found is not None:
                yield operation, found

    def fields(self, name: str) -> dict[str, Field]:
        """Own and inherited fields of an object, by wire name."""
        found: dict[str, Field] = {}
        type_ = self._index[name]
        if isinstance(type_, Object):
            for base in type_.bases:
                full = qualified(base, name.rpartition(".")[0])
                found |= self.fields(full) if full in self._index else {}
            found |= {field.wire: field for field in type_.fields}
        return found

    def alternatives(self, name: str) -> list[str]:
        """The objects that a name stands for."""
        type_ = self._index.get(name)
        namespace = name.rpartition(".")[0]
        if isinstance(type_, Union):
            return [
                one
                for each in type_.members
                for one in self.alternatives(qualified(each, namespace))
            ]
        if isinstance(type_, Alias):
            return list(self._objects(parsed(type_.type), namespace))
        return [name] if isinstance(type_, Object) else []

    def expanded(self, expression: str, namespace: str) -> str:
        """An expression with the aliases in it written out."""

        def written(found: re.Match[str]) -> str:
            full = qualified(found[0], namespace)
            type_ = self._index.get(full)
            if isinstance(type_, Alias):
                return self.expanded(type_.type, full.rpartition(".")[0])
            return found[0]

        parts = re.split(r"('[^']*')", expression)
        return "".join(each if each.startswith("'") else NAME.sub(written, each) for each in parts)

    def _start(self) -> None:
        for operation, found in self.operations():
            result = found.result
            if operation.page:
                properties = self._document.properties(result)
                result = self._document.resolve(properties.get("data", {})).get("items", {})
            self._expression(operation.returns, result)
            self._expression(operation.streams, found.events or found.result)
            parameters = {
                each.name: each.schema for each in found.parameters if each.place != "path"
            }
            body = self._document.properties(found.body)
            for name in operation.params:
                for one in self.alternatives(name):
                    self._pair(one, {"type": "object", "properties": {**parameters, **body}})
        for _, schema in self._document.webhooks():
            self._expression("webhooks.UnwrapWebhookEvent", schema)

    def _expression(self, expression: str, schema: Schema) -> None:
        if expression and schema:
            self._walk(parsed(expression), schema, "")

    def _walk(self, node: ast.expr, schema: Schema, namespace: str) -> None:
        alternatives = [
            each for each in self._document.alternatives(schema) if each.get("type") != "null"
        ]
        for part in members(node):
            if isinstance(part, ast.Subscript):
                self._inside(part, alternatives, namespace)
        objects = list(dict.fromkeys(self._objects(node, namespace)))
        shaped = [each for each in alternatives if self._document.properties(each)]
        for name in objects:
            found = self._closest(name, shaped, alone=len(objects) == 1)
            if found is not None:
                self._pair(name, found)
        for name in self._names(node, namespace):
            type_ = self._index.get(name)
            if isinstance(type_, Union) and isinstance(node, ast.Name | ast.Attribute):
                self._note_component(name, schema)
            if isinstance(type_, Alias) and (name, id(schema)) not in self._seen:
                self._seen.add((name, id(schema)))
                self._walk(parsed(type_.type), schema, name.rpartition(".")[0])

    def _note_component(self, name: str, schema: Schema) -> None:
        """Take note of the component that a schema is, where that is never null."""
        component = self._document.component(schema)
        types = [self._index[each] for each in self.alternatives(name)]
        kinds = {each.kind for each in types if isinstance(each, Object)}
        nullable = any(each.get("type") == "null" for each in self._document.alternatives(schema))
        if component and len(kinds) == 1 and not nullable:
            self.components.setdefault((component, kinds.pop()), name)

    def _inside(self, part: ast.Subscript, alternatives: list[Schema], namespace: str) -> None:
        head = ast.unparse(part.value)
        for schema in alternatives:
            resolved = self._document.resolve(schema)
            if head == "dict" and isinstance(part.slice, ast.Tuple):
                values = resolved.get("additionalProperties")
                if isinstance(values, dict):
                    self._walk(part.slice.elts[1], values, namespace)  # pyright: ignore[reportUnknownArgumentType]
            elif head != "Literal" and resolved.get("type") == "array":
                self._walk(part.slice, resolved.get("items", {}), namespace)

    def _closest(self, name: str, schemas: list[Schema], *, alone: bool) -> Schema | None:
        fields = self.fields(name)
        kept = [each for each in schemas if self._tag_fits(fields, each) is not False]

        def likeness(schema: Schema) -> float:
            properties = set(self._document.properties(schema))
            shared = len(properties & set(fields)) / len(properties | set(fields))
            return shared + (1 if self._tag_fits(fields, schema) else 0)

        best = max(kept, key=likeness, default=None)
        if best is None or (likeness(best) < LIKE and not (alone and len(schemas) == 1)):
            return None
        return best

    def _tag_fits(self, fields: dict[str, Field], schema: Schema) -> bool | None:
        """Whether a tag says that an object is this one or another; None if it says nothing."""
        properties = self._document.properties(schema)
        for tag in NAMES[:3]:
            mine = set(VALUES.findall(fields[tag].type)) if tag in fields else set[str]()
            theirs = set(self._document.literals(properties.get(tag, {})))
            if mine and theirs and len(mine) == 1:
                return bool(mine & theirs)
        return None

    def _pair(self, name: str, schema: Schema) -> None:
        self._note_component(name, schema)
        if name in self.pairs:
            return
        self.pairs[name] = schema
        properties = self._document.properties(schema)
        for wire, field in self.fields(name).items():
            if wire in properties:
                self.expressions[name, wire] = (field, properties[wire])
                self._walk(parsed(field.type), properties[wire], self.home(name, wire))

    def home(self, name: str, wire: str) -> str:
        """The namespace in which the type of a field is written: a base may be elsewhere."""
        type_ = self._index[name]
        namespace = name.rpartition(".")[0]
        if isinstance(type_, Object) and all(field.wire != wire for field in type_.fields):
            for base in type_.bases:
                full = qualified(base, namespace)
                if full in self._index and wire in self.fields(full):
                    return self.home(full, wire)
        return namespace

    def _names(self, node: ast.expr, namespace: str) -> Iterator[str]:
        for part in members(node):
            if isinstance(part, ast.Name | ast.Attribute):
                yield qualified(ast.unparse(part), namespace)

    def _objects(self, node: ast.expr, namespace: str) -> Iterator[str]:
        for name in self._names(node, namespace):
            yield from self.alternatives(name)
