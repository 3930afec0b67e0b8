from typing import Any

import pytest
from openai_mock import tool_call

CALLS = [tool_call("f", {"city": "Paris, the capital of France"}), tool_call("g", {"a": 1})]


@pytest.fixture
def gemini(like: Any) -> Any:
    made = like("gemini")
    made.on.chat.completions.create(tools=list).reply(tool_calls=CALLS).always()
    made.on.chat.completions.create().always()
    return made


def test_path_of_its_own(gemini: Any):
    assert gemini.server.base_url.endswith("/v1beta/openai")


def test_tool_calls_have_no_index(gemini: Any, tools: Any):
    calls = [each[0] for each in gemini.deltas("tool_calls", tools=tools)]
    assert not any("index" in each for each in calls)
    whole = [each["function"] for each in calls if "function" in each]
    assert whole == [{"name": each.name, "arguments": each.arguments} for each in CALLS]


def test_turn_with_tool_calls_ends_with_stop(gemini: Any, tools: Any):
    choice = gemini.choice(tools=tools)
    assert (len(choice["message"]["tool_calls"]), choice["finish_reason"]) == (2, "stop")
    assert gemini.chunks(tools=tools)[-1]["choices"][0]["finish_reason"] == "stop"


def test_signature_must_come_back(gemini: Any, tools: Any, turn: Any):
    [call, _] = gemini.choice(tools=tools)["message"]["tool_calls"]
    extra = call["extra_content"]
    assert extra["google"]["thought_signature"]
    apart = [each[0] for each in gemini.deltas("tool_calls", tools=tools)]
    assert [each["extra_content"] for each in apart if "function" not in each] == [extra, extra]
    [refused] = gemini.refuses(messages=turn())
    assert "thought_signature" in refused["error"]["message"]
    assert gemini.chat(messages=turn(in_call={"extra_content": extra}))


@pytest.mark.parametrize("reason", ["malformed_function_call", "SAFETY"])
def test_finish_reasons_are_odd(gemini: Any, reason: str):
    assert gemini.choice(f"[{reason}]")["finish_reason"] == reason


def test_id_is_missing(gemini: Any):
    assert "id" not in gemini.chat()
    assert all("id" not in each for each in gemini.chunks())


def test_errors_are_a_list(gemini: Any):
    [body] = gemini.refuses(temperature=9)
    assert (body["error"]["code"], body["error"]["status"]) == (400, "INVALID_ARGUMENT")
