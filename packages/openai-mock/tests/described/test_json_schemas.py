import json
from typing import Any

import jsonschema
import pytest
from openai_mock.calls import Upload
from openai_mock.checking.schemas import operation_schemas, operation_validator
from openai_mock.described.json_schemas import FILE, PREFIX, Components
from pydantic_core import ValidationError

CHAT = {"model": "gpt-5.5", "messages": [{"role": "user", "content": "Hi"}]}
FUNCTION = {"type": "function", "function": {"name": "f"}}


def takes(name: str, request: Any) -> bool:  # Any: JSON
    components = Components()
    [alternatives] = components.alternatives(operation_schemas([(name, "body")]))
    schema: dict[str, Any] = {"anyOf": alternatives}
    schema["components"] = {"schemas": components.schemas}
    validator: Any = jsonschema.Draft202012Validator(schema)
    return validator.is_valid(request)


@pytest.mark.parametrize(
    "request_",
    [
        CHAT,
        {**CHAT, "tools": [FUNCTION], "stop": None, "stream": True},
        {**CHAT, "tools": [{**FUNCTION, "strict": True}]},
        {**CHAT, "mood": "good"},
        {**CHAT, "messages": [{"role": "user", "content": 5}]},
        {**CHAT, "messages": [{"role": "somebody", "content": "Hi"}]},
        {**CHAT, "temperature": 1},
        {**CHAT, "temperature": "1"},
        {"messages": []},
    ],
)
def test_schema_takes_what_the_validator_takes(request_: object):
    try:
        operation_validator("chat.completions.create").validate_python(request_, strict=True)
    except ValidationError:
        assert not takes("chat.completions.create", request_)
    else:
        assert takes("chat.completions.create", request_)


def test_what_is_sent_is_closed_and_what_is_answered_is_open():
    components = Components()
    [[sent]] = components.alternatives(operation_schemas([("batches.create", "body")]))
    assert sent["additionalProperties"] is False
    components.of_type("shared.Batch")
    assert "additionalProperties" not in components.schemas["shared.Batch"]


def test_answers_require_what_the_description_does_and_take_no_unknown_member():
    components = Components()
    components.of_type("responses.Response")
    assert {"id", "output"} <= set(components.schemas["responses.Response"]["required"])
    assert "user" not in components.schemas["responses.Response"]["required"]
    assert not [name for name in components.schemas if "Unknown" in name]


def test_named_unions_are_components_too():
    components = Components()
    reference = components.of_type("responses.ResponseStreamEvent")
    assert reference == {"$ref": f"{PREFIX}responses.ResponseStreamEvent"}
    assert reference is components.of_type("responses.ResponseStreamEvent")
    union = components.schemas["responses.ResponseStreamEvent"]
    assert union["discriminator"]["propertyName"] == "type"


def test_discriminators_lead_to_schemas():
    components = Components()
    components.of_type("responses.ResponseItem")
    for node in nodes(components.schemas):
        for target in node.get("discriminator", {}).get("mapping", {}).values():
            assert target.removeprefix(PREFIX) in components.schemas


def test_values_are_in_one_order():
    components = Components()
    [[sent]] = components.alternatives(operation_schemas([("batches.create", "body")]))
    for node in nodes({**components.schemas, "sent": sent}):
        assert node.get("enum", []) == sorted(node.get("enum", []))


def test_streams_whose_events_have_the_name_beside_the_data_are_of_the_data():
    components = Components()
    data = components.of_field("beta.AssistantStreamEvent", "data")
    assert {"$ref": f"{PREFIX}beta.threads.Run"} in data
    assert "beta.threads.Run" in components.schemas


def test_files_are_bytes():
    components = Components()
    [[sent]] = components.alternatives(operation_schemas([("files.create", "body")]))
    assert sent["properties"]["file"] == FILE
    assert components.schemas[Upload.__name__]["format"] == "binary"


def nodes(value: Any) -> list[dict[str, Any]]:  # Any: JSON
    text = json.dumps(value)
    found: list[dict[str, Any]] = []

    def seen(node: dict[str, Any]) -> dict[str, Any]:
        found.append(node)
        return node

    json.loads(text, object_hook=seen)
    return found
