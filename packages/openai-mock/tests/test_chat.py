import json
from typing import Any

import pytest
from openai_mock.chat import ChatAnswer
from openai_mock.ids import Identifiers
from openai_mock.validation import check_chat
from openai_types import Decoder
from openai_types.chat import ChatCompletion, ChatCompletionChunk

decode_body = Decoder[ChatCompletion](ChatCompletion, strict=True)
decode_chunk = Decoder[ChatCompletionChunk](ChatCompletionChunk, strict=True)


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


def test_body_satisfies_the_description(answering: Any):
    body = decode_body(json.dumps(answering().body()))
    (choice,) = body.choices
    assert choice.message.content == "You wrote: Where does the sun rise?"
    assert (choice.index, choice.finish_reason) == (0, "stop")
    assert (body.model, body.created) == ("gpt-5.5", 1_750_000_000)
    assert body.id.startswith("chatcmpl-")


def test_usage_adds_up(answering: Any):
    usage = decode_body(json.dumps(answering(n=3).body())).usage
    assert usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    assert usage.completion_tokens == 3 * 7
    assert usage.prompt_tokens == 2 + 5 + 2 * 4


def test_chunks_satisfy_the_description_and_make_up_the_body(answering: Any):
    answer = answering()
    chunks = [decode_chunk(json.dumps(chunk)) for chunk in answer.chunks()]
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
    *before, last = [decode_chunk(json.dumps(chunk)) for chunk in answer.chunks()]
    assert all(chunk.usage is None and "usage" in chunk.model_fields_set for chunk in before)
    assert last.choices == []
    assert last.usage
    assert last.usage.to_dict() == answer.body()["usage"]


def test_n_choices_are_given(answering: Any):
    answer = answering(n=2)
    assert [choice["index"] for choice in answer.body()["choices"]] == [0, 1]
    chunks = [decode_chunk(json.dumps(chunk)) for chunk in answer.chunks()]
    finished = [c.choices[0].index for c in chunks if c.choices[0].finish_reason]
    assert finished == [0, 1]


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_limit_ends_with_length(answering: Any, name: str):
    answer = answering(**{name: 3})
    body = decode_body(json.dumps(answer.body()))
    assert body.choices[0].finish_reason == "length"
    assert body.choices[0].message.content == "You wrote: Where"
    assert [*answer.chunks()][-1]["choices"][0]["finish_reason"] == "length"


@pytest.mark.parametrize("stop", ["the", ["moon", "the"]])
def test_stop_is_honoured(answering: Any, stop: object):
    body = decode_body(json.dumps(answering(stop=stop).body()))
    assert body.choices[0].message.content == "You wrote: Where does "
    assert body.choices[0].finish_reason == "stop"
