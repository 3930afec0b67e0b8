"""Lines of documentation: by hand where there is one, else by a rule that says nothing untrue.

A type is known by what an operation takes or returns, by the tag that it has, or by the field that
holds it; an operation by its method and its resource.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from codegen.description import Alias, Description, Field, Module, Object, Type, Union
from codegen.expressions import BUILTIN, references
from codegen.importing.naming import ON_ONE, singular_words
from codegen.importing.tags import NAMES
from codegen.names import qualified
from codegen.operations import Operation
from codegen.order import needed, references_of

VERBS = {
    "create": "Create {one}.",
    "retrieve": "Get {one}.",
    "update": "Change {one}.",
    "replace": "Replace {one}.",
    "delete": "Delete {one}.",
    "cancel": "Cancel {one}.",
    "list": "List the {many}.",
}
TAG = re.compile(r"Literal\['([^']*)'\](?: \| None)?")
UNSAID = {"admin", "beta", "organization"}  # groups that are no thing of which there are several
EVENT = re.compile(r"Event(Param)?$")
PARAM = re.compile(r"Param(?=[A-Z]|$)")
USUAL = ("retrieve", "create", "list", "update")
ACRONYMS = {"api": "API", "kms": "KMS"}


class Docs:
    """The lines of one description."""

    def __init__(self, description: Description) -> None:
        self._description = description
        self._written = description.docs
        self._types: dict[str, tuple[Module, Type]] = {
            f"{module.namespace}.{type_.name}": (module, type_)
            for module, type_ in description.types()
        }
        self._taken: dict[str, str] = {}
        self._returned: defaultdict[str, list[Operation]] = defaultdict(list)
        self._streamed: dict[str, str] = {}
        self._holders: defaultdict[str, list[_Holder]] = defaultdict(list)
        self._unions: defaultdict[str, list[str]] = defaultdict(list)
        self._collect_operations()
        self._collect_types()

    def type_line(self, full: str) -> str:
        """The line of a type, by its name with the namespace; empty where only the name says it."""
        written = self._written.get(full)
        if written or full not in self._types:
            return written or ""
        type_ = self._types[full][1]
        return (
            self._as_twin(full)
            or self._as_parameters(full, type_)
            or self._as_tagged(full, type_)
            or self._as_part(full, type_)
            or self._as_returned(full)
            or self._as_field(full)
            or self._as_member(full, type_)
            or self._as_name(type_)
        )

    def field_line(self, owner: str, name: str) -> str:
        """The line of a parameter, empty if there is none."""
        if owner not in self._taken:
            return ""
        lines = self._description.parameter_docs
        keys = [*(f"{each}.{name}" for each in self._twins(owner)), name]
        of_id = f"The id of the {_words(name.removesuffix('_id'))}."
        written = (lines[each] for each in keys if each in lines)
        return next(written, of_id if name.endswith("_id") else "")

    def _collect_operations(self) -> None:
        for operation in self._description.operations:
            for full in operation.params:
                self._take(full, f"`{operation.name}`")
            for full in references(operation.returns):
                self._returned[full].append(operation)
            for full in references(operation.streams or "None"):
                self._streamed.setdefault(full, f"An event of `{operation.name}`.")

    def _take(self, full: str, called: str) -> None:
        """An operation takes a type, and what that is made from."""
        if full in self._types and full not in self._taken:
            self._taken[full] = called
            for part in needed(self._types[full][1]):
                self._take(qualified(part, full.rpartition(".")[0]), called)

    def _collect_types(self) -> None:
        for full, (module, type_) in self._types.items():
            if isinstance(type_, Union) or (isinstance(type_, Alias) and " | " in type_.type):
                for member in references_of(type_):
                    self._unions[qualified(member, module.namespace)].append(full)
                self._take_as_alias(full, module, type_)
            elif isinstance(type_, Object):
                for field in type_.fields:
                    for name in references(field.type):
                        holder = _Holder(full, type_.name, field)
                        self._holders[qualified(name, module.namespace)].append(holder)

    def _take_as_alias(self, full: str, module: Module, type_: Type) -> None:
        """What stands for all that an operation takes is taken, too."""
        if type_.name.endswith("Params"):
            parts = (qualified(each, module.namespace) for each in references_of(type_))
            called = next((self._taken[each] for each in parts if each in self._taken), "")
            if called:
                self._taken.setdefault(full, called)

    def _as_twin(self, full: str) -> str:
        """What is written by hand for the same type elsewhere."""
        return next(
            (self._written[each] for each in self._twins(full) if each in self._written), ""
        )

    def _twins(self, full: str) -> Iterator[str]:
        """The names that the same type has elsewhere: in output, and where it is not in beta."""
        module = self._types[full][0]
        namespace, name = module.namespace, full.rpartition(".")[2]
        places = [(namespace, name), (namespace.replace("shared_params", "shared"), name)]
        if "responses" in f"{namespace}.{module.role}":
            places.append(("responses", name.removeprefix("Beta")))
        elif namespace.startswith("beta."):
            places.append((namespace.removeprefix("beta."), name))
        for space, each in places:
            yield f"{space}.{each}"
            if module.kind == "params":
                yield f"{space}.{each.removesuffix('Param')}"
                yield f"{space}.{PARAM.sub('', each)}"

    def _as_parameters(self, full: str, type_: Type) -> str:
        if full not in self._taken:
            return ""
        called = self._taken[full]
        if type_.name.endswith("NonStreaming"):
            return f"What {called} takes when it does not stream."
        if type_.name.endswith("Streaming"):
            return f"What {called} takes when it streams."
        return f"What {called} takes."

    def _as_tagged(self, full: str, type_: Type) -> str:
        """A type with a name on the wire of its own."""
        if not isinstance(type_, Object):
            return ""
        union = self._union_of(full)
        for name in NAMES:
            tag = next(
                (TAG.fullmatch(each.type) for each in type_.fields if each.wire == name), None
            )
            if tag and name in {"type", "event"} and self._is_event(full):
                return f"The event `{tag[1]}`."
            if tag and union:
                return f"{article(union, capital=True)} of the {name} `{tag[1]}`."
        return ""

    def _is_event(self, full: str) -> bool:
        return any(EVENT.search(each) for each in (full, *self._unions[full]))

    def _union_of(self, full: str) -> str:
        """The union that a type is in: of several, that which it is named by, or the shortest."""
        namespace, _, name = full.rpartition(".")

        def order(union: str) -> tuple[bool, bool, int, str]:
            short = union.rpartition(".")[2]
            is_part = name.startswith(short.removesuffix("Param"))
            return not is_part, not union.startswith(f"{namespace}."), len(short), union

        return min(self._unions[full], key=order, default="").rpartition(".")[2]

    def _as_part(self, full: str, type_: Type) -> str:
        """A type that is named by what holds it; as a parameter, it is what that is."""
        parts = [each for each in self._holders[full] if each.is_named_in(type_.name)]
        holder = min(parts, key=lambda each: each.order(type_.name), default=None)
        if holder is None:
            return ""
        said = self.field_line(holder.full, holder.field.wire) if holder.full in self._taken else ""
        return said if said and not holder.has_many else holder.line

    def _as_field(self, full: str) -> str:
        """A type that is known by what holds it, though it is not named by that."""
        name = full.rpartition(".")[2]
        holder = min(self._holders[full], key=lambda each: each.order(name), default=None)
        return holder.line if holder else ""

    def _as_returned(self, full: str) -> str:
        operations = self._returned[full]
        if not operations:
            return self._streamed.get(full, "")
        if all(each.name.endswith(".delete") for each in operations):
            return f"A note that {_one(operations[0])} is deleted."
        first = min(operations, key=lambda each: _rank(each.name))
        return f"An item of `{first.name}`." if first.page else f"What `{first.name}` gives back."

    def _as_member(self, full: str, type_: Type) -> str:
        """A type that is known by the union that it is in, or by what it is made from."""
        union = self._union_of(full)
        base = (
            type_.bases[0].rpartition(".")[2] if isinstance(type_, Object) and type_.bases else ""
        )
        if base and isinstance(type_, Object) and type_.fields:
            more = ", ".join(f"`{each.attribute or each.wire}`" for each in type_.fields)
            return f"{article(base, capital=True)} with {more}."
        if union:
            return f"`{base}` in {article(union)}." if base else f"One form of {article(union)}."
        return ""

    @staticmethod
    def _as_name(type_: Type) -> str:
        if isinstance(type_, Alias) and type_.type.isidentifier() and type_.type not in BUILTIN:
            return f"Another name of `{type_.type}`."
        return ""


@dataclass(frozen=True)
class _Holder:
    """A field that holds a type."""

    full: str
    name: str
    field: Field

    @property
    def has_many(self) -> bool:
        return bool(re.search(r"(list|Iterable|Sequence)\[", self.field.type))

    @property
    def line(self) -> str:
        word = "One of the" if self.has_many else "The"
        return f"{word} `{self.field.attribute or self.field.wire}` of {article(self.name)}."

    def is_named_in(self, name: str) -> bool:
        """Whether a type is called by the holder and the field, or by what one of its items is."""
        owner = self.name.removesuffix("Base").lower()
        field = singular_words(re.sub(r"\W|_", "", self.field.wire))
        return name.lower().startswith(owner + field[: max(3, len(field) - 1)])

    def order(self, name: str) -> tuple[bool, int, str, str]:
        """Where the holder stands among those of a type: what it is named by, then the shortest."""
        return not self.is_named_in(name), len(self.name), self.full, self.field.wire


def operation_line(description: Description, operation: Operation) -> str:
    """The line of an operation, which says if the API discourages it."""
    return _does(description, operation) + (" Deprecated." if operation.deprecated else "")


def _does(description: Description, operation: Operation) -> str:
    docs = description.operation_docs
    written = docs.get(operation.name) or docs.get(operation.name.removeprefix("beta."))
    if written:
        return written
    method = operation.name.rpartition(".")[2]
    template = VERBS.get(method, f"{method.replace('_', ' ').capitalize()} {{one}}.")
    owner = _owner(operation)
    many = f"{_words(operation.resource.rpartition('.')[2])}{owner}"
    return template.format(one=_one(operation), many=many)


def _one(operation: Operation) -> str:
    """What an operation is about; there is no other one where the route ends with its name."""
    method, resource = operation.name.rpartition(".")[2], operation.resource.rpartition(".")[2]
    is_single = method in ON_ONE.values() and not _route(operation)[-1].startswith("{")
    one = f"the {_words(resource)}" if is_single else with_article(_words(singular_words(resource)))
    return f"{one}{_owner(operation)}"


def _owner(operation: Operation) -> str:
    """What the resource of an operation is inside of, if that has an id in the route."""
    *above, resource = operation.resource.split(".")
    route = _route(operation)
    before = route[: route.index(resource)] if resource in route else []
    is_inside = any(part.startswith("{") for part in before)
    owner = next((each for each in reversed(above) if is_inside and each not in UNSAID), "")
    return f" of {with_article(_words(singular_words(owner)))}" if owner else ""


def _route(operation: Operation) -> list[str]:
    return operation.path.partition("?")[0].split("/")


def _words(name: str) -> str:
    return " ".join(ACRONYMS.get(word, word) for word in re.split(r"[_ ]", name))


def _rank(name: str) -> int:
    method = name.rpartition(".")[2]
    return USUAL.index(method) if method in USUAL else len(USUAL)


def article(name: str, *, capital: bool = False) -> str:
    """A class with its article: a `Response`."""
    word = "an" if name[:1] in "AEIO" or name[:2] == "Un" else "a"
    return f"{word.capitalize() if capital else word} `{name}`"


def with_article(words: str) -> str:
    """A noun with its article."""
    return f"{'an' if words[:1] in 'aeioA' else 'a'} {words}"
