"""The tables of contents of the generated packages, and their mirror in `openai_suite.types`.

At run time a table is text: a name loads the module that has it. Type checkers do not see it, since
with a `__getattr__` every name would exist for them; they follow the star imports.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from codegen.description import KINDS, Alias, Description, Module, Union
from codegen.names import PACKAGE, homes, qualified

MIRROR = "openai_suite.types"


def exported(module: Module) -> list[str]:
    """The public names of a module, those of the unions' unknown members included."""
    unknown = [f"Unknown{t.name}" for t in module.types.values() if isinstance(t, Union)]
    return sorted([*module.types, *unknown])


def contents(description: Description, namespace: str) -> str:
    """The table of a namespace."""
    modules = [module for module in description.modules if module.namespace == namespace]
    modules.sort(key=lambda module: (KINDS.index(module.kind), module.role))
    inside = description.inside(namespace)
    package = f"{PACKAGE}.{namespace}"
    checked = [f"from {package}.{module.role} import *" for module in modules]
    checked += [f"from {package} import {name} as {name}" for name in inside]
    table = {module.role: exported(module) for module in modules}
    for full, home in sorted(description.handwritten.items()):
        if full.rpartition(".")[0] == namespace:
            name = full.rpartition(".")[2]
            checked.append(f"from {home} import {name} as {name}")
            table.setdefault(home, []).append(name)
    arguments = f"__name__, {{{_written(table)}}}, {_inside(inside)}"
    return (
        f'"""The types of the namespace `{namespace}`, loaded when they are used."""\n'
        f"from typing import TYPE_CHECKING\nfrom {PACKAGE}.lazy import lazy_namespace\n"
        f"{_checking(checked)}"
        f"else:\n    __getattr__, __dir__ = lazy_namespace({arguments})\n"
    )


def root(description: Description) -> str:
    """What `openai_types` itself shows: each namespace, and the names of `shared`."""
    inside = description.inside("")
    checked = [f"from {PACKAGE} import {name} as {name}" for name in inside]
    return (
        '"""The namespaces, for the table of contents of `openai_types`."""\n'
        "from typing import TYPE_CHECKING\n"
        f"{_checking([*checked, f'from {PACKAGE}.shared import *'])}"
        f"NAMESPACES = {' '.join(inside)!r}\n"
    )


def mirror(description: Description, namespace: str) -> str:
    """A namespace of `openai_suite.types`, or with an empty name that package itself."""
    source = f"{PACKAGE}.{namespace}" if namespace else PACKAGE
    inside = description.inside(namespace)
    package = f"{MIRROR}.{namespace}" if namespace else MIRROR
    checked = [f"from {package} import {name} as {name}" for name in inside]
    paths = [each.rpartition(".") for each in description.paths]
    modules = [name for parent, _, name in paths if parent == namespace]
    checked.append(f"from {source if namespace else f'{PACKAGE}.shared'} import *")
    checked += [] if namespace else [f"from {PACKAGE} import BaseModel as BaseModel"]
    return (
        f'"""`{source}` under the name that users of the official package expect."""\n'
        f"from typing import TYPE_CHECKING\nfrom {PACKAGE}.lazy import lazy_exports\n"
        f"{_checking(checked)}"
        "else:\n    __getattr__, __dir__ = "
        f"lazy_exports(__name__, {{}}, rest={source!r}, {_inside([*inside, *modules])})\n"
    )


def official_modules(description: Description) -> Iterator[tuple[str, str]]:
    """The modules of the official package's types, each with its path and its source.

    One would do for all of them at run time, but type checkers and tools that collect what a
    program imports look for files.
    """
    where = homes(description)
    targets = {
        f"{module.namespace}.{type_.name}": qualified(type_.type, module.namespace)
        for module, type_ in description.types()
        if isinstance(type_, Alias)
    }
    for path, written in description.paths.items():
        parts = [each.partition(" as ") for each in written.split(", ")]
        types = [(full, there or full.rpartition(".")[2]) for full, _, there in parts]
        lines = [
            f'"""`{path}` of the official package\'s types."""',
            *(_imported(full, there, where, targets) for full, there in types),
            f"__all__ = {sorted(there for _, there in types if there[0] != '_')}",
        ]
        yield path, "\n".join(lines) + "\n"


def _imported(full: str, there: str, where: Mapping[str, str], targets: Mapping[str, str]) -> str:
    """The import of a type under the name that a module has for it."""
    namespace, _, name = full.rpartition(".")
    if name.startswith("_"):  # a helper for keys that are keywords of Python, as in `emit`
        owner = f"{namespace}.{name[1:].removesuffix('Keywords')}"
        full = targets.get(owner, owner)
        name = f"_{full.rpartition('.')[2]}Keywords"
    return f"from {where[full]} import {name if name == there else f'{name} as {there}'}"


def _checking(lines: list[str]) -> str:
    return "if TYPE_CHECKING:\n" + "".join(f"    {line}\n" for line in lines)


def _written(table: dict[str, list[str]]) -> str:
    """The table as source: the names of a module are words of one text."""
    return ", ".join(f'"{module}": """\n{_wrapped(names)}\n"""' for module, names in table.items())


def _wrapped(names: list[str], width: int = 100) -> str:
    lines = [""]
    for name in names:
        if lines[-1] and len(lines[-1]) + 1 + len(name) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {name}".strip()
    return "\n".join(lines)


def _inside(names: list[str], width: int = 80) -> str:
    words = " ".join(names)
    return f"inside={words!r}" if len(words) <= width else f'inside="""\n{_wrapped(names)}\n"""'
