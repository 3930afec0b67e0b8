"""A published OpenAPI document in the one form that the importer reads, or what is wrong with it.

OpenAPI has many ways to say a thing. Here references to parameters, bodies, answers and paths are
followed, parameters of a path come to its operations, and `true` as a schema is the empty one.
Whatever cannot be read is refused with its place in the document. What schemas mean is in
`openapi`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

Node = dict[str, Any]  # Any: JSON

METHODS = ("get", "post", "put", "patch", "delete")
PLACES = ("path", "query", "header")
SENT_ANYWAY = {"accept", "authorization", "content-type"}  # OpenAPI says to ignore these
SCHEMAS = "#/components/schemas/"
TYPES = ("string", "integer", "number", "boolean", "object", "array", "null")
DEEPEST = 100  # steps of a path to a schema
SHOWN = 40  # letters of a value that a message shows
NULL: Node = {"type": "null"}
# The keys of a schema that hold one schema, a list of them, or some by name.
ONE, MANY, NAMED = {"items"}, {"allOf", "anyOf", "oneOf"}, {"properties"}


class DocumentError(ValueError):
    """A document that cannot be read: the place in it, what is wrong there, and the remedy."""

    def __init__(self, where: str, problem: str, remedy: str) -> None:
        super().__init__(f"{where}: {problem}: {remedy}")


def normal_form(content: object) -> Node:
    """The document anew, with its paths, webhooks, security and components.

    Raises:
        DocumentError: it is no OpenAPI document of version 3, or something in it cannot be read.
    """
    if not isinstance(content, dict) or not isinstance(content.get("openapi"), str):  # pyright: ignore[reportUnknownMemberType]
        raise DocumentError(
            "#",
            "this is no OpenAPI document: it has no 'openapi' with a version",
            "give one of 3.x",
        )
    document = cast("Node", content)
    if not document["openapi"].startswith("3."):
        raise DocumentError(
            "#/openapi", f"{document['openapi']!r} is not read", "convert it to 3.x"
        )
    return _Reader(document).read()


class _Reader:
    def __init__(self, document: Node) -> None:
        self._document = document
        self._schemas: Node = {}

    def read(self) -> Node:
        components = self._mapping(self._document.get("components"), "#/components")
        self._schemas = self._mapping(components.get("schemas"), SCHEMAS[:-1])
        schemas = {
            name: self._schema(schema, _below(SCHEMAS[:-1], name))
            for name, schema in self._schemas.items()
        }
        self._refuse_circles(schemas)
        return {
            "paths": self._items("paths"),
            "webhooks": self._items("webhooks"),
            "security": self._security(self._document, "#"),
            "components": {"schemas": schemas},
        }

    def _items(self, kind: str) -> Node:
        items = self._mapping(self._document.get(kind), f"#/{kind}")
        items = {name: item for name, item in items.items() if not name.startswith("x-")}
        for name in items if kind == "paths" else ():
            if not name.startswith("/"):
                raise DocumentError(
                    _below("#/paths", name), "a path begins with /", "put one there"
                )
        return {name: self._item(name, item, _below(f"#/{kind}", name), kind)
                for name, item in items.items()}  # fmt: skip

    def _item(self, path: str, written: object, where: str, kind: str) -> Node:
        item, where = self._followed(written, where)
        above = self._parameters(item, where)
        return {
            method: self._operation(path if kind == "paths" else "", above, item[method],
                                    _below(where, method))
            for method in METHODS
            if method in item
        }  # fmt: skip

    def _operation(
        self, path: str, above: dict[tuple[str, str], Node], written: object, where: str
    ) -> Node:
        content = self._mapping(written, where)
        parameters = above | self._parameters(content, where)
        in_path = re.findall(r"{([^}]*)}", path.partition("?")[0])
        for name, place in parameters:
            if place == "path" and name not in in_path:
                problem = f"the parameter {name!r} is not in the path {path}"
                raise DocumentError(where, problem, f"put {{{name}}} there")
        text: Node = {"in": "path", "required": True, "schema": {"type": "string"}}
        told = [parameters.pop((name, "path"), {**text, "name": name}) for name in in_path]
        body, place = self._followed(content.get("requestBody"), _below(where, "requestBody"))
        return {
            "operationId": str(content.get("operationId", "")),
            "deprecated": bool(content.get("deprecated")),
            **({"security": self._security(content, where)} if "security" in content else {}),
            "parameters": [*told, *parameters.values()],
            "requestBody": self._content(body, place),
            "responses": dict(self._answers(content, where)),
        }

    def _security(self, holder: Node, where: str) -> list[Node]:
        where = _below(where, "security")
        listed = self._list(holder.get("security"), where)
        return [self._mapping(each, _below(where, str(n))) for n, each in enumerate(listed)]

    def _answers(self, content: Node, where: str) -> Iterator[tuple[str, Node]]:
        where = _below(where, "responses")
        for status, written in self._mapping(content.get("responses"), where).items():
            answer, place = self._followed(written, _below(where, str(status)))
            yield str(status), self._content(answer, place)

    def _content(self, holder: Node, where: str) -> Node:
        where = _below(where, "content")
        medias = self._mapping(holder.get("content"), where)
        return {"content": {
            kind: {"schema": self._media(media, _below(where, kind))}
            for kind, media in medias.items()
        }}  # fmt: skip

    def _media(self, written: object, where: str) -> Node:
        return self._schema(
            self._mapping(written, where).get("schema", {}), _below(where, "schema")
        )

    def _parameters(self, holder: Node, where: str) -> dict[tuple[str, str], Node]:
        """The parameters by name and place: those of an operation win over those of its path."""
        where = _below(where, "parameters")
        found: dict[tuple[str, str], Node] = {}
        for number, written in enumerate(self._list(holder.get("parameters"), where)):
            each, place = self._followed(written, _below(where, str(number)))
            if not isinstance(each.get("name"), str) or not isinstance(each.get("in"), str):
                raise DocumentError(place, "a parameter needs 'name' and 'in'", "add them")
            if each["in"] == "header" and each["name"].lower() in SENT_ANYWAY:
                continue
            if each["in"] not in PLACES:
                raise DocumentError(
                    place,
                    f"the parameter {each['name']!r} is in a {each['in']}, which is never sent",
                    f"move it to one of {', '.join(PLACES)}, or take it out",
                )
            _check_name(each["name"], place)
            found[each["name"], each["in"]] = {
                "name": each["name"],
                "in": each["in"],
                "required": each["in"] == "path" or bool(each.get("required")),
                "schema": self._parameter_schema(each, place),
            }
        return found

    def _parameter_schema(self, parameter: Node, where: str) -> Node:
        medias = list(self._mapping(parameter.get("content"), _below(where, "content")).values())
        if medias:
            return self._media(medias[0], _below(where, "content"))
        return self._schema(parameter.get("schema", {}), _below(where, "schema"))

    def _schema(self, written: object, where: str, trail: tuple[str, ...] = ()) -> Node:
        if isinstance(written, bool):
            return {}  # `true` is anything; nothing fits `false`, which is not told apart
        schema = self._mapping(written, where)
        reference = schema.get("$ref")
        if schema.get("$recursiveRef") == "#" and where.startswith(SCHEMAS):
            return {"$ref": SCHEMAS + _names(where)[2]}  # the component that it is in
        if reference is not None:
            referred = self._referred(reference, where, trail)
            return {"anyOf": [referred, NULL]} if schema.get("nullable") else referred
        self._check(schema, where)
        made = dict(schema)
        for key in (*ONE, "additionalProperties"):
            if key in schema and not (key == "additionalProperties" and schema[key] is False):
                made[key] = self._schema(schema[key], _below(where, key), trail)
        for key in MANY & set(schema):
            parts = self._list(schema[key], _below(where, key))
            made[key] = [
                self._schema(part, _below(where, key, str(number)), trail)
                for number, part in enumerate(parts)
            ]
        for key in NAMED & set(schema):
            parts = self._mapping(schema[key], _below(where, key))
            made[key] = {
                name: self._schema(part, _below(where, key, name), trail)
                for name, part in parts.items()
            }
        return made

    def _check(self, schema: Node, where: str) -> None:
        if where.count("/") > DEEPEST:
            raise DocumentError(
                where, "this is too deep inside of others", "make a component of it"
            )
        for key in ("required", "enum"):
            self._list(schema.get(key), _below(where, key))
        kinds = schema.get("type", "object")
        for kind in cast("list[object]", kinds) if isinstance(kinds, list) else [kinds]:
            if kind not in TYPES:
                problem = f"{_shown(kind)} is no type"
                raise DocumentError(_below(where, "type"), problem, f"write {', '.join(TYPES)}")
        for name in self._mapping(schema.get("properties"), _below(where, "properties")):
            _check_name(name, _below(where, "properties"))

    def _referred(self, reference: object, where: str, trail: tuple[str, ...]) -> Node:
        """A reference to a component as it is; what is elsewhere in its place."""
        target, place = self._target(reference, where)
        names = _names(place)
        if place.startswith(SCHEMAS) and len(names) == len(_names(SCHEMAS)):
            return {"$ref": SCHEMAS + names[-1]}
        if place in trail:
            raise DocumentError(where, f"{reference} leads back to itself", "make it a component")
        return self._schema(target, place, (*trail, place))

    def _followed(self, written: object, where: str) -> tuple[Node, str]:
        """A thing that may be a reference, and where it really is."""
        seen: set[str] = set()
        while "$ref" in (node := self._mapping(written, where)):
            if where in seen:
                raise DocumentError(where, "the reference leads back to itself", "name its target")
            seen.add(where)
            written, where = self._target(node["$ref"], where)
        return node, where

    def _target(self, reference: object, where: str) -> tuple[object, str]:
        if not isinstance(reference, str) or not reference.startswith("#/"):
            raise DocumentError(
                where,
                f"the reference {reference!r} leads out of the document",
                "bundle the document into one file",
            )
        target: object = self._document
        for name in _names(reference):
            inside = cast("Node | list[object] | None", target)
            if isinstance(inside, list) and name.isdigit() and int(name) < len(inside):
                target = inside[int(name)]
            elif isinstance(inside, dict) and name in inside:
                target = inside[name]
            else:
                raise DocumentError(
                    where, f"the reference {reference!r} leads nowhere", "correct or define it"
                )
        return target, reference

    @staticmethod
    def _refuse_circles(schemas: Node) -> None:
        """References and parts of `allOf` that lead back to where they began describe nothing."""
        for name in schemas:
            seen, ahead = set[str](), _same(schemas[name])
            while ahead:
                each = ahead.pop()
                if each == name:
                    place = _below(SCHEMAS[:-1], name)
                    raise DocumentError(place, "the schema is defined by itself", "say what it is")
                if each not in seen:
                    seen.add(each)
                    ahead += _same(schemas[each])

    @staticmethod
    def _mapping(written: object, where: str) -> Node:
        if written is None:
            return {}
        if not isinstance(written, dict):
            raise DocumentError(where, f"{_shown(written)} is no object", "make it one")
        return cast("Node", written)

    @staticmethod
    def _list(written: object, where: str) -> list[object]:
        if written is None:
            return []
        if not isinstance(written, list):
            raise DocumentError(where, f"{_shown(written)} is no list", "make it one")
        return cast("list[object]", written)


def _check_name(name: str, where: str) -> None:
    """Refuse what a description cannot have: it writes a type after a name."""
    if not name or name.endswith("?") or re.search(r"\s", name):
        problem = f"{name!r} as a name is empty, has blanks in it or ends with ?"
        raise DocumentError(where, problem, "take it out, or leave the route out with an overlay")


def _same(schema: Node) -> list[str]:
    """The components that a schema cannot be without."""
    found = [schema["$ref"].removeprefix(SCHEMAS)] if "$ref" in schema else []
    for key in MANY & set(schema):
        found += [name for part in schema[key] for name in _same(part)]
    return found


def _below(where: str, *names: str) -> str:
    """A JSON pointer to what is inside of another place."""
    return "/".join([where, *(n.replace("~", "~0").replace("/", "~1") for n in names)])


def _names(pointer: str) -> list[str]:
    return [n.replace("~1", "/").replace("~0", "~") for n in pointer.split("/")[1:]]


def _shown(written: object) -> str:
    text = repr(written)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
