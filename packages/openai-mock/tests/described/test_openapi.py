import json
import subprocess
import sys
from typing import Any

import httpx
import pytest
from openai_mock import MockServer
from openai_mock.described import openapi
from openai_mock.routing.routes import template
from openai_types.catalogue import operations

# Any: JSON.

PREFIX = "#/components/"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return json.loads(openapi.document())


def at(document: dict[str, Any], name: str) -> dict[str, Any]:
    operation = operations()[name]
    return document["paths"][template(operation)][operation.method.lower()]


def parameter(operation: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in operation["parameters"] if each["name"] == name)


def test_every_operation_is_in_it(document: dict[str, Any]):
    for operation in operations().values():
        found = document["paths"][template(operation)][operation.method.lower()]
        in_path = {each["name"] for each in found.get("parameters", ()) if each["in"] == "path"}
        assert in_path == {each.wire for each in operation.parameters if each.place == "path"}
        assert found["summary"]
        assert ("requestBody" in found) >= any(
            each.place in ("body", "file") for each in operation.parameters
        )


def test_references_lead_somewhere_and_every_component_is_referred_to(document: dict[str, Any]):
    referred: set[str] = set()

    def collected(node: dict[str, Any]) -> dict[str, Any]:
        if isinstance(node.get("$ref"), str):
            referred.add(node["$ref"])
        return node

    json.loads(json.dumps(document), object_hook=collected)
    there = {
        f"{PREFIX}{kind}/{name}"
        for kind in ("schemas", "responses")
        for name in document["components"][kind]
    }
    assert referred == there


def test_bodies_are_by_content_type(document: dict[str, Any]):
    chat = at(document, "chat.completions.create")["requestBody"]
    assert chat["required"] is True
    assert list(chat["content"]) == ["application/json"]
    assert list(at(document, "files.create")["requestBody"]["content"]) == ["multipart/form-data"]
    call = at(document, "realtime.calls.create")["requestBody"]["content"]
    assert list(call) == ["application/sdp", "multipart/form-data"]


def test_json_for_what_may_have_files_has_none(document: dict[str, Any]):
    content = at(document, "containers.files.create")["requestBody"]["content"]
    assert "Upload" in json.dumps(content["multipart/form-data"])
    assert "Upload" not in json.dumps(content["application/json"])


@pytest.mark.parametrize(
    ("name", "types"),
    [
        ("models.list", ["application/json"]),
        ("chat.completions.create", ["application/json", "text/event-stream"]),
        ("beta.agents.sessions.events.stream", ["text/event-stream"]),
        ("audio.transcriptions.create", ["application/json", "text/plain", "text/event-stream"]),
        ("audio.speech.create", ["*/*"]),
        ("realtime.calls.create", ["application/sdp"]),
    ],
)
def test_answers_are_by_content_type(document: dict[str, Any], name: str, types: list[str]):
    responses = at(document, name)["responses"]
    assert list(responses["200"]["content"]) == types
    assert responses["401"] == {"$ref": "#/components/responses/401"}


def test_what_answers_nothing_has_no_content(document: dict[str, Any]):
    nothing = next(each.name for each in operations().values() if each.returns == "None")
    assert "content" not in at(document, nothing)["responses"]["200"]


def test_parameters_are_by_place(document: dict[str, Any]):
    listing = at(document, "vector_stores.files.list")
    assert parameter(listing, "vector_store_id")["in"] == "path"
    assert parameter(listing, "limit") == {
        "name": "limit",
        "in": "query",
        "required": False,
        "schema": {"type": "integer"},
    }
    beta = parameter(at(document, "beta.threads.create"), "OpenAI-Beta")
    assert (beta["in"], beta["required"]) == ("header", True)
    assert beta["schema"]["enum"] == ["assistants=v2"]


def test_administration_takes_its_own_key(document: dict[str, Any]):
    assert document["security"] == [{"api_key": []}]
    assert at(document, "admin.organization.projects.list")["security"] == [{"admin_api_key": []}]
    assert "security" not in at(document, "models.list")


def test_operations_of_one_route_are_told_apart_by_the_query(document: dict[str, Any]):
    create = at(document, "responses.create")
    assert create["operationId"] == "responses.create"
    assert parameter(create, "beta")["schema"]["enum"] == ["true"]
    assert "beta.BetaResponse" in json.dumps(create["responses"])


def test_server_gives_it_without_a_key_and_the_command_prints_the_same(mock: MockServer):
    served = httpx.get(f"{mock.url}/openapi.json", trust_env=False)
    assert served.headers["content-type"] == "application/json"
    program = "from openai_mock.cli import main; exit(main(['openapi']))"
    command = [sys.executable, "-W", "error", "-c", program]
    printed = subprocess.run(command, capture_output=True, check=True).stdout
    assert printed.strip() == served.content  # another process gives the same bytes


def test_it_is_made_once_for_threads_that_ask_at_once():
    program = """
from threading import Barrier, Thread
from openai_mock.described import openapi

begun, made, given = Barrier(3), [], []
described = openapi.described

def counted():
    made.append(1)
    return described()

def ask():
    begun.wait()
    given.append(openapi.document())

openapi.described = counted
threads = [Thread(target=ask) for _ in range(3)]
for each in threads:
    each.start()
for each in threads:
    each.join()
print(len(made), len(given), len({*given}))
"""
    command = [sys.executable, "-W", "error", "-c", program]
    printed = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    assert printed.split() == ["1", "3", "1"]
