"""What of the output may be sent back as input: which type it then has, and what input refuses.

Compares the models that a response is made of with the parameters of the same meaning. What the
models have and the parameters do not, is for output only; a null or a literal that a parameter does
not take must be left out. `description/inputs.yaml` says where to begin, all else follows.
"""

from __future__ import annotations

import ast
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from codegen.description import Alias, Description, Field, Module, Object, Union
from codegen.expressions import literal_values, members, parsed
from codegen.names import PACKAGE, qualified

MODULE = "shared/input_rules.py"
TAGS = ("type", "role")
SEQUENCES = {"Iterable", "Sequence", "list"}


class Typed(NamedTuple):
    """A type expression and the namespace in which it is written."""

    expression: str
    namespace: str


@dataclass
class Parts:
    """What a type expression may be, its aliases followed."""

    objects: list[str] = field(default_factory=list[str])
    items: list[Typed] = field(default_factory=list[Typed])
    literals: set[object] = field(default_factory=set[object])
    others: set[str] = field(default_factory=set[str])

    @property
    def takes_null(self) -> bool:
        """Whether it may be null."""
        return bool(self.others & {"None", "object"})


class InputRules:
    """The rules of one description.

    Attributes:
        items: for each model that goes back as one object, and for each union of them, the
            parameter types that this is.
        lists: for each model whose items go back as a list, the name of the field and the type.
    """

    def __init__(self, description: Description) -> None:
        self._types = {
            f"{module.namespace}.{type_.name}": (module.namespace, type_)
            for module, type_ in description.types()
        }
        self._modules = {
            f"{module.namespace}.{name}": module
            for module in description.modules
            for name in module.types
        }
        self._seen: set[tuple[str, str]] = set()
        self.items: defaultdict[str, list[str]] = defaultdict(list)
        self.lists: dict[str, tuple[str, str]] = {}
        self._output_only: defaultdict[str, set[str]] = defaultdict(set)
        self._refused: defaultdict[str, defaultdict[str, set[object]]] = defaultdict(
            lambda: defaultdict(set)
        )
        for root, target in description.inputs.items():
            self._root(root, target)

    def mixin(self, full: str) -> str:
        """The hand-written class that gives a model its `to_input`, if it has one of its own."""
        if full in self.lists:
            return "InputItems"
        _, type_ = self._types[full]
        bases = type_.bases if isinstance(type_, Object) else ()
        inherited = any(qualified(b, full.rpartition(".")[0]) in self.items for b in bases)
        return "InputItem" if full in self.items and not inherited else ""

    def signature(self, full: str) -> str:
        """What type checkers see of the `to_input` of a model or of a union's unknown member."""
        if full in self.lists:
            written = f"list[{self._written(self.lists[full][1])}]"
        elif full in self.items:
            written = " | ".join(map(self._written, self.items[full]))
        else:
            return ""
        return (
            "\n    if TYPE_CHECKING:\n\n"
            f"        def to_input(self, *, vendor: bool = True) -> {written}: ...\n"
        )

    def imports(self, module: Module) -> str:
        """The import lines for the signatures of a module, for type checkers."""
        names = [f"{module.namespace}.{name}" for name in module.types]
        targets = [self.lists[name][1] for name in names if name in self.lists]
        targets += [target for name in names for target in self.items.get(name, ())]
        modules = {self._modules[target].dotted: self._modules[target] for target in targets}
        lines = "".join(
            f"    from {PACKAGE}.{each.namespace} import {each.role} as {_alias(each)}\n"
            for _, each in sorted(modules.items())
        )
        return f"if TYPE_CHECKING:\n{lines}" if lines else ""

    def _written(self, target: str) -> str:
        return f"{_alias(self._modules[target])}.{target.rpartition('.')[2]}"

    def module(self) -> str:
        """The source of the generated table, without its head; empty if there are no rules.

        A model that goes back as different parameters by its role has an entry for each of these.
        """
        names = sorted({*self._output_only, *self._refused})
        table = {n: " ".join(_words(self._output_only[n], self._refused[n])) for n in names}
        lines = "".join(f'    "{name}": "{words}",\n' for name, words in table.items() if words)
        if not lines:
            return ""
        return (
            '"""What of the output input refuses: by model, `key` and `key=value`."""\n'
            f"REFUSED: dict[str, str] = {{\n{lines}}}\n"
        )

    def _root(self, root: str, target: str) -> None:
        owner, _, name = root.rpartition(".")
        if owner in self._types:
            self.lists[owner] = (name, target)
            parts = self._parts(Typed(self._fields(owner)[name][0].type, owner.rpartition(".")[0]))
            unions = parts.items
        else:
            unions = [Typed(root, "")]
        for each in unions:
            self._note_unions(each, target)
            for model in self._parts(each).objects:
                for found in self._counterparts(model, self._parts(Typed(target, "")).objects):
                    self.items[model] = list(dict.fromkeys([*self.items[model], found]))
            self._descend(each, Typed(target, ""))

    def _note_unions(self, each: Typed, target: str) -> None:
        full = qualified(each.expression, each.namespace)
        _, type_ = self._types[full]
        if isinstance(type_, Alias):
            self._note_unions(Typed(type_.type, full.rpartition(".")[0]), target)
        elif isinstance(type_, Union):
            self.items[full] = [target]

    def _fields(self, full: str) -> dict[str, tuple[Field, str]]:
        """The fields of a class and of those that it is made from, each with its namespace."""
        namespace, type_ = self._types[full]
        assert isinstance(type_, Object), full
        found: dict[str, tuple[Field, str]] = {}
        for base in type_.bases:
            found |= self._fields(qualified(base, namespace))
        return found | {one.wire: (one, namespace) for one in type_.fields}

    def _parts(self, typed: Typed) -> Parts:
        parts = Parts()
        self._gather(typed, parts)
        return parts

    def _gather(self, typed: Typed, parts: Parts) -> None:
        for node in members(parsed(typed.expression)):
            if (values := literal_values(node)) is not None:
                parts.literals |= set(values)
            elif isinstance(node, ast.Subscript):
                if ast.unparse(node.value) in SEQUENCES:
                    parts.items.append(Typed(ast.unparse(node.slice), typed.namespace))
                parts.others.add(ast.unparse(node.value))
            else:
                self._gather_named(ast.unparse(node), typed.namespace, parts)

    def _gather_named(self, name: str, namespace: str, parts: Parts) -> None:
        full = qualified(name, namespace)
        home, type_ = self._types.get(full, ("", None))
        if isinstance(type_, Alias):
            self._gather(Typed(type_.type, home), parts)
        elif isinstance(type_, Union):
            for member in type_.members:
                self._gather_named(member, home, parts)
        elif type_ is not None:
            parts.objects.append(full)
        else:
            parts.others.add(name)

    def _tag(self, full: str, tag: str) -> set[object]:
        found = self._fields(full).get(tag)
        return self._parts(Typed(found[0].type, found[1])).literals if found else set()

    def _counterparts(self, model: str, candidates: Sequence[str], role: str = "") -> list[str]:
        """The parameter types that a model is when it is sent: one, or one for each role."""
        for tag in TAGS:
            values = {role} if role and tag == "role" else self._tag(model, tag)
            same = [one for one in candidates if values & self._tag(one, tag)]
            candidates = same if values else candidates
        roles = {role} if role else self._tag(model, "role")
        fitting = [one for one in candidates if roles <= self._tag(one, "role")]
        if len(candidates) > 1 and not role and not fitting:
            return list(dict.fromkeys(one for _, one in self._by_role(model, candidates)))
        own = self._fields(model).keys()
        return sorted(
            fitting or candidates,
            key=lambda one: (len(own - self._fields(one).keys()), len(self._tag(one, "role"))),
        )[:1]

    def _by_role(self, model: str, candidates: Sequence[str]) -> Iterator[tuple[str, str]]:
        for role in sorted(map(str, self._tag(model, "role"))):
            for found in self._counterparts(model, candidates, role):
                yield role, found

    def _descend(self, output: Typed, target: Typed) -> None:
        """Pair the models inside of two types, however deep they are in lists."""
        ours, theirs = self._parts(output), self._parts(target)
        for items in ours.items:
            for each in theirs.items:
                self._descend(items, each)
        for each in ours.objects:
            found = self._counterparts(each, theirs.objects)
            if len(found) == 1:
                self._pair(each, found[0], each)
            else:
                for role, one in self._by_role(each, theirs.objects) if found else ():
                    self._pair(each, one, f"{each}:{role}")

    def _pair(self, model: str, target: str, entry: str) -> None:
        if (entry, target) in self._seen:
            return
        self._seen.add((entry, target))
        theirs = self._fields(target)
        for key, (own, namespace) in self._fields(model).items():
            if key not in theirs:
                self._output_only[entry].add(key)
                continue
            other, home = theirs[key]
            output, input_ = Typed(own.type, namespace), Typed(other.type, home)
            if not other.required:  # what must be there cannot be left out, whatever it is
                self._refused[entry][key] |= self._values_refused(output, input_)
            self._descend(output, input_)

    def _values_refused(self, output: Typed, target: Typed) -> set[object]:
        ours, theirs = self._parts(output), self._parts(target)
        null: set[object] = set() if theirs.takes_null else {None}
        is_open = not theirs.literals or "str" in theirs.others
        return null if is_open else null | (ours.literals - theirs.literals)


def _alias(module: Module) -> str:
    """A name for a module of parameters that no type has."""
    return module.dotted.replace(".", "_")


def _words(output_only: set[str], refused: dict[str, set[object]]) -> Iterator[str]:
    yield from sorted(output_only)
    for key, values in sorted(refused.items()):
        for value in sorted(values, key=str) if key not in output_only else ():
            yield f"{key}={value if isinstance(value, str) else json.dumps(value)}"
