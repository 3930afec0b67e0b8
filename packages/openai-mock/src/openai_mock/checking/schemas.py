"""Validators that take exactly what the description says, made from the parameter types.

The types are written for callers: open, and lenient about what an iterable is. Decides how they
are closed: no unknown key, no conversion, every element looked at; and which parameters there are
in each part of a request, by the names of the wire. Each is made at its first use. What a complaint
means to a client is in `complaints`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from os import PathLike
from types import MappingProxyType
from typing import (
    IO,
    TYPE_CHECKING,
    Any,
    Literal,
    NotRequired,
    Required,
    TypeAlias,
    Union,
    cast,
    get_args,
    get_origin,
)

from openai_types.catalogue import operations, resolve

from openai_mock.calls import Upload
from openai_mock.checking.conversion import members

if TYPE_CHECKING:
    from openai_types.catalogue import Operation
    from pydantic_core import CoreSchema, SchemaValidator

Node: TypeAlias = dict[str, Any]  # Any: pydantic-core types its schemas as dicts of any shape

# Begins the place of an error that is in one branch of a union: no parameter can be called so.
BRANCH = "\0"

Wires: TypeAlias = Mapping[object, Mapping[str, str]]  # by class and key
Part: TypeAlias = Literal["query", "header", "body"]
PLACES: Mapping[Part, frozenset[str]] = {
    "query": frozenset({"query"}),
    "header": frozenset({"header"}),
    "body": frozenset({"body", "file"}),
}


@cache
def operation_validator(name: str, part: Part = "body") -> SchemaValidator:
    """The validator of a part of an operation's requests; made at its first use."""
    from pydantic_core import SchemaValidator

    return SchemaValidator(_schema(_form(name, part), _wires_of(operations()[name])))


def operation_schemas(parts: Iterable[tuple[str, Part]]) -> CoreSchema:
    """A schema of a tuple of what those validators take, to describe it in JSON Schema.

    What several of them have in common is made once: one by one, they would take twice as long.
    """
    asked = tuple(parts)
    wires = {
        described: names
        for name, _ in asked
        for described, names in _wires_of(operations()[name]).items()
    }
    return _schema(cast("Any", tuple)[tuple(_form(*each) for each in asked)], wires)


def _form(name: str, part: Part) -> Any:
    """A part of an operation's requests as one annotation."""
    return Union[tuple(map(_typed_dict, _alternatives(name, part)))]  # noqa: UP007 - known only here


@cache
def kinds(name: str, part: Part = "body") -> Mapping[str, Any]:  # Any: annotations
    """What each parameter of a part may be, by the names of the wire."""
    found: dict[str, list[Any]] = {}
    for alternative in _alternatives(name, part):
        for wire, wrapped in alternative.items():
            found.setdefault(wire, []).append(get_args(wrapped)[0])
    return {wire: Union[tuple(each)] for wire, each in found.items()}  # noqa: UP007


@cache
def required(name: str, part: Part = "body") -> frozenset[str]:
    """The parameters of a part that every request has."""
    alternatives = [
        {wire for wire, each in alternative.items() if get_origin(each) is Required}
        for alternative in _alternatives(name, part)
    ]
    return frozenset[str].intersection(*map(frozenset[str], alternatives))


@cache
def client_event_validators(union: str) -> dict[str, SchemaValidator]:
    """The validator of each event that the client of a session may send, by its type.

    Args:
        union: The type of the events, as the catalogue names it.
    """
    from typing import get_type_hints

    from pydantic_core import SchemaValidator

    validators: dict[str, SchemaValidator] = {}
    for event in (*get_args(resolve(union)), *map(resolve, _BESIDE.get(union, ()))):
        (name,) = get_args(get_type_hints(event)["type"])
        validators[name] = SchemaValidator(_schema(event))
    return validators


@cache
def _alternatives(name: str, part: Part) -> tuple[Mapping[str, Any], ...]:
    """The parameters of a part: several sets of them where they depend on each other."""
    operation = operations()[name]
    wires = {each.name: each.wire for each in operation.parameters if each.place in PLACES[part]}
    files = {each.name for each in operation.parameters if each.place == "file"}
    found: list[Mapping[str, Any]] = []
    for variant in _variants(operation) if wires else ():
        alternative = _alternative(variant, wires, files)
        if alternative not in found:  # they may differ in another part only
            found.append(alternative)
    return tuple(found) or ({},)


def _alternative(variant: Any, wires: Mapping[str, str], files: set[str]) -> Mapping[str, Any]:
    from typing_extensions import get_type_hints

    hints = get_type_hints(variant, include_extras=True)
    found: dict[str, Any] = {}
    for name, wire in wires.items():
        if name in hints:
            plain = hints[name]
            while get_origin(plain) in (Required, NotRequired):
                plain = get_args(plain)[0]
            kind = _uploads(plain) if name in files else plain
            found[wire] = Required[kind] if name in variant.__required_keys__ else NotRequired[kind]
    return found


def _variants(operation: Operation) -> list[Any]:
    def flat(annotation: Any) -> list[Any]:
        inside = get_args(annotation) if get_origin(annotation) is not None else ()
        return [each for member in inside for each in flat(member)] or [annotation]

    found = [each for name in operation.params for each in flat(resolve(name))]
    return list(dict.fromkeys(found))  # an alias of several may stand beside them


def _uploads(annotation: Any) -> Any:
    """What a parameter that takes files may be on the server's side."""
    found: list[Any] = []
    for each in members(annotation):
        is_list = get_origin(each) in (list, Sequence)
        if is_list and IO[bytes] in members(get_args(each)[0]):
            found.append(list[Upload])
        elif each in (IO[bytes], bytes, PathLike[str]) or get_origin(each) is tuple:
            found.append(Upload)
        else:
            found.append(each)
    return Union[tuple(found)]  # noqa: UP007 - they are known only here


def _wires_of(operation: Operation) -> Wires:
    """The keys that have another name in a request, by the TypedDict that has them."""
    return {
        resolve(name): {key: wire for key, (wire, _) in keys.items() if wire}
        for place, keys in operation.wire_names.items()
        for name in place.split(" or ")
        if name and not name.startswith("dict[")
    }


def _typed_dict(parameters: Mapping[str, Any]) -> Any:
    from typing_extensions import TypedDict

    make = cast("Any", TypedDict)  # type checkers want literal names
    return make("Parameters", parameters)


def _schema(type_: Any, wires: Wires = MappingProxyType({})) -> CoreSchema:
    from pydantic import TypeAdapter

    adapter: TypeAdapter[object] = TypeAdapter(type_)
    return _closed(adapter.core_schema, wires)


def _closed(value: Any, wires: Wires) -> Any:  # Any: a part of a core schema
    if isinstance(value, list | tuple):
        parts = cast("list[Any]", value)
        return type(parts)(_closed(part, wires) for part in parts)
    if not isinstance(value, dict):
        return value
    node = cast("Node", value)
    if node.get("type") == "json-or-python":
        return _closed(node["json_schema"], wires)
    copy = {key: part if key in _OPAQUE else _closed(part, wires) for key, part in node.items()}
    if node.get("type") == "generator":
        copy["type"] = "list"  # a generator would complain only when someone reads from it
    elif node.get("type") == "typed-dict":
        copy["extra_behavior"] = "forbid"
        names = wires.get(node.get("cls"), {})
        copy["fields"] = {names.get(key, key): each for key, each in copy["fields"].items()}
        for key in _LEFT_OUT.get(node["cls"].__name__, set()) & copy["fields"].keys():
            copy["fields"][key]["required"] = False
        for key in _TAKEN_BACK.get(node["cls"].__name__, ()):
            copy["fields"][key] = {
                "type": "typed-dict-field",
                "schema": {"type": "any"},
                "required": False,
            }
    elif node.get("type") == "union":
        choices: list[Any] = [
            each[0] if isinstance(each, tuple) else each for each in copy["choices"]
        ]
        copy["choices"] = [(each, f"{BRANCH}{number}") for number, each in enumerate(choices)]
        copy["mode"] = "left_to_right"
    return copy


# Wider forms of events that the description has beside their union.
_BESIDE = {
    "realtime.RealtimeClientEventParam": ("realtime.ResponseCreateEventWithReferencesParam",)
}
# What the API does without, although the description wants it; its own examples leave it out.
_LEFT_OUT = {
    "FunctionToolParam": {"strict", "parameters"},
    "ResponseInputImageParam": {"detail"},
    "ResponseOutputMessageParam": {"id", "status", "type"},
    "ResponseOutputTextParam": {"annotations"},
    "ResponseReasoningItemParam": {"id"},
}
# What answers have and the API takes back in the next request, without describing it there.
_TAKEN_BACK = {"ChatCompletionAssistantMessageParam": ("annotations",)}
_OPAQUE = {"cls", "metadata", "expected", "default", "serialization"}
