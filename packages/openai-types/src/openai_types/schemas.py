"""Core schemas of the generated models, straight from their fields.

pydantic's generator asks each model and field for all that it could have: validators, type
parameters, annotations to evaluate. Generated models have none of that, and an answer has
hundreds of them. Here is made what pydantic would make of them, in a fraction of its time; what is
not plain is left to pydantic. How schemas become lenient is in `leniency`.
"""

from __future__ import annotations

from contextvars import ContextVar
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, cast, get_args, get_origin

from pydantic import VERSION, BaseModel, GetCoreSchemaHandler
from pydantic_core import SchemaSerializer, core_schema

from openai_types.building import being_built
from openai_types.leniency import Tagged

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo
    from pydantic_core import CoreSchema
    from typing_extensions import TypeIs

# Core schemas are dicts of any shape; pydantic-core itself types them so.

Node = dict[str, Any]

# Before 2.14, pydantic dumped a model in a place of another type only if its class was built; and
# while it built a class, it took away the serializer that the class had.
UNBUILT_ARE_DUMPED = tuple(int(part) for part in VERSION.split(".")[:2]) >= (2, 14)

# Models whose schemas are being made here for one of pydantic's, which does not see that.
_begun: ContextVar[frozenset[type[BaseModel]]] = ContextVar("_begun", default=frozenset())

_SCALARS = {bool: "bool", float: "float", int: "int", object: "any", str: "str"}


def plain_schema(form: object) -> CoreSchema | None:
    """The schema of plain models, and of unions and lists of them; None for what is not plain."""
    models = _Models()
    try:
        with being_built():
            schema = _schema(form, models)
    except _NotPlainError:
        return None
    definitions = list(models.definitions.values())
    made: Node = {"type": "definitions", "schema": schema, "definitions": definitions}
    return cast("CoreSchema", made)


def is_plain(type_: object) -> TypeIs[type[BaseModel]]:
    """Whether a type is a model with nothing but fields of the kinds that are known here.

    Those of this package are, unless they are generic or name a type that was not there yet when
    their class was made: the tests compare each with what pydantic makes of it. What others derive
    from them may have anything.
    """
    if not isinstance(type_, type) or not issubclass(type_, BaseModel):
        return False
    generic = type_.__pydantic_generic_metadata__
    ours = type_.__module__.startswith("openai_types.")
    complete = type_.__pydantic_fields_complete__
    return ours and complete and not generic["parameters"] and not generic["origin"]


def plain_model(cls: type[BaseModel], models: GetCoreSchemaHandler) -> CoreSchema:
    """The schema of a plain model; a reference to it inside of itself.

    Args:
        cls: the model.
        models: gives the schemas of the models to which it refers.
    """
    begun = _begun.get()
    if cls in begun and not isinstance(models, _Models):
        return core_schema.definition_reference_schema(_reference(cls))
    token = _begun.set(begun | {cls})
    try:
        return _whole_model(cls, models)
    finally:
        _begun.reset(token)


def _whole_model(cls: type[BaseModel], models: GetCoreSchemaHandler) -> CoreSchema:
    name = cls.__name__
    made: Node = {
        "type": "model",
        "cls": cls,
        "schema": {
            "type": "model-fields",
            "fields": {key: _field(field, models) for key, field in cls.model_fields.items()},
            "computed_fields": [],
            "model_name": name,
        },
        "config": {
            "title": name,
            "extra_fields_behavior": "allow",
            "serialize_by_alias": True,
            "validate_by_alias": True,
            "validate_by_name": True,
        },
        "custom_init": False,
        "root_model": False,
        "ref": _reference(cls),
    }
    return cast("CoreSchema", made)


def is_part_of_plain() -> bool:
    """Whether the schema of a plain model is being made here, and this is for a part of it."""
    return bool(_begun.get())


def make_serializer(cls: type[BaseModel]) -> None:
    """Make what dumps of a plain model need, once: pydantic would build the whole class for it."""
    if UNBUILT_ARE_DUMPED and not isinstance(cls.__pydantic_serializer__, SchemaSerializer):
        schema = plain_schema(cls)
        if schema is not None:
            cls.__pydantic_serializer__ = SchemaSerializer(schema)


def _reference(cls: type[BaseModel]) -> str:
    """The name of a model in definitions, as pydantic writes it: it looks for what it has."""
    return f"{cls.__module__}.{cls.__qualname__}:{id(cls)}"


def _field(field: FieldInfo, models: GetCoreSchemaHandler) -> Node:
    form = field.annotation
    schema = _tagged(form, field.metadata[0], models) if field.metadata else _schema(form, models)
    if not field.is_required():
        schema = {"type": "default", "schema": schema, "default": field.default}
    made: Node = {"type": "model-field", "schema": schema}
    if field.alias:
        made["validation_alias"] = made["serialization_alias"] = field.alias
    return made


def _schema(form: object, models: GetCoreSchemaHandler) -> Node:
    if isinstance(form, type) and form in _SCALARS:
        return {"type": _SCALARS[form]}
    origin, parts = get_origin(form), get_args(form)
    if origin is Union or origin is UnionType:
        return _union(parts, models)
    if origin is Annotated and isinstance(parts[1], Tagged):
        return _tagged(parts[0], parts[1], models)
    if origin is Literal:
        return {"type": "literal", "expected": list(parts)}
    if origin is list or origin is dict:
        return _container(origin, *(_schema(part, models) for part in parts))
    return cast("Node", models.generate_schema(form))


def _tagged(union: object, tagged: Tagged, models: GetCoreSchemaHandler) -> Node:
    return cast("Node", tagged.__get_pydantic_core_schema__(union, models))


def _union(parts: tuple[object, ...], models: GetCoreSchemaHandler) -> Node:
    choices = [_schema(part, models) for part in parts if part is not NoneType]
    schema: Node = choices[0] if len(choices) == 1 else {"type": "union", "choices": choices}
    return {"type": "nullable", "schema": schema} if NoneType in parts else schema


def _container(origin: type, *inside: Node) -> Node:
    if origin is list:
        return {"type": "list", "items_schema": inside[0]}
    keys, values = inside
    return {"type": "dict", "keys_schema": keys, "values_schema": values}


class _NotPlainError(Exception):
    """Something is not plain; its argument says what."""


class _Models(GetCoreSchemaHandler):
    """Gives references to plain models, and keeps what they refer to."""

    def __init__(self) -> None:
        self.definitions: dict[str, Node] = {}

    def __call__(self, source_type: object, /) -> CoreSchema:
        raise _NotPlainError(source_type)

    def generate_schema(self, source_type: object, /) -> CoreSchema:
        if not is_plain(source_type):
            raise _NotPlainError(source_type)
        reference = _reference(source_type)
        if reference not in self.definitions:
            self.definitions[reference] = {}  # begun: what it refers to may refer to it
            schema = cast("Node", source_type.__get_pydantic_core_schema__(source_type, self))
            self.definitions[reference] = {**schema, "ref": reference}  # some come without
        made: Node = {"type": "definition-ref", "schema_ref": reference}
        return cast("CoreSchema", made)
