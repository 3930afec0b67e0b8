from __future__ import annotations

from typing import Any

import pytest

from codegen.importing.normal_form import DocumentError, normal_form
from codegen.importing.openapi import Document

TEXT = {"type": "string"}
HERE = r"#/paths/~1things/get"


def with_parts(schema: object = None, components: object = None, **operation: object) -> object:
    """A document with one route, whose answer has a schema."""
    content = {"application/json": {"schema": schema or TEXT}}
    get = {"operationId": "getThing", "responses": {"200": {"content": content}}, **operation}
    return {
        "openapi": "3.1.0",
        "paths": {"/things": {"get": get}},
        "components": components or {},
    }


def a_query(**more: object) -> dict[str, object]:
    return {"name": "a", "in": "query", "schema": TEXT, **more}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (None, "#: this is no OpenAPI document"),
        ({"swagger": "2.0"}, "#: this is no OpenAPI document"),
        ({"openapi": "2.0"}, "#/openapi: '2.0' is not read: convert it to 3.x"),
        ({"openapi": "3.1.0", "paths": []}, "#/paths: [] is no object"),
        ({"openapi": "3.1.0", "paths": {"things": {}}}, "#/paths/things: a path begins with /"),
        (with_parts({"$ref": "#/components/schemas/No"}), "leads nowhere: correct or define it"),
        (with_parts({"$ref": "other.yaml#/No"}), "leads out of the document: bundle"),
        (with_parts({"$ref": 3}), "leads out of the document"),
        (with_parts("text"), "/schema: 'text' is no object"),
        (with_parts({"type": "blob"}), "/schema/type: 'blob' is no type: write string, integer"),
        (with_parts({"required": 3}), "/schema/required: 3 is no list"),
        (with_parts({"properties": {"a": 3}}), "/schema/properties/a: 3 is no object"),
        (with_parts({"properties": {"a b": TEXT}}), "'a b' as a name is empty, has blanks"),
        (with_parts(parameters=["a"]), f"{HERE}/parameters/0: 'a' is no object"),
        (with_parts(parameters=[{"in": "query"}]), "a parameter needs 'name' and 'in'"),
        (with_parts(parameters=[a_query(**{"in": "cookie"})]), "'a' is in a cookie, which is"),
        (with_parts(parameters=[a_query(**{"in": "path"})]),
         "'a' is not in the path /things: put {a} there"),
        (with_parts(security=3), f"{HERE}/security: 3 is no list"),
        (with_parts(components={"schemas": {"A": {"$ref": "#/components/schemas/A"}}}),
         "#/components/schemas/A: the schema is defined by itself"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_place(document: object, message: str):
    with pytest.raises(DocumentError) as caught:
        normal_form(document)

    assert message in str(caught.value)


def test_a_reference_that_leads_back_to_itself_is_refused():
    inside = {"$ref": f"{HERE}/responses/200/content/application~1json/schema"}

    with pytest.raises(DocumentError, match="leads back to itself: make it a component"):
        normal_form(with_parts({"properties": {"a": inside}}))


def test_what_is_too_deep_is_refused():
    schema: dict[str, Any] = TEXT
    for _ in range(200):
        schema = {"type": "array", "items": schema}

    with pytest.raises(DocumentError, match="too deep inside of others: make a component"):
        normal_form(with_parts(schema))


def test_an_answer_that_is_a_reference_to_itself_is_refused():
    answers = {"A": {"$ref": "#/components/responses/B"}, "B": {"$ref": "#/components/responses/A"}}
    given = {"200": {"$ref": "#/components/responses/A"}}

    with pytest.raises(DocumentError, match="leads back to itself: name its target"):
        normal_form(with_parts(components={"responses": answers}, responses=given))


def test_a_reference_may_lead_into_a_list_and_a_parameter_be_json():
    json = {"name": "where", "in": "query", "content": {"application/json": {"schema": TEXT}}}
    first = {"$ref": f"{HERE}/parameters/0/content/application~1json/schema"}
    (found,) = Document(with_parts(first, parameters=[json])).operations()

    assert found.result == found.parameters[0].schema == TEXT


def test_references_to_parameters_bodies_and_answers_are_followed():
    json = {"content": {"application/json": {"schema": TEXT}}}
    components = {
        "parameters": {"Limit": a_query(name="limit")},
        "requestBodies": {"Body": json},
        "responses": {"Answer": json},
    }
    (found,) = Document(
        with_parts(
            components=components,
            parameters=[{"$ref": "#/components/parameters/Limit"}],
            requestBody={"$ref": "#/components/requestBodies/Body"},
            responses={"200": {"$ref": "#/components/responses/Answer"}},
        )
    ).operations()

    assert [each.name for each in found.parameters] == ["limit"]
    assert found.body == found.result == TEXT


def test_a_parameter_of_an_operation_wins_over_that_of_its_path():
    item = {
        "parameters": [a_query(), a_query(name="Accept", **{"in": "header"})],
        "get": {"parameters": [a_query(required=True)]},
    }
    (found,) = Document({"openapi": "3.0.3", "paths": {"/things/{id}": item}}).operations()

    assert [(each.name, each.place, each.required) for each in found.parameters] == [
        ("id", "path", True),
        ("a", "query", True),
    ]


def test_a_schema_may_be_true_and_a_reference_null():
    components = {"schemas": {"A": {"properties": {"b": True}}}}
    reference = {"$ref": "#/components/schemas/A"}
    document = Document(with_parts({**reference, "nullable": True}, components))
    (found,) = document.operations()

    assert document.alternatives(found.result) == [reference, {"type": "null"}]
    assert document.properties(reference) == {"b": {}}


def test_a_component_may_refer_to_itself_by_an_anchor():
    filters = {"type": "array", "items": {"$recursiveRef": "#"}}
    components = {"schemas": {"Filter": {"properties": {"filters": filters}}}}
    document = Document(with_parts(components=components))

    reference = {"$ref": "#/components/schemas/Filter"}
    assert document.properties(reference)["filters"]["items"] == reference
