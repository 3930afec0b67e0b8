"""Types that say the same, said once.

The official package repeats a type that is inside of others for each of them: the caller of a tool
call exists a dozen times. Here the first such type of a module, or of the objects of its namespace,
stands for all, and the others remain as names for it. Public types stay classes of their own, as
users tell them apart.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import replace

from codegen.description import Alias, Description, Module, Object, Type, Union
from codegen.expressions import references

BASE = "objects"  # the role of the module that others of its namespace may refer to
QUOTED = re.compile(r"('[^']*')")
NAME = re.compile(r"[A-Za-z_][\w.]*")


def share(description: Description, private: Container[str]) -> int:
    """Let equal types of a module be one, in place; returns how many became names of others.

    Args:
        description: the description.
        private: the names, with the namespace, of types that may become names of others.
    """
    used = {
        name
        for each in description.operations
        for written in (each.returns, each.streams or "None", *each.params)
        for name in references(written)
    }

    same: dict[str, str] = {}
    # The objects of a namespace come first: its other models may be names of theirs.
    for module in sorted(description.modules, key=lambda each: each.role != BASE):
        namespace = module.namespace
        base = next(
            (m for m in description.modules if (m.namespace, m.role) == (namespace, BASE)), None
        )
        beside = base if base is not module and module.kind != "params" else None
        full = {name: f"{namespace}.{name}" for name in module.types}
        movable = {name for name in full if full[name] in private and full[name] not in used}
        found = _same(module, beside, _seen_from(namespace, same), movable)
        same |= {f"{namespace}.{name}": f"{namespace}.{one}" for name, one in found.items()}
    for module in description.modules:
        own = _seen_from(module.namespace, same)
        for name, type_ in module.types.items():
            one = same.get(f"{module.namespace}.{name}")
            module.types[name] = (
                Alias(name, one.rpartition(".")[2]) if one else _renamed(type_, own)
            )
    return len(same)


def _same(
    module: Module, beside: Module | None, known: dict[str, str], movable: Container[str]
) -> dict[str, str]:
    """From each name of a module that can be spared to the one that stands for it.

    Args:
        module: the module.
        beside: another module of the namespace, whose types may stand for those of this one.
        known: what is decided already.
        movable: the names that can be spared.
    """
    types = {**(beside.types if beside else {}), **module.types}
    # What stays comes first, then what has the shorter name.
    names = sorted(types, key=lambda name: (name in movable, len(name), name))
    same: dict[str, str] = {}
    while True:
        first: dict[object, str] = {}
        found: dict[str, str] = {}
        for name in names:
            if not isinstance(types[name], Alias) and name not in known:
                stands = first.setdefault(_content(types[name], known | same), name)
                if stands != name and name in movable:
                    found[name] = stands
        if found == same:  # equal parts make equal wholes: until nothing new is equal
            return same
        same = found


def _content(type_: Type, same: dict[str, str]) -> object:
    """What a type says, without its name."""
    if isinstance(type_, Union):
        return Union, tuple(same.get(each, each) for each in type_.members), type_.tags
    assert isinstance(type_, Object)
    fields = tuple((each.key, _replaced(each.type, same)) for each in type_.fields)
    return type_.kind, fields, type_.bases, type_.mixin


def _seen_from(namespace: str, same: dict[str, str]) -> dict[str, str]:
    """The names as a namespace has them: its own without it."""

    def short(full: str) -> str:
        home, _, last = full.rpartition(".")
        return last if home == namespace else full

    return {short(name): short(one) for name, one in same.items()}


def _renamed(type_: Type, own: dict[str, str]) -> Type:
    """A type that names what stands for others instead of these."""
    if isinstance(type_, Union):
        return replace(type_, members=tuple(dict.fromkeys(own.get(m, m) for m in type_.members)))
    if isinstance(type_, Alias):
        return replace(type_, type=_replaced(type_.type, own))
    fields = tuple(replace(each, type=_replaced(each.type, own)) for each in type_.fields)
    return replace(type_, fields=fields, bases=tuple(own.get(each, each) for each in type_.bases))


def _replaced(expression: str, same: dict[str, str]) -> str:
    return "".join(
        part if part.startswith("'") else NAME.sub(lambda found: same.get(found[0], found[0]), part)
        for part in QUOTED.split(expression)
    )
