import json
from dataclasses import dataclass
from typing import Any

import pytest
from openai_stream.errors import StructuredOutputError
from openai_stream.responses.parsing import ResponseParser
from openai_types import Decoder
from openai_types.responses import (
    ParsedResponseFunctionToolCall,
    ParsedResponseOutputMessage,
    Response,
)
from pydantic import BaseModel

decode = Decoder[Response](Response)
STRICT: dict[str, Any] = {"type": "function", "name": "f", "strict": True, "parameters": {}}


class Answer(BaseModel):
    city: str
    degrees: int


@dataclass
class Point:
    x: int


def response(*items: dict[str, Any]) -> Response:
    return decode(json.dumps({"id": "resp_1", "status": "completed", "output": items}))


def message(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": "message", "id": "msg_1", "role": "assistant", "content": parts}


def text(said: object) -> dict[str, Any]:
    return {"type": "output_text", "text": said, "annotations": []}


def call(name: str, arguments: object) -> dict[str, Any]:
    return {"type": "function_call", "name": name, "call_id": "c", "arguments": arguments}


def test_texts_become_values_of_the_type():
    given = response(message(text('{"city": "Paris", "degrees": 21}')))

    parsed, problem = ResponseParser(Answer).parsed(given)

    assert parsed.output_parsed == Answer(city="Paris", degrees=21)
    assert problem is None
    assert parsed.to_dict() == given.to_dict()  # so that it can be sent back


def test_tools_may_be_those_of_another_response():
    given = response(call("f", '{"x": 1}'))
    tools = Decoder[Response](Response)(json.dumps({"tools": [STRICT]})).tools

    (item,) = ResponseParser[object](None, tools).parsed(given)[0].output

    assert isinstance(item, ParsedResponseFunctionToolCall)
    assert item.parsed_arguments == {"x": 1}


def test_a_type_may_be_a_dataclass():
    assert ResponseParser(Point).parsed(response(message(text('{"x": 1}'))))[
        0
    ].output_parsed == Point(1)


def test_without_a_type_nothing_is_parsed():
    parsed, problem = ResponseParser[None](None).parsed(response(message(text("{}"))))

    assert isinstance(parsed.output[0], ParsedResponseOutputMessage)
    assert (parsed.output_parsed, parsed.output_text, problem) == (None, "{}", None)


def test_what_does_not_fit_is_told_and_the_rest_is_there():
    parsed, problem = ResponseParser(Answer).parsed(
        response(message(text("{}"), text('{"city": "Paris", "degrees": 21}')))
    )

    assert isinstance(problem, StructuredOutputError)
    assert parsed.output_parsed == Answer(city="Paris", degrees=21)


def test_a_refusal_is_no_text():
    refused = response(message({"type": "refusal", "refusal": "No."}))

    parsed, problem = ResponseParser(Answer).parsed(refused)

    assert (parsed.output_parsed, problem) == (None, None)


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("f", '{"x": 1}', {"x": 1}),
        ("f", '{"x": ', None),
        ("f", None, None),
        ("g", '{"x": 1}', None),
    ],
)
def test_arguments_of_strict_functions_are_parsed(name: str, arguments: object, expected: object):
    parser = ResponseParser[None](None, [STRICT, {**STRICT, "name": "g", "strict": False}, None])

    (item,) = parser.parsed(response(call(name, arguments)))[0].output

    assert isinstance(item, ParsedResponseFunctionToolCall)
    assert item.parsed_arguments == expected


@pytest.mark.parametrize(
    "items", ["null", '"no list"', "[null, 1]", '[{"type": "message", "content": null}]']
)
def test_a_response_of_another_shape_is_left_as_it_is(items: str):
    given = decode(f'{{"id": "resp_1", "output": {items}}}')

    parsed, problem = ResponseParser(Answer).parsed(given)

    assert parsed.to_dict() == given.to_dict()
    assert problem is None


class Arguments(BaseModel):
    x: int


class Function(dict[str, Any]):
    model = Arguments


@pytest.mark.parametrize(
    "tool",
    [Function(STRICT), {"type": "function", "function": Function(STRICT)}],
    ids=["of the Responses API", "of chat completions"],
)
def test_arguments_become_the_model_that_the_tool_was_made_of(tool: dict[str, Any]):
    parser = ResponseParser[None](None, [tool])

    parsed, problem = parser.parsed(response(call("f", '{"x": 1}')))
    unfit, error = parser.parsed(response(call("f", '{"x": "one"}')))

    assert getattr(parsed.output[0], "parsed_arguments") == Arguments(x=1)  # noqa: B009 - of a union
    assert problem is None
    assert getattr(unfit.output[0], "parsed_arguments") is None  # noqa: B009 - as above
    assert error is not None
    assert error.text == '{"x": "one"}'
