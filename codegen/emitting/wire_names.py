"""Which keys of an operation's parameters have another name on the wire, and the way to them.

The client goes along these ways only, so that a call without such keys, as nearly all are, pays
nothing for them. Types may refer to themselves, so a way is not written as a whole: it is a step
from a type to the next, and each type is there once. Knows nothing of how a request is made.
"""

from __future__ import annotations

from collections.abc import Iterable

from codegen.description import Description, Field, Object
from codegen.emitting.signatures import Parameters
from codegen.operations import Operation

PARAMETERS = ""  # where each way begins
OR = " or "  # between the types of a place that has one of several
HERE = ("body", "file", "query")  # the names of headers are a fact of the operation

# By type, and there by key: the name on the wire, empty for the key itself, and the type inside,
# empty if no key further in has another name.
Ways = dict[str, dict[str, tuple[str, str]]]


class WireNames:
    """Finds the ways to such keys in one description."""

    def __init__(self, description: Description) -> None:
        self._parameters = Parameters(description)
        self._leading = self._that_lead_to_one(
            f"{module.namespace}.{type_.name}"
            for module, type_ in description.types()
            if isinstance(type_, Object) and type_.kind == "params"
        )

    def of(self, operation: Operation) -> Ways:
        """The ways through the parameters of an operation; nothing if all keys are as they are.

        Raises:
            ValueError: a key has another name in one member of a union and its own in another.
        """
        wires = {each.name: each.wire for each in operation.parameters if each.place in HERE}
        types = [self._parameters.fields(each) for each in self._parameters.variants(operation)]
        fields = [
            {key: Field(wire, each[key].type) for key, wire in wires.items() if key in each}
            for each in types
        ]
        found: Ways = {}
        self._add(PARAMETERS, fields, found)
        return found if found[PARAMETERS] else {}

    def _add(self, place: str, alternatives: list[dict[str, Field]], found: Ways) -> None:
        """Note the keys in one place, where one of some alternatives is."""
        steps = found[place] = {}
        for key in dict.fromkeys(key for each in alternatives for key in each):
            fields = [each[key] for each in alternatives if key in each]
            wires = sorted({field.wire for field in fields})
            if len(wires) > 1:
                raise ValueError(
                    f"{place}: {key} is {' here and '.join(wires)} there on the wire, in one"
                    " union, whose members cannot be told apart"
                )
            inside = [each for field in fields for each in self._parameters.dicts(field.type)]
            leading = OR.join(sorted({*inside} & self._leading))
            if wires != [key] or leading:
                steps[key] = ("" if wires == [key] else wires[0], leading)
            if leading and leading not in found:
                self._add(leading, [self._parameters.fields(each) for each in inside], found)

    def _that_lead_to_one(self, types: Iterable[str]) -> set[str]:
        """The types that have a key of another name, or one further in."""
        todo, inside = {*types}, dict[str, set[str]]()
        found: set[str] = set()
        while todo:
            name = todo.pop()
            fields = self._parameters.fields(name)
            inside[name] = {e for f in fields.values() for e in self._parameters.dicts(f.type)}
            todo |= inside[name] - inside.keys()
            if any(key != field.wire for key, field in fields.items()):
                found.add(name)
        while more := {name for name in inside if inside[name] & found} - found:
            found |= more
        return found
