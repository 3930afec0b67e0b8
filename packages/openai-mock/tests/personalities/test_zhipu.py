from typing import Any

import pytest


@pytest.fixture
def zhipu(like: Any) -> Any:
    return like("zhipu")


def test_path_of_its_own(zhipu: Any):
    assert zhipu.server.base_url.endswith("/api/paas/v4")
    assert zhipu.chat(model="glm-5")["model"] == "glm-5"


@pytest.mark.parametrize("reason", ["sensitive", "network_error", "model_context_window_exceeded"])
def test_finish_reasons_of_its_own(zhipu: Any, reason: str):
    assert zhipu.choice(f"[{reason}]")["finish_reason"] == reason
    assert zhipu.chunks(f"[{reason}]")[-1]["choices"][0]["finish_reason"] == reason


def test_no_balance(zhipu: Any):
    error = zhipu.refuses(429, "[no_balance]")["error"]
    assert error.keys() == {"code", "message"}
    assert error["code"] == "1113"


def test_codes_are_numbers_in_strings(zhipu: Any):
    error = zhipu.refuses(temperature=9)["error"]
    assert error.keys() == {"code", "message"}
    assert error["code"].isdigit()


def test_thinking_is_set_in_the_body_and_comes_back(zhipu: Any):
    message = zhipu.choice(thinking={"type": "enabled"}, clear_thinking=False)["message"]
    assert message["reasoning_content"] == "".join(zhipu.deltas("reasoning_content"))
    back = {name: message[name] for name in ("role", "content", "reasoning_content")}
    messages = [back, {"role": "user", "content": "Hi"}]
    assert zhipu.chat(messages=messages)


@pytest.mark.parametrize("more", [{"store": True}, {"reasoning_effort": "low"}])
def test_parameters_that_there_are_not(zhipu: Any, more: Any):
    assert next(iter(more)) in zhipu.refuses(**more)["error"]["message"]


def test_no_developer(zhipu: Any):
    messages = [{"role": "developer", "content": "x"}]
    assert "developer" in zhipu.refuses(messages=messages)["error"]["message"]


def test_overflow_is_accepted_silently(zhipu: Any):
    assert zhipu.chat("word " * 200_000)
