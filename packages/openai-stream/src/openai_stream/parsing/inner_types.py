"""Which type is where inside a type: `Order` at `lines`, `0`, `price` has a `Decimal`.

Knows models, dataclasses, typed dicts, collections and unions as pydantic reads them from JSON.
What it does not know has no type inside, which is no error.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    NotRequired,
    Required,
    TypeAlias,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

if TYPE_CHECKING:
    from pydantic import TypeAdapter
    from pydantic.fields import FieldInfo

TYPED_DICT = "__required_keys__"  # is_typeddict knows only those that typing has made

# What leads to an inner type: the key or the index; or `str` or `int` for all that have no own.
Step: TypeAlias = "type[str | int] | str | int"
Inside: TypeAlias = "dict[Step, list[object]]"


class TypeNode:
    """A type and, found when they are asked for, those inside it.

    Attributes:
        type: any annotation that pydantic takes.
    """

    __slots__ = ("_adapter", "_children", "_inside", "type")

    def __init__(self, type_: object) -> None:
        self.type = type_
        self._adapter: TypeAdapter[Any] | None = None  # Any: whatever the type says
        self._inside: Inside | None = None
        self._children: dict[Step, TypeNode] = {}

    @property
    def adapter(self) -> TypeAdapter[Any]:
        """The validator of the type."""
        if self._adapter is None:
            from pydantic import TypeAdapter

            self._adapter = TypeAdapter(cast("Any", self.type))
        return self._adapter

    def at(self, path: Iterable[str | int]) -> TypeNode | None:
        """The type at a path of keys and indexes; None if nothing is said about it."""
        node: TypeNode | None = self
        for step in path:
            if node is None:
                return None
            node = node._child(step)  # noqa: SLF001
        return node

    def _child(self, step: str | int) -> TypeNode | None:
        if self._inside is None:
            self._inside = _inside(self.type)
        key: Step = step if step in self._inside else type(step)
        found = self._inside.get(key)
        if not found:
            return None
        if key not in self._children:
            # Any: a union that is made at run time
            union = cast("Any", Union)[tuple(found)]
            self._children[key] = TypeNode(union)
        return self._children[key]


def type_node(type_: object) -> TypeNode:
    """The node of a type. Those of the types that were used last are kept: they cost a little."""
    try:
        return _kept_node(type_)
    except TypeError:  # not hashable
        return TypeNode(type_)


@lru_cache(maxsize=64)
def _kept_node(type_: object) -> TypeNode:
    return TypeNode(type_)


def _inside(type_: object) -> Inside:
    origin, arguments = get_origin(type_), get_args(type_)
    if origin is Annotated:
        return _inside(arguments[0])
    if origin in (Union, types.UnionType):
        return _merged(_inside(argument) for argument in arguments)
    if hasattr(type_, "__value__"):  # an alias, as the statement `type` makes it
        return _inside(cast("Any", type_).__value__)
    if isinstance(origin, type):
        return _of_collection(origin, arguments)
    return _of_class(cast("type[object]", type_)) if isinstance(type_, type) else {}


def _merged(parts: Iterable[Inside]) -> Inside:
    merged: Inside = {}
    for part in parts:
        for step, found in part.items():
            known = merged.setdefault(step, [])
            known += [each for each in found if each not in known]
    return merged


def _of_collection(origin: type, arguments: tuple[object, ...]) -> Inside:
    if issubclass(origin, Mapping):
        return {str: [arguments[1]]}
    if issubclass(origin, tuple) and arguments[-1:] != (...,):
        return {index: [argument] for index, argument in enumerate(arguments)}
    return {int: [arguments[0]]} if issubclass(origin, Iterable) else {}


def _of_class(cls: type[object]) -> Inside:
    from pydantic import BaseModel, RootModel
    from pydantic.dataclasses import is_pydantic_dataclass

    if issubclass(cls, BaseModel):
        cls.model_rebuild(raise_errors=False)  # it may wait for its first use
        if issubclass(cls, RootModel):
            return _inside(_field_type(cls.model_fields["root"]))
        return _of_fields(cls.model_fields)
    if is_pydantic_dataclass(cls):
        return _of_fields(cls.__pydantic_fields__)
    if dataclasses.is_dataclass(cls) or hasattr(cls, TYPED_DICT):
        hints = get_type_hints(cls, include_extras=True)
        return {name: [_without_requirement(hint)] for name, hint in hints.items()}
    return {}


def _without_requirement(hint: object) -> object:
    return get_args(hint)[0] if get_origin(hint) in (Required, NotRequired) else hint


def _of_fields(fields: Mapping[str, FieldInfo]) -> Inside:
    return {
        key: [_field_type(field)]
        for name, field in fields.items()
        for key in (name, *_aliases(field))
    }


def _aliases(field: FieldInfo) -> list[str]:
    alias = field.validation_alias
    choices: list[object] = [alias, *getattr(alias, "choices", ())]
    return [choice for choice in choices if isinstance(choice, str)]


def _field_type(field: FieldInfo) -> object:
    from pydantic import Field

    metadata = [*field.metadata]
    if field.discriminator is not None:
        metadata.append(Field(discriminator=field.discriminator))
    annotated = cast("Any", Annotated)  # Any: an annotation that is made at run time
    return annotated[(field.annotation, *metadata)] if metadata else field.annotation
