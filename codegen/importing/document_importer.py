"""What a document adds to a description made from facts.

Fields of which the facts say no more than that anything may be there get the type that the
document has. Operations that the facts lack come in whole, with names made by rule from their
routes, so that a new endpoint needs nobody to write anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from codegen.description import Alias, Description, Field, Module, Object, Type, Union
from codegen.expressions import seen_from_outside
from codegen.importing.correspondence import VALUES, Correspondence
from codegen.importing.facts import SHARED, camel, snake
from codegen.importing.naming import MethodName, groups_of, named
from codegen.importing.newer_fields import NewerFields
from codegen.importing.normal_form import DocumentError
from codegen.importing.openapi import Document, DocumentOperation, Schema, bare, is_json
from codegen.importing.requests import MULTIPART, Given, Taken, taken
from codegen.importing.schemas import SchemaWriter, class_name, identifier, is_loose
from codegen.layout import Layout
from codegen.operations import Operation, Parameter, Resource

ADMIN = "AdminApiKeyAuth"
PAGE = "CursorPage"
STREAM = "stream"
WEBHOOKS = "webhooks.UnwrapWebhookEvent"
NAME = re.compile(r"[\w.]+")


class DocumentImporter:
    """Adds one document to one description.

    Args:
        description: what is added to, in place.
        document: the document.
        layout: in which modules types go.
        absent: routes of the document, as "post /path", that are left out on purpose.
        meant: says of a field, as "namespace.Type.wire", whether it is left out on purpose.
    """

    def __init__(
        self,
        description: Description,
        document: Document,
        layout: Layout,
        absent: Iterable[str] = (),
        meant: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._description = description
        self._document = document
        self._layout = layout
        self._absent = {_route(each) for each in absent}
        self._meant = meant
        self._same = Correspondence(description, document)
        self._modules = {(each.namespace, each.role): each for each in description.modules}
        self._writers: dict[tuple[str, str], SchemaWriter] = {}
        self._names: dict[str, dict[str, Type]] = {}
        self._topic = ""  # of new types: those of a new operation have modules of their own
        for module, type_ in description.types():
            self._names.setdefault(module.namespace, {})[type_.name] = type_

    def run(self) -> list[str]:
        """Add everything; returns a line for each thing that came from the document."""
        newer = NewerFields(
            self._description, self._document, self._same, self._written, self._meant
        )
        return [*self._refined(), *newer.run(), *self._operations(), *self._webhooks()]

    def _written(self, namespace: str, kind: str, schema: Schema, hint: str) -> str:
        return self._writer(namespace, kind).write(schema, hint)

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
        names = {each.name for each in self._description.operations} | set(self._description.open)
        groups = groups_of(self._description.operations)
        new = [each for each in self._document.operations() if each.route not in known]
        for found in (each for each in new if each.route not in self._absent):
            name = named(found, names, groups)
            names.add(name.full)
            self._topic = f"{snake(name.path[-1])}_"
            operation = self._operation(found, name)
            self._description.operations.append(operation)
            for path in name.resources():
                if path not in resources:
                    resources.add(path)
                    class_name = camel(path.rpartition(".")[2])
                    self._description.resources.append(Resource(path, class_name))
            yield f"{operation.name}: new, {found.method} {found.path}"
        for both in sorted(names & resources):
            problem = "is the name of a method and of a group of methods"
            raise DocumentError(both, problem, "leave out one route with an overlay, 'absent'")
        self._topic = ""
        self._description.operations.sort(key=lambda each: each.name)
        self._description.resources.sort(key=lambda each: each.path)

    def _operation(self, found: DocumentOperation, name: MethodName) -> Operation:
        namespace = ".".join(name.path[:-1]) or SHARED
        given = taken(self._document, found)
        parameters = given.parameters()
        page = self._page(found.result)
        streams = self._streams(found, name, namespace, parameters)
        params = self._params(given, name, namespace, is_chosen=bool(streams))
        only_streams = bool(streams) and found.result is found.events
        returns = streams if only_streams else self._returns(found, name, namespace, page)
        return Operation(
            name.full,
            found.method,
            _with_names(found.path, given),
            parameters,
            params,
            kind=_kind(found, streams=streams, is_page=bool(page)),
            returns=returns,
            streams=streams,
            page=PAGE if page else "",
            auth="admin" if found.security == (ADMIN,) else "bearer",
            accept="" if is_json(found.media_type) else found.media_type,
            deprecated=found.deprecated,
        )

    def _webhooks(self) -> Iterator[str]:
        """Events of webhooks that the union of them lacks."""
        namespace, _, name = WEBHOOKS.rpartition(".")
        for module in list(self._description.modules):
            union = module.types.get(name) if module.namespace == namespace else None
            if not isinstance(union, Union):
                continue
            known = {tag for each in union.members for tag in self._tags(f"{namespace}.{each}")}
            for webhook, schema in self._document.webhooks():
                types = self._document.literals(self._document.properties(schema).get("type", {}))
                if known & set(types):
                    continue
                if not types:
                    problem = "its event has no type with a value, by which it is known"
                    raise DocumentError(f"webhooks {webhook}", problem, "correct the document")
                event = types[0]
                hint = camel(identifier(event)) + "WebhookEvent"
                made = self._writer(namespace, "model").write(schema, hint)
                union = replace(union, members=(*union.members, made))
                module.types[name] = union
                yield f"{namespace}.{made}: new, {event}"

    def _tags(self, full: str) -> list[str]:
        fields = self._same.fields(full)
        return VALUES.findall(fields["type"].type) if "type" in fields else []

    def _streams(
        self,
        found: DocumentOperation,
        name: MethodName,
        namespace: str,
        parameters: tuple[Parameter, ...],
    ) -> str:
        """The type of the events, if there is nothing else or a parameter asks for them."""
        is_asked = any(each.name == STREAM for each in parameters)
        if not found.events or not (found.result is found.events or is_asked):
            return ""
        return self._outside(namespace, found.events, f"{name.singular}Event")

    def _params(
        self, given: Taken, name: MethodName, namespace: str, *, is_chosen: bool
    ) -> tuple[str, ...]:
        """The dicts that type what is not in the path; none if there is nothing."""
        type_name = f"{name.singular}{camel(name.method)}Params"
        always = tuple(each for each in given.always if each.place != "path")
        variants = [(*always, *body) for body in given.bodies] or [always]
        if len(variants) > 1:
            made = [
                each
                for number, variant in enumerate(variants, 1)
                for each in self._dicts(namespace, f"{type_name}{number}", variant, is_chosen)
            ]
            made = [self._put(namespace, "params", Alias(type_name, " | ".join(made)))]
        else:
            made = self._dicts(namespace, type_name, variants[0], is_chosen) if variants[0] else []
        return tuple(f"{namespace}.{each}" for each in made)

    def _dicts(
        self, namespace: str, name: str, given: tuple[Given, ...], is_chosen: bool
    ) -> list[str]:
        """The dict of some parameters; where `stream` decides the result, one for each choice."""
        writer = self._writer(namespace, "params")
        asks = is_chosen and any(each.name == STREAM for each in given)
        fields = tuple(
            Field(
                each.wire,
                writer.write(each.schema, name + class_name(each.name)),
                each.required,
                each.name if each.name != each.wire else "",
            )
            for each in given
            if not (asks and each.name == STREAM)
        )
        if not asks:
            return [self._put(namespace, "params", Object(name, "params", fields))]
        base = self._put(namespace, "params", Object(f"{name}Base", "params", fields))
        choices = {
            f"{name}NonStreaming": Field(STREAM, "Literal[False] | None", required=False),
            f"{name}Streaming": Field(STREAM, "Literal[True]"),
        }
        return [
            self._put(namespace, "params", Object(each, "params", (field,), (base,)))
            for each, field in choices.items()
        ]

    def _returns(
        self, found: DocumentOperation, name: MethodName, namespace: str, page: Schema | None
    ) -> str:
        if not found.media_type:
            return "None"
        if not is_json(found.media_type):
            return "bytes"
        if page is not None:
            return self._outside(namespace, page, name.singular)
        hint = f"{name.singular}{camel(name.method)}Response"
        return self._outside(namespace, found.result, hint)

    def _outside(self, namespace: str, schema: Schema, hint: str) -> str:
        """The type of a schema for a reader outside of all namespaces, by a single name."""
        written = self._writer(namespace, "model").write(schema, hint)
        if not NAME.fullmatch(written):
            written = self._put(namespace, "objects", Alias(f"{hint}Alternatives", written))
        return seen_from_outside(written, namespace)

    def _page(self, result: Schema) -> Schema | None:
        """The schema of the items, if a result is a page of them."""
        properties = self._document.properties(result) if result else {}
        if {"data", "has_more"} <= set(properties):
            return self._document.resolve(properties["data"]).get("items")
        return None

    def _writer(self, namespace: str, kind: str) -> SchemaWriter:
        """The writer of a namespace: it knows what it has made there."""

        def put(type_: Type) -> str:
            return self._put(namespace, "params" if kind == "params" else "objects", type_)

        def free(name: str) -> str:
            return free(f"{name}Object") if name in self._names.get(namespace, {}) else name

        if (namespace, kind) not in self._writers:
            self._writers[namespace, kind] = SchemaWriter(
                self._document, kind, self._known(kind, namespace), put, free
            )
        return self._writers[namespace, kind]

    def _known(self, kind: str, namespace: str):  # noqa: ANN202 - a function on names
        def known(component: str) -> str:
            full = self._same.components.get((component, kind), "")
            home, _, last = full.rpartition(".")
            return last if home == namespace else full

        return known

    def _put(self, namespace: str, kind: str, type_: Type) -> str:
        """Take a type; returns its name, which is another one if there is such a type already."""
        found = self._names.setdefault(namespace, {})
        while found.get(type_.name, type_) != type_:
            type_ = replace(type_, name=f"{type_.name}Object")
        if type_.name not in found:
            found[type_.name] = type_
            role = self._layout.role(namespace, snake(type_.name), kind)
            # What an operation needs may be anywhere. Nothing there needs what only it has.
            role = self._topic + role if role == kind else role
            if (namespace, role) not in self._modules:
                module = Module(namespace, role)
                self._modules[namespace, role] = module
                self._description.modules.append(module)
            self._modules[namespace, role].types[type_.name] = type_
        return type_.name


def _with_names(path: str, given: Taken) -> str:
    """A path with the names of its parameters as they are in Python."""
    for each in given.always:
        if each.place == "path":
            path = path.replace(f"{{{each.wire}}}", f"{{{each.name}}}")
    return path


def _route(written: str) -> tuple[str, str]:
    method, path = written.split()
    return method, bare(path)


def _kind(found: DocumentOperation, *, streams: str, is_page: bool) -> str:
    if found.body_type == MULTIPART:
        return "multipart"
    if is_page:
        return "page"
    if streams:
        return "stream-capable"
    if not found.media_type:
        return "none"
    return "json" if is_json(found.media_type) else "binary"
