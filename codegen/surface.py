"""The importer: from the facts of the official package's interface to the description.

Takes the types that some operations and events need, with the names under which users know them.
A type that the official package keeps inside a module gets the module's name as its prefix, since
here a namespace is one list of names.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard, cast

from codegen.description import Alias, Description, Field, Module, Object, Type, Union

# What the packages use so far: parameters and results of two operations, and three event unions.
OPERATIONS = {("chat.completions", "create"), ("responses", "create")}
SEEDS = (
    "types.chat.completion_create_params:CompletionCreateParams",
    "types.responses.response_create_params:ResponseCreateParams",
    "types.realtime.realtime_server_event:RealtimeServerEvent",
    "types.realtime.realtime_client_event:RealtimeClientEvent",
    "types.realtime.realtime_client_event_param:RealtimeClientEventParam",
    "types.webhooks.unwrap_webhook_event:UnwrapWebhookEvent",
)
# Hand-written properties of models, by the class of `openai_types.conveniences` that has them.
MIXINS = {"types.responses.response:Response": "OutputText"}
# Fields that can tell the members of a union apart, in the order in which they are tried.
TAGS = ("type", "role", "object", "mode")

# What a type is inside, and how that is written in Python.
FORMS = {
    "optional": "{} | None",
    "list": "list[{}]",
    "iterable": "Iterable[{}]",
    "sequence": "Sequence[{}]",
    "dict": "dict[str, {}]",
}

Fact = dict[str, Any]  # Any: JSON of several shapes, read here and nowhere else


@dataclass(frozen=True)
class Place:
    """Where a type goes: its namespace, and its name there."""

    namespace: str
    name: str


class Importer:
    """Reads one surface file."""

    def __init__(self, surface: Fact) -> None:
        self._surface = surface
        self._facts: dict[str, Fact] = {fact["id"]: fact for fact in surface["types"]}
        self._modules: dict[tuple[str, str], Module] = {}

    def run(self) -> Description:
        """Import what the seeds reach."""
        for identifier in sorted(self._reachable()):
            self._add(identifier)
        return Description(list(self._modules.values()))

    def _reachable(self) -> set[str]:
        waiting = [*SEEDS]
        for method in self._surface["methods"]:
            if (method["resource"], method["name"]) in OPERATIONS:
                waiting += [*method["params_type"]]
                waiting += _references([method["returns"], method["stream_returns"]])
        seen: set[str] = set()
        while waiting:
            identifier = waiting.pop()
            if identifier in seen or not identifier.startswith("types."):
                continue
            seen.add(identifier)
            fact = self._facts[identifier]
            parts = (fact.get("fields"), fact.get("alias"), fact.get("bases"))
            waiting += _references(parts)
        return {each for each in seen if "ReservedKeywords" not in each}

    def _add(self, identifier: str) -> None:
        fact, place = self._facts[identifier], self._place(identifier)
        if "alias" in fact:
            self._put(place, self._role(identifier), self._alias(place, fact))
            return
        kind = "model" if fact["kind"] == "model" else "params"
        bases = [base["ref"] for base in fact.get("bases", ())]
        fields = [
            self._field(place, name, one)
            for owner in (*(self._facts[b] for b in bases if "ReservedKeywords" in b), fact)
            for name, one in owner.get("fields", {}).items()
        ]
        inherited = [self._name(b, place) for b in bases if "ReservedKeywords" not in b]
        mixin = MIXINS.get(identifier, "")
        made = Object(place.name, kind, tuple(fields), tuple(inherited), mixin)
        self._put(place, self._role(identifier), made)

    def _put(self, place: Place, role: str, type_: Type) -> None:
        module = self._modules.setdefault((place.namespace, role), Module(place.namespace, role))
        if type_.name in module.types and module.types[type_.name] != type_:
            message = f"two types want to be {place.namespace}.{type_.name}"
            raise ValueError(message)
        module.types[type_.name] = type_

    def _alias(self, place: Place, fact: Fact) -> Type:
        expression = fact["alias"]
        tags = self._tags(expression)
        if tags:
            members = tuple(self._name(member, place) for member in self._members(expression))
            return Union(place.name, members, tags)
        return Alias(place.name, self._type(expression, place, f"{place.name}Member"))

    def _field(self, owner: Place, name: str, fact: Fact) -> Field:
        hint = owner.name + _camel(name.strip("_"))
        type_ = self._type(fact["type"], owner, hint)
        wire = fact.get("alias") or name
        return Field(wire, type_, fact["required"], name if wire != name else "")

    def _type(self, expression: Any, owner: Place, hint: str) -> str:
        """The expression in Python's syntax; tagged unions in it become types of their own."""
        if isinstance(expression, str):
            return "None" if expression == "none" else expression
        if "ref" in expression:
            return self._name(expression["ref"], owner)
        if "literal" in expression:
            return f"Literal[{', '.join(repr(each) for each in expression['literal'])}]"
        if "union" in expression:
            return self._union(expression, owner, hint)
        inside = next(key for key in FORMS if key in expression)
        return FORMS[inside].format(self._type(expression[inside], owner, hint))

    def _union(self, expression: Fact, owner: Place, hint: str) -> str:
        tags = self._tags(expression)
        if tags:
            return self._hoisted(expression, tags, owner, hint)
        return " | ".join(self._type(each, owner, hint) for each in expression["union"])

    def _hoisted(self, expression: Fact, tags: tuple[str, ...], owner: Place, hint: str) -> str:
        members = tuple(self._name(member, owner) for member in self._members(expression))
        role = self._role(next(iter(self._members(expression))))
        self._put(Place(owner.namespace, hint), role, Union(hint, members, tags))
        return hint

    def _members(self, expression: Fact) -> Iterator[str]:
        """The classes of a union, those of unions inside it included."""
        for each in expression["union"]:
            fact = self._facts.get(each["ref"], {}) if _is_fact(each) and "ref" in each else {}
            alias = fact.get("alias")
            if _is_fact(alias) and "union" in alias:
                yield from self._members(alias)
            elif fact.get("kind") == "model":
                yield each["ref"]
            else:
                yield ""

    def _tags(self, expression: Any) -> tuple[str, ...]:
        """The fields that tell the models of a union apart; nothing if it is no such union."""
        if not (_is_fact(expression) and "union" in expression):
            return ()
        members = list(self._members(expression))
        if "" in members:
            return ()
        preferred: tuple[str | None, ...] = (expression.get("discriminator"), *TAGS)
        candidates = dict.fromkeys(
            tag
            for tag in preferred
            if tag and all("literal" in self._tag_type(member, tag) for member in members)
        )
        first = next(iter(candidates), None)
        if first is None:
            return ()
        groups = [str(self._tag_type(member, first)["literal"]) for member in members]
        if len(set(groups)) == len(members):
            return (first,)
        shared = [m for m, group in zip(members, groups, strict=True) if groups.count(group) > 1]
        second = (tag for tag in TAGS if tag != first)
        return (
            first,
            *(t for t in second if all("literal" in self._tag_type(m, t) for m in shared)),
        )

    def _tag_type(self, identifier: str, tag: str) -> Fact:
        fact = self._facts[identifier]
        found = fact.get("fields", {}).get(tag, {}).get("type", {})
        for base in fact.get("bases", ()):
            found = found or self._tag_type(base["ref"], tag)
        return found if _is_fact(found) else {}

    def _role(self, identifier: str) -> str:
        """Params are what callers write: dicts, and aliases of them."""
        if self._is_params(identifier):
            return "params"
        return "events" if "_event" in identifier.split(":", maxsplit=1)[0] else "objects"

    def _is_params(self, identifier: str) -> bool:
        fact = self._facts.get(identifier, {})
        if "alias" in fact:
            return any(self._is_params(each) for each in _references(fact["alias"]))
        return fact.get("kind") in {"typed_dict", "params"}

    def _place(self, identifier: str) -> Place:
        fact = self._facts[identifier]
        path = identifier.split(":", maxsplit=1)[0].split(".")
        # What the official package exports from `types` itself is `shared` here.
        namespace = path[1] if len(path) > 2 else "shared"  # noqa: PLR2004 - types.chat.module
        prefix = "" if fact["public"] else _camel(path[-1])
        name = fact["name"].lstrip("_")
        return Place(namespace, name if name.startswith(prefix) else prefix + name)

    def _name(self, identifier: str, owner: Place) -> str:
        place = self._place(identifier)
        if place.namespace == owner.namespace:
            return place.name
        return f"{place.namespace}.{place.name}"


def import_surface(path: Path) -> Description:
    """Read a surface file and import what the packages need of it."""
    return Importer(json.loads(path.read_text())).run()


def _references(part: Any) -> Iterable[str]:  # Any: JSON
    if _is_fact(part):
        if isinstance(part.get("ref"), str):
            yield part["ref"]
        part = list(part.values())
    if isinstance(part, list | tuple):
        for each in cast("Iterable[Any]", part):
            yield from _references(each)


def _is_fact(part: object) -> TypeGuard[Fact]:
    return isinstance(part, dict)


def _camel(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))
