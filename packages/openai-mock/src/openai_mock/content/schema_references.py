"""Where the `$ref` of a JSON Schema leads, and how deep the smallest value of a schema is.

Decides which references are followed: those within the schema (`#` and `#/…`). Knows no values.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

from openai_mock.content.errors import SchemaError
from openai_mock.content.schema_form import check_form
from openai_mock.content.schema_keywords import items_schemas, kinds_of, property_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openai_mock.content.json_values import Keywords, Schema

ENDLESS = math.inf  # the depth of what can only be met by a value that never ends
_DATA = frozenset({"enum", "const", "default", "examples"})  # hold values, no schemas


class References:
    """The references within one schema.

    Args:
        root: The whole schema.

    Raises:
        SchemaError: A reference leads nowhere, or out of the schema.
    """

    def __init__(self, root: Schema) -> None:
        self._root = root
        self._targets = {name: self._found(name) for name in dict.fromkeys(_references(root))}
        self._depths: dict[str, float] = dict.fromkeys(self._targets, ENDLESS)
        self._learn_depths()

    def target(self, reference: str) -> Schema:
        """The schema that a reference names."""
        return self._targets[reference]

    def depth(self, schema: Schema) -> float:
        """How many objects and arrays the shallowest value has inside each other.

        `ENDLESS` if every value would have to contain another one like it. It is a lower bound:
        of keywords that cannot be met together it knows nothing.
        """
        if isinstance(schema, bool):
            return 0 if schema else ENDLESS
        depths = [0.0]
        if "$ref" in schema:
            depths.append(self._depths[schema["$ref"]])
        depths.extend(self.depth(each) for each in schema.get("allOf", ()))
        unions = (schema[name] for name in ("anyOf", "oneOf") if name in schema)
        depths.extend(min(map(self.depth, union)) for union in unions)
        if "enum" not in schema and "const" not in schema:
            depths.append(min((self._own(schema, kind) for kind in kinds_of(schema)), default=0))
        return max(depths)

    def _own(self, schema: Keywords, kind: str) -> float:
        """The depth that a schema's own keywords ask for, in values of one kind."""
        if kind == "object":
            required: Iterable[str] = schema.get("required", ())
            needed = [property_schema(schema, name) for name in required]
        elif kind == "array":
            least = int(schema.get("minItems", 0))
            first, others = items_schemas(schema)
            needed = [*first[:least], *([others] if least > len(first) else [])]
        else:
            return 0
        return 1 + max(map(self.depth, needed), default=0)

    def _learn_depths(self) -> None:
        """Find the depth of each reference: shorter ones become known from round to round."""
        changed = True
        while changed:
            changed = False
            for reference, target in self._targets.items():
                depth = self.depth(target)
                if depth < self._depths[reference]:
                    self._depths[reference] = depth
                    changed = True

    def _found(self, reference: str) -> Schema:
        found: Any = self._root if reference == "#" or reference.startswith("#/") else None
        for part in unquote(reference).split("/")[1:]:  # Any: any part of a schema
            key = part.replace("~1", "/").replace("~0", "~")
            if isinstance(found, list):
                items = cast("list[Any]", found)
                found = items[int(key)] if key.isdecimal() and int(key) < len(items) else None
            else:
                found = cast("Keywords", found).get(key) if isinstance(found, dict) else None
        if isinstance(found, dict | bool):
            return check_form(cast("Schema", found), reference)
        raise SchemaError(
            f"The reference {reference!r} leads nowhere. Use one that begins with '#/' and names a "
            "part of the same schema, such as '#/$defs/Name'."
        )


def _references(part: object) -> Iterator[str]:
    if isinstance(part, list):
        for each in cast("list[object]", part):
            yield from _references(each)
    elif isinstance(part, dict):
        for key, value in cast("Keywords", part).items():
            if key == "$ref" and isinstance(value, str):
                yield value
            elif key not in _DATA:
                yield from _references(value)
