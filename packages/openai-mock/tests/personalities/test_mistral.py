import json
from typing import Any

import pytest


@pytest.fixture
def mistral(like: Any) -> Any:
    return like("mistral")


@pytest.mark.parametrize(
    "more",
    [
        {"store": False},
        {"max_completion_tokens": 5},
        {"frequency_penalty": 1},
        {"stream_options": {"include_usage": True}, "stream": True},
    ],
)
def test_unknown_fields_are_forbidden(mistral: Any, more: Any):
    [detail] = mistral.refuses(422, **more)["detail"]
    assert (detail["type"], detail["loc"]) == ("extra_forbidden", ["body", next(iter(more))])


def test_thoughts_may_not_come_back(mistral: Any, turn: Any):
    [detail] = mistral.refuses(422, messages=turn({"reasoning_content": "hm"}))["detail"]
    assert detail["loc"] == ["body", "messages", "reasoning_content"]


def test_bodies_of_errors_vary(mistral: Any):
    assert mistral.refuses(422, "[nested]", store=True)["message"]["detail"]
    assert json.loads(mistral.refuses(422, "[text]", store=True)["message"])["detail"]
    other = mistral.refuses(temperature=9)
    assert (other["object"], other["code"]) == ("error", "1000")


def test_content_of_reasoning_models_is_a_list(mistral: Any):
    thinking, text = mistral.choice(model="magistral-small")["message"]["content"]
    assert (thinking["type"], text["text"]) == ("thinking", "You wrote: Hi")
    parts = mistral.deltas("content", model="magistral-small")
    lists: list[Any] = [each for each in parts if isinstance(each, list)]
    said = "".join(each[0]["thinking"][0]["text"] for each in lists)
    assert said == thinking["thinking"][0]["text"]
    assert mistral.choice(model="mistral-small")["message"]["content"] == "You wrote: Hi"


def test_usage_is_unasked_and_first_chunks_are_bare(mistral: Any):
    first, *_, last = mistral.chunks()
    assert last["usage"]["total_tokens"]
    assert last["choices"][0]["finish_reason"] == "stop"
    assert not first.keys() & {"object", "created"}
