"""The tables of contents of the generated packages, and their mirror in `openai_suite.types`.

At run time a table is text: a name loads the module that has it. Type checkers do not see it, since
with a `__getattr__` every name would exist for them; they follow the star imports.
"""

from __future__ import annotations

from codegen.description import KINDS, Description, Module, Union
from codegen.names import PACKAGE

MIRROR = "openai_suite.types"
PATHS = "openai_suite.official_paths"


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
    checked.append(f"from {source if namespace else f'{PACKAGE}.shared'} import *")
    checked += [] if namespace else [f"from {PACKAGE} import BaseModel as BaseModel"]
    return (
        f'"""`{source}` under the name that users of the official package expect."""\n'
        f"from typing import TYPE_CHECKING\nfrom {PACKAGE}.lazy import lazy_exports\n"
        f"from {PATHS} import register\n{_checking(checked)}"
        "else:\n    __getattr__, __dir__ = "
        f"lazy_exports(__name__, {{}}, rest={source!r}, {_inside(inside)})\n"
        f'    register(__name__, """\n{_wrapped(description.paths.get(namespace, []))}\n""")\n'
    )


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


def _inside(names: list[str]) -> str:
    return f"inside={' '.join(names)!r}"
