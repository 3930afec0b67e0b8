"""What a document adds to a description made from facts.

Fields of which the facts say no more than that anything may be there get the type that the
document has. Operations that the facts lack come in whole, with names made by rule from their
routes, so that a new endpoint needs nobody to write anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from codegen.description import Description, Field, Module, Object, Type
from codegen.expressions import seen_from_outside
from codegen.importing.correspondence import Correspondence
from codegen.importing.facts import SHARED, camel, snake
from codegen.importing.naming import MethodName, named
from codegen.importing.openapi import Document, DocumentOperation, Schema, bare
from codegen.importing.schemas import SchemaWriter, attribute_name, is_loose
from codegen.layout import Layout
from codegen.operations import Operation, Parameter, Resource

ADMIN = "AdminApiKeyAuth"
MULTIPART = "multipart/form-data"
PAGE = "CursorPage"


class DocumentImporter:
    """Adds one document to one description.

    Args:
        description: what is added to, in place.
        document: the document.
        layout: in which modules types go.
        absent: routes of the document, as "post /path", that are left out on purpose.
    """

    def __init__(
        self,
        description: Description,
        document: Document,
        layout: Layout,
        absent: Iterable[str] = (),
    ) -> None:
        self._description = description
        self._document = document
        self._layout = layout
        self._absent = {_route(each) for each in absent}
        self._same = Correspondence(description, document)
        self._modules = {(each.namespace, each.role): each for each in description.modules}

    def run(self) -> list[str]:
        """Add everything; returns a line for each thing that came from the document."""
        return [*self._refined(), *self._operations()]

    def _refined(self) -> Iterator[str]:
        for module in list(self._description.modules):
            for type_ in list(module.types.values()):
                if isinstance(type_, Object):
                    fields = tuple(self._field(module, type_, field) for field in type_.fields)
                    if fields != type_.fields:
                        module.types[type_.name] = replace(type_, fields=fields)
                        yield f"{module.namespace}.{type_.name}: typed by the document"

    def _field(self, module: Module, owner: Object, field: Field) -> Field:
        found = self._same.expressions.get((f"{module.namespace}.{owner.name}", field.wire))
        if found is None or not is_loose(field.type):
            return field
        writer = self._writer(module.namespace, owner.kind)
        hint = owner.name + camel(field.wire.strip("_"))
        # A union of the facts says more than the document where that has a union of nothing known.
        probe = SchemaWriter(
            self._document, owner.kind, self._known(owner.kind, ""), lambda t: t.name
        )
        if is_loose(probe.write(found[1], hint)) and field.type.removesuffix(" | None") != "object":
            return field
        written = writer.write(found[1], hint)
        nullable = field.type.endswith("| None") and not written.endswith("| None")
        return replace(field, type=f"{written} | None" if nullable else written)

    def _operations(self) -> Iterator[str]:
        known = {(each.method, bare(each.path)) for each in self._description.operations}
        resources = {each.path for each in self._description.resources}
        for found in self._document.operations():
            if found.route in known | self._absent:
                continue
            name = named(found)
            operation = self._operation(found, name)
            self._description.operations.append(operation)
            for path in name.resources():
                if path not in resources:
                    resources.add(path)
                    class_name = camel(path.rpartition(".")[2])
                    self._description.resources.append(Resource(path, class_name))
            yield f"{operation.name}: new, {found.method} {found.path}"
        self._description.operations.sort(key=lambda each: each.name)
        self._description.resources.sort(key=lambda each: each.path)

    def _operation(self, found: DocumentOperation, name: MethodName) -> Operation:
        namespace = ".".join(name.path[:-1]) or SHARED
        is_multipart = found.body_type == MULTIPART
        body = self._document.resolve(found.body)
        required = set(body.get("required", ()))
        parameters = [
            Parameter(
                attribute_name(each.name.removesuffix("[]")),
                each.place,
                each.required,
                each.name.removesuffix("[]"),
            )
            for each in found.parameters
        ]
        parameters += [
            Parameter(attribute_name(wire), _place(schema, is_multipart), wire in required, wire)
            for wire, schema in self._document.properties(body).items()
        ]
        order = ("path", "query", "header", "body", "file")
        parameters.sort(key=lambda each: order.index(each.place))
        params = self._params(found, name, namespace)
        page = self._page(found.result)
        returns = self._returns(found, name, namespace, page)
        events: Schema = found.events if found.result is not found.events else {}
        return Operation(
            name.full,
            found.method,
            found.path,
            tuple(parameters),
            (params,) if params else (),
            kind=_kind(found, is_multipart=is_multipart, is_page=bool(page)),
            returns=returns,
            streams=self._outside(namespace, events, f"{name.singular}Event") if events else "",
            page=PAGE if page else "",
            auth="admin" if found.security == (ADMIN,) else "bearer",
            accept="" if "json" in found.media_type or not found.media_type else found.media_type,
            deprecated=found.deprecated,
        )

    def _params(self, found: DocumentOperation, name: MethodName, namespace: str) -> str:
        """The dict that types what is not in the path; empty if there is nothing."""
        type_name = f"{name.singular}{camel(name.method)}Params"
        writer = self._writer(namespace, "params")
        fields = [
            Field(
                each.name.removesuffix("[]"),
                writer.write(each.schema, type_name + camel(each.name)),
                each.required,
            )
            for each in found.parameters
            if each.place != "path"
        ]
        fields += writer.fields(found.body, type_name) if found.body else ()
        if not fields:
            return ""
        self._put(namespace, "params", Object(type_name, "params", tuple(fields)))
        return f"{namespace}.{type_name}"

    def _returns(
        self, found: DocumentOperation, name: MethodName, namespace: str, page: Schema | None
    ) -> str:
        if not found.result:
            return "None"
        if "json" not in found.media_type:
            return "bytes"
        if page is not None:
            return self._outside(namespace, page, name.singular)
        hint = f"{name.singular}{camel(name.method)}Response"
        return self._outside(namespace, found.result, hint)

    def _outside(self, namespace: str, schema: Schema, hint: str) -> str:
        """The type of a schema for a reader outside of all namespaces."""
        written = self._writer(namespace, "model").write(schema, hint)
        return seen_from_outside(written, namespace)

    def _page(self, result: Schema) -> Schema | None:
        """The schema of the items, if a result is a page of them."""
        properties = self._document.properties(result) if result else {}
        if {"data", "has_more"} <= set(properties):
            return self._document.resolve(properties["data"]).get("items")
        return None

    def _writer(self, namespace: str, kind: str) -> SchemaWriter:
        def put(type_: Type) -> str:
            self._put(namespace, "params" if kind == "params" else "objects", type_)
            return type_.name

        return SchemaWriter(self._document, kind, self._known(kind, namespace), put)

    def _known(self, kind: str, namespace: str):  # noqa: ANN202 - a function on names
        def known(component: str) -> str:
            full = self._same.components.get((component, kind), "")
            home, _, last = full.rpartition(".")
            return last if home == namespace else full

        return known

    def _put(self, namespace: str, kind: str, type_: Type) -> None:
        role = self._layout.role(namespace, snake(type_.name), kind)
        if (namespace, role) not in self._modules:
            module = Module(namespace, role)
            self._modules[namespace, role] = module
            self._description.modules.append(module)
        self._modules[namespace, role].types.setdefault(type_.name, type_)


def _route(written: str) -> tuple[str, str]:
    method, path = written.split()
    return method, bare(path)


def _place(schema: Schema, is_multipart: bool) -> str:
    return "file" if is_multipart and schema.get("format") == "binary" else "body"


def _kind(found: DocumentOperation, *, is_multipart: bool, is_page: bool) -> str:
    if is_multipart:
        return "multipart"
    if is_page:
        return "page"
    if found.events:
        return "stream-capable"
    if not found.result:
        return "none"
    return "json" if "json" in found.media_type else "binary"
