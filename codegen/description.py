"""The description: what a type of the API is, and how it is kept in files that read as a diff.

Facts only. One YAML file holds one module of one namespace (`chat/objects.yaml`), so that a change
of the API shows where a reader looks for it. Type expressions are Python's annotation syntax. Where
the facts came from is not this module's concern, nor what is made of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

import yaml

from codegen.operations import FILE, Operation, Resource, entry, files, operation

T = TypeVar("T")

KINDS = ("objects", "events", "params")
DOCS = "docs"
HANDWRITTEN = "handwritten.yaml"
INPUTS = "inputs.yaml"
OPEN = "open.yaml"
PATHS = "paths.yaml"
RESOURCES = "resources.yaml"
FIELD = re.compile(r"(?P<wire>\S+?)(?P<optional>\?)?(?: as (?P<attribute>\S+))?$")


class DescriptionError(ValueError):
    """A file of the description cannot be read."""


@dataclass(frozen=True)
class Field:
    """A field of a model or a parameter.

    Attributes:
        wire: its name in JSON.
        type: its type expression; `| None` says that it may be null.
        required: whether it is always there.
        attribute: its name in Python where that differs, else empty.
    """

    wire: str
    type: str
    required: bool = True
    attribute: str = ""

    @property
    def key(self) -> str:
        """How the field is written in a file."""
        optional = "" if self.required else "?"
        return f"{self.wire}{optional}{f' as {self.attribute}' if self.attribute else ''}"

    @classmethod
    def read(cls, key: str, type_: str) -> Field:
        """A field from how it is written in a file.

        Raises:
            ValueError: the key is none.
        """
        match = FIELD.match(key)
        if match is None:
            raise ValueError(f"{key!r} is no field: write NAME, NAME? or NAME as ATTRIBUTE")
        return cls(match["wire"], type_, match["optional"] is None, match["attribute"] or "")


@dataclass(frozen=True)
class Object:
    """A model (`kind` "model"), or a dict that callers write (`kind` "params")."""

    name: str
    kind: str
    fields: tuple[Field, ...]
    bases: tuple[str, ...] = ()
    mixin: str = ""


@dataclass(frozen=True)
class Union:
    """Models told apart by the value of a tag, and, where that is shared, of the next tag."""

    name: str
    members: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Alias:
    """A name for a type expression."""

    name: str
    type: str


Type = Object | Union | Alias


@dataclass
class Module:
    """The types of one namespace that have one role."""

    namespace: str
    role: str
    types: dict[str, Type] = field(default_factory=dict[str, Type])

    @property
    def path(self) -> str:
        """The file of the description that holds it, relative to the description's folder."""
        return f"{self.namespace.replace('.', '/')}/{self.role}.yaml"

    @property
    def kind(self) -> str:
        """What its types are for: one of `KINDS`."""
        return self.role.rpartition("_")[2]

    @property
    def dotted(self) -> str:
        """Its path as a module, below the generated package."""
        return f"{self.namespace}.{self.role}"


@dataclass
class Description:
    """All modules, and what is known of types beside them.

    Attributes:
        docs: the hand-written line of documentation, by the type's name with its namespace.
        operation_docs: the same of operations.
        parameter_docs: the same of parameters, by their name, or by that of their type and it.
        handwritten: the module of a type that is written by hand, by the same.
        operations, resources: what the API does, and how that is grouped.
        open: the methods of the official package that are no operation, with their kind.
        inputs: which output may be sent back, written by hand: a union of models, or the field of
            a model that lists them, with the type of the parameter.
        paths: the modules of the official package below its `types`, each with its types, written
            as in an import: `chat.ChatCompletionChoice as Choice`.
    """

    modules: list[Module]
    docs: dict[str, str] = field(default_factory=dict[str, str])
    operation_docs: dict[str, str] = field(default_factory=dict[str, str])
    parameter_docs: dict[str, str] = field(default_factory=dict[str, str])
    handwritten: dict[str, str] = field(default_factory=dict[str, str])
    inputs: dict[str, str] = field(default_factory=dict[str, str])
    paths: dict[str, str] = field(default_factory=dict[str, str])
    operations: list[Operation] = field(default_factory=list[Operation])
    resources: list[Resource] = field(default_factory=list[Resource])
    open: dict[str, str] = field(default_factory=dict[str, str])

    def types(self) -> Iterator[tuple[Module, Type]]:
        """Every type with its module."""
        for module in self.modules:
            for type_ in module.types.values():
                yield module, type_

    @property
    def namespaces(self) -> list[str]:
        """The namespaces and those that they are in, sorted."""
        found = {module.namespace for module in self.modules}
        for namespace in tuple(found):
            parts = namespace.split(".")
            found |= {".".join(parts[:length]) for length in range(1, len(parts))}
        return sorted(found)

    def inside(self, namespace: str) -> list[str]:
        """The last parts of the names of the namespaces directly in a namespace."""
        above = [each.rpartition(".") for each in self.namespaces]
        return [last for parent, _, last in above if parent == namespace]


def load(folder: Path) -> Description:
    """Read a description from its folder."""
    modules: list[Module] = []
    for kind in KINDS:
        for path in sorted(folder.rglob(f"*{kind}.yaml")):
            namespace = ".".join(path.relative_to(folder).parent.parts)
            types = dict(_entries(path, type_of, entry_of))
            modules.append(Module(namespace, path.stem, types))
    operations = [each for path in files(folder) for _, each in _entries(path, operation, entry)]
    grouped = _texts(folder / RESOURCES)
    resources = [Resource(path, *one.split(" alias of ")) for path, one in grouped.items()]
    return Description(
        modules,
        docs=_texts(folder / DOCS / "types.yaml"),
        operation_docs=_texts(folder / DOCS / "calls.yaml"),
        parameter_docs=_texts(folder / DOCS / "parameters.yaml"),
        handwritten=_texts(folder / HANDWRITTEN),
        inputs=_texts(folder / INPUTS),
        paths=_texts(folder / PATHS),
        operations=operations,
        resources=resources,
        open=_texts(folder / OPEN),
    )


def save(description: Description, folder: Path) -> None:
    """Write the modules of a description; the documentation is written by hand."""
    for kind in KINDS:
        for path in folder.rglob(f"*{kind}.yaml"):
            path.unlink()
    for module in description.modules:
        entries = {name: entry_of(type_) for name, type_ in sorted(module.types.items())}
        write(folder / module.path, entries)
    for path in files(folder):
        path.unlink()
    for top in sorted({each.top for each in description.operations}):
        entries = {each.name: entry(each) for each in description.operations if each.top == top}
        write(folder / top / FILE, entries)
    grouped = {
        each.path: " alias of ".join(filter(None, (each.class_name, each.alias_of)))
        for each in description.resources
    }
    write(folder / RESOURCES, grouped)
    write(folder / OPEN, description.open)
    write(folder / HANDWRITTEN, description.handwritten)
    write(folder / PATHS, description.paths)


def write(path: Path, entries: object) -> None:
    """Write one file: in the order given, each entry on lines of its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        yaml.dump(entries, Dumper=yaml.CSafeDumper, sort_keys=False, width=1000, allow_unicode=True)
    )


def read_mapping(path: Path) -> dict[str, Any]:  # Any: YAML
    """The entries of a file by their names; none if there is no such file.

    Raises:
        DescriptionError: it is no YAML, or has no names.
    """
    try:
        text = path.read_text() if path.exists() else ""
        found: object = yaml.load(text, yaml.CSafeLoader) or dict[str, Any]()
    except yaml.YAMLError as error:
        raise DescriptionError(f"{path} is no YAML: {error}") from error
    if not isinstance(found, dict):
        raise DescriptionError(f"{path} has no entries: write each as NAME: WHAT IT IS")
    return cast("dict[str, Any]", found)


def _texts(path: Path) -> dict[str, str]:
    """The entries of a file that are text."""
    entries = read_mapping(path)
    for name, written in entries.items():
        if not isinstance(name, str) or not isinstance(written, str):  # pyright: ignore[reportUnnecessaryIsInstance] - a file has anything
            raise DescriptionError(
                f"{path}: {name!r} and {written!r} are not both text: quote them"
            )
    return entries


def _entries(
    path: Path, read: Callable[[str, Any], T], write: Callable[[T], object]
) -> Iterator[tuple[str, T]]:  # Any: YAML
    """The entries of a file that describe something; each is written as `save` writes it."""
    for name, written in read_mapping(path).items():
        try:
            made = read(name, written)
            again = write(made)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise DescriptionError(f"{path}: {name} cannot be read: {error}") from error
        if again != written:
            raise DescriptionError(f"{path}: {name} is {written}: write {again}, or correct it")
        yield name, made


def type_of(name: str, entry: dict[str, Any]) -> Type:  # Any: YAML
    """A type from how it is written in a file.

    Raises:
        DescriptionError: it is written in no way that there is.
    """
    if not isinstance(entry, dict) or not {"union", "alias", "model", "params"} & set(entry):  # pyright: ignore[reportUnnecessaryIsInstance] - a file has anything
        raise DescriptionError(f"{name} is none of union, alias, model and params: write one")
    if "union" in entry:
        return Union(name, tuple(entry["union"]), tuple(entry["tags"]))
    if "alias" in entry:
        return Alias(name, entry["alias"])
    kind = "model" if "model" in entry else "params"
    fields = tuple(Field.read(key, type_) for key, type_ in entry[kind].items())
    return Object(name, kind, fields, tuple(entry.get("bases", ())), entry.get("mixin", ""))


def entry_of(type_: Type) -> dict[str, object]:
    """How a type is written in a file."""
    if isinstance(type_, Union):
        return {"tags": list(type_.tags), "union": list(type_.members)}
    if isinstance(type_, Alias):
        return {"alias": type_.type}
    entry: dict[str, object] = {}
    if type_.bases:
        entry["bases"] = list(type_.bases)
    if type_.mixin:
        entry["mixin"] = type_.mixin
    entry[type_.kind] = {one.key: one.type for one in type_.fields}
    return entry
