"""Tables of contents that import nothing until a name is used (PEP 562).

Every package root and every generated namespace is such a table. It knows names and modules only.
"""

from __future__ import annotations

import gc
import sys
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import ModuleType


Lazy: TypeAlias = "tuple[Callable[[str], object], Callable[[], list[str]]]"


def lazy_exports(
    package: str, table: Mapping[str, str], *, rest: str = "", inside: str = ""
) -> Lazy:
    """Make the `__getattr__` and the `__dir__` of a package whose names live in other modules.

    Args:
        package: the name of the package, its `__name__`.
        table: from each public name to the module that defines it.
        rest: a package whose public names are names of this one too.
        inside: the names of the packages in this one, separated by spaces.

    Returns:
        The two functions; a name that was fetched stays in the package's globals.
    """
    namespace = sys.modules[package].__dict__
    packages = frozenset(inside.split())

    def fetch(name: str) -> object:
        if name in packages:
            return import_module(f"{package}.{name}")
        if name == "__all__":
            return sorted({*table, *(import_module(rest).__all__ if rest else ())})
        module = table.get(name) or ("" if name.startswith("_") else rest)
        try:
            value: object = getattr(_imported(module), name) if module else _MISSING
        except AttributeError:
            value = _MISSING
        if value is _MISSING:
            message = f"module {package!r} has no attribute {name!r}"
            raise AttributeError(message)
        namespace[name] = value
        return value

    def names() -> list[str]:
        others = import_module(rest).__all__ if rest else ()
        return sorted({*namespace, *table, *packages, *others})

    return fetch, names


def lazy_namespace(package: str, table: Mapping[str, str], *, inside: str = "") -> Lazy:
    """As `lazy_exports`, for a generated namespace, whose table is written the other way round.

    Args:
        package: the name of the namespace's package, its `__name__`.
        table: from each module, of the package unless its name is dotted, to its public names.
        inside: the names of the namespaces in this one.
    """
    homes = {
        name: module if "." in module else f"{package}.{module}"
        for module, names in table.items()
        for name in names.split()
    }
    sys.modules[package].__dict__["__all__"] = sorted(homes)
    return lazy_exports(package, homes, inside=inside)


def _imported(module: str) -> ModuleType:
    loaded = sys.modules.get(module)
    # Another thread may be importing it, which `import_module` waits for.
    if loaded is not None and not getattr(loaded.__spec__, "_initializing", False):
        return loaded
    with without_collection():
        return import_module(module)


@contextmanager
def without_collection() -> Iterator[None]:
    """Do not look for garbage meanwhile: for what makes much that is there to stay."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


_MISSING = object()
