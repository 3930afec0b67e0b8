"""Values by their annotations: parameters that a call may have, and answers that a server may give.

Everything is made from the types alone, the same for each run, so that what is described and what
is tested cannot drift apart.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import (
    IO,
    Annotated,
    Any,
    Literal,
    NotRequired,
    Required,
    TypeVar,
    Union,
    get_args,
    get_origin,
)

from openai_types import UnknownMember
from openai_types.catalogue import Operation, resolve
from typing_extensions import get_type_hints, is_typeddict

# Any: JSON, and annotations, of any shape.

DEPTH = 3  # levels below which only what is required is there, and lists are empty
FILE = ("a.txt", b"content \xff\r\n--", "text/plain")
PLAIN: dict[Any, Any] = {
    Any: "anything",
    bool: True,
    bytes: b"bytes",
    float: 0.5,
    int: 3,
    object: "anything",
    str: "text",
    types.NoneType: None,
}


@dataclass(frozen=True)
class Call:
    """What an operation is called with, and which of its results that asks for.

    Attributes:
        params: by their Python names.
        returns: the type of the result, as the catalogue names it.
        streams: whether the answer is a stream.
    """

    params: Mapping[str, Any]
    returns: str
    streams: bool


def value(annotation: Any, depth: int = DEPTH) -> Any:
    """A value that is valid by an annotation; of a response, the JSON."""
    origin = get_origin(annotation)
    if origin in (Annotated, NotRequired, Required):
        return value(get_args(annotation)[0], depth)
    if origin in (Union, types.UnionType):
        return _member(get_args(annotation), depth)
    if origin is Literal:
        return get_args(annotation)[0]
    if isinstance(annotation, TypeVar) or annotation in PLAIN:
        return PLAIN.get(annotation, PLAIN[object])
    return _container(annotation, depth)


def _member(members: tuple[Any, ...], depth: int) -> Any:
    if IO[bytes] in members:
        several = [each for each in members if get_origin(each) in (list, Sequence)]
        return [FILE, FILE] if several and depth > 0 else FILE
    known = [each for each in members if not _is_unknown(each)]
    plain = [each for each in known if each in PLAIN]
    return value((plain if plain and depth <= 0 else known)[0], depth)


def _is_unknown(type_: Any) -> bool:
    return isinstance(type_, type) and issubclass(type_, UnknownMember)


def _container(annotation: Any, depth: int) -> Any:
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin in (list, Sequence, Iterable):
        return [value(inside[0], depth - 1)] if depth > 0 else []
    if origin in (dict, Mapping):
        return {"key": value(inside[1], depth - 1)} if depth > 0 else {}
    if is_typeddict(origin or annotation):
        return typed_dict(origin or annotation, depth, everything=depth > 0)
    return {
        field.alias or name: value(field.annotation, depth - 1)
        for name, field in annotation.model_fields.items()
        if field.is_required() or depth > 0
    }


def typed_dict(type_: Any, depth: int, *, everything: bool) -> dict[str, Any]:
    """The keys of a TypedDict, or those that must be there."""
    hints = get_type_hints(type_, include_extras=True)
    needed = type_.__required_keys__
    return {
        name: value(each, depth - 1) for name, each in hints.items() if everything or name in needed
    }


def variants(operation: Operation) -> list[Any]:
    """The TypedDicts of an operation: several where its parameters depend on each other."""

    def flat(annotation: Any) -> list[Any]:
        members = get_args(annotation) if get_origin(annotation) is not None else ()
        return [each for member in members for each in flat(member)] or [annotation]

    return [each for name in operation.params for each in flat(resolve(name))]


def calls(operation: Operation) -> list[Call]:
    """The calls that prove an operation.

    For each way to call it that with all parameters and that with those that it must have, and one
    for each value of the parameter that decides what comes back.
    """
    path = {each.name: f"{each.name}-1" for each in operation.parameters if each.place == "path"}
    found: list[dict[str, Any]] = []
    for variant in variants(operation):
        found += [
            {**typed_dict(variant, DEPTH, everything=True), **path},
            {**typed_dict(variant, 0, everything=False), **path},
        ]
    found = found or [path]
    least = found[-1]
    for name, by_value in _chosen(operation).items():
        found += [{**least, name: each, "stream": False} for each in by_value]
        if not operation.streams:
            for each in found:
                each.pop("stream", None)
    return [_call(operation, params) for params in found]


def _chosen(operation: Operation) -> Mapping[str, Mapping[str, str]]:
    return {
        name: by_value
        for name, by_value in operation.returns_by.items()
        if len({*by_value.values()}) > 1
    }


def _call(operation: Operation, params: dict[str, Any]) -> Call:
    streams = operation.always_streams or (bool(operation.streams) and params.get("stream") is True)
    returns = operation.returns
    for name, by_value in _chosen(operation).items():
        returns = by_value.get(params.get(name, ""), next(iter(by_value.values())))
    return Call(params, operation.streams if streams else returns, streams)


def described_classes(annotation: Any) -> tuple[type, ...]:
    """The classes that an answer may have, once it is decoded."""
    if get_origin(annotation) is Annotated:
        return described_classes(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        known = [each for each in get_args(annotation) if not _is_unknown(each)]
        return tuple(made for each in known for made in described_classes(each))
    return (get_origin(annotation) or annotation,)


def events(annotation: Any) -> list[dict[str, Any]]:
    """The JSON of every event of a stream."""
    union = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
    return [value(each) for each in get_args(union) if not _is_unknown(each)] or [value(union)]
