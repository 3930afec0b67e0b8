"""Whether a value is an instance of a JSON Schema.

Holds the maker of instances to what it says, and tells which values of an `enum` the other keywords
let through. The vocabulary is that of the draft 2020-12, with the formats that `formats` knows;
`unevaluatedProperties`, `unevaluatedItems` and dynamic references ask nothing here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from openai_mock.content import schema_numbers, schema_strings
from openai_mock.content.json_values import identity, kinds
from openai_mock.content.schema_keywords import item_schema, property_schema, types

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai_mock.content.json_values import Keywords, Schema
    from openai_mock.content.schema_references import References


def is_valid(value: object, schema: Schema, references: References) -> bool:
    """Whether a value meets a schema.

    Args:
        value: The value.
        schema: The schema, or a part of it.
        references: Those of the whole schema.

    Raises:
        SchemaError: A reference leads nowhere.
        PatternError: A pattern cannot be read.
    """
    return _Check(references).meets(value, schema)


class _Check:
    def __init__(self, references: References) -> None:
        self._references = references

    def meets(self, value: object, schema: Schema) -> bool:
        if isinstance(schema, bool):
            return schema
        return (
            self._is_named(value, schema)
            and self._meets_own(value, schema)
            and self._meets_combined(value, schema)
        )

    def _is_named(self, value: object, schema: Keywords) -> bool:
        """Whether the value is one of those that `type`, `enum` and `const` name."""
        if not {*kinds(value)} & {*types(schema)}:
            return False
        if "const" in schema and identity(schema["const"]) != identity(value):
            return False
        return "enum" not in schema or identity(value) in map(identity, schema["enum"])

    def _meets_own(self, value: object, schema: Keywords) -> bool:
        """Whether the value meets the keywords that are about its kind."""
        if isinstance(value, str):
            return schema_strings.is_met(schema, value)
        if isinstance(value, dict):
            return self._meets_as_object(cast("dict[str, object]", value), schema)
        if isinstance(value, list):
            return self._meets_as_array(cast("list[object]", value), schema)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return schema_numbers.within(schema, value)
        return True

    def _meets_combined(self, value: object, schema: Keywords) -> bool:
        """Whether the value meets the schemas inside this one that are about the same value."""
        all_of: list[Schema] = [*schema.get("allOf", ())]
        if "$ref" in schema:
            all_of.append(self._references.target(schema["$ref"]))
        if not all(self.meets(value, each) for each in all_of):
            return False
        if "anyOf" in schema and not any(self.meets(value, each) for each in schema["anyOf"]):
            return False
        if "oneOf" in schema and sum(self.meets(value, each) for each in schema["oneOf"]) != 1:
            return False
        if "not" in schema and self.meets(value, schema["not"]):
            return False
        if "if" in schema:
            branch = "then" if self.meets(value, schema["if"]) else "else"
            return self.meets(value, schema.get(branch, True))
        return True

    def _meets_as_object(self, value: Mapping[str, object], schema: Keywords) -> bool:
        size = len(value)
        if not schema.get("minProperties", 0) <= size <= schema.get("maxProperties", size):
            return False
        if not value.keys() >= {*schema.get("required", ())}:
            return False
        for name, needed in schema.get("dependentRequired", {}).items():
            if name in value and not value.keys() >= {*needed}:
                return False
        for name, needed in schema.get("dependentSchemas", {}).items():
            if name in value and not self.meets(value, needed):
                return False
        return all(
            self.meets(member, property_schema(schema, name))
            and self.meets(name, schema.get("propertyNames", True))
            for name, member in value.items()
        )

    def _meets_as_array(self, value: list[object], schema: Keywords) -> bool:
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            return False
        if schema.get("uniqueItems") and len({*map(identity, value)}) < len(value):
            return False
        if "contains" in schema:
            found = sum(self.meets(each, schema["contains"]) for each in value)
            most = schema.get("maxContains", found)
            if not schema.get("minContains", 1) <= found <= most:
                return False
        return all(self.meets(each, item_schema(schema, place)) for place, each in enumerate(value))
