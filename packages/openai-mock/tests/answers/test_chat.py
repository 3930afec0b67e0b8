import base64
import io
import json
import wave
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openai_mock.answers.chat import ChatAnswer
from openai_mock.checking.validation import check_chat
from openai_mock.refusals import Refusal
from openai_mock.state.ids import Identifiers
from openai_types import Decoder
from openai_types.chat import ChatCompletion, ChatCompletionChunk

decode_body = Decoder[ChatCompletion](ChatCompletion, strict=True)
decode_chunk = Decoder[ChatCompletionChunk](ChatCompletionChunk, strict=True)

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 3}},
    "required": ["city", "days"],
    "additionalProperties": False,
}
checked: Any = Draft202012Validator(SCHEMA)
WEATHER = {"type": "function", "function": {"name": "get_weather", "parameters": SCHEMA}}
TIME = {"type": "function", "function": {"name": "get_time", "parameters": SCHEMA}}


@pytest.fixture
def answering(ids: Identifiers):
    def answer(text: str = "Where does the sun rise?", **more: Any) -> ChatAnswer:
        messages = [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": text},
        ]
        request = {"model": "gpt-5.5", "messages": messages, **more}
        return ChatAnswer(check_chat(request), ids=ids, created=1_750_000_000)

    return answer


def body_of(answer: ChatAnswer) -> ChatCompletion:
    return decode_body(json.dumps(answer.body()))


def chunks_of(answer: ChatAnswer) -> list[ChatCompletionChunk]:
    return [decode_chunk(json.dumps(chunk)) for chunk in answer.chunks()]


def test_body_satisfies_the_description(answering: Any):
    body = body_of(answering())
    (choice,) = body.choices
    assert choice.message.content == "You wrote: Where does the sun rise?"
    assert (choice.index, choice.finish_reason) == (0, "stop")
    assert (body.model, body.created) == ("gpt-5.5", 1_750_000_000)
    assert body.id.startswith("chatcmpl-")


def test_usage_adds_up(answering: Any):
    one, three = body_of(answering()).usage, body_of(answering(n=3)).usage
    assert one
    assert three
    assert three.total_tokens == three.prompt_tokens + three.completion_tokens
    assert three.completion_tokens == 3 * one.completion_tokens
    assert three.prompt_tokens == one.prompt_tokens


def test_chunks_satisfy_the_description_and_make_up_the_body(answering: Any):
    answer = answering()
    chunks = chunks_of(answer)
    deltas = [chunk.choices[0].delta for chunk in chunks]
    assert deltas[0].role == "assistant"
    text = "".join(delta.content or "" for delta in deltas)
    assert text == answer.body()["choices"][0]["message"]["content"]
    assert sum(bool(delta.content) for delta in deltas) >= 3
    reasons = [chunk.choices[0].finish_reason for chunk in chunks]
    assert reasons == [None] * (len(chunks) - 1) + ["stop"]
    assert {chunk.id for chunk in chunks} == {answer.body()["id"]}
    assert "usage" not in chunks[0].model_fields_set


def test_usage_comes_last_and_without_choices_if_asked_for(answering: Any):
    answer = answering(stream_options={"include_usage": True})
    *before, last = chunks_of(answer)
    assert all(chunk.usage is None and "usage" in chunk.model_fields_set for chunk in before)
    assert last.choices == []
    assert last.usage
    assert last.usage.to_dict() == answer.body()["usage"]


def test_n_choices_are_given(answering: Any):
    answer = answering(n=2)
    assert [choice["index"] for choice in answer.body()["choices"]] == [0, 1]
    finished = [c.choices[0].index for c in chunks_of(answer) if c.choices[0].finish_reason]
    assert finished == [0, 1]


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_limit_ends_with_length(answering: Any, name: str):
    answer = answering(**{name: 4})
    body = body_of(answer)
    assert body.choices[0].finish_reason == "length"
    assert body.choices[0].message.content == "You wrote: Where"
    assert body.usage
    assert body.usage.completion_tokens == 4
    assert [*answer.chunks()][-1]["choices"][0]["finish_reason"] == "length"


@pytest.mark.parametrize("stop", ["the", ["moon", "the"]])
def test_stop_is_honoured(answering: Any, stop: object):
    body = body_of(answering(stop=stop))
    assert body.choices[0].message.content == "You wrote: Where does "
    assert body.choices[0].finish_reason == "stop"


def test_schema_is_met_whole_and_in_pieces(answering: Any):
    format_ = {"type": "json_schema", "json_schema": {"name": "trip", "schema": SCHEMA}}
    answer = answering("Paris for 5 days", response_format=format_)
    content = body_of(answer).choices[0].message.content
    assert content
    assert checked.is_valid(json.loads(content))
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks_of(answer)]
    assert "".join(pieces) == content


def test_schema_that_nothing_meets_is_refused(answering: Any):
    schema = {"type": "integer", "minimum": 3, "maximum": 2}
    format_ = {"type": "json_schema", "json_schema": {"name": "trip", "schema": schema}}
    with pytest.raises(Refusal) as caught:
        answering(response_format=format_)
    assert (caught.value.param, caught.value.code) == ("response_format", "invalid_json_schema")


def test_json_object_is_an_object(answering: Any):
    content = body_of(answering(response_format={"type": "json_object"})).choices[0].message.content
    assert json.loads(content or "") == {"text": "You wrote: Where does the sun rise?"}


def test_tools_are_called_with_arguments_that_their_schemas_allow(answering: Any):
    answer = answering("get_weather and get_time in Oslo", tools=[WEATHER, TIME])
    (choice,) = body_of(answer).choices
    assert (choice.finish_reason, choice.message.content) == ("tool_calls", None)
    calls = [call.to_dict() for call in choice.message.tool_calls or ()]
    assert [call["function"]["name"] for call in calls] == ["get_weather", "get_time"]
    for call in calls:
        assert checked.is_valid(json.loads(call["function"]["arguments"]))


def test_streamed_calls_come_by_their_index_in_pieces(answering: Any):
    answer = answering("get_weather and get_time in Oslo", tools=[WEATHER, TIME])
    whole = answer.body()["choices"][0]["message"]["tool_calls"]
    built: dict[int, dict[str, str]] = {}
    for chunk in chunks_of(answer):
        for part in chunk.choices[0].delta.tool_calls or ():
            call = built.setdefault(part.index, {"id": "", "name": "", "arguments": ""})
            assert part.function
            call["id"] += part.id or ""
            call["name"] += part.function.name or ""
            call["arguments"] += part.function.arguments or ""
    assert [*built.values()] == [{"id": call["id"], **call["function"]} for call in whole]


def test_choices_call_with_ids_of_their_own(answering: Any):
    choices = body_of(answering(n=2, tools=[WEATHER])).choices
    ids = {call.to_dict()["id"] for choice in choices for call in choice.message.tool_calls or ()}
    assert len(ids) == 2


def test_result_of_a_tool_is_answered_in_text(ids: Identifiers):
    asked = ChatAnswer(
        check_chat({"model": "gpt-5.5", "messages": [USER], "tools": [WEATHER]}), ids=ids, created=1
    )
    body: Any = asked.body()
    message = body["choices"][0]["message"]
    result: Any = {
        "role": "tool",
        "tool_call_id": message["tool_calls"][0]["id"],
        "content": "12 C",
    }
    messages: Any = [USER, message, result]
    request = check_chat({"model": "gpt-5.5", "messages": messages, "tools": [WEATHER]})
    (choice,) = body_of(ChatAnswer(request, ids=ids, created=2)).choices
    assert (choice.finish_reason, choice.message.content) == ("stop", "The tools gave: 12 C")


USER = {"role": "user", "content": "How warm is it?"}


def test_named_tool_ends_with_stop(answering: Any):
    choice = {"type": "function", "function": {"name": "get_time"}}
    (made,) = body_of(answering(tools=[WEATHER, TIME], tool_choice=choice)).choices
    assert made.finish_reason == "stop"
    assert [call.to_dict()["function"]["name"] for call in made.message.tool_calls or ()] == [
        "get_time"
    ]


def test_tool_that_is_not_offered_is_refused(answering: Any):
    choice = {"type": "function", "function": {"name": "get_rain"}}
    with pytest.raises(Refusal, match="get_rain") as caught:
        answering(tools=[WEATHER], tool_choice=choice)
    assert caught.value.param == "tool_choice"


def test_function_is_called_as_of_old(answering: Any):
    answer = answering(functions=[WEATHER["function"]])
    (choice,) = body_of(answer).choices
    assert choice.finish_reason == "function_call"
    assert choice.message.function_call
    pieces = [chunk.choices[0].delta.function_call for chunk in chunks_of(answer)]
    arguments = "".join(piece.arguments or "" for piece in pieces if piece)
    assert arguments == choice.message.function_call.arguments


def test_custom_tool_gets_text(answering: Any):
    answer = answering("select 1", tools=[{"type": "custom", "custom": {"name": "sql"}}])
    (call,) = body_of(answer).choices[0].message.tool_calls or [None]
    assert call
    assert call.to_dict()["custom"] == {"name": "sql", "input": "select 1"}
    parts = [each for chunk in answer.chunks() for each in chunk["choices"]]
    calls = [part["delta"]["tool_calls"][0] for part in parts if part["delta"].get("tool_calls")]
    assert "".join(call["custom"]["input"] for call in calls) == "select 1"
    assert chunks_of(answer)


def test_log_probabilities_are_those_of_the_tokens(answering: Any):
    answer = answering(logprobs=True, top_logprobs=2)
    (choice,) = body_of(answer).choices
    assert choice.logprobs
    entries = choice.logprobs.content or []
    assert "".join(entry.token for entry in entries) == choice.message.content
    assert {len(entry.top_logprobs) for entry in entries} == {2}
    streamed = [c.choices[0].logprobs for c in chunks_of(answer)]
    assert [entry for each in streamed if each for entry in each.content or ()] == entries


def test_spoken_answer_has_sound_and_words(answering: Any):
    answer = answering("Hi", modalities=["text", "audio"], audio={"format": "wav", "voice": "ash"})
    audio = body_of(answer).choices[0].message.audio
    assert audio
    assert audio.transcript == "You wrote: Hi"
    with wave.open(io.BytesIO(base64.b64decode(audio.data))) as sound:
        assert sound.getnframes() > 0
    parts = [chunk.choices[0].delta.audio for chunk in chunks_of(answer)]
    assert "".join(part.data or "" for part in parts if part) == audio.data
    assert "".join(part.transcript or "" for part in parts if part) == audio.transcript
    assert {part.id for part in parts if part and part.id} == {audio.id}


def test_tier_is_the_one_that_was_asked_for(answering: Any):
    assert body_of(answering(service_tier="flex")).service_tier == "flex"
    assert body_of(answering(service_tier="auto")).service_tier == "default"
