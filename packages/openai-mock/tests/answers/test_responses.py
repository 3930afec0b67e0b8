import json
from typing import Any

import pytest
from openai_mock.answers.items import kept_items
from openai_mock.answers.responses import respond, unfinished
from openai_mock.checking.validation import check_response
from openai_mock.state.ids import Identifiers
from openai_types import Decoder
from openai_types.responses import Response

decode = Decoder[Response](Response, strict=True)

FUNCTION: dict[str, object] = {
    "type": "function",
    "name": "look_up",
    "parameters": {"type": "object", "properties": {}},
    "strict": True,
}


@pytest.fixture
def answering(ids: Identifiers):
    def answer(input: object = "Where does the sun rise?", **more: Any) -> dict[str, Any]:
        request: Any = check_response({"model": "gpt-5.5", "input": input, **more})
        return respond(request, kept_items(input, ids), ids=ids, created=1_750_000_000)

    return answer


def test_body_satisfies_the_description(answering: Any):
    body = decode(json.dumps(answering()))
    assert body.output_text == "You wrote: Where does the sun rise?"
    assert (body.status, body.model, body.created_at) == ("completed", "gpt-5.5", 1_750_000_000)
    assert body.error is None
    assert body.id.startswith("resp_")


def test_usage_adds_up(answering: Any):
    plain, instructed = (
        decode(json.dumps(each)).usage
        for each in (answering(), answering(instructions="Be brief."))
    )
    assert plain
    assert instructed
    assert instructed.total_tokens == instructed.input_tokens + instructed.output_tokens
    assert instructed.input_tokens > plain.input_tokens
    assert instructed.output_tokens == plain.output_tokens


def test_limit_makes_it_incomplete(answering: Any):
    body = decode(json.dumps(answering("one " * 30, max_output_tokens=16)))
    assert (body.status, body.completed_at) == ("incomplete", None)
    assert body.incomplete_details
    assert body.incomplete_details.reason == "max_output_tokens"
    assert body.usage
    assert body.usage.output_tokens == 16


SENT: list[dict[str, object]] = [
    {"metadata": {"a": "b"}},
    {"tools": [FUNCTION], "tool_choice": {"type": "function", "name": "look_up"}},
    {"tools": [{"type": "web_search"}, {"type": "code_interpreter", "container": "c"}]},
    {"temperature": 0.5, "top_p": 1, "truncation": "auto", "store": False, "user": "u"},
    {"previous_response_id": "resp_1", "instructions": "Be brief.", "background": True},
    {"prompt": {"id": "pmpt_1", "variables": {"a": "b"}}},
]


@pytest.mark.parametrize("sent", SENT)
def test_parameters_are_repeated(answering: Any, sent: dict[str, Any]):
    told = decode(json.dumps(answering(**sent))).to_dict()
    for tool, named in zip(sent.pop("tools", []), told["tools"], strict=True):
        assert named.items() >= tool.items()
    assert told.items() >= sent.items()


def test_function_is_strict_if_nobody_says(answering: Any):
    (tool,) = answering(tools=[{"type": "function", "name": "f"}], tool_choice="none")["tools"]
    assert tool == {
        "type": "function",
        "name": "f",
        "description": None,
        "parameters": None,
        "strict": True,
    }


def test_objects_are_completed_and_null_means_the_default(answering: Any):
    body = answering(reasoning={"effort": "low"}, text={"verbosity": "low"}, tools=[], top_p=None)
    told = decode(json.dumps(body)).to_dict()
    assert told["reasoning"] == {"effort": "low", "summary": None}
    assert told["text"] == {"format": {"type": "text"}, "verbosity": "low"}
    assert told["top_p"] == 1.0


@pytest.mark.parametrize("conversation", ["conv_1", {"id": "conv_1"}])
def test_conversation_is_an_object(answering: Any, conversation: object):
    body = decode(json.dumps(answering(conversation=conversation)))
    assert body.conversation
    assert body.conversation.id == "conv_1"


def test_stored_prompt_needs_neither_model_nor_input(ids: Identifiers):
    request: Any = check_response({"prompt": {"id": "pmpt_1"}})
    body = decode(json.dumps(respond(request, [], ids=ids, created=1)))
    assert body.output_text == "You wrote nothing."
    assert body.model


def test_response_is_empty_until_it_is_finished(answering: Any):
    response = answering()
    begun = decode(json.dumps(unfinished(response, "queued")))
    assert (begun.status, begun.output, begun.usage) == ("queued", [], None)
    assert begun.id == response["id"]
