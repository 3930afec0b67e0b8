"""A small API that nobody has: its facts, and the document that has an endpoint more."""

from __future__ import annotations

from typing import Any, cast

from codegen.description import Description
from codegen.importing.document_importer import DocumentImporter
from codegen.importing.facts import Facts
from codegen.importing.importer import Importer
from codegen.importing.openapi import Document
from codegen.layout import Layout

LAYOUT = Layout()


def model(identifier: str, fields: dict[str, object], **more: object) -> dict[str, Any]:
    """The facts of a class; a field is its type, optional if that is a tuple of one."""
    module, name = identifier.split(":")
    public = more.pop("public", True)
    described: dict[str, object] = {}
    for key, type_ in fields.items():
        inner = cast("tuple[object]", type_)[0] if isinstance(type_, tuple) else type_
        described[key] = {"type": inner, "required": not isinstance(type_, tuple)}
    return {
        "id": identifier, "name": name, "module": module.rpartition(".")[0] if public else module,
        "public": public, "kind": "model", "fields": described, **more,
    }  # fmt: skip


def literal(*values: object) -> dict[str, Any]:
    return {"literal": list(values)}


def ref(identifier: str) -> dict[str, Any]:
    return {"ref": identifier}


CAT = "types.zoo.cat:Cat"
DOG = "types.zoo.dog:Dog"
EAR = "types.zoo.cat:Ear"
ANIMAL = "types.zoo.animal:Animal"
PARAMS = "types.zoo.animal_create_params:AnimalCreateParams"
# fmt: off
FACTS: dict[str, Any] = {
    "types": [
        model(
            CAT,
            {
                "type": literal("cat"),
                "ears": ({"optional": {"list": ref(EAR)}},),
                "mood": literal("calm", "wild"),
                "extra": "object",
            },
        ),
        model(EAR, {"side": "str"}, public=False),
        model(DOG, {"type": literal("dog"), "friend": (ref(ANIMAL),)}),
        {
            "id": ANIMAL, "name": "Animal", "module": "types.zoo", "public": True, "kind": "alias",
            "alias": {"union": [ref(CAT), ref(DOG)]},
        },
        model(PARAMS, {"name": "str", "from": ("int",)}, kind="params"),
    ],
    "resources": [{"path": "zoo", "class": "resources.zoo:Zoo"}],
    "methods": [
        {
            "resource": "zoo", "name": "create", "http": "post", "path": "/zoo/{place}",
            "kind": "json", "page": None, "returns": ref(ANIMAL), "params_type": [PARAMS],
            "params": [
                {"name": "place", "in": "path", "required": True, "type": "str"},
                {"name": "name", "in": "body", "required": True, "type": "str"},
                {"name": "from", "in": "body", "required": False, "type": "int"},
            ],
        },
        {"resource": "zoo", "name": "watch", "http": None, "kind": "helper", "params": []},
    ],
}
# fmt: on

STRINGS = {"type": "array", "items": {"type": "string"}}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "paths": {
        "/zoo/{place}": {
            "post": {
                "operationId": "createAnimal",
                "responses": {
                    "200": {
                        "content": {
                            "application/json": {
                                "schema": {
                                    "oneOf": [
                                        {"$ref": "#/components/schemas/Cat"},
                                        {"$ref": "#/components/schemas/Dog"},
                                    ]
                                }
                            }
                        }
                    }
                },
            }
        },
        "/widgets": {
            "get": {
                "operationId": "listWidgets",
                "parameters": [
                    {"name": "limit", "in": "query", "schema": {"type": "integer"}},
                    {
                        "name": "tags[]",
                        "in": "query",
                        "schema": {"type": "array", "items": {"type": "string"}},
                    },
                ],
                "responses": {
                    "200": {
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "properties": {
                                        "data": {
                                            "type": "array",
                                            "items": {"$ref": "#/components/schemas/Widget"},
                                        },
                                        "has_more": {"type": "boolean"},
                                    },
                                }
                            }
                        }
                    }
                },
            }
        },
        "/widgets/{widget_id}/cancel": {
            "post": {
                "operationId": "cancelWidget",
                "security": [{"AdminApiKeyAuth": []}],
                "parameters": [
                    {
                        "name": "widget_id",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "string"},
                    }
                ],
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["why"],
                                "properties": {
                                    "why": {"type": "string", "enum": ["late", "wrong"]},
                                    "notes": STRINGS,
                                },
                            }
                        }
                    }
                },
                "responses": {
                    "200": {
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Widget"}}
                        }
                    }
                },
            }
        },
    },
    "components": {
        "schemas": {
            "Cat": {
                "type": "object",
                "properties": {
                    "type": {"type": "string", "enum": ["cat"]},
                    "mood": {"type": "string", "enum": ["calm", "wild", "sleepy"]},
                    "extra": {"type": "object", "properties": {"weight": {"type": "number"}}},
                },
            },
            "Dog": {
                "type": "object",
                "properties": {
                    "type": {"type": "string", "enum": ["dog"]},
                    "tail": {"type": "boolean"},
                },
            },
            "Part": {
                "oneOf": [
                    {
                        "type": "object",
                        "required": ["type"],
                        "properties": {
                            "type": {"type": "string", "enum": [kind]},
                            kind: {"type": "integer"},
                        },
                    }
                    for kind in ("wheel", "lever")
                ]
            },
            "Widget": {
                "type": "object",
                "required": ["id", "schema"],
                "properties": {
                    "id": {"type": "string"},
                    "schema": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
                    "inside": {"$ref": "#/components/schemas/Widget"},
                },
            },
        }
    },
}


def described(*, with_document: bool = False) -> Description:
    """The description of the small API."""
    description = Importer(Facts(FACTS, LAYOUT), LAYOUT).run()
    if with_document:
        DocumentImporter(description, Document(DOCUMENT), LAYOUT).run()
    return description
