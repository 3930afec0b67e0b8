"""An installed official package, as far as it can be asked what it has.

Nothing of it is imported before a comparison is asked for. Reads names, fields and literals from
the running package; what its documents or its source say is no concern here.
"""

from __future__ import annotations

import importlib
import inspect
import typing
from collections.abc import Iterator
from typing import Any

from codegen.checking.compare import LITERAL, VALUE, Comparison, Finding
from codegen.description import Description, Object
from codegen.importing.correspondence import Correspondence
from codegen.importing.openapi import Document

PACKAGE = "openai"
OPTIONS = {"self", "extra_headers", "extra_query", "extra_body", "timeout"}
ROOT = "shared"


def with_package(description: Description, reasons: dict[str, str]) -> Comparison:
    """Compare with the official package of this environment."""
    same = Correspondence(description, Document({"openapi": "3.1.0"}))
    findings = [*_operations(description), *_types(description, same)]
    return Comparison(f"official package {_version()}", findings, reasons)


def _version() -> str:
    return str(importlib.import_module(PACKAGE).__version__)


def _operations(description: Description) -> Iterator[Finding]:
    """Every public method of every resource, with its parameters."""
    client: Any = importlib.import_module(PACKAGE).OpenAI(
        api_key="none", admin_api_key="none"
    )  # Any: theirs
    here = {each.name: each for each in description.operations}
    for resource in description.resources:
        if resource.alias_of:
            continue
        found: Any = client
        for step in resource.path.split("."):
            found = getattr(found, step)
        members: dict[str, Any] = dict(inspect.getmembers_static(found.__class__))
        for name, method in members.items():
            if name.startswith(("_", "with_")) or not inspect.isfunction(method):
                continue
            full = f"{resource.path}.{name}"
            known = full in here or full in description.open
            yield Finding("operations", full, "" if known else "missing")
            if full in here:
                names = {each.name for each in here[full].parameters}
                for parameter in set(inspect.signature(method).parameters) - OPTIONS:
                    problem = "" if parameter in names else "missing"
                    yield Finding("parameters", f"{full}({parameter})", problem)


def _types(description: Description, same: Correspondence) -> Iterator[Finding]:
    described = {f"{module.namespace}.{type_.name}": type_ for module, type_ in description.types()}
    for namespace in description.namespaces:
        path = f"{PACKAGE}.types" if namespace == ROOT else f"{PACKAGE}.types.{namespace}"
        module: Any = importlib.import_module(path)
        exported: dict[str, Any] = module.__dict__
        for name, value in sorted(exported.items()):
            if name.startswith("_") or inspect.ismodule(value) or name == "annotations":
                continue
            full = f"{namespace}.{name}"
            known = full in described or full in description.handwritten
            yield Finding("types", full, "" if known else "missing")
            if isinstance(described.get(full), Object) and isinstance(value, type):
                yield from _fields(full, value, same)


def _fields(full: str, official: Any, same: Correspondence) -> Iterator[Finding]:
    fields = {field.attribute or field.wire: field for field in same.fields(full).values()}
    declared: dict[str, Any] = getattr(official, "model_fields", None) or _hints(official)
    for name, theirs in declared.items():
        yield Finding("fields", f"{full}.{name}", "" if name in fields else "missing")
        if name in fields:
            namespace = full.rpartition(".")[0]
            written = same.expanded(fields[name].type, namespace)
            known = {value for part in LITERAL.findall(written) for value in VALUE.findall(part)}
            for value in sorted(set(_literals(getattr(theirs, "annotation", theirs)))):
                problem = "" if value in known else "missing"
                yield Finding("literals", f"{full}.{name} = {value}", problem)


def _hints(official: Any) -> dict[str, Any]:
    try:
        return typing.get_type_hints(official)
    except Exception:  # noqa: BLE001 - a name that their module imports for type checkers only
        return dict(getattr(official, "__annotations__", {}))


def _literals(annotation: Any) -> Iterator[str]:
    """The texts of the literals of an annotation, those inside of lists included."""
    if typing.get_origin(annotation) is typing.Literal:
        yield from (value for value in typing.get_args(annotation) if isinstance(value, str))
    elif typing.get_origin(annotation) is not None:
        for part in typing.get_args(annotation):
            yield from _literals(part)
