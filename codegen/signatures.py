"""What a method of a resource takes and gives back, as source text.

Decides how parameters are written: the first one in the path by position, the others by name, from
the TypedDict of the operation where it has a single one, else each by itself. Knows nothing of
classes and modules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from codegen.description import Alias, Description, Field, Object, Type
from codegen.expressions import references, seen_from_outside
from codegen.operations import Operation

OPTIONS = (
    "extra_headers: ExtraHeaders | None = None",
    "extra_query: ExtraQuery | None = None",
    "extra_body: ExtraBody | None = None",
    "timeout: TimeoutTypes = NOT_GIVEN",
)


@dataclass(frozen=True)
class Signature:
    """One way to call a method.

    Attributes:
        positional: parameters before the star, with their types.
        named: those after it.
        unpacked: the TypedDict of the others, empty if there are none.
        returns: the type of the result.
    """

    positional: tuple[str, ...]
    named: tuple[str, ...]
    unpacked: str
    returns: str

    def write(self, name: str, *, asynchronous: bool) -> str:
        """The head of the method, without the colon at its end."""
        parameters = [
            "self",
            *self.positional,
            "*",
            *self.named,
            *OPTIONS,
            *([f"**params: Unpack[{self.unpacked}]"] if self.unpacked else []),
        ]
        keyword = "async def" if asynchronous else "def"
        return f"{keyword} {name}({', '.join(parameters)}) -> {self.returns}"


class Parameters:
    """How the operations of one description take their parameters."""

    def __init__(self, description: Description) -> None:
        self._types: dict[str, Type] = {
            f"{module.namespace}.{type_.name}": type_ for module, type_ in description.types()
        }

    def typed_dict(self, operation: Operation) -> str:
        """The TypedDict with all parameters but `stream` and the one by position, or ""."""
        if not operation.params:
            return ""
        first = operation.params[0]
        members = self._members(first)
        if not operation.streams:
            return first if members == [first] else ""
        bases = {self._base(member) for member in members}
        return bases.pop() if len(bases) == 1 else ""

    def variants(self, operation: Operation) -> list[str]:
        """The TypedDicts of an operation whose parameters depend on each other."""
        return [member for name in operation.params for member in self._members(name)]

    def in_path(self, operation: Operation) -> tuple[list[str], list[str]]:
        """The parameters in the path: that by position, and those by name not in a TypedDict."""
        names = [each.name for each in operation.parameters if each.place == "path"]
        known = self._fields(name) if (name := self.typed_dict(operation)) else {}
        return names[:1], [each for each in names[1:] if each not in known]

    def explicit(self, operation: Operation, types: Mapping[str, str] | None = None) -> list[str]:
        """Every parameter but that by position and `stream`, by itself and with its type.

        Args:
            operation: the operation.
            types: instead of those of the description; these have no default.
        """
        fixed = types or {}
        written: dict[str, list[str]] = {}
        variants = [self._fields(each) for each in self.variants(operation)]
        for fields in variants:
            for name, field in fields.items():
                written.setdefault(name, []).append(field.type)
        needed = {
            name
            for name in written
            if all(name in fields and fields[name].required for fields in variants)
        }
        positional, _ = self.in_path(operation)
        found: list[str] = []
        for name, options in written.items():
            if name in {*positional, "stream"}:
                continue
            type_ = fixed.get(name) or " | ".join(dict.fromkeys(options))
            is_needed = name in needed or name in fixed
            found.append(f"{name}: {type_}{'' if is_needed else ' = NOT_GIVEN'}")
        return sorted(found, key=lambda each: each.endswith("= NOT_GIVEN"))

    def _members(self, full: str) -> list[str]:
        type_ = self._types.get(full)
        if isinstance(type_, Alias):
            namespace = full.rpartition(".")[0]
            parts = [seen_from_outside(each, namespace) for each in references(type_.type)]
            return [member for part in parts for member in self._members(part)]
        return [full]

    def _base(self, full: str) -> str:
        type_ = self._types[full]
        base = type_.bases[0] if isinstance(type_, Object) and type_.bases else ""
        return seen_from_outside(base, full.rpartition(".")[0]) if base else full

    def _fields(self, full: str) -> dict[str, Field]:
        """The fields of a TypedDict and its bases, with types as seen from outside."""
        type_, namespace = self._types[full], full.rpartition(".")[0]
        if not isinstance(type_, Object):
            return {}
        found: dict[str, Field] = {}
        for base in type_.bases:
            found |= self._fields(seen_from_outside(base, namespace))
        for field in type_.fields:
            name = field.attribute or field.wire
            found[name] = Field(
                name, seen_from_outside(field.type, namespace), required=field.required
            )
        return found
