"""Schemas that never refuse what a server sent, and the way back to strict ones.

Decides how a field takes more, less or other than the description says. It works on pydantic-core
schemas only and runs once, when a validator is built: decoding costs nothing more for it.

- A field that is missing becomes None and stays out of `model_fields_set`.
- A value that does not fit is kept as it came; nothing is converted on the way to fitting.
- An object whose tag no member of a union has becomes the union's `Unknown…` model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, cast, get_args, get_origin

from pydantic_core import core_schema

from openai_types.building import being_built

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler
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
        with being_built():
            return self._schema(source, handler)

    def _schema(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
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

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:  # Any: JSON
        return handler(described(schema))


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
    """The members whose tag may be left out, for objects that have none, or null instead."""

    def refuse_tag(value: object) -> object:
        if isinstance(value, dict) and cast("Node", value).get(tag) is not None:
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
    """Make each field of a model's schema tolerant, in place and once.

    A class that has built its schema gives the same one again when another model refers to it.
    """
    node = cast("Node", schema)
    if node["type"] == "definition-ref":  # inside of itself
        return schema
    while node["type"] != "model-fields":
        node = node["schema"]
    metadata = node.setdefault("metadata", {})
    if MARK not in metadata:
        metadata[MARK] = False  # there is nothing around the fields for `strict` to take away
        for field in node["fields"].values():
            field["schema"] = _optional(field["schema"])
    return schema


def with_exact_tags(schema: CoreSchema) -> CoreSchema:
    """A copy of a lenient model's schema, in whose literals a discriminator finds its tags."""
    node = cast("Node", schema)
    if node["type"] == "model-fields":
        fields: Node = {name: _with_exact_tag(field) for name, field in node["fields"].items()}
        return cast("CoreSchema", {**node, "fields": fields})
    return cast("CoreSchema", {**node, "schema": with_exact_tags(node["schema"])})


def _with_exact_tag(field: Node) -> Node:
    exact = described(field["schema"])
    return {**field, "schema": exact} if exact["type"] == "literal" else field


def _optional(schema: Node) -> CoreSchema:
    """A field that may be missing, and may hold anything."""
    if schema["type"] == "default":
        schema["schema"] = tolerant(schema["schema"])
        return cast("CoreSchema", schema)
    # Written out, here and below: a validator has thousands, and pydantic's functions take longer.
    missing: Node = {"type": "default", "schema": tolerant(schema), "default": None}
    return cast("CoreSchema", {**missing, "metadata": {MARK: True}})


def unknown_model(cls: type[BaseModel]) -> CoreSchema:
    """The schema of a model that knows one field, which holds anything, and keeps all others.

    Unions have one each, so that they are many; what pydantic would do for each takes long.
    """
    fields = {
        name: core_schema.model_field(
            core_schema.with_default_schema(core_schema.any_schema(), default=None)
        )
        for name in cls.model_fields
    }
    config = core_schema.CoreConfig(title=cls.__name__, extra_fields_behavior="allow")
    return core_schema.model_schema(
        cls, core_schema.model_fields_schema(fields, metadata={MARK: False}), config=config
    )


def tolerant(schema: Node) -> CoreSchema:
    """Take what fits the schema as before, and anything else as it is."""
    return _tolerant(_exact(schema))


def _tolerant(schema: Node) -> CoreSchema:
    if schema["type"] in _AROUND:
        schema = {key: _tolerant(part) if key in _INSIDE else part for key, part in schema.items()}
    if schema["type"] in ("any", "nullable"):  # what is not null is tolerated inside
        return cast("CoreSchema", schema)
    either: Node = {"type": "union", "choices": [schema, {"type": "any"}], "mode": "left_to_right"}
    return cast("CoreSchema", {**either, "metadata": {MARK: True}})


def _exact(schema: Node) -> Node:
    """A schema that does not convert: the text "12" is no int, and the int 1 stays one as float."""
    kind = schema["type"]
    if kind in ("bool", "int", "str"):
        return {**schema, "strict": True}
    if kind == "float":
        exact = cast("CoreSchema", {**schema, "strict": True})
        whole = core_schema.int_schema(strict=True)
        return cast("Node", core_schema.union_schema([whole, exact], mode="left_to_right"))
    if kind == "union":
        return _exact_union(schema)
    if kind == "literal":
        return _exact_literal(schema)
    if kind in _AROUND:
        return {key: _exact(part) if key in _INSIDE else part for key, part in schema.items()}
    return schema


def _exact_union(schema: Node) -> Node:
    choices: list[Any] = schema["choices"]
    if _is_open(choices):  # to try the literals first would change nothing
        return _exact(choices[1])
    return {**schema, "choices": [_exact_choice(each) for each in choices]}


def _is_open(choices: list[Any]) -> bool:
    """Whether a union is of texts that are known and any other."""
    kinds = [each.get("type") for each in choices if isinstance(each, dict)]
    return kinds == ["literal", "str"] and all(
        isinstance(value, str) for value in choices[0]["expected"]
    )


def _exact_choice(choice: Node | tuple[Node, str]) -> Node | tuple[Node, str]:
    """A member of a union, which may have a label."""
    return (_exact(choice[0]), choice[1]) if isinstance(choice, tuple) else _exact(choice)


def _exact_literal(schema: Node) -> Node:
    """Literals without what equals them: 1 is neither 1.0 nor True."""
    values: list[Any] = schema["expected"]
    if all(isinstance(value, str) for value in values):
        return schema
    kinds: dict[type, CoreSchema] = {
        int: core_schema.int_schema(strict=True),
        bool: core_schema.bool_schema(strict=True),
    }
    groups: list[list[Any]] = [[v for v in values if type(v) is kind] for kind in kinds]
    choices: list[CoreSchema | tuple[CoreSchema, str]] = [
        core_schema.chain_schema([exact, core_schema.literal_schema(group)])
        for exact, group in zip(kinds.values(), groups, strict=True)
        if group
    ]
    if rest := [value for value in values if type(value) not in kinds]:
        choices.append(core_schema.literal_schema(rest))
    return cast("Node", core_schema.union_schema(choices))


# What may hold wrong values and still be right itself, and the keys of what it holds.
_AROUND = {"dict", "list", "nullable"}
_INSIDE = {"items_schema", "schema", "values_schema"}


def strict(schema: CoreSchema) -> CoreSchema:
    """A copy of a schema without what this module added: it refuses what does not fit."""
    return cast("CoreSchema", _without_leniency(schema, _built_by_hand))


def described(schema: CoreSchema) -> CoreSchema:
    """The same for a JSON schema: what the API describes, not all that is tolerated."""
    return cast("CoreSchema", _without_leniency(schema, _without_discriminator))


# The first Any, and what it becomes: a part of a core schema.
def _without_leniency(value: Any, remade: Callable[[Node], Node]) -> Any:
    if isinstance(value, list | tuple):
        parts = cast("list[Any]", value)
        return type(parts)(_without_leniency(part, remade) for part in parts)
    if not isinstance(value, dict):
        return value
    node = cast("Node", value)
    if not isinstance(node.get("type"), str):  # not a schema: fields by name, or choices by tag
        return {key: _without_leniency(part, remade) for key, part in node.items()}
    if node.get("metadata", {}).get(MARK):
        inside = node["choices"][0] if node["type"] == "union" else node["schema"]
        return _without_leniency(inside, remade)
    return remade(
        {
            key: part if key in _OPAQUE else _without_leniency(part, remade)
            for key, part in node.items()
        }
    )


def _without_discriminator(node: Node) -> Node:
    """A union as one without tags where a tag leads to several: in JSON it has to lead to one."""
    if node["type"] != "tagged-union":
        return node
    choices: list[Node] = list(node["choices"].values())
    if not any(choice["type"].endswith("union") for choice in choices):
        return node
    return {"type": "union", "choices": choices}


_OPAQUE = {"cls", "metadata", "expected", "default", "config", "serialization"}


def _built_by_hand(node: Node) -> Node:
    """A model's schema as one that makes the instance in Python.

    pydantic-core builds a schema of type "model" from the validator that the class has already,
    which is the lenient one.
    """
    if node["type"] != "model":
        return node
    cls: type[BaseModel] = node["cls"]
    post_init: str | None = node.get("post_init")

    def instance(parts: tuple[Node, Node | None, set[str]]) -> BaseModel:
        made = cls.__new__(cls)
        slots = ("__dict__", "__pydantic_extra__", "__pydantic_fields_set__")
        for slot, part in zip(slots, parts, strict=True):
            object.__setattr__(made, slot, part)
        object.__setattr__(made, "__pydantic_private__", None)
        if post_init:  # it makes the private attributes, too
            getattr(made, post_init)(None)
        return made

    fields = cast("CoreSchema", {**node["schema"], "extra_behavior": "allow"})
    reference: str | None = node.get("ref")
    return cast(
        "Node", core_schema.no_info_after_validator_function(instance, fields, ref=reference)
    )
