"""What must hold of a description before anything is generated from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from codegen.description import Alias, Description, Module, Object, Type, Union
from codegen.expressions import references
from codegen.names import homes, qualified
from codegen.operations import FILE, Operation
from codegen.order import references_of

HELPER = re.compile(r"\._(\w+)Keywords$")  # for keys that are keywords of Python, in `emit`
Index = dict[str, tuple[Module, Type]]


def faults(description: Description) -> Iterator[str]:
    """Every fault, as a line that names the file and the entry."""
    index: Index = {}
    for module, type_ in description.types():
        name = f"{module.namespace}.{type_.name}"
        if name in index:
            yield f"{module.path}: {type_.name} is in {index[name][0].path} too"
        if name in description.handwritten:
            by_hand = description.handwritten[name]
            yield f"{module.path}: {type_.name} is written by hand in {by_hand}"
        index[name] = (module, type_)
    known = {*index, *description.handwritten}
    for module, type_ in description.types():
        yield from _faults_of(module, type_, index, known)
    yield from _cycles(description)
    for operation in description.operations:
        yield from _faults_of_operation(operation, known)
    yield from _docs_of_nothing(description, known)
    yield from _inputs_of_nothing(description, known)
    yield from _paths_to_nothing(description, known)


def _paths_to_nothing(description: Description, known: set[str]) -> Iterator[str]:
    for path, written in description.paths.items():
        types = (each.partition(" as ")[0] for each in written.split(", "))
        helped = (HELPER.sub(r".\1", each) for each in types)
        yield from (
            f"paths.yaml: {path} has {each}, which is nowhere"
            for each in helped
            if each not in known
        )


def _inputs_of_nothing(description: Description, known: set[str]) -> Iterator[str]:
    for root, target in description.inputs.items():
        owner = root if root in known else root.rpartition(".")[0]
        missing = [each for each in (owner, target) if each not in known]
        yield from (f"inputs.yaml: {root} needs {each}, which is nowhere" for each in missing)


def _docs_of_nothing(description: Description, known: set[str]) -> Iterator[str]:
    operations = {each.name for each in description.operations}
    parameters = {each.name for one in description.operations for each in one.parameters}
    specific = (each for each in description.parameter_docs if "." in each)
    missing = [
        *(each for each in description.docs if each not in known),
        *(each for each in description.operation_docs if each not in operations),
        *(
            each
            for each in description.parameter_docs
            if "." not in each and each not in parameters
        ),
        *(each for each in specific if each.rpartition(".")[0] not in known),
    ]
    yield from (f"docs: {name} is nowhere" for name in missing)


def _faults_of(module: Module, type_: Type, index: Index, known: set[str]) -> Iterator[str]:
    where = f"{module.path}: {type_.name}"
    used = {qualified(each, module.namespace) for each in references_of(type_)}
    yield from (f"{where} refers to {each}, which is nowhere" for each in sorted(used - known))
    if isinstance(type_, Union):
        for member in type_.members:
            full = qualified(member, module.namespace)
            if full in index and not _has_tag(full, type_.tags[0], index):
                yield f"{where}: its member {member} has no literal {type_.tags[0]}"
    if isinstance(type_, Object):
        attributes = [field.attribute or field.wire for field in type_.fields]
        twice = {each for each in attributes if attributes.count(each) > 1}
        yield from (f"{where} has two fields {each}" for each in sorted(twice))


def _cycles(description: Description) -> Iterator[str]:
    """Modules that need each other could not be imported."""
    where = homes(description)
    needs: dict[str, set[str]] = {}
    for module, type_ in description.types():
        own = where[f"{module.namespace}.{type_.name}"]
        used = {where.get(qualified(each, module.namespace), own) for each in references_of(type_)}
        needs.setdefault(own, set()).update(used - {own})
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        yield f"modules need each other: {' -> '.join(error.args[1])}: split one in layout.yaml"


def _faults_of_operation(operation: Operation, known: set[str]) -> Iterator[str]:
    where = f"{operation.top}/{FILE}: {operation.name}"
    by_value = [type_ for _, table in operation.returns_by for _, type_ in table]
    written = [operation.returns, operation.streams or "None", *by_value, *operation.params]
    used = {name for each in written for name in references(each)}
    yield from (f"{where} refers to {each}, which is nowhere" for each in sorted(used - known))
    in_path = {each.wire for each in operation.parameters if each.place == "path"}
    in_route = set(re.findall(r"{(\w+)}", operation.path))
    yield from (
        f"{where}: {each} is not both in its path and a parameter"
        for each in sorted(in_path ^ in_route)
    )
    if operation.json_without_files and all(e.place != "file" for e in operation.parameters):
        yield f"{where}: json_without_files, but it takes no file"
    names = [each.name for each in operation.parameters]
    twice = {each for each in names if names.count(each) > 1}
    yield from (f"{where} has two parameters {each}" for each in sorted(twice))


def _has_tag(model: str, tag: str, index: Index) -> bool:
    """Whether a model, or one that it is made from, has a tag whose values are known."""
    module, type_ = index[model]
    if not isinstance(type_, Object):
        return False
    for field in type_.fields:
        if field.wire == tag:
            named = index.get(qualified(field.type, module.namespace), (module, None))[1]
            return "Literal[" in field.type or (
                isinstance(named, Alias) and "Literal[" in named.type
            )
    bases = (qualified(base, module.namespace) for base in type_.bases)
    return any(base in index and _has_tag(base, tag, index) for base in bases)
