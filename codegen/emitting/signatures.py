"""What a method of a resource takes and gives back, as source text.

Decides how parameters are written: the first one in the path by position, the others by name, from
the TypedDict of the operation where it has a single one, else each by itself; and what dicts
callers write for a type. Knows nothing of classes and modules.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from codegen.description import Alias, Description, Field, Object, Type, Union
from codegen.expressions import members, parsed, references, seen_from_outside
from codegen.names import qualified
from codegen.operations import Operation

OPTIONS = (
    "extra_headers: ExtraHeaders | None = None",
    "extra_query: ExtraQuery | None = None",
    "extra_body: ExtraBody | None = None",
    "timeout: TimeoutTypes = NOT_GIVEN",
    "deadline: float | None = NOT_GIVEN",
    "retry: RetryPolicy | int | None = None",
    "idempotency_key: str | None = None",
)
STREAM_OPTIONS = (
    *OPTIONS,
    "first_event_timeout: float | None = NOT_GIVEN",
    "idle_timeout: float | None = NOT_GIVEN",
)
LISTS = {"Iterable", "Sequence", "list", "set"}
MAPPING = "dict[str, "
ANY_KEY = "*"  # the name of all fields of a mapping


@dataclass(frozen=True)
class Signature:
    """One way to call a method.

    Attributes:
        positional: parameters before the star, with their types.
        named: those after it.
        unpacked: the TypedDict of the others, empty if there are none.
        returns: the type of the result.
        of: the type of `self`, empty if any will do.
        awaited: whether the method is a coroutine function.
        is_open: whether the value of a variable decides about the result.
        options: the options of calls, where they are parameters of their own.
    """

    positional: tuple[str, ...]
    named: tuple[str, ...]
    unpacked: str
    returns: str
    of: str = ""
    awaited: bool = False
    is_open: bool = False
    options: tuple[str, ...] = OPTIONS

    def write(self, name: str) -> str:
        """The head of the method, without the colon at its end."""
        parameters = [
            f"self: {self.of}" if self.of else "self",
            *self.positional,
            *(["*"] if self.named or self.options else []),
            *self.named,
            *self.options,
            *([f"**params: Unpack[{self.unpacked}]"] if self.unpacked else []),
        ]
        keyword = "async def" if self.awaited else "def"
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
        known = self.fields(name) if (name := self.typed_dict(operation)) else {}
        return names[:1], [each for each in names[1:] if each not in known]

    def references(self, operation: Operation) -> list[str]:
        """The parameters for files that may be a dict instead, which says where a file is."""
        files = {each.name for each in operation.parameters if each.place == "file"}
        return [
            name
            for variant in self.variants(operation)
            for name, field in self.fields(variant).items()
            if name in files and self.dicts(field.type)
        ]

    def explicit(self, operation: Operation) -> list[str]:
        """Every parameter but that by position and `stream`, by itself and with its type."""
        written: dict[str, list[str]] = {}
        variants = [self.fields(each) for each in self.variants(operation)]
        for fields in variants:
            for name, field in fields.items():
                written.setdefault(name, []).append(field.type)
        positional, _ = self.in_path(operation)
        found: list[str] = []
        for name, options in written.items():
            if name in {*positional, "stream"}:
                continue
            is_needed = all(name in each and each[name].required for each in variants)
            type_ = " | ".join(dict.fromkeys(options))
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

    def fields(self, full: str) -> dict[str, Field]:
        """The fields of a dict that `dicts` names, by their keys, with types seen from outside."""
        if full.startswith(MAPPING):
            return {ANY_KEY: Field(ANY_KEY, full.removeprefix(MAPPING).removesuffix("]"))}
        type_, namespace = self._types[full], full.rpartition(".")[0]
        if not isinstance(type_, Object):
            return {}
        found: dict[str, Field] = {}
        for base in type_.bases:
            found |= self.fields(seen_from_outside(base, namespace))
        for field in type_.fields:
            type_from_outside = seen_from_outside(field.type, namespace)
            found[field.attribute or field.wire] = replace(field, type=type_from_outside)
        return found

    def dicts(self, expression: str) -> list[str]:
        """The dicts that callers write for a type, or for the items of a list of it.

        TypedDicts by their names, mappings by their expressions, all seen from outside.
        """
        return list(dict.fromkeys(self._dicts(parsed(expression), "", frozenset())))

    def _dicts(self, node: ast.expr, namespace: str, seen: frozenset[str]) -> Iterator[str]:
        for member in members(node):
            written = ast.unparse(member)
            if written.startswith(MAPPING):
                yield seen_from_outside(written, namespace)
            elif not isinstance(member, ast.Subscript):
                yield from self._named(qualified(written, namespace), seen)
            elif ast.unparse(member.value) in LISTS:
                yield from self._dicts(member.slice, namespace, seen)

    def _named(self, full: str, seen: frozenset[str]) -> Iterator[str]:
        type_, namespace = self._types.get(full), full.rpartition(".")[0]
        if full in seen:
            return
        if isinstance(type_, Alias):
            yield from self._dicts(parsed(type_.type), namespace, seen | {full})
        elif isinstance(type_, Union):
            for each in type_.members:
                yield from self._named(qualified(each, namespace), seen | {full})
        elif isinstance(type_, Object) and type_.kind == "params":
            yield full
