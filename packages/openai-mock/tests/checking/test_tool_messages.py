import re
from typing import Any

import httpx
import pytest
from openai_mock import serve
from openai_mock.checking.tool_messages import check_tool_messages
from openai_mock.refusals import Refusal

USER: dict[str, Any] = {"role": "user", "content": "Hi"}  # Any: JSON


def calling(*ids: str) -> dict[str, Any]:
    function = {"name": "f", "arguments": "{}"}
    calls = [{"id": each, "type": "function", "function": function} for each in ids]
    return {"role": "assistant", "tool_calls": calls}


def answering(call: str) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": call, "content": "1"}


@pytest.mark.parametrize(
    "messages",
    [
        [USER, {"role": "assistant", "content": "Hello"}, USER],
        [USER, calling("a"), answering("a")],
        [USER, calling("a", "b"), answering("b"), answering("a"), USER],
        [USER, calling("a"), answering("a"), calling("a"), answering("a")],  # ids may come again
    ],
)
def test_calls_with_their_answers_pass(messages: list[Any]):
    check_tool_messages(messages)


@pytest.mark.parametrize(
    ("messages", "param", "told"),
    [
        ([USER, answering("a")], "messages[1].role", "preceding message with 'tool_calls'"),
        ([calling("a"), answering("b")], "messages[1].role", "'b'"),
        ([calling("a"), answering("a"), USER, answering("a")], "messages[3].role", "'a'"),
        ([USER, calling("a", "b"), answering("a")], "messages", "messages: b."),
        ([calling("a", "b"), USER, answering("a")], "messages", "messages: a, b."),
        ([calling("a"), calling("b"), answering("b")], "messages", "messages: a."),
    ],
)
def test_calls_or_answers_that_stand_alone_are_refused(messages: list[Any], param: str, told: str):
    with pytest.raises(Refusal, match=re.escape(told)) as caught:
        check_tool_messages(messages)
    assert caught.value.param == param


@pytest.mark.parametrize(("personality", "status"), [(None, 400), ("ollama", 200)])
def test_only_openai_insists(personality: str | None, status: int):
    with serve(personality=personality) as server:
        answer = httpx.post(
            f"{server.base_url}/chat/completions",
            json={"model": "gpt-5.5", "messages": [USER, calling("a"), USER]},
            headers={"authorization": f"Bearer {server.api_key}"},
            trust_env=False,
        )
    assert answer.status_code == status
