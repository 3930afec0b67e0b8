"""JSON schemas as strict mode wants them, from Python types.

The rules are those of the API's structured outputs: every object closed and all its properties
required; `$ref` alone in its schema; no `allOf` around a single schema, no `oneOf`, no defaults.
What cannot be written that way is refused here, with its path, before a request is.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, TypeGuard, cast

from openai_tools.errors import StrictSchemaError

if TYPE_CHECKING:
    from pydantic import BaseModel

Node = dict[str, Any]  # Any: a schema is JSON of any shape

DEFINITIONS = "$defs"
REFERENCE = "#/$defs/"
CONSTRAINTS = ("type", "anyOf", "allOf", "oneOf", "$ref", "enum", "const")


def strict_json_schema(type_: type[BaseModel] | object) -> dict[str, object]:
    """The JSON schema of a type, for `strict: true`.

    Args:
        type_: a pydantic model, a dataclass or a TypedDict: something with named fields.

    Raises:
        StrictSchemaError: the type has something that strict mode refuses: fields of any name,
            values of any type, tuples of mixed types, or no named fields at the top.
    """
    return to_strict(_json_schema(type_), name=_name(type_))


def to_strict(schema: Node, *, name: str) -> dict[str, object]:
    """A strict copy of a JSON schema that pydantic made; `name` begins the paths of errors."""
    return _Compiler(deepcopy(schema), name).compile()


def _json_schema(type_: object) -> Node:
    from pydantic import BaseModel, TypeAdapter
    from pydantic.errors import PydanticUndefinedAnnotation, PydanticUserError
    from pydantic_core import SchemaError

    try:
        if isinstance(type_, type) and issubclass(type_, BaseModel):
            return type_.model_json_schema()
        # Any: type checkers have no name yet for all that pydantic takes.
        return TypeAdapter[object](cast("Any", type_)).json_schema()
    except (PydanticUserError, PydanticUndefinedAnnotation, SchemaError) as error:
        reason = str(error).splitlines()[0].partition(". ")[0].rstrip(".")
        message = (
            f"{_name(type_)}: no JSON schema can be made of it: {reason}. Use types that JSON has:"
            " models, lists, text, numbers, booleans, None and literals."
        )
        raise StrictSchemaError(message) from error


def _name(type_: object) -> str:
    return getattr(type_, "__name__", None) or str(type_)


class _Compiler:
    """Changes one schema in place. A path looks like `Order.lines[].meta`."""

    def __init__(self, root: Node, name: str) -> None:
        self._definitions: dict[str, Node] = root.pop(DEFINITIONS, {})
        self._root = root
        self._name = name
        self._done: set[str] = set()  # the references whose definitions are compiled or being so

    def compile(self) -> dict[str, object]:
        root = self._root
        if "$ref" in root:  # a model that refers to itself; the top must be an object all the same
            root |= deepcopy(self._definition(root.pop("$ref"), self._name))
        if root.get("type") != "object":
            raise self._refusal(self._name, "the top must be an object", "make it a model's field")
        self._visit(root, self._name, ())
        for name in self._definitions:
            self._visit_definition(REFERENCE + name, name)
        if self._definitions:
            root[DEFINITIONS] = self._definitions
        return root

    def _visit(self, node: Node, path: str, inlining: tuple[str, ...]) -> None:
        """Make a schema strict.

        Args:
            node: the schema.
            path: where it is, seen from the top.
            inlining: the references whose definitions enclose this copy of one.
        """
        while len(node.get("allOf", ())) == 1:
            node |= {**node.pop("allOf")[0], **node}
        node.pop("default", None)
        node.pop("discriminator", None)
        if "oneOf" in node:  # of tagged unions: the tags make it the same as anyOf
            node["anyOf"] = node.pop("oneOf")
        if "$ref" in node:
            self._visit_reference(node, path, inlining)
            return
        if not any(key in node for key in CONSTRAINTS):
            raise self._refusal(path, "a value of any type is not allowed", "give it a type")
        if node.get("type") == "object":
            self._visit_object(node, path, inlining)
        elif node.get("type") == "array":
            self._visit_array(node, path, inlining)
        for part in (*node.get("anyOf", ()), *node.get("allOf", ())):
            self._visit(part, path, inlining)

    def _visit_object(self, node: Node, path: str, inlining: tuple[str, ...]) -> None:
        if node.get("additionalProperties") or "patternProperties" in node:
            if "properties" in node:
                reason, remedy = "extra fields are not allowed", "remove extra='allow'"
            else:
                reason = "open dict not allowed"
                remedy = "use a model, or a list of models with a key and a value"
            raise self._refusal(path, reason, remedy)
        properties: dict[str, Node] = node.setdefault("properties", {})
        node["additionalProperties"] = False
        node["required"] = list(properties)
        for name, schema in properties.items():
            self._visit(schema, f"{path}.{name}", inlining)

    def _visit_array(self, node: Node, path: str, inlining: tuple[str, ...]) -> None:
        if not _is_node(node.get("items")):
            reason = "a list of anything, or a tuple, is not allowed"
            raise self._refusal(path, reason, "use a list of one type, or a model")
        self._visit(node["items"], f"{path}[]", inlining)

    def _visit_reference(self, node: Node, path: str, inlining: tuple[str, ...]) -> None:
        """A reference stands alone; one that has company becomes a copy of what it refers to."""
        reference: str = node["$ref"]
        if len(node) == 1:
            self._visit_definition(reference, path)
        elif reference in inlining:  # a copy inside itself would never end
            node["anyOf"] = [{"$ref": node.pop("$ref")}]
        else:
            del node["$ref"]
            node |= {**deepcopy(self._definition(reference, path)), **node}
            self._visit(node, path, (*inlining, reference))

    def _visit_definition(self, reference: str, path: str) -> None:
        if reference not in self._done:
            self._done.add(reference)
            self._visit(self._definition(reference, path), path, (reference,))

    def _definition(self, reference: str, path: str) -> Node:
        definition = self._definitions.get(reference.removeprefix(REFERENCE))
        if definition is None:
            raise self._refusal(path, f"{reference} leads nowhere", "refer to a model's schema")
        return definition

    @staticmethod
    def _refusal(path: str, reason: str, remedy: str) -> StrictSchemaError:
        return StrictSchemaError(f"{path}: {reason}; {remedy}, or do without strict mode")


def _is_node(value: object) -> TypeGuard[Node]:
    return isinstance(value, dict) and bool(cast("Node", value))
