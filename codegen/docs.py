"""Lines of documentation: by hand where there is one, else by a rule that says nothing untrue.

A type is known by what an operation takes or returns, by the tag that it has, or by the field that
holds it; an operation by its method and its resource.
"""

from __future__ import annotations

import re
from collections import defaultdict

from codegen.description import Alias, Description, Module, Object, Type, Union
from codegen.expressions import BUILTIN, references
from codegen.names import qualified
from codegen.naming import singular_words
from codegen.operations import Operation
from codegen.order import references_of
from codegen.tags import NAMES

VERBS = {
    "create": "Create {one}.",
    "retrieve": "Get {one}.",
    "update": "Change {one}.",
    "replace": "Replace {one}.",
    "delete": "Delete {one}.",
    "cancel": "Cancel {one}.",
    "list": "List the {many}.",
}
TAG = re.compile(r"Literal\['([^']*)'\](?: \| None)?")
UNSAID = {"admin", "beta", "organization"}  # groups that are no thing of which there are several
EVENT = re.compile(r"Event(Param)?$")


class Docs:
    """The lines of one description."""

    def __init__(self, description: Description) -> None:
        self._description = description
        self._written = description.docs
        self._types: dict[str, tuple[Module, Type]] = {
            f"{module.namespace}.{type_.name}": (module, type_)
            for module, type_ in description.types()
        }
        self._taken: dict[str, str] = {}
        self._returned: dict[str, str] = {}
        self._held: dict[str, str] = {}
        self._unions: defaultdict[str, list[str]] = defaultdict(list)
        self._collect_operations()
        self._collect_types()

    def type_line(self, full: str) -> str:
        """The line of a type, by its name with the namespace."""
        written = self._written.get(full)
        if written or full not in self._types:
            return written or ""
        type_ = self._types[full][1]
        return (
            self._as_parameters(full, type_)
            or self._as_tagged(full, type_)
            or self._held.get(full)
            or self._returned.get(full)
            or self._as_member(full, type_)
            or self._by_kind(type_)
        )

    def field_line(self, owner: str, name: str) -> str:
        """The line of a parameter, empty if there is none."""
        specific = self._description.parameter_docs.get(f"{owner}.{name}", "")
        return specific or (
            self._description.parameter_docs.get(name, "") if owner in self._taken else ""
        )

    def _collect_operations(self) -> None:
        for operation in self._description.operations:
            called = f"`{operation.name}`"
            for full in operation.params:
                self._taken.setdefault(full, called)
                type_ = self._types[full][1] if full in self._types else None
                for base in type_.bases if isinstance(type_, Object) else ():
                    self._taken.setdefault(qualified(base, full.rpartition(".")[0]), called)
            for full in references(operation.returns):
                line = f"An item of {called}." if operation.page else f"What {called} gives back."
                self._returned.setdefault(full, line)
            for full in references(operation.streams or "None"):
                self._returned.setdefault(full, f"An event of {called}.")

    def _collect_types(self) -> None:
        for module, type_ in self._description.types():
            if isinstance(type_, Union) or (isinstance(type_, Alias) and " | " in type_.type):
                for member in references_of(type_):
                    self._unions[qualified(member, module.namespace)].append(type_.name)
            elif isinstance(type_, Object):
                for field in type_.fields:
                    many = re.search(r"(list|Iterable|Sequence)\[", field.type)
                    word = "One of the" if many else "The"
                    for name in references(field.type):
                        full = qualified(name, module.namespace)
                        line = f"{word} `{field.attribute or field.wire}` of {article(type_.name)}."
                        self._held.setdefault(full, line)

    def _as_parameters(self, full: str, type_: Type) -> str:
        if full in self._taken:
            called = self._taken[full]
            if type_.name.endswith("NonStreaming"):
                return f"What {called} takes when it does not stream."
            if type_.name.endswith("Streaming"):
                return f"What {called} takes when it streams."
            return f"What {called} takes."
        if isinstance(type_, Alias) and type_.name.endswith("Params"):
            namespace = full.rpartition(".")[0]
            parts = {qualified(each, namespace) for each in references(type_.type)}
            called = next((self._taken[each] for each in sorted(parts) if each in self._taken), "")
            return f"What {called} takes." if called else ""
        return ""

    def _as_tagged(self, full: str, type_: Type) -> str:
        """A type with a name on the wire of its own."""
        if not isinstance(type_, Object):
            return ""
        for name in NAMES:
            tag = next(
                (TAG.fullmatch(each.type) for each in type_.fields if each.wire == name), None
            )
            union = next(iter(self._unions[full]), "")
            if tag and name in {"type", "event"} and ("." in tag[1] or EVENT.search(type_.name)):
                return f"The event `{tag[1]}`."
            if tag and union:
                return f"{article(union, capital=True)} of the {name} `{tag[1]}`."
        return ""

    def _as_member(self, full: str, type_: Type) -> str:
        """A type that is known by the union that it is in, or by what it is made from."""
        union = next(iter(self._unions[full]), "")
        base = (
            type_.bases[0].rpartition(".")[2] if isinstance(type_, Object) and type_.bases else ""
        )
        if union:
            return f"`{base}` in {article(union)}." if base else f"One form of {article(union)}."
        return f"{article(base, capital=True)} with more fields." if base else ""

    @staticmethod
    def _by_kind(type_: Type) -> str:
        if isinstance(type_, Alias) and type_.type.isidentifier() and type_.type not in BUILTIN:
            return f"Another name of `{type_.type}`."
        words = " ".join(spoken(type_.name))
        if type_.name.endswith(("EventParam", "Event")):
            sender = "server" if "Server" in type_.name else "client"
            return f"An event that a {sender} sends in a session."
        if isinstance(type_, Union):
            return f"One of several types, by its `{type_.tags[0]}`."
        if isinstance(type_, Alias) and type_.type.startswith("Literal["):
            return f"The known values of {words}."
        if isinstance(type_, Object) and type_.kind == "params" and type_.name.endswith("Param"):
            words = " ".join(spoken(type_.name.removesuffix("Param")))
            return f"{words[:1].upper()}{words[1:]}, as callers write it."
        return f"{words[:1].upper()}{words[1:]}."


def operation_line(description: Description, operation: Operation) -> str:
    """The line of an operation."""
    written = description.operation_docs.get(operation.name)
    if written:
        return written
    *above, resource = operation.resource.split(".")
    method = operation.name.rpartition(".")[2]
    many = resource.replace("_", " ")
    one = singular_words(resource)
    path = operation.path.split("/")
    is_inside = any(part.startswith("{") for part in path[:-1])
    owner = next((each for each in reversed(above) if is_inside and each not in UNSAID), "")
    of = f" of {with_article(singular_words(owner))}" if owner else ""
    template = VERBS.get(method, f"{method.replace('_', ' ').capitalize()} {{one}}.")
    return template.format(one=f"{with_article(one)}{of}", many=f"{many}{of}")


def article(name: str, *, capital: bool = False) -> str:
    """A class with its article: a `Response`."""
    word = "an" if name[:1] in "AEIO" or name[:2] == "Un" else "a"
    return f"{word.capitalize() if capital else word} `{name}`"


def with_article(words: str) -> str:
    """A noun with its article."""
    return f"{'an' if words[:1] in 'aeio' else 'a'} {words}"


def spoken(name: str) -> list[str]:
    """The words of the name of a class; acronyms stay in capitals."""
    words = re.findall(r"[A-Z]+(?=[A-Z][a-z]|$)|[A-Z]?[a-z0-9]+|[A-Z]+", name)
    return [word if word.isupper() and len(word) > 1 else word.lower() for word in words]
