"""Tables of contents that import nothing until a name is used (PEP 562).

Every package root and every generated namespace is such a table. It knows names and modules only.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def lazy_exports(
    package: str, table: Mapping[str, str]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Make the `__getattr__` and the `__dir__` of a package whose names live in other modules.

    Args:
        package: the name of the package, its `__name__`.
        table: from each public name to the module that defines it.

    Returns:
        The two functions; a name that was fetched stays in the package's globals.
    """
    namespace = sys.modules[package].__dict__

    def fetch(name: str) -> object:
        module = table.get(name)
        if module is None:
            message = f"module {package!r} has no attribute {name!r}"
            raise AttributeError(message)
        value: object = getattr(import_module(module), name)
        namespace[name] = value
        return value

    def names() -> list[str]:
        return sorted({*namespace, *table})

    return fetch, names
