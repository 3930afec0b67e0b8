"""In which order a module defines its types."""

from __future__ import annotations

from collections.abc import Iterator

from codegen.description import Alias, Module, Object, Type, Union
from codegen.expressions import references


def references_of(type_: Type) -> Iterator[str]:
    """The types that a type is made of."""
    yield from needed(type_)
    if isinstance(type_, Object):
        for field in type_.fields:
            yield from references(field.type)


def needed(type_: Type) -> Iterator[str]:
    """The types that must be there before a type is: a field's type need not."""
    if isinstance(type_, Union):
        yield from type_.members
    elif isinstance(type_, Alias):
        yield from references(type_.type)
    else:
        yield from type_.bases


def in_order(module: Module) -> list[Type]:
    """The types of a module, each after what it is made of where that is possible.

    Unions and aliases come after all that they name. Where models refer to each other, a field
    names a type further down.
    """
    ordered: dict[str, Type] = {}
    entered: set[str] = set()

    def ready(name: str) -> bool:
        return all(each in ordered for each in needed(module.types[name]) if each in module.types)

    def visit(name: str) -> None:
        if name in entered or name not in module.types:
            return
        entered.add(name)
        for each in references_of(module.types[name]):
            visit(each)
        if ready(name):
            ordered[name] = module.types[name]
        else:  # what it needs is being defined: come back to it afterwards
            entered.discard(name)

    while len(ordered) < len(module.types):
        before = len(ordered)
        for name in sorted(module.types):
            visit(name)
        if len(ordered) == before:
            message = (
                f"{module.path}: these need each other: {sorted(set(module.types) - set(ordered))}"
            )
            raise ValueError(message)
    return list(ordered.values())
