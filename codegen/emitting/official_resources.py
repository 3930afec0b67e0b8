"""The modules of the official package's resources, which have the classes of `openai_http`.

Who annotates with a class of operations, or instruments its methods, imports it from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codegen.description import Description
from codegen.emitting.resources import HTTP, class_names
from codegen.names import PACKAGE
from codegen.operations import Resource

MIRROR = "openai_suite.resources"

# The package with the classes of a group's connections, which are written by hand, and their names.
CONNECTIONS = {
    "realtime": (
        "openai_realtime",
        [f"{a}RealtimeConnection{z}" for a in ("", "Async") for z in ("", "Manager")],
    )
}


def official_resources(description: Description) -> Iterator[tuple[str, str]]:
    """The path and the source of each module of `openai_suite.resources`."""
    resources = [each for each in description.resources if not each.alias_of]
    imports: dict[str, tuple[str, ...]] = {}
    for top in (each for each in resources if "." not in each.path):
        inside = [each for each in resources if f"{each.path}.".startswith(f"{top.path}.")]
        for path, name in class_names(inside).items():
            there = next(each.class_name for each in inside if each.path == path)
            imports[path] = tuple(_import(top, name, there, prefix) for prefix in ("", "Async"))
    yield "__init__.py", _root([each for each in resources if "." not in each.path])
    for each in resources:
        path = each.path.replace(".", "/")
        below = [one for one in resources if one.path.rpartition(".")[0] == each.path]
        if below:
            inside = [
                f"from {MIRROR}.{each.path} import {name} as {name}"
                for name in (one.path.rpartition(".")[2] for one in below)
            ]
            yield f"{path}/__init__.py", _module(each.path, [each, *below], imports, inside)
            yield f"{path}/{each.path.rpartition('.')[2]}.py", _module(each.path, [each], imports)
        else:
            yield f"{path}.py", _module(each.path, [each], imports)


def _import(top: Resource, name: str, there: str, prefix: str) -> str:
    renamed = "" if name == there else f" as {prefix}{there}"
    return f"from {HTTP}.resources.{top.path} import {prefix}{name}{renamed}"


def _module(
    path: str,
    listed: list[Resource],
    imports: dict[str, tuple[str, ...]],
    inside: Sequence[str] = (),
) -> str:
    classes = (each.class_name for each in listed)
    names = [name for each in classes for name in (each, f"Async{each}")]
    if path in CONNECTIONS and not inside:
        home, connections = CONNECTIONS[path]
        inside = [f"from {home} import {', '.join(connections)}"]
        names += connections
    lines = [
        f'"""The operations of `client.{path}`."""',
        *inside,
        *(line for each in listed for line in imports[each.path]),
        f"__all__ = {sorted(names)}\n",
    ]
    return "\n".join(lines)


def _root(tops: list[Resource]) -> str:
    """The package itself, which imports a group when it is used."""
    homes = {
        f"{prefix}{each.class_name}": f"{HTTP}.resources.{each.path}"
        for each in tops
        for prefix in ("", "Async")
    }
    checked = [
        *(f"from {MIRROR} import {each.path} as {each.path}" for each in tops),
        *(f"from {home} import {name} as {name}" for name, home in homes.items()),
    ]
    inside = " ".join(each.path for each in tops)
    return (
        '"""The groups of operations, in the modules of the official package."""\n'
        f"from typing import TYPE_CHECKING\nfrom {PACKAGE}.lazy import lazy_exports\n"
        "if TYPE_CHECKING:\n" + "".join(f"    {line}\n" for line in checked) + "else:\n"
        f'    __getattr__, __dir__ = lazy_exports(__name__, {homes}, inside="{inside}")\n'
    )
