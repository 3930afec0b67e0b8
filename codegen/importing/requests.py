"""What a call of a document's operation takes: each parameter's name in Python, place and type.

A name that Python or the client has taken gets an underscore; a key of the body that a path or a
query has too gets its place before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from codegen.emitting.signatures import STREAM_OPTIONS
from codegen.importing.normal_form import DocumentError
from codegen.importing.openapi import Document, DocumentOperation, Schema, is_json
from codegen.importing.schemas import identifier
from codegen.operations import PLACES, Parameter

MULTIPART = "multipart/form-data"
# What a generated method calls things itself.
TAKEN = {"given", "options", "params", "self", *(o.partition(":")[0] for o in STREAM_OPTIONS)}


@dataclass(frozen=True)
class Given:
    """A parameter, its name on the wire and its schema."""

    name: str
    place: str
    required: bool
    wire: str
    schema: Schema


@dataclass(frozen=True)
class Taken:
    """All that an operation takes.

    Attributes:
        always: what is in the path, the query and the headers.
        bodies: the keys of the body; several where it is one of several objects.
    """

    always: tuple[Given, ...]
    bodies: tuple[tuple[Given, ...], ...]

    def parameters(self) -> tuple[Parameter, ...]:
        """Each once, in the order of the signature."""
        found = {each.name: each for each in self.always}
        for each in (one for body in self.bodies for one in body):
            everywhere = all(_has(body, each) for body in self.bodies)
            found.setdefault(each.name, replace(each, required=everywhere))
        in_path = [each for each in found.values() if each.place == "path"]
        others = [each for each in found.values() if each.place != "path"]
        # By position goes what is last in the path: the thing itself.
        ordered = [*in_path[-1:], *in_path[:-1]]
        ordered += sorted(others, key=lambda each: PLACES.index(each.place))
        return tuple(
            Parameter(g.name, g.place, g.required, g.name if g.place == "path" else g.wire)
            for g in ordered
        )


def taken(document: Document, found: DocumentOperation) -> Taken:
    """What an operation takes.

    Raises:
        DocumentError: the body is something that calls cannot give.
    """
    names = dict[tuple[str, str], str]()
    always = tuple(
        Given(_name(each.name.removesuffix("[]"), each.place, names), each.place, each.required,
              each.name.removesuffix("[]"), each.schema)
        for each in found.parameters
    )  # fmt: skip
    bodies = [
        tuple(_keys(document, body, names, is_form=is_in_form(found)))
        for body in _bodies(document, found)
    ]
    return Taken(always, tuple(bodies))


def _bodies(document: Document, found: DocumentOperation) -> list[Schema]:
    """The objects of which the body is one; none if there is no body."""
    if not found.body_type:
        return []
    where = f"{found.method} {found.path}"
    remedy = f"leave the route out with an overlay, 'absent: {where}', or correct the document"
    if found.body_type != MULTIPART and not is_json(found.body_type):
        raise DocumentError(where, f"no call can send a body of {found.body_type}", remedy)
    bodies = [each for each in document.alternatives(found.body) if each.get("type") != "null"]
    for each in bodies:
        resolved = document.resolve(each)
        if resolved and not resolved.get("properties") and resolved.get("type") != "object":
            problem = f"the body is no object with keys ({resolved.get('type', 'of any type')})"
            raise DocumentError(where, problem, remedy)
    return bodies


def _keys(
    document: Document, body: Schema, names: dict[tuple[str, str], str], *, is_form: bool
) -> Iterator[Given]:
    required = set(document.resolve(body).get("required", ()))
    for wire, schema in document.properties(body).items():
        place = "file" if is_form and is_file(document, schema) else "body"
        yield Given(_name(wire, "body", names), place, wire in required, wire, schema)


def is_in_form(found: DocumentOperation) -> bool:
    """Whether the body of an operation is a form, whose parts may be files."""
    return found.body_type == MULTIPART


def is_file(document: Document, schema: Schema) -> bool:
    """Whether a part of a form is a file, or a list of files."""
    for each in document.alternatives(schema):
        resolved = document.resolve(each)
        if resolved.get("format") == "binary" or _is_file_list(document, resolved):
            return True
    return False


def _is_file_list(document: Document, schema: Schema) -> bool:
    return schema.get("type") == "array" and is_file(document, schema.get("items", {}))


def _name(wire: str, place: str, names: dict[tuple[str, str], str]) -> str:
    if (wire, place) in names:  # as another form of the body has it
        return names[wire, place]
    name = identifier(wire.lower() if place == "header" else wire)
    if name in TAKEN:
        name = f"{name}_"
    if name in names.values():
        name = f"{place}_{name}"
    while name in names.values():
        name = f"{name}_"
    names[wire, place] = name
    return name


def _has(body: tuple[Given, ...], one: Given) -> bool:
    return any(each.name == one.name and each.required for each in body)
