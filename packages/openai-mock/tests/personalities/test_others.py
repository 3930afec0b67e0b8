from typing import Any

import pytest


def test_moonshot_has_its_usage_in_a_choice(like: Any, tools: Any):
    moonshot = like("moonshot")
    last = moonshot.chunks()[-1]
    assert "usage" not in last
    assert last["choices"][0]["usage"]["total_tokens"]
    refused = moonshot.refuses(tools=tools, tool_choice="required")
    assert refused["error"]["param"] == "tool_choice"


def test_chutes_has_thoughts_twice_and_wants_max_tokens(like: Any):
    chutes = like("chutes")
    message = chutes.choice(max_completion_tokens=1)["message"]
    assert message["reasoning"] == message["reasoning_content"] != ""
    assert message["content"] == "You wrote: Hi"


def test_bifrost_has_nulls(like: Any):
    choices = [each["choices"][0] for each in like("bifrost").chunks()]
    assert all(each["text"] is None for each in choices)
    assert choices[-1]["delta"] is None


@pytest.mark.parametrize("name", ["anthropic", "llmgateway"])
def test_pings(like: Any, name: str):
    assert ": ping\n\n" in like(name).ask(stream=True).text


@pytest.mark.parametrize(
    ("name", "reason"), [("bedrock", "guardrail_intervened"), ("tgi", "eos_token")]
)
def test_reasons_of_their_own(like: Any, name: str, reason: str):
    assert like(name).choice()["finish_reason"] == reason
    assert like(name).chunks()[-1]["choices"][0]["finish_reason"] == reason


def test_maple_has_an_empty_reason_everywhere(like: Any):
    assert {each["choices"][0]["finish_reason"] for each in like("maple").chunks()} == {""}


def test_litellm_needs_tools_once_there_were_calls(like: Any, turn: Any):
    litellm = like("litellm")
    assert "tools" in litellm.refuses(messages=turn())["error"]["message"]
    assert litellm.chat(messages=turn(), tools=[])
    assert litellm.chat()
