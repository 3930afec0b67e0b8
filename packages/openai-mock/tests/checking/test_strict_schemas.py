from typing import Any

import pytest
from openai_mock.checking.strict_schemas import check_strict_schemas
from openai_mock.refusals import Refusal
from pydantic import BaseModel

Schema = dict[str, Any]
POINT: Schema = {
    "type": "object",
    "properties": {"x": {"type": "number"}},
    "required": ["x"],
    "additionalProperties": False,
}


def closed(**properties: Any) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def chat(schema: Schema, *, strict: bool = True) -> Schema:
    format_ = {"name": "answer", "schema": schema, "strict": strict}
    return {"response_format": {"type": "json_schema", "json_schema": format_}}


def nested(levels: int) -> Schema:
    schema = closed()
    for _ in range(levels - 1):
        schema = closed(inner=schema)
    return schema


@pytest.mark.parametrize(
    "schema",
    [
        POINT,
        closed(),
        closed(either={"anyOf": [POINT, {"type": "null"}]}),
        closed(many={"type": "array", "items": POINT}),
        {**closed(tree={"$ref": "#/$defs/tree"}), "$defs": {"tree": closed(leaf=POINT)}},
        nested(10),
    ],
)
def test_schema_that_a_model_can_be_held_to(schema: Schema):
    check_strict_schemas(chat(schema))


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "array", "items": POINT}, r'got \'type: "array"\''),
        ({"anyOf": [POINT]}, "must be a JSON Schema of 'type: \"object\"'"),
        ({**POINT, "additionalProperties": True}, r"context=\(\), 'additionalProperties'"),
        ({**POINT, "required": []}, "Missing 'x'"),
        (closed(in_it={"type": "object"}), r"context=\('properties', 'in_it'\)"),
        (closed(many={"type": "array", "items": {**POINT, "required": None}}), "'items'"),
        (closed(both={"allOf": [POINT]}), "'allOf' is not permitted"),
        (closed(either={"anyOf": [POINT, {"type": "object"}]}), r"'anyOf', '1'"),
        ({**POINT, "$defs": {"open": {"type": "object"}}}, r"'\$defs', 'open'"),
        (nested(11), "deeper than 10 levels"),
        (closed(**{f"p{n}": {"type": "string"} for n in range(5001)}), "has 5001 properties"),
    ],
)
def test_schema_that_a_model_cannot_be_held_to(schema: Schema, words: str):
    with pytest.raises(Refusal, match=words) as refused:
        check_strict_schemas(chat(schema))
    assert (refused.value.code, refused.value.param) == ("invalid_json_schema", "response_format")
    check_strict_schemas(chat(schema, strict=False))


def test_where_a_strict_schema_is():
    wrong: Schema = {
        "name": "f",
        "strict": True,
        "parameters": {"type": "object", "properties": {"a": {}}},
    }
    in_chat: Schema = {"type": "function", "function": wrong}
    for tools, param in (
        ([{"type": "web_search"}, wrong], "tools[1].parameters"),
        ([in_chat], "tools[0].function.parameters"),
    ):
        with pytest.raises(Refusal, match="for function 'f'") as refused:
            check_strict_schemas({"tools": tools})
        assert refused.value.code == "invalid_function_parameters"
        assert refused.value.param == param
    format_: Schema = {"type": "json_schema", "name": "answer", "strict": True, "schema": {}}
    with pytest.raises(Refusal, match="for response_format 'answer'") as refused:
        check_strict_schemas({"text": {"format": format_}})
    assert refused.value.param == "text.format.schema"


def test_what_pydantic_makes_of_an_open_model_is_told():
    class Answer(BaseModel):
        text: str = ""

    with pytest.raises(Refusal, match="'additionalProperties' is required"):
        check_strict_schemas(chat(Answer.model_json_schema()))
