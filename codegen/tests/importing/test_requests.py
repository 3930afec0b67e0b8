from __future__ import annotations

import pytest

from codegen.importing.normal_form import DocumentError
from codegen.importing.openapi import Document
from codegen.importing.requests import Taken, taken
from codegen.operations import Parameter

TEXT = {"type": "string"}
FILE = {"type": "string", "format": "binary"}
JSON = "application/json"
FORM = "multipart/form-data"


def taken_by(
    body: object = None, media_type: str = JSON, path: str = "/things", **parameters: str
) -> Taken:
    """What a route takes; a parameter is given as its name and its place."""
    listed = [{"name": n, "in": place, "schema": TEXT} for n, place in parameters.items()]
    operation: dict[str, object] = {"parameters": listed}
    if body is not None:
        operation["requestBody"] = {"content": {media_type: {"schema": body}}}
    document = Document({"openapi": "3.1.0", "paths": {path: {"post": operation}}})
    (found,) = document.operations()
    return taken(document, found)


def places(found: Taken) -> dict[str, str]:
    return {f"{each.name} as {each.wire}": each.place for each in found.parameters()}


def test_names_that_python_or_the_client_has_taken_get_an_underscore():
    body = {"properties": {"class": TEXT, "max-size": TEXT, "2fa": TEXT, "timeout": TEXT}}
    found = taken_by(body, **{"X-Tenant": "header"})

    assert list(places(found)) == [
        "x_tenant as X-Tenant",
        "class_ as class",
        "max_size as max-size",
        "field_2fa as 2fa",
        "timeout_ as timeout",
    ]


def test_a_key_of_the_body_that_the_path_has_too_is_another_parameter():
    found = taken_by({"properties": {"id": TEXT}}, path="/things/{id}")

    assert places(found) == {"id as id": "path", "body_id as id": "body"}


def test_names_of_several_places_stay_different():
    found = taken_by({"properties": {"query_id": TEXT}}, path="/things/{id}", id="query")

    assert places(found) == {
        "id as id": "path",
        "query_id as id": "query",
        "body_query_id as query_id": "body",
    }


def test_by_position_goes_what_is_last_in_the_path():
    found = taken_by(path="/things/{thing}/parts/{from}/turn")

    assert [each.name for each in found.parameters()] == ["from_", "thing"]


def test_one_of_several_bodies_needs_what_all_of_them_need():
    one = {"required": ["a", "b"], "properties": {"a": TEXT, "b": TEXT}}
    other = {"required": ["a"], "properties": {"a": TEXT, "c": TEXT}}
    found = taken_by({"oneOf": [one, other]})

    assert found.parameters() == (
        Parameter("a", "body", required=True, wire="a"),
        Parameter("b", "body", required=False, wire="b"),
        Parameter("c", "body", required=False, wire="c"),
    )


def test_files_of_a_form_may_be_in_a_list():
    files = {"type": "array", "items": FILE}
    found = taken_by({"properties": {"one": FILE, "more": files, "title": TEXT}}, FORM)

    assert places(found) == {"title as title": "body", "one as one": "file", "more as more": "file"}


@pytest.mark.parametrize(
    ("body", "media_type", "message"),
    [
        ({"type": "array", "items": TEXT}, JSON, "no object with keys (array)"),
        (TEXT, JSON, "no object with keys (string)"),
        (FILE, "application/octet-stream", "no call can send a body of application/octet-stream"),
        ({"properties": {"a": TEXT}}, "application/x-www-form-urlencoded", "no call can send"),
    ],
)
def test_a_body_that_no_call_can_give_is_refused(body: object, media_type: str, message: str):
    with pytest.raises(DocumentError) as caught:
        taken_by(body, media_type)

    assert message in str(caught.value)
    assert "leave the route out with an overlay, 'absent: post /things'" in str(caught.value)
