import json
from typing import Any

import pytest
from openai_mock.ids import Identifiers
from openai_mock.responses import ResponseAnswer
from openai_mock.validation import check_response
from openai_types import Decoder
from openai_types.responses import Response, ResponseStreamEvent

decode_body = Decoder[Response](Response, strict=True)
decode_event = Decoder[Any](ResponseStreamEvent, strict=True)  # Any: a union of all events

FUNCTION: dict[str, object] = {
    "type": "function",
    "name": "look_up",
    "parameters": {"type": "object", "properties": {}},
    "strict": True,
}


@pytest.fixture
def answering(ids: Identifiers):
    def answer(input: object = "Where does the sun rise?", **more: Any) -> ResponseAnswer:
        request = {"model": "gpt-5.5", "input": input, **more}
        return ResponseAnswer(check_response(request), ids=ids, created=1_750_000_000)

    return answer


def test_body_satisfies_the_description(answering: Any):
    body = decode_body(json.dumps(answering().body()))
    assert body.output_text == "You wrote: Where does the sun rise?"
    assert (body.status, body.model, body.created_at) == ("completed", "gpt-5.5", 1_750_000_000)
    assert body.error is None
    assert body.id.startswith("resp_")


def test_usage_adds_up(answering: Any):
    usage = decode_body(json.dumps(answering(instructions="Be brief.").body())).usage
    assert usage
    assert usage.total_tokens == usage.input_tokens + usage.output_tokens
    assert (usage.input_tokens, usage.output_tokens) == (5 + 2 + 4, 7)


def test_events_are_the_whole_family_in_order(answering: Any):
    answer = answering()
    events = [decode_event(json.dumps(event)) for event in answer.events()]
    kinds = list(dict.fromkeys(str(event.type) for event in events))
    assert kinds == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    assert [event.sequence_number for event in events] == list(range(len(events)))


def test_deltas_make_up_the_text(answering: Any):
    answer = answering()
    events = [decode_event(json.dumps(event)) for event in answer.events()]
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert len(deltas) >= 3
    assert "".join(deltas) == "You wrote: Where does the sun rise?"
    last = events[-1]
    assert last.type == "response.completed"
    assert last.response.to_dict() == answer.body()


def test_response_is_empty_until_it_is_done(answering: Any):
    first = next(answering().events())["response"]
    assert (first["status"], first["output"], first["usage"]) == ("in_progress", [], None)


def test_limit_makes_it_incomplete(answering: Any):
    answer = answering("one " * 30, max_output_tokens=16)
    body = decode_body(json.dumps(answer.body()))
    assert body.status == "incomplete"
    assert body.incomplete_details
    assert body.incomplete_details.reason == "max_output_tokens"
    assert body.usage
    assert body.usage.output_tokens == 16
    events = [decode_event(json.dumps(event)) for event in answer.events()]
    assert events[-1].type == "response.incomplete"


SENT: list[dict[str, object]] = [
    {"metadata": {"a": "b"}},
    {"tools": [FUNCTION], "tool_choice": {"type": "function", "name": "look_up"}},
    {"tools": [{"type": "web_search"}, {"type": "code_interpreter", "container": "c"}]},
    {"temperature": 0.5, "top_p": 1, "truncation": "auto", "store": False, "user": "u"},
    {"previous_response_id": "resp_1", "instructions": "Be brief.", "background": True},
    {"prompt": {"id": "pmpt_1", "variables": {"a": "b"}}},
]


@pytest.mark.parametrize("sent", SENT)
def test_parameters_are_repeated(answering: Any, sent: dict[str, object]):
    body = answering(**sent).body()
    assert decode_body(json.dumps(body)).to_dict().items() >= sent.items()


def test_objects_are_completed_and_null_means_the_default(answering: Any):
    body = answering(reasoning={"effort": "low"}, text={"verbosity": "low"}, tools=[], top_p=None)
    told = decode_body(json.dumps(body.body())).to_dict()
    assert told["reasoning"] == {"effort": "low", "summary": None}
    assert told["text"] == {"format": {"type": "text"}, "verbosity": "low"}
    assert told["top_p"] == 1.0


@pytest.mark.parametrize("conversation", ["conv_1", {"id": "conv_1"}])
def test_conversation_is_an_object(answering: Any, conversation: object):
    body = decode_body(json.dumps(answering(conversation=conversation).body()))
    assert body.conversation
    assert body.conversation.id == "conv_1"


def test_items_are_answered_by_their_last_user_message(answering: Any):
    items = [
        {"role": "user", "content": "first"},
        {"role": "user", "content": [{"type": "input_text", "text": "second"}]},
        {"type": "function_call_output", "call_id": "c", "output": "result"},
    ]
    assert decode_body(json.dumps(answering(items).body())).output_text == "You wrote: second"


def test_stored_prompt_needs_neither_model_nor_input(ids: Identifiers):
    request = check_response({"prompt": {"id": "pmpt_1"}})
    body = decode_body(json.dumps(ResponseAnswer(request, ids=ids, created=1).body()))
    assert body.output_text == "You wrote nothing."
    assert body.model
