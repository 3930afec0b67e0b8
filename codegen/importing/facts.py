"""The facts of the official package's interface, and where each of its types goes here.

Reads a file of facts as JSON and answers questions on it: the namespace, the name and the role of
a type. Makes no description; knows nothing of how one is written.

A public type has the name and the namespace under which users import it; what is exported from
`types` itself or from `types.shared` is in the namespace `shared`. A type that the official package
keeps inside a module gets the module's name as its prefix, since here a namespace is one list of
names.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from codegen.layout import Layout

Fact = dict[str, Any]  # Any: JSON of several shapes; only this package's importer reads it

# What each of these has.
PARTS = {
    "types": {"id", "kind", "module", "name", "public"},
    "resources": {"class", "path"},
    "methods": {"kind", "name", "params", "resource"},
}
ROOT = "types"
SHARED = "shared"
RESERVED = "ReservedKeywords"  # helper classes for keys that are keywords of Python


class FactsError(ValueError):
    """What was given is no file of facts."""


@dataclass(frozen=True)
class Place:
    """Where a type goes: its namespace, and its name there."""

    namespace: str
    name: str

    def seen_from(self, namespace: str) -> str:
        """How the type is called in a namespace."""
        return self.name if self.namespace == namespace else f"{self.namespace}.{self.name}"


class Facts:
    """One file of facts."""

    def __init__(self, surface: Fact, layout: Layout) -> None:
        self.surface = surface
        self._layout = layout
        self._facts: dict[str, Fact] = {fact["id"]: fact for fact in surface["types"]}

    @classmethod
    def parse(cls, data: bytes, layout: Layout) -> Facts:
        """Read the bytes of a file of facts.

        Raises:
            FactsError: they are no such file.
        """
        try:
            surface = json.loads(data)
        except ValueError as error:
            message = f"the facts are no JSON ({error}): give the file of the official package's"
            raise FactsError(message) from error
        missing = [key for key in PARTS if not isinstance(as_fact(surface).get(key), list)]
        if missing:
            message = f"the facts have no list of {' and of '.join(missing)}: is it another file?"
            raise FactsError(message)
        for part, keys in PARTS.items():
            for number, each in enumerate(surface[part]):
                lacking = ", ".join(sorted(keys - as_fact(each).keys()))
                if lacking:
                    message = f"{part}/{number} of the facts has no {lacking}: is it another file?"
                    raise FactsError(message)
        return cls(surface, layout)

    def __getitem__(self, identifier: str) -> Fact:
        if identifier not in self._facts:
            message = f"the facts name {identifier} and do not have it: take those of one package"
            raise FactsError(message)
        return self._facts[identifier]

    def __contains__(self, identifier: str) -> bool:
        return identifier in self._facts

    @cached_property
    def identifiers(self) -> list[str]:
        """The types that are described: all of the namespaces, without helpers for keywords."""
        return sorted(
            each
            for each in self._facts
            if each.startswith(f"{ROOT}.")
            and RESERVED not in each
            and self.place(each) not in self._written
        )

    @cached_property
    def _written(self) -> set[Place]:
        return {Place(*name.rsplit(".", 1)) for name in self._layout.handwritten}

    @cached_property
    def places(self) -> dict[str, Place]:
        """The place of each type that is described."""
        return {each: self.place(each) for each in self._facts if each.startswith(f"{ROOT}.")}

    def place(self, identifier: str) -> Place:
        """Where a type goes."""
        fact = self[identifier]
        module = module_of(identifier)
        exports = [each.partition(":")[0] for each in fact.get("exports", ())]
        homes = [home for home in exports if home.startswith(ROOT)] or [fact["module"]]
        home = homes[0] if fact["public"] else module.rpartition(".")[0]
        namespace = SHARED if home == ROOT else home.removeprefix(f"{ROOT}.")
        name = fact["name"].lstrip("_")
        prefix = "" if fact["public"] else camel(module.rpartition(".")[2])
        return Place(namespace, name if _begins(name, prefix) else prefix + name)

    def role(self, identifier: str) -> str:
        """The module of its namespace that has a type."""
        file = module_of(identifier).removeprefix(f"{ROOT}.")
        kind = "objects"
        if self.is_params(identifier):
            kind = "params"
        elif file.endswith("_event"):
            kind = "events"
        return self._layout.role(self.place(identifier).namespace, file.rpartition(".")[2], kind)

    def is_params(self, identifier: str) -> bool:
        """Whether callers write it: a dict, or an alias of what has one in it."""
        fact = self._facts.get(identifier, {})
        if "alias" in fact:
            found = [self.is_params(each) for each in references(fact["alias"])]
            named = module_of(identifier).endswith(("_param", "_params"))
            return any(found) or (not found and named)
        return fact.get("kind") in {"typed_dict", "params"}

    def paths(self) -> dict[str, str]:
        """The modules that have the types, each with its types as they are called here and there.

        As in an import: `chat.chat_completion` has `chat.ChatCompletionChoice as Choice`.
        """
        found: defaultdict[str, list[str]] = defaultdict(list)
        packages = {module_of(each).rpartition(".")[0] for each in self.places}
        for identifier, place in sorted(self.places.items()):
            module, _, there = identifier.partition(":")
            if module not in packages:
                here = place.name
                if here.endswith(RESERVED):  # it is a helper here, too
                    here = f"_{here.removesuffix(RESERVED)}Keywords"
                renamed = "" if here == there else f" as {there}"
                written = f"{place.namespace}.{here}{renamed}"
                found[module.removeprefix(f"{ROOT}.")].append(written)
        for module, more in self._layout.paths.items():
            found[module] += more
        return {module: ", ".join(types) for module, types in sorted(found.items())}

    def fields(self, identifier: str) -> dict[str, Fact]:
        """Own and inherited fields."""
        merged: dict[str, Fact] = {}
        for base in self._facts[identifier].get("bases", ()):
            merged |= self.fields(base["ref"])
        return merged | self._facts[identifier].get("fields", {})


def as_fact(part: Any) -> Fact:  # Any: JSON
    """A part of the facts as an object, empty if it is none."""
    return cast("Fact", part) if isinstance(part, dict) else {}


def module_of(identifier: str) -> str:
    """`types.chat.chat_completion:Choice` is of `types.chat.chat_completion`."""
    return identifier.partition(":")[0]


def references(part: Any) -> Iterator[str]:  # Any: JSON
    """The types named anywhere in a part of the facts."""
    fact = as_fact(part)
    if isinstance(fact.get("ref"), str):
        yield fact["ref"]
    inside = list(fact.values()) if fact else part
    if isinstance(inside, list | tuple):
        for each in cast("list[Any]", inside):
            yield from references(each)


def camel(name: str) -> str:
    """`chat_completion` is `ChatCompletion`."""
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def snake(name: str) -> str:
    """`ChatCompletion` is `chat_completion`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _begins(name: str, prefix: str) -> bool:
    """Acronyms are in capitals in names of classes only."""
    return name.lower().startswith(prefix.lower())
