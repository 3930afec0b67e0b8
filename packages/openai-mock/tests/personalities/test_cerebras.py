from typing import Any

import pytest


@pytest.fixture
def cerebras(like: Any) -> Any:
    return like("cerebras")


@pytest.mark.parametrize(
    "more",
    [
        {"frequency_penalty": 1},
        {"presence_penalty": 1},
        {"logit_bias": {"1": 1}},
        {"parallel_tool_calls": True},
        {"service_tier": "auto"},
        {"reasoning_effort": "none", "model": "gpt-oss-120b"},
    ],
)
def test_parameters_that_are_refused(cerebras: Any, more: Any):
    assert cerebras.refuses(**more)["error"]["param"] == next(iter(more))


def test_effort_of_other_models(cerebras: Any):
    assert cerebras.chat(model="zai-glm", reasoning_effort="none")


def test_no_developer(cerebras: Any):
    messages = [{"role": "developer", "content": "x"}]
    assert "developer" in cerebras.refuses(messages=messages)["error"]["message"]


def test_thoughts_come_back_in_the_content(cerebras: Any, turn: Any):
    seen = cerebras.sees()
    cerebras.chat(messages=turn({"reasoning": "x", "content": "<think>hm</think>"}))
    assert seen[0]["messages"][1]["content"] == "<think>hm</think>"
    assert "reasoning" not in seen[0]["messages"][1]


def test_overflow_has_no_body(cerebras: Any):
    answer = cerebras.ask("word " * 9000)
    assert (answer.status_code, answer.content) == (413, b"")
