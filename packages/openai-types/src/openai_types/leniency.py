"""Schemas that never refuse what a server sent, and the way back to strict ones.

Decides how a field takes more, less or other than the description says. It works on pydantic-core
schemas only and runs once, when a validator is built: decoding costs nothing more for it.

- A field that is missing becomes None and stays out of `model_fields_set`.
- A value that does not fit is kept as it came.
- An object whose tag no member of a union has becomes the union's `Unknown…` model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, cast, get_args, get_origin

from pydantic_core import core_schema

if TYPE_CHECKING:
    from pydantic import BaseModel, GetCoreSchemaHandler
    from pydantic_core import CoreSchema

# Core schemas are dicts of any shape; pydantic-core itself types them so.

Node = dict[str, Any]

MARK = "openai_lenient"  # the metadata key by which `strict` finds what was added here


class Tagged:
    """Annotation of a union whose members carry a literal tag; the last member takes the rest.

    `Annotated[A | B | UnknownThing, Tagged("type")]` decodes by looking at the tag, once. Members
    that share a value of it are told apart by the next tag, and without one by what fits best.
    """

    def __init__(self, *tags: str) -> None:
        self._tags = tags

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        *members, unknown = cast("tuple[type[BaseModel], ...]", get_args(source))
        known = _by_tag(members, self._tags, handler)
        untagged = [m for m in members if not m.model_fields[self._tags[0]].is_required()]
        if untagged:
            known = core_schema.union_schema(
                [known, _without_tag(untagged, self._tags[0], handler)], mode="left_to_right"
            )
        return core_schema.union_schema(
            [known, handler.generate_schema(unknown)], mode="left_to_right", metadata={MARK: True}
        )


def _by_tag(
    members: list[type[BaseModel]], tags: tuple[str, ...], handler: GetCoreSchemaHandler
) -> CoreSchema:
    if len(members) == 1:
        return handler.generate_schema(members[0])
    if not tags:
        return core_schema.union_schema([handler.generate_schema(member) for member in members])
    groups: dict[object, list[type[BaseModel]]] = {}
    for member in members:
        for value in tag_values(member, tags[0]):
            groups.setdefault(value, []).append(member)
    choices = {value: _by_tag(group, tags[1:], handler) for value, group in groups.items()}
    return core_schema.tagged_union_schema(choices, discriminator=tags[0])


def _without_tag(
    members: list[type[BaseModel]], tag: str, handler: GetCoreSchemaHandler
) -> CoreSchema:
    """The members whose tag may be left out, for objects that have none."""

    def refuse_tag(value: object) -> object:
        if isinstance(value, dict) and tag in value:
            raise ValueError(f"{tag} is none of the known ones")
        return cast("object", value)

    fitting = core_schema.union_schema([handler.generate_schema(member) for member in members])
    return core_schema.no_info_before_validator_function(refuse_tag, fitting)


def tag_values(member: type[BaseModel], tag: str) -> tuple[object, ...]:
    """The literal values with which a member of a union is tagged."""
    return _literals(member.model_fields[tag].annotation)


def _literals(annotation: object) -> tuple[object, ...]:
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    if get_origin(annotation) is Annotated:
        return _literals(get_args(annotation)[0])
    return tuple(value for part in get_args(annotation) for value in _literals(part))


def lenient_model(schema: CoreSchema) -> CoreSchema:
    """Make each field of a model's schema tolerant, in place."""
    node = cast("Node", schema)
    while node["type"] != "model-fields":
        node = node["schema"]
    for field in node["fields"].values():
        field["schema"] = _optional(field["schema"])
    return schema


def _optional(schema: Node) -> CoreSchema:
    """A field that may be missing, and may hold anything."""
    had_default = schema["type"] == "default"
    inner = tolerant(schema["schema"] if had_default else schema)
    metadata = None if had_default else {MARK: True}
    return core_schema.with_default_schema(inner, default=None, metadata=metadata)


def tolerant(schema: Node) -> CoreSchema:
    """Take what fits the schema as before, and anything else as it is."""
    for inside in ("items_schema", "values_schema"):
        if inside in schema:
            schema[inside] = tolerant(schema[inside])
    if schema["type"] == "nullable":
        schema["schema"] = tolerant(schema["schema"])
        return cast("CoreSchema", schema)  # what is not null is tolerated inside
    if schema["type"] == "any":
        return cast("CoreSchema", schema)
    return core_schema.union_schema(
        [cast("CoreSchema", schema), core_schema.any_schema()],
        mode="left_to_right",
        metadata={MARK: True},
    )


def strict(schema: CoreSchema) -> CoreSchema:
    """A copy of a schema without what this module added: it refuses what does not fit."""
    return cast("CoreSchema", _strict(schema))


def _strict(value: Any) -> Any:  # Any: a part of a core schema
    if isinstance(value, list | tuple):
        parts = cast("list[Any]", value)
        return type(parts)(_strict(part) for part in parts)
    if not isinstance(value, dict):
        return value
    node = cast("Node", value)
    if (node.get("metadata") or {}).get(MARK):
        return _strict(node["choices"][0] if node["type"] == "union" else node["schema"])
    copy = {key: part if key in _OPAQUE else _strict(part) for key, part in node.items()}
    return _built_by_hand(copy) if node.get("type") == "model" else copy


_OPAQUE = {"cls", "metadata", "expected", "default", "config", "serialization"}


def _built_by_hand(model: Node) -> Node:
    """A model's schema that makes the instance in Python.

    pydantic-core builds a schema of type "model" from the validator that the class has already,
    which is the lenient one.
    """
    cls: type[BaseModel] = model["cls"]

    def instance(parts: tuple[Node, Node | None, set[str]]) -> BaseModel:
        made = cls.__new__(cls)
        slots = ("__dict__", "__pydantic_extra__", "__pydantic_fields_set__")
        for slot, part in zip(slots, parts, strict=True):
            object.__setattr__(made, slot, part)
        object.__setattr__(made, "__pydantic_private__", None)
        return made

    fields = cast("CoreSchema", {**model["schema"], "extra_behavior": "allow"})
    reference: str | None = model.get("ref")
    return cast(
        "Node", core_schema.no_info_after_validator_function(instance, fields, ref=reference)
    )
