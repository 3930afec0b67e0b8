"""The API that the server serves, as an OpenAPI 3.1 document.

Decides how the catalogue's operations are written there; everything in it is from the catalogue and
from the types that requests are checked with and answers are made of. Made once, when somebody asks
for it, which takes some seconds. WebSockets are not in it: OpenAPI has no words for them.
"""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeAlias

from openai_types.catalogue import operations
from openai_types.lazy import without_collection
from pydantic_core import to_json

from openai_mock.checking.incoming import JSON, SDP, content_types, needed_headers
from openai_mock.checking.schemas import PLACES, kinds, operation_schemas, required
from openai_mock.described.json_schemas import BYTES, FILE, Components
from openai_mock.replies import DONE
from openai_mock.routing.routes import ROOT, fixed_query, parameters_of, template
from openai_mock.serving import sse
from openai_mock.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from openai_types.catalogue import Operation

    from openai_mock.checking.schemas import Part
    from openai_mock.described.json_schemas import JsonSchema

JsonObject: TypeAlias = dict[str, Any]  # Any: JSON

TEXT = "text/plain"
ANY_TYPE = "*/*"
_UNNAMED_BYTES = ("", ANY_TYPE, "application/binary", "application/octet-stream")
_NO_TYPES = ("str", "bytes", "None")
_OF_A_LIST = {
    "object": {"type": "string"},
    "data": {"type": "array"},
    "has_more": {"type": "boolean"},
}
_ID = {"type": ["string", "null"]}
_PAGES: dict[str, JsonObject] = {
    "Page": _OF_A_LIST,
    "NextCursorPage": {**_OF_A_LIST, "next": _ID},
    "TokenPage": {**_OF_A_LIST, "next": _ID},
    "CursorPage": {**_OF_A_LIST, "first_id": _ID, "last_id": _ID},
    "ConversationCursorPage": {**_OF_A_LIST, "first_id": _ID, "last_id": _ID},
}
_REFUSALS = {
    "400": "A parameter is missing, unknown or wrong; `param` names it.",
    "401": "The key is missing, or is none for this operation.",
    "404": "Something that the request names is not there.",
    "default": "The request failed.",
}
_making = Lock()
_KEYS = {
    "api_key": "The API key.",
    "admin_api_key": "The key for administration, below /organization and /projects.",
}


def document() -> bytes:
    """The document in JSON; the same bytes in every run. Threads that ask at once share it."""
    with _making:
        return _content()


@cache
def _content() -> bytes:
    with without_collection():
        return to_json(described())


def described() -> JsonObject:
    """The document."""
    components = Components()
    components.make(name for each in operations().values() for name in _types(each))
    parts: list[tuple[str, Part]] = [
        (name, part) for name in operations() for part in PLACES if kinds(name, part)
    ]
    sent = dict(zip(parts, components.alternatives(operation_schemas(parts)), strict=True))
    paths: dict[str, JsonObject] = {}
    for (path, method), variants in sorted(_routes().items()):
        written = _Written(variants, components, sent).operation()
        paths.setdefault(path, {})[method.lower()] = written
    error = components.of_type("shared.ErrorObject")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "OpenAI API (mock)",
            "version": __version__,
            "description": "The operations that openai-mock serves, as it checks their requests.",
        },
        "servers": [{"url": ROOT}],
        "security": [{"api_key": []}],
        "paths": paths,
        "components": {
            "schemas": {**components.schemas, **_pages(), "Refused": _object({"error": error})},
            "responses": {name: _refused(text) for name, text in _REFUSALS.items()},
            "securitySchemes": {
                name: {"type": "http", "scheme": "bearer", "description": text}
                for name, text in _KEYS.items()
            },
        },
    }


def _routes() -> dict[tuple[str, str], list[Operation]]:
    """The operations of each path and method, the one that plain requests call first."""
    found: dict[tuple[str, str], list[Operation]] = {}
    for each in operations().values():
        found.setdefault((template(each), each.method), []).append(each)
    for variants in found.values():
        variants.sort(key=lambda each: len(fixed_query(each)))  # they keep their order otherwise
    return found


def _types(operation: Operation) -> Iterable[str]:
    """The types of what an operation answers and streams."""
    if not operation.always_streams:
        yield from (name for name in operation.returns.split(" | ") if name not in _NO_TYPES)
    if operation.streams and not operation.event_and_data:
        yield operation.streams


class _Written:
    """Writes what a method of a path does.

    Args:
        variants: The operations of it; the query tells which is meant.
        components: Where the schemas of answers are from.
        sent: The schemas of the parts of requests, by the names of operations.
    """

    def __init__(
        self,
        variants: Sequence[Operation],
        components: Components,
        sent: Mapping[tuple[str, Part], Sequence[JsonSchema]],
    ) -> None:
        self._variants = variants
        self._components = components
        self._sent = sent

    def operation(self) -> JsonObject:
        """The object of OpenAPI that describes it."""
        first = self._variants[0]
        written: JsonObject = {
            "operationId": first.name,
            "summary": first.doc,
            "tags": [_tag(first.name)],
        }
        if parameters := self._parameters():
            written["parameters"] = parameters
        if content := self._body():
            must = all(required(each.name) for each in self._variants)
            written["requestBody"] = {"required": must, "content": content}
        if first.deprecated:
            written["deprecated"] = True
        if first.auth == "admin":
            written["security"] = [{"admin_api_key": []}]
        return {**written, "responses": self._responses()}

    def _parameters(self) -> list[JsonObject]:
        return [*self._in_path(), *self._in_query(), *self._in_headers()]

    def _in_path(self) -> Iterable[JsonObject]:
        for name in parameters_of(self._variants[0]):
            text = {"type": "string", "minLength": 1}
            yield {"name": name, "in": "path", "required": True, "schema": text}

    def _in_query(self) -> Iterable[JsonObject]:
        for each in self._variants:
            for name, value in fixed_query(each).items():
                yield {"name": name, "in": "query", "schema": {"type": "string", "enum": [value]}}
        for name, schema, must in self._properties("query"):
            style = {"style": "deepObject"} if _is_object(schema) else {}
            yield {"name": name, "in": "query", "required": must, **style, "schema": schema}

    def _in_headers(self) -> Iterable[JsonObject]:
        for name, value in needed_headers(self._variants[0]).items():
            text = {"type": "string", "enum": [value]}
            yield {"name": name, "in": "header", "required": True, "schema": text}
        for name, schema, must in self._properties("header"):
            yield {"name": name, "in": "header", "required": must, "schema": schema}

    def _properties(self, part: Part) -> Iterable[tuple[str, JsonSchema, bool]]:
        """The parameters of a part: name, schema, and whether every request has them."""
        found: dict[str, list[JsonSchema]] = {}
        for alternative in self._alternatives(part):
            for name, schema in alternative.get("properties", {}).items():
                found.setdefault(name, []).append(schema)
        must = frozenset[str].intersection(*(required(each.name, part) for each in self._variants))
        for name, schemas in found.items():
            yield name, _any_of(schemas), name in must

    def _alternatives(self, part: Part) -> list[JsonSchema]:
        return [
            alternative
            for each in self._variants
            for alternative in self._sent.get((each.name, part), ())
        ]

    def _body(self) -> JsonObject:
        schema = _any_of(self._alternatives("body"))
        if not schema:
            return {}
        types = content_types(self._variants[0].name)
        return {each: {"schema": _sent_as(each, schema, types)} for each in types}

    def _responses(self) -> JsonObject:
        found: dict[str, list[JsonSchema]] = {}
        for each in self._variants:
            for media_type, schema in self._answers(each):
                found.setdefault(media_type, []).append(schema)
        answer: JsonObject = {"description": "What was asked for."}
        if found:
            answer["content"] = {
                media_type: {"schema": _any_of(schemas)} for media_type, schemas in found.items()
            }
        refused = {name: {"$ref": f"#/components/responses/{name}"} for name in _REFUSALS}
        return {"200": answer, **refused}

    def _answers(self, operation: Operation) -> Iterable[tuple[str, JsonSchema]]:
        """The types of what an operation answers, each with its schema."""
        names = () if operation.always_streams else operation.returns.split(" | ")
        for name in names:
            if name == "str":
                yield TEXT, {"type": "string"}
            elif name == "bytes":
                unnamed = operation.accept in _UNNAMED_BYTES
                yield ANY_TYPE if unnamed else operation.accept, dict(BYTES)
            elif name != "None":
                schema = self._components.of_type(name)
                yield JSON, _page_of(operation, schema) if operation.page else schema
        if operation.event_and_data:  # the name of an event is beside its data
            data = _any_of(self._components.of_field(operation.streams, "data"))
            yield sse.MEDIA_TYPE, _event(data)
        elif operation.streams:
            yield sse.MEDIA_TYPE, _event(self._components.of_type(operation.streams))


def _event(data: JsonSchema) -> JsonSchema:
    """One event as it is on the wire: its data is text, which is JSON but for the last mark."""
    told = {"type": "string", "contentMediaType": JSON, "contentSchema": data}
    return {
        "type": "object",
        "properties": {"event": {"type": "string"}, "data": {"anyOf": [{"const": DONE[1]}, told]}},
        "required": ["data"],
    }


def _tag(name: str) -> str:
    """The namespace of an operation."""
    first, second, *_ = name.split(".")
    return f"{first}.{second}" if first in ("admin", "beta") else first


def _any_of(schemas: Iterable[JsonSchema]) -> JsonSchema:
    unique: list[JsonSchema] = []
    for each in schemas:
        if each not in unique:
            unique.append(each)
    if not unique:
        return {}
    return unique[0] if len(unique) == 1 else {"anyOf": unique}


def _is_object(schema: JsonSchema) -> bool:
    """Whether a parameter of the query can only be an object."""
    return "$ref" in schema or schema.get("type") == "object"


def _sent_as(media_type: str, schema: JsonSchema, types: Sequence[str]) -> JsonSchema:
    """What a body of a type holds: SDP is text, and JSON has no files."""
    if media_type == SDP:
        return {"type": "string"}
    return _without_files(schema) if media_type == JSON and len(types) > 1 else schema


def _without_files(schema: JsonSchema) -> JsonSchema:
    if "anyOf" in schema:
        return {"anyOf": [_without_files(each) for each in schema["anyOf"]]}
    kept: JsonObject = {}
    for name, each in schema["properties"].items():
        others = [one for one in each.get("anyOf", [each]) if not _is_of_files(one)]
        if others:
            kept[name] = _any_of(others)
    must = [name for name in schema.get("required", ()) if name in kept]
    return {**schema, "properties": kept, "required": must}


def _is_of_files(schema: JsonSchema) -> bool:
    return FILE in (schema, schema.get("items"))


def _page_of(operation: Operation, item: JsonSchema) -> JsonSchema:
    data = {"properties": {"data": {"items": item}}}
    return {"allOf": [{"$ref": f"#/components/schemas/pages.{operation.page}"}, data]}


def _pages() -> dict[str, JsonObject]:
    return {f"pages.{name}": _object(properties) for name, properties in _PAGES.items()}


def _object(properties: JsonObject) -> JsonSchema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _refused(text: str) -> JsonObject:
    schema = {"$ref": "#/components/schemas/Refused"}
    return {"description": text, "content": {JSON: {"schema": schema}}}
