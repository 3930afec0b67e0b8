"""What a generated module calls the types of other modules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from codegen.description import Description, Module
from codegen.order import references_of

PACKAGE = "openai_types"


def qualified(name: str, namespace: str) -> str:
    """A name with its namespace."""
    return name if "." in name else f"{namespace}.{name}"


def homes(description: Description) -> dict[str, str]:
    """The module of each type, by its name with the namespace."""
    found = {
        f"{module.namespace}.{type_.name}": f"{PACKAGE}.{module.dotted}"
        for module, type_ in description.types()
    }
    return found | dict(description.handwritten)


class Names:
    """The names that one module uses for the types it is made of.

    A type of another namespace keeps its name; if that is taken in the module or its namespace, the
    namespace's name comes before it: type checkers take what a module imports for a part of it.
    """

    def __init__(self, module: Module, where: Mapping[str, str]) -> None:
        self._module = module
        self._where = where
        taken: defaultdict[str, set[str]] = defaultdict(set)
        foreign = {
            full
            for type_ in module.types.values()
            for name in references_of(type_)
            if self._home(full := qualified(name, module.namespace)) != self._own
        }
        for full in foreign | {f"{module.namespace}.{name}" for name in module.types}:
            taken[full.rpartition(".")[2]].add(full)
        self.taken = set(taken)
        self._foreign = {
            full: _prefixed(full)
            if len(taken[full.rpartition(".")[2]]) > 1 or self._is_hiding(full)
            else full.rpartition(".")[2]
            for full in sorted(foreign)
        }

    def _is_hiding(self, full: str) -> bool:
        """Whether a type of another namespace has the name of one of this."""
        namespace, _, name = full.rpartition(".")
        own = self._module.namespace
        return namespace != own and f"{own}.{name}" in self._where

    @property
    def _own(self) -> str:
        return f"{PACKAGE}.{self._module.dotted}"

    def _home(self, full: str) -> str:
        return self._where.get(full, "")

    def local(self, name: str) -> str:
        """What the module calls a type."""
        full = qualified(name, self._module.namespace)
        return self._foreign.get(full, full.rpartition(".")[2])

    def imports(self) -> Iterator[tuple[str, str]]:
        """The modules to import from, each with a name or `name as other`."""
        for full, local in self._foreign.items():
            name = full.rpartition(".")[2]
            yield self._home(full), name if name == local else f"{name} as {local}"


def _prefixed(full: str) -> str:
    namespace, _, name = full.rpartition(".")
    return "".join(part.capitalize() for part in namespace.rpartition(".")[2].split("_")) + name
