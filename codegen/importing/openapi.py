"""A published OpenAPI document, read as schemas and operations.

Resolves references to components and merges `allOf`; makes no description. All else that can be
written in several ways is in one form already, see `normal_form`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from codegen.importing.normal_form import NULL, SCHEMAS, DocumentError, normal_form

Schema = Mapping[str, Any]  # Any: JSON Schema

EVENTS = "text/event-stream"


@dataclass(frozen=True)
class DocumentParameter:
    """A parameter of a route or a property of its body."""

    name: str
    place: str
    required: bool
    schema: Schema


@dataclass(frozen=True)
class DocumentOperation:
    """A route of the document.

    Attributes:
        body: the schema of the request's body, empty if it has none.
        result: the schema of what comes back, empty if nothing does.
        media_type: of what comes back.
        events: the schema of the events, if it can stream.
        security: the names of the schemes, of which one is needed.
    """

    method: str
    path: str
    id: str
    parameters: tuple[DocumentParameter, ...] = ()
    body: Schema = field(default_factory=dict[str, Any])
    body_type: str = ""
    result: Schema = field(default_factory=dict[str, Any])
    media_type: str = ""
    events: Schema = field(default_factory=dict[str, Any])
    security: tuple[str, ...] = ()
    deprecated: bool = False

    @property
    def route(self) -> tuple[str, str]:
        """The route without the names of its parameters."""
        return self.method, bare(self.path)


def bare(path: str) -> str:
    """A path without the names of its parameters."""
    return re.sub(r"{[^}]*}", "{}", path)


def content_of(data: bytes) -> object:
    """What the bytes of a document say, in JSON or, if they are no JSON, in YAML.

    Raises:
        DocumentError: they are neither.
    """
    try:
        return json.loads(data)
    except ValueError:  # of JSON, or of the encoding
        import yaml

        try:
            return yaml.load(data, yaml.CSafeLoader)
        except (yaml.YAMLError, ValueError) as error:
            problem = f"this is neither JSON nor YAML ({error})"
            raise DocumentError("#", problem, "give an OpenAPI document") from error


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON; lines of JSON are not."""
    return bool(re.match(r"[^/;]+/([^/;]+\+)?json\s*(;|$)", media_type))


class Document:
    """One document.

    Raises:
        DocumentError: it cannot be read; the message has the place, the problem and the remedy.
    """

    def __init__(self, content: object) -> None:
        self._content = normal_form(content)
        self._components: dict[str, Schema] = self._content["components"]["schemas"]

    @classmethod
    def parse(cls, data: bytes) -> Document:
        """Read the bytes of a document in JSON or, if it is no JSON, in YAML."""
        return cls(content_of(data))

    def operations(self) -> Iterator[DocumentOperation]:
        """Every route."""
        for path, item in self._content["paths"].items():
            for method, content in item.items():
                yield self._operation(method, path, content)

    def webhooks(self) -> Iterator[tuple[str, Schema]]:
        """The schema of what each webhook sends, by its name."""
        for name, item in self._content["webhooks"].items():
            for content in item.values():
                yield name, _media(content["requestBody"])[1]

    def component(self, schema: Schema) -> str:
        """The name of the component that a schema is, else empty."""
        schema = _only(schema)
        reference: str = schema.get("$ref", "")
        return reference.removeprefix(SCHEMAS)

    def unlike_components(self, name: str, more: str = "Param") -> str:
        """A name that no component has, made longer until that is so."""
        return self.unlike_components(name + more, more) if name in self._components else name

    def resolve(self, schema: Schema) -> Schema:
        """A schema with its reference followed and its `allOf` merged."""
        schema = _only(schema)
        if "$ref" in schema:
            return self.resolve(self._components[self.component(schema)])
        if "allOf" not in schema:
            return schema
        merged: dict[str, Any] = {key: value for key, value in schema.items() if key != "allOf"}
        for part in schema["allOf"]:
            merged = _merged(merged, self.resolve(part))
        return merged

    def alternatives(self, schema: Schema) -> list[Schema]:
        """The members of a union, those of unions inside it included; a single one for no union."""
        resolved = self.resolve(schema)
        for key in ("anyOf", "oneOf"):
            if key in resolved and "properties" not in resolved:
                members = cast("list[Schema]", resolved[key])
                found = [inner for member in members for inner in self.alternatives(member)]
                return [*found, NULL] if resolved.get("nullable") else found
        types = resolved.get("type")
        if isinstance(types, list):
            return [{**resolved, "type": each} for each in cast("list[str]", types)]
        if resolved.get("nullable"):
            return [{key: value for key, value in resolved.items() if key != "nullable"}, NULL]
        return [schema]

    def properties(self, schema: Schema) -> dict[str, Schema]:
        """The properties of an object, by name."""
        return dict(self.resolve(schema).get("properties", {}))

    def literals(self, schema: Schema) -> list[str]:
        """The texts that a schema allows, if it names them."""
        found: list[object] = []
        for each in self.alternatives(schema):
            resolved = self.resolve(each)
            found += [
                *resolved.get("enum", ()),
                *([resolved["const"]] if "const" in resolved else ()),
            ]
        return [each for each in found if isinstance(each, str)]

    def _operation(self, method: str, path: str, content: Mapping[str, Any]) -> DocumentOperation:
        parameters = [
            DocumentParameter(each["name"], each["in"], each["required"], each["schema"])
            for each in content["parameters"]
        ]
        answers: dict[str, Any] = content["responses"]
        good = [status for status in sorted(answers) if status.startswith("2")]
        good = good or [status for status in answers if list(answers) == ["default"]]
        answer: dict[str, Any] = answers[good[0]] if good else {}
        body_type, body = _media(content["requestBody"])
        media_type, result = _media(answer)
        events: Schema = answer.get("content", {}).get(EVENTS, {}).get("schema", {})
        schemes = content.get("security", self._content["security"])
        security = tuple(name for each in schemes for name in each)
        return DocumentOperation(
            method, path, content["operationId"], tuple(parameters), body, body_type,
            result, media_type, events, security, content["deprecated"],
        )  # fmt: skip


def _media(holder: Mapping[str, Any]) -> tuple[str, Schema]:
    """The media type and the schema of a body, JSON before others, events last."""
    content: dict[str, Any] = holder.get("content", {})
    order = sorted(content, key=lambda name: (name == EVENTS, not is_json(name)))
    return (order[0], content[order[0]].get("schema", {})) if order else ("", {})


def _only(schema: Schema) -> Schema:
    """An `allOf` or `anyOf` of one member is that member."""
    for key in ("allOf", "anyOf", "oneOf"):
        members: list[Schema] = schema.get(key, [])
        if len(members) == 1 and "properties" not in schema and not schema.get("nullable"):
            return _only(members[0])
    return schema


def _merged(left: Mapping[str, Any], right: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**left, **right}
    merged["properties"] = {**left.get("properties", {}), **right.get("properties", {})}
    merged["required"] = sorted({*left.get("required", ()), *right.get("required", ())})
    return {
        key: value
        for key, value in merged.items()
        if value or key not in {"properties", "required"}
    }
