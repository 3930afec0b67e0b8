import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openai_mock.answers.response_output import response_output
from openai_mock.refusals import Refusal
from openai_mock.state.ids import Identifiers
from openai_types import Decoder
from openai_types.responses import ResponseOutputItem

decode = Decoder[Any](ResponseOutputItem, strict=True)  # Any: a union of all items

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 3}},
    "required": ["city", "days"],
    "additionalProperties": False,
}
checked: Any = Draft202012Validator(SCHEMA)
WEATHER = {"type": "function", "name": "get_weather", "parameters": SCHEMA, "strict": True}
SAID = {"type": "message", "role": "user", "content": "Weather in Oslo for 4 days?"}


@pytest.fixture
def output(ids: Identifiers):
    def made(given: Any = (SAID,), **request: Any) -> Any:
        request = {"model": "gpt-5.5", **request}
        return response_output(request, given, seed="resp_1", ids=ids)

    return made


def items_of(made: Any) -> list[Any]:
    return [decode(json.dumps(item)) for item in made.items]


def test_text_is_a_message(output: Any):
    made = output()
    (item,) = items_of(made)
    assert item.content[0].text == "You wrote: Weather in Oslo for 4 days?"
    assert (made.tokens, made.reasoning_tokens) == (11, 0)


def test_schema_of_the_text_is_met(output: Any):
    format_ = {"type": "json_schema", "name": "trip", "schema": SCHEMA}
    (item,) = items_of(output(text={"format": format_}))
    assert checked.is_valid(json.loads(item.content[0].text))


def test_schema_that_nothing_meets_is_refused(output: Any):
    format_: Any = {"type": "json_schema", "name": "trip", "schema": {"enum": []}}
    with pytest.raises(Refusal) as caught:
        output(text={"format": format_})
    assert (caught.value.param, caught.value.code) == ("text.format", "invalid_json_schema")


def test_functions_and_custom_tools_are_called(output: Any):
    said = {**SAID, "content": "get_weather, then sql"}
    called = items_of(output([said], tools=[WEATHER, {"type": "custom", "name": "sql"}]))
    assert [each.type for each in called] == ["function_call", "custom_tool_call"]
    assert checked.is_valid(json.loads(called[0].arguments))
    assert called[1].input == "get_weather, then sql"
    assert called[0].call_id != called[1].call_id


def test_result_of_a_call_is_answered_in_text(output: Any):
    call = output(tools=[WEATHER]).items[0]
    result = {"type": "function_call_output", "call_id": call["call_id"], "output": "12 C"}
    (item,) = items_of(output([SAID, call, result], tools=[WEATHER]))
    assert item.content[0].text == "The tools gave: 12 C"


def test_thoughts_are_told_if_they_are_asked_for(output: Any):
    assert [each.type for each in items_of(output())] == ["message"]
    thought, _ = items_of(made := output(reasoning={"effort": "low"}))
    assert (thought.type, thought.summary, thought.encrypted_content) == ("reasoning", [], None)
    assert 0 < made.reasoning_tokens < made.tokens
    include = ["reasoning.encrypted_content"]
    thought, _ = items_of(output(reasoning={"summary": "auto"}, include=include))
    assert "Oslo" in thought.summary[0].text
    assert thought.encrypted_content


@pytest.mark.parametrize(
    ("model", "effort"), [("gpt-4o", "low"), ("gpt-5.5", "none"), ("gpt-4.1", "high")]
)
def test_models_that_do_not_reason_have_no_thoughts(output: Any, model: str, effort: str):
    made = output(model=model, reasoning={"effort": effort})
    assert [item["type"] for item in made.items] == ["message"]


def test_log_probabilities_are_included_if_asked_for(output: Any):
    (item,) = items_of(output(include=["message.output_text.logprobs"], top_logprobs=3))
    part = item.content[0]
    assert "".join(each.token for each in part.logprobs) == part.text
    assert {len(each.top_logprobs) for each in part.logprobs} == {3}
    (item,) = items_of(output())
    assert item.content[0].logprobs == []
