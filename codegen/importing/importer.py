"""The importer of types: from the facts of the official package's interface to the description."""

from __future__ import annotations

from typing import Any

from codegen.description import Alias, Description, Field, Module, Object, Type, Union
from codegen.importing.facts import RESERVED, Fact, Facts, Place, camel, snake
from codegen.importing.operation_importer import OperationImporter
from codegen.importing.tags import Tags
from codegen.layout import Layout

SCALARS = {"none": "None", "any": "object", "file": "FileTypes"}
CONTAINERS = {"list": "list", "iterable": "Iterable", "sequence": "Sequence", "set": "set"}


class Importer:
    """Makes the types of a description from facts."""

    def __init__(self, facts: Facts, layout: Layout) -> None:
        self._facts = facts
        self._layout = layout
        self._tags = Tags(facts)
        self._modules: dict[tuple[str, str], Module] = {}
        self._owners: dict[Place, str] = {}
        self.private: set[str] = set()  # what has no name of its own in the official package
        self._role = ""  # of the type at hand: what is hoisted out of it goes beside it

    def run(self) -> Description:
        """Import every type of the facts."""
        self._reserve()
        for identifier in self._facts.identifiers:
            self._add(identifier)
        self._add_rests()
        methods = OperationImporter(self._facts, self._outside)
        operations = list(methods.operations())
        for place, made in methods.made.items():
            self._role = self._layout.role(place.namespace, snake(place.name), "params")
            self._put(place, made)
        return Description(
            list(self._modules.values()),
            handwritten=self._layout.handwritten,
            paths=self._facts.paths(),
            operations=operations,
            resources=methods.resources(),
            open=methods.open(),
        )

    def _outside(self, expression: Any) -> str:  # Any: JSON
        """An expression for a reader outside of all namespaces."""
        return self._type(expression, Place("", ""), "")

    def _reserve(self) -> None:
        """Give every type its place before unions inside types look for theirs."""
        for identifier in self._facts.identifiers:
            place = self._facts.place(identifier)
            if place in self._owners:
                message = (
                    f"{identifier} and {self._owners[place]} both want to be {place.seen_from('')}"
                )
                raise ValueError(message)
            self._owners[place] = identifier
            if not self._facts[identifier]["public"]:
                self.private.add(place.seen_from(""))

    def _add(self, identifier: str) -> None:
        fact, place = self._facts[identifier], self._facts.place(identifier)
        self._role = self._facts.role(identifier)
        if "alias" in fact:
            self._put(place, self._alias(place, fact))
            return
        kind = "model" if fact["kind"] == "model" else "params"
        bases: list[str] = [base["ref"] for base in fact.get("bases", ())]
        fields = [
            self._field(place, name, one)
            for owner in (*(self._facts[b] for b in bases if RESERVED in b), fact)
            for name, one in owner.get("fields", {}).items()
        ]
        inherited = [self._name(base, place) for base in bases if RESERVED not in base]
        mixin = self._layout.mixins.get(place.seen_from(""), "")
        self._put(place, Object(place.name, kind, tuple(fields), tuple(inherited), mixin))

    def _add_rests(self) -> None:
        """For unions that are written by hand because a member is generic: the other members."""
        for identifier in sorted(self._facts.places):
            fact, place = self._facts[identifier], self._facts.place(identifier)
            if place.seen_from("") not in self._layout.handwritten or "discriminator" not in fact:
                continue
            members = [
                each
                for each in self._tags.members(fact["alias"])
                if not self._facts[each].get("generic")
            ]
            if len(members) > 1:
                self._role = self._facts.role(identifier)
                named = tuple(self._name(member, place) for member in members)
                rest = Place(place.namespace, f"{place.name}Rest")
                self._put(rest, Union(rest.name, named, (fact["discriminator"],)))

    def _put(self, place: Place, type_: Type) -> None:
        key = (place.namespace, self._role)
        module = self._modules.setdefault(key, Module(place.namespace, self._role))
        module.types[type_.name] = type_

    def _alias(self, place: Place, fact: Fact) -> Type:
        expression = fact["alias"]
        tags = self._tags.of(expression)
        if tags:
            return Union(place.name, self._members(expression, place), tags)
        return Alias(place.name, self._type(expression, place, f"{place.name}Member"))

    def _members(self, expression: Fact, owner: Place) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(self._name(each, owner) for each in self._tags.members(expression))
        )

    def _field(self, owner: Place, name: str, fact: Fact) -> Field:
        hint = owner.name + camel(name.strip("_"))
        type_ = self._type(fact["type"], owner, hint)
        wire = fact.get("alias") or name
        return Field(wire, type_, fact["required"], name if wire != name else "")

    def _type(self, expression: Any, owner: Place, hint: str) -> str:  # noqa: PLR0911 - a way for each form
        """The expression in Python's syntax; unions with tags in it become types of their own."""
        if isinstance(expression, str):
            return SCALARS.get(expression, expression)
        if "ref" in expression:
            return self._name(expression["ref"], owner)
        if "literal" in expression:
            return f"Literal[{', '.join(repr(each) for each in expression['literal'])}]"
        if "optional" in expression:
            return f"{self._type(expression['optional'], owner, hint)} | None"
        if "union" in expression:
            return self._union(expression, owner, hint)
        for key, head in CONTAINERS.items():
            if key in expression:
                return f"{head}[{self._type(expression[key], owner, hint)}]"
        for key in ("dict", "mapping"):
            if key in expression:
                return f"dict[str, {self._type(expression[key], owner, hint)}]"
        message = f"{owner.seen_from('')}: cannot say {expression}"
        raise ValueError(message)

    def _union(self, expression: Fact, owner: Place, hint: str) -> str:
        """A union; its models, if they have tags, as a union of its own."""
        tags = self._tags.of(expression)
        if tags:
            return self._hoisted(expression, tags, owner, hint)
        models = [
            each for each in expression["union"] if "" not in self._tags.members({"union": [each]})
        ]
        tags = self._tags.of({"union": models})
        if not tags:
            return " | ".join(self._type(each, owner, hint) for each in expression["union"])
        hoisted = self._hoisted({"union": models}, tags, owner, f"{hint}Object")
        others = (
            self._type(each, owner, hint) for each in expression["union"] if each not in models
        )
        return " | ".join([*others, hoisted])

    def _hoisted(self, expression: Fact, tags: tuple[str, ...], owner: Place, hint: str) -> str:
        union = Union(hint, self._members(expression, owner), tags)
        place = Place(owner.namespace, hint)
        if place in self._owners:
            place = Place(owner.namespace, f"{hint}Union")
            union = Union(place.name, union.members, tags)
        self._owners[place] = owner.seen_from("")
        self.private.add(place.seen_from(""))
        self._put(place, union)
        return place.name

    def _name(self, identifier: str, owner: Place) -> str:
        return self._facts.place(identifier).seen_from(owner.namespace)
