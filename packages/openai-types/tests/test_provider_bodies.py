"""Bodies as OpenAI and servers that speak its language send them, made by hand."""

import json
from typing import Any

import pytest
from openai_types import DecodeError, Decoder, responses
from openai_types.chat import ChatCompletion, ChatCompletionChunk
from openai_types.responses import Response, ResponseStreamEvent

# Any: JSON of any shape.

CHUNK: dict[str, Any] = {
    "id": "c1",
    "object": "chat.completion.chunk",
    "created": 1,
    "model": "m",
    "choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": None}],
}
COMPLETION: dict[str, Any] = {
    "id": "c1",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [
        {
            "index": 0,
            "message": {"role": "assistant", "content": "Hi", "refusal": None},
            "finish_reason": "stop",
            "logprobs": None,
        }
    ],
}
RESPONSE: dict[str, Any] = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1,
    "error": None,
    "incomplete_details": None,
    "instructions": None,
    "metadata": {},
    "model": "gpt-5.5",
    "output": [],
    "parallel_tool_calls": True,
    "temperature": 1,
    "tool_choice": "auto",
    "tools": [],
    "top_p": 1,
}
DELTA: dict[str, Any] = {
    "type": "response.output_text.delta",
    "sequence_number": 3,
    "item_id": "msg_1",
    "output_index": 0,
    "content_index": 0,
    "delta": "Hi",
    "logprobs": [],
}
WHOLE = [
    (ChatCompletion, COMPLETION),
    (ChatCompletionChunk, CHUNK),
    (Response, RESPONSE),
    (ResponseStreamEvent, DELTA),
]


def without(sent: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in sent.items() if name != key}


def choice(**changed: Any) -> dict[str, Any]:
    return CHUNK | {"choices": [CHUNK["choices"][0] | changed]}


def delta(**sent: Any) -> dict[str, Any]:
    return choice(delta=sent)


def answer(**sent: Any) -> dict[str, Any]:
    message = COMPLETION["choices"][0]["message"] | sent
    return COMPLETION | {"choices": [COMPLETION["choices"][0] | {"message": message}]}


# What no strict decoder takes.
WRONG: dict[str, tuple[Any, Any]] = {
    "choices missing": (ChatCompletionChunk, without(CHUNK, "choices")),
    "choices null": (ChatCompletionChunk, CHUNK | {"choices": None}),
    "delta missing": (ChatCompletionChunk, CHUNK | {"choices": [{"index": 0}]}),
    "delta null": (ChatCompletionChunk, choice(delta=None)),
    "head missing": (ChatCompletionChunk, {"choices": CHUNK["choices"]}),
    "head null": (ChatCompletionChunk, CHUNK | {"id": None, "object": None, "model": None}),
    "content a list": (ChatCompletionChunk, delta(content=[{"type": "thinking", "thinking": []}])),
    "tool call without index": (ChatCompletionChunk, delta(tool_calls=[{"function": {}}])),
    "usage empty": (ChatCompletionChunk, CHUNK | {"usage": {}}),
    "usage a list": (ChatCompletion, COMPLETION | {"usage": []}),
    "answer's content a list": (ChatCompletion, answer(content=[{"type": "text", "text": "Hi"}])),
    "answer's tool call bare": (ChatCompletion, answer(tool_calls=[{"type": "function"}])),
    "error instead": (ChatCompletion, {"error": {"code": 502, "message": "gone"}}),
    "error as text": (ChatCompletion, {"error": "gone"}),
    "created as text": (ChatCompletion, COMPLETION | {"created": "2026-01-01"}),
    "output null": (Response, RESPONSE | {"output": None}),
    "output a text": (Response, RESPONSE | {"output": "Hi"}),
    "item unknown": (Response, RESPONSE | {"output": [{"type": "hologram", "id": "h"}]}),
    "item null": (Response, RESPONSE | {"output": [None]}),
    "part's text null": (
        Response,
        RESPONSE | {"output": [{"type": "message", "content": [{"type": "output_text"}]}]},
    ),
    "event unknown": (ResponseStreamEvent, {"type": "response.moon.risen", "phase": 1}),
    "event's delta null": (ResponseStreamEvent, DELTA | {"delta": None}),
    "event without number": (ResponseStreamEvent, without(DELTA, "sequence_number")),
}
# What is more than is described, or open in the description.
MORE: dict[str, tuple[Any, Any]] = {
    "choices empty": (ChatCompletionChunk, CHUNK | {"choices": []}),
    "filter results": (ChatCompletionChunk, CHUNK | {"choices": [], "prompt_filter_results": [{}]}),
    "finish_reason empty": (ChatCompletionChunk, choice(finish_reason="")),
    "finish_reason odd": (
        ChatCompletionChunk,
        choice(finish_reason="model_context_window_exceeded"),
    ),
    "usage in a choice": (ChatCompletionChunk, choice(usage={"total_tokens": 3})),
    "reasoning": (ChatCompletionChunk, delta(reasoning_content="why", reasoning=None)),
    "timings": (ChatCompletion, COMPLETION | {"timings": {"predicted_ms": 0.5}, "x_groq": {}}),
    "signature": (ChatCompletion, answer(extra_content={"google": {"thought_signature": "s"}})),
    "service tier": (ChatCompletion, COMPLETION | {"service_tier": "on_demand"}),
    "response with more": (Response, RESPONSE | {"background": False, "queue": None}),
}


@pytest.mark.parametrize(("type_", "sent"), WHOLE)
def test_whole_bodies_are_strict(type_: Any, sent: dict[str, Any]):
    for strict in (True, False):
        assert Decoder[Any](type_, strict=strict)(json.dumps(sent)).to_dict() == sent


@pytest.mark.parametrize(("type_", "sent"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_kept_or_refused(type_: Any, sent: dict[str, Any]):
    assert Decoder[Any](type_)(json.dumps(sent)).to_dict() == sent
    with pytest.raises(DecodeError):
        Decoder[Any](type_, strict=True)(json.dumps(sent))


@pytest.mark.parametrize(("type_", "sent"), MORE.values(), ids=MORE)
def test_what_is_more_is_kept_always(type_: Any, sent: dict[str, Any]):
    for strict in (True, False):
        assert Decoder[Any](type_, strict=strict)(json.dumps(sent)).to_dict() == sent


def test_unknown_item_and_its_neighbours():
    call: dict[str, Any] = {"type": "function_call", "name": "f", "status": None}
    sent = RESPONSE | {"output": [{"type": "hologram"}, call]}
    output = Decoder[Response](Response)(json.dumps(sent)).output
    assert isinstance(output[0], responses.UnknownResponseOutputItem)
    assert isinstance(output[1], responses.ResponseFunctionToolCall)
    assert output[1].call_id is None
