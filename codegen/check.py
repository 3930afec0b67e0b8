"""What must hold of a description before anything is generated from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from codegen.description import Description, Object, Union
from codegen.emit import qualified, references_of


def faults(description: Description) -> Iterator[str]:
    """Every fault, as a line that names the file and the entry."""
    names: dict[str, str] = {}
    for module, type_ in description.types():
        name = f"{module.namespace}.{type_.name}"
        if name in names:
            yield f"{module.path}: {type_.name} is in {names[name]} too"
        names[name] = module.path
    types = {f"{module.namespace}.{type_.name}": type_ for module, type_ in description.types()}
    for module, type_ in description.types():
        where = f"{module.path}: {type_.name}"
        used = {qualified(each, module.namespace) for each in references_of(type_)}
        yield from (
            f"{where} refers to {each}, which is nowhere" for each in sorted(used - set(types))
        )
        if isinstance(type_, Union):
            members = [types.get(qualified(each, module.namespace)) for each in type_.members]
            for member in members:
                if isinstance(member, Object) and not _has_tag(
                    member, type_.tags[0], types, module.namespace
                ):
                    yield f"{where}: its member {member.name} has no literal {type_.tags[0]}"
    yield from (f"docs.yaml: {name} is nowhere" for name in description.docs if name not in types)


def _has_tag(model: Object, tag: str, types: Mapping[str, object], namespace: str) -> bool:
    if any(field.wire == tag and "Literal[" in field.type for field in model.fields):
        return True
    bases = (types.get(qualified(base, namespace)) for base in model.bases)
    return any(isinstance(base, Object) and _has_tag(base, tag, types, namespace) for base in bases)
