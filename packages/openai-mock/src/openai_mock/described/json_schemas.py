"""JSON Schemas of the described types, as an OpenAPI document has them.

Decides how a type that the server checks with, or answers with, is written in JSON Schema, and what
its components are called. Knows no operations and no documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast

from openai_types.catalogue import resolve
from openai_types.leniency import MARK
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from openai_mock.calls import Upload
from openai_mock.described.instances import models_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic.json_schema import CoreModeRef, DefsRef, JsonSchemaMode
    from pydantic_core import CoreSchema, core_schema

JsonSchema: TypeAlias = dict[str, Any]  # Any: JSON

PREFIX = "#/components/schemas/"
FILE: JsonSchema = {"$ref": f"{PREFIX}{Upload.__name__}"}
# OpenAPI 3.1 says the last; the tools of 3.0 read the one before.
BYTES: JsonSchema = {
    "type": "string",
    "format": "binary",
    "contentMediaType": "application/octet-stream",
}


class Components:
    """Makes JSON Schemas that refer to each other, and collects what they refer to."""

    def __init__(self) -> None:
        self._generator = _Generator(ref_template=f"{PREFIX}{{model}}")
        self._of_types: dict[str, JsonSchema] = {}

    @property
    def schemas(self) -> dict[str, JsonSchema]:
        """What has been referred to, by its name."""
        return {str(name): each for name, each in sorted(self._generator.definitions.items())}

    def make(self, names: Iterable[str]) -> None:
        """Make the schemas of types at once, because what they have in common is made only once.

        Args:
            names: The types, as the catalogue names them.
        """
        new = [name for name in dict.fromkeys(names) if name not in self._of_types]
        for name, made in zip(new, self._made(map(resolve, new)), strict=True):
            if "$ref" not in made:  # it is a union; once said, it is referred to like the others
                self._generator.definitions[cast("DefsRef", name)] = made
                self._of_types[name] = {"$ref": f"{PREFIX}{name}"}
            else:
                self._of_types[name] = made

    def of_type(self, name: str) -> JsonSchema:
        """The schema of what the server answers with: open, because newer servers send more.

        Args:
            name: The type, as the catalogue names it.
        """
        if name not in self._of_types:
            self.make([name])
        return self._of_types[name]

    def of_field(self, name: str, field: str) -> list[JsonSchema]:
        """The schemas of a field in all members of a union.

        Args:
            name: The union, as the catalogue names it.
            field: The name of the field.
        """
        members = models_of(resolve(name))
        return self._made(each.model_fields[field].annotation for each in members)

    def alternatives(self, schema: CoreSchema) -> list[list[JsonSchema]]:
        """The schemas of objects that are none of the components: of each one, or what it may be.

        Args:
            schema: That of a tuple of them.
        """
        return [
            [self._taken_out(each) for each in made.get("anyOf", [made])]
            for made in self._elements(schema)
        ]

    def _made(self, types: Iterable[object]) -> list[JsonSchema]:
        form = cast("Any", tuple)[tuple(types)]  # Any: what pydantic wants has no annotation yet
        adapter: TypeAdapter[object] = TypeAdapter(form)
        return self._elements(adapter.core_schema)

    def _elements(self, schema: CoreSchema) -> list[JsonSchema]:
        """The schemas of the elements of a tuple."""
        return self._generator.generate_inner(schema)["prefixItems"]

    def _taken_out(self, reference: JsonSchema) -> JsonSchema:
        name = cast("DefsRef", reference["$ref"].removeprefix(PREFIX))
        return self._generator.definitions.pop(name)


class _Generator(GenerateJsonSchema):
    """Pydantic's generator, for types that decode leniently and are described strictly."""

    @property
    def mode(self) -> JsonSchemaMode:
        """For what is read; pydantic would look it up for every part of every schema."""
        return "validation"

    def get_defs_ref(self, core_mode_ref: CoreModeRef) -> DefsRef:
        """The name of a component: its class in its namespace."""
        qualified, _, identity = core_mode_ref[0].rpartition(":")
        module, _, name = qualified.rpartition(".")
        package, *namespace = module.split(".")
        if package == "openai_types":
            name = ".".join([*namespace[:-1], name])
        elif name != Upload.__name__:  # it is taken out again, and others have its name
            name = f"{name}.{identity}"
        return cast("DefsRef", name)

    def field_title_should_be_set(self, schema: object) -> bool:
        """Titles of fields would only repeat their names."""
        del schema
        return False

    def field_is_required(self, field: Any, total: bool) -> bool:
        """Whether the description says so; decoding itself requires no field of a model."""
        if field["type"] == "typed-dict-field":
            return field.get("required", total)
        schema = field["schema"]
        return schema["type"] != "default" or _is_lenient(schema)

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchema:
        """What is not sent reads as None; the API says nothing of it."""
        return self.generate_inner(schema["schema"])

    def union_schema(self, schema: core_schema.UnionSchema) -> JsonSchema:
        """Without the member that leniency added."""
        if _is_lenient(schema):
            return self.generate_inner(cast("CoreSchema", schema["choices"][0]))
        made = super().union_schema(schema)
        both = [each.get("type") for each in made.get("anyOf", ()) if len(each) == 1]
        return {"type": "number"} if both == ["integer", "number"] else made

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchema:
        """Without a discriminator where the tag leads to a choice: it has to lead to a schema."""
        made = super().tagged_union_schema(schema)
        mapping = made.get("discriminator", {}).get("mapping", {})
        if not all(isinstance(each, str) for each in mapping.values()):
            del made["discriminator"]
        return made

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchema:
        """In one order: Python takes `Literal`s for equal that list the same in another order."""
        made = super().literal_schema(schema)
        if "enum" in made:
            made["enum"] = sorted(made["enum"], key=str)
        return made

    def chain_schema(self, schema: core_schema.ChainSchema) -> JsonSchema:
        """Exact literals check the type first; what they allow is the last step."""
        return self.generate_inner(schema["steps"][-1])

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchema:
        """Without what says nothing."""
        return _terse(super().model_schema(schema))

    def typed_dict_schema(self, schema: core_schema.TypedDictSchema) -> JsonSchema:
        """Without what says nothing; closed where the schema itself is, which pydantic may miss."""
        made = _terse(super().typed_dict_schema(schema))
        if schema.get("extra_behavior") == "forbid":
            made["additionalProperties"] = False
        return made

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchema:
        """Files are bytes."""
        return dict(BYTES) if schema["cls"] is Upload else super().dataclass_schema(schema)


def _is_lenient(schema: Any) -> bool:  # Any: core schemas are dicts of any shape
    return bool(schema.get("metadata", {}).get(MARK))


def _terse(schema: JsonSchema) -> JsonSchema:
    """Without a title, which repeats the name, and without saying that more is allowed."""
    if schema.get("additionalProperties") is True:
        del schema["additionalProperties"]
    schema.pop("title", None)
    return schema
