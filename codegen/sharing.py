"""Types that say the same, said once.

The official package repeats a type that is inside of others for each of them: the caller of a tool
call exists a dozen times. Here the first such type of a module stands for all, and the others
remain as names for it. Public types stay classes of their own, as users tell them apart.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import replace

from codegen.description import Alias, Description, Module, Object, Type, Union
from codegen.expressions import references

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
    for module in description.modules:
        found = _same(module, private, used)
        same |= {
            f"{module.namespace}.{name}": f"{module.namespace}.{one}" for name, one in found.items()
        }
    for module in description.modules:
        own = _seen_from(module.namespace, same)
        for name, type_ in module.types.items():
            one = same.get(f"{module.namespace}.{name}")
            module.types[name] = (
                Alias(name, one.rpartition(".")[2]) if one else _renamed(type_, own)
            )
    return len(same)


def _same(module: Module, private: Container[str], used: Container[str]) -> dict[str, str]:
    """From each name of a module that can be spared to the one that stands for it."""

    def may_go(name: str) -> bool:
        full = f"{module.namespace}.{name}"
        return full in private and full not in used

    # What stays comes first, then what has the shorter name.
    names = sorted(module.types, key=lambda name: (may_go(name), len(name), name))
    same: dict[str, str] = {}
    while True:
        first: dict[object, str] = {}
        found: dict[str, str] = {}
        for name in names:
            if not isinstance(module.types[name], Alias):
                stands = first.setdefault(_content(module.types[name], same), name)
                if stands != name and may_go(name):
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
