"""Corrections of what is imported, each with its reason and the value that it corrects.

A correction whose expected value is no longer there fails the import: the input has changed, and
the correction is to be looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import yaml

from codegen.description import Description, Field, Module, Object, entry_of, type_of
from codegen.operations import entry, operation

ROUTE = re.compile(r"[a-z]+ /\S*")
TARGETS = ("field", "type", "operation", "fact", "absent")


class OverlayError(ValueError):
    """An overlay that cannot be applied."""


@dataclass(frozen=True)
class Overlay:
    """One correction.

    Attributes:
        reason: why it is there.
        target: what is corrected: one of `TARGETS`.
        name: of the field (`namespace.Type.wire`), the type, the operation, the fact of one
            (`name_of_operation.fact`), or for "absent" a route of the document that is left out.
        expect: the value as imported; None where there is nothing.
        value: the value instead; None to take it away.
        role: of a type that neither input has, the module of its namespace that it goes into.
    """

    reason: str
    target: str
    name: str
    expect: Any  # Any: YAML, as in the description
    value: Any  # Any: the same
    role: str | None = None

    def __str__(self) -> str:
        return f"{self.target} {self.name}"


def read(folder: Path) -> list[Overlay]:
    """The overlays of all files of a folder.

    Raises:
        OverlayError: one has no reason, or not exactly one target.
    """
    return [
        _overlay(path.name, written)
        for path in sorted(folder.glob("*.yaml"))
        for written in _listed(path)
    ]


def _listed(path: Path) -> list[Any]:  # Any: YAML
    try:
        found: object = yaml.safe_load(path.read_text()) or []
    except yaml.YAMLError as error:
        raise OverlayError(f"{path.name} is no YAML: {error}") from error
    if not isinstance(found, list):
        raise OverlayError(f"{path.name} has no list: write each correction after a -")
    return cast("list[Any]", found)


def absent(overlays: list[Overlay]) -> list[str]:
    """The routes that are left out."""
    return [each.name for each in overlays if each.target == "absent"]


def apply(overlays: list[Overlay], description: Description) -> None:
    """Correct a description, in place.

    Raises:
        OverlayError: an expected value is not there; the message has all of them.
    """
    problems = [problem for each in overlays for problem in _apply(each, description)]
    if problems:
        raise OverlayError("\n".join(problems))


def _overlay(file: str, given: object) -> Overlay:
    written = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
    targets = [target for target in TARGETS if target in written]
    if len(targets) != 1 or not written.get("reason"):
        raise OverlayError(f"{file}: {given} needs a reason and one of {', '.join(TARGETS)}")
    if targets == ["absent"] and not ROUTE.fullmatch(str(written["absent"])):
        raise OverlayError(f"{file}: {written['absent']!r} is no route: write it as 'post /path'")
    return Overlay(
        written["reason"],
        targets[0],
        written[targets[0]],
        written.get("expect"),
        written.get("value"),
        written.get("role"),
    )


def _apply(overlay: Overlay, description: Description) -> Iterator[str]:
    if overlay.target == "operation":
        yield from _apply_to_operation(overlay, description)
    elif overlay.target == "fact":
        yield from _apply_to_fact(overlay, description)
    elif overlay.target != "absent":
        name = overlay.name if overlay.target == "type" else overlay.name.rpartition(".")[0]
        module = _module_of(description, name, overlay.role)
        if module is None:
            yield f"{overlay}: there is no type {name}"
        elif overlay.target == "type":
            yield from _apply_to_type(overlay, module)
        else:
            yield from _apply_to_field(overlay, module)


def _apply_to_operation(overlay: Overlay, description: Description) -> Iterator[str]:
    found = next((each for each in description.operations if each.name == overlay.name), None)
    if (entry(found) if found else None) != overlay.expect:
        yield _unexpected(overlay, entry(found) if found else None)
        return
    description.operations[:] = [each for each in description.operations if each is not found]
    if overlay.value is not None:
        description.operations.append(operation(overlay.name, overlay.value))
        description.operations.sort(key=lambda each: each.name)


def _apply_to_fact(overlay: Overlay, description: Description) -> Iterator[str]:
    """A fact is written as in the entry of its operation."""
    name, _, fact = overlay.name.rpartition(".")
    found = next((each for each in description.operations if each.name == name), None)
    if found is None:
        yield f"{overlay}: there is no operation {name}"
        return
    facts = entry(found)
    if facts.get(fact) != overlay.expect:
        yield _unexpected(overlay, facts.get(fact))
        return
    changed = {key: value for key, value in facts.items() if key != fact}
    if overlay.value is not None:
        changed[fact] = overlay.value
    index = description.operations.index(found)
    description.operations[index] = operation(name, changed)


def _apply_to_type(overlay: Overlay, module: Module) -> Iterator[str]:
    name = overlay.name.rpartition(".")[2]
    current = entry_of(module.types[name]) if name in module.types else None
    if current != overlay.expect:
        yield _unexpected(overlay, current)
        return
    module.types.pop(name, None)
    if overlay.value is not None:
        module.types[name] = type_of(name, overlay.value)


def _apply_to_field(overlay: Overlay, module: Module) -> Iterator[str]:
    """A field is written as in the description: `{"name?": "type"}`."""
    owner, _, wire = overlay.name.rpartition(".")
    type_ = module.types[owner.rpartition(".")[2]]
    if not isinstance(type_, Object):
        yield f"{overlay}: {owner} has no fields"
        return
    current = next(({each.key: each.type} for each in type_.fields if each.wire == wire), None)
    if current != overlay.expect:
        yield _unexpected(overlay, current)
        return
    value: dict[str, str] = overlay.value or {}
    made = [Field.read(key, written) for key, written in value.items()]
    kept = [each for each in type_.fields if each.wire != wire]
    fields = sorted([*kept, *made], key=lambda each: each.wire)
    module.types[type_.name] = replace(type_, fields=tuple(fields))


def _module_of(description: Description, name: str, role: str | None) -> Module | None:
    namespace, _, last = name.rpartition(".")
    for module in description.modules:
        if module.namespace == namespace and (last in module.types or module.role == role):
            return module
    return None


def _unexpected(overlay: Overlay, current: object) -> str:
    return f"{overlay}: expected {overlay.expect}, found {current}: look whether it is still needed"
