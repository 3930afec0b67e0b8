"""The same call through the official package and through this one: one request, one outcome."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from typing import Any

import openai_suite
import pytest

from ..contract.recording_server import (  # noqa: TID252 - test folders are no packages
    Answer,
    RecordingServer,
)
from .sent_requests import sent

pytestmark = pytest.mark.peer
openai = pytest.importorskip("openai", reason="the official package is not installed here")

# Any: what the two packages take and give has different classes, and is compared as JSON.
Client = Any
MESSAGES = [{"role": "user", "content": "Hello? Ünïcode 🌳"}]
SYSTEM = {"role": "system", "content": [{"type": "text", "text": "Be brief."}]}
TOOL = {
    "type": "function",
    "function": {"name": "f", "parameters": {"type": "object"}},
}
MOMENT = datetime(2024, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
CALLS: dict[str, Callable[[Client], Any]] = {
    "chat, required parameters": lambda client: client.chat.completions.create(
        model="gpt-5.5", messages=MESSAGES
    ),
    "chat, many parameters": lambda client: client.chat.completions.create(
        model="gpt-5.5",
        messages=[
            {"role": "system", "content": [{"type": "text", "text": "Be brief."}]},
            *MESSAGES,
        ],
        temperature=0,
        top_p=0.5,
        n=2,
        stop=["a", "b"],
        logit_bias={"50256": -100},
        metadata={"k": "v"},
        tools=[TOOL],
        tool_choice="auto",
        parallel_tool_calls=False,
        response_format={"type": "json_object"},
        user=None,
        seed=7,
    ),
    "chat, messages from a generator": lambda client: client.chat.completions.create(
        model="gpt-5.5", messages=(message for message in MESSAGES)
    ),
    "response, text": lambda client: client.responses.create(model="gpt-5.5", input="Hello?"),
    "response, items": lambda client: client.responses.create(
        model="gpt-5.5",
        input=[{"role": "user", "content": [{"type": "input_text", "text": "Hello?"}]}],
        reasoning={"effort": "low"},
        text={"format": {"type": "text"}},
        include=["reasoning.encrypted_content"],
        max_output_tokens=None,
        store=False,
    ),
    "response, extras": lambda client: client.responses.create(
        model="gpt-5.5",
        input="Hello?",
        extra_headers={"X-Extra": "1"},
        extra_query={"a": 1, "b": True, "c": [1, 2], "d": {"e": "f"}},
        extra_body={"vendor": {"x": None}, "model": "another"},
    ),
    "times": lambda client: client.chat.completions.create(
        model="gpt-5.5",
        messages=MESSAGES,
        metadata={"at": MOMENT},
        extra_query={"at": MOMENT, "of": [MOMENT], "on": MOMENT.date()},
        extra_body={"at": MOMENT.replace(tzinfo=None)},
    ),
    "keys with another name on the wire": lambda client: client.beta.agents.create(
        model="gpt-5.5", compaction={"async_": True}, text={"format": {"async_": 1}}
    ),
    "the same, by both names": lambda client: client.beta.agents.update(
        "agent_1", compaction={"async": True, "async_": False}
    ),
    "the same, without a value": lambda client: client.beta.agents.create(
        model="gpt-5.5", compaction=None
    ),
    "the same, further in": lambda client: client.beta.agents.automations.create(
        name="n",
        type="once",
        run_at=1,
        target={"type": "new_session", "agent": {"compaction": {"async_": None}}},
    ),
    "the same, and extras, which are sent as they are": lambda client: client.beta.agents.create(
        model="gpt-5.5",
        compaction={"async_": True},
        extra_body={"compaction": {"async_": 1}, "more": {"async_": 2}},
    ),
}
OPTIONS = {
    "plain": {},
    "all": {
        "organization": "org_1",
        "project": "proj_1",
        "default_headers": {"X-Default": "2"},
        "default_query": {"api-version": "1"},
    },
}
COMPLETION = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1_700_000_000,
    "model": "gpt-5.5",
    "choices": [
        {
            "index": 0,
            "finish_reason": "stop",
            "logprobs": None,
            "message": {"role": "assistant", "content": "Hi.", "refusal": None, "x": [1]},
        }
    ],
    "usage": {"prompt_tokens": 5, "completion_tokens": 3, "total_tokens": 8},
    "vendor": {"kept": True},
}


def both(server: RecordingServer, **options: Any) -> tuple[Client, Client]:
    settings: dict[str, Any] = {
        "api_key": "sk-test",
        "base_url": server.base_url,
        "max_retries": 0,
        **options,
    }
    return openai.OpenAI(**settings), openai_suite.OpenAI(**settings)


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("call", CALLS)
def test_both_send_the_same_request(server: RecordingServer, call: str, options: str):
    server.expect(Answer())
    for client in both(server, **OPTIONS[options]):
        with client, suppress(openai_suite.APIResponseValidationError):  # the answer is empty
            CALLS[call](client)
    official, ours = (sent(each) for each in server.requests)
    assert ours == official


@pytest.mark.parametrize("name", ["omit", "NOT_GIVEN"])
def test_both_leave_out_what_is_omitted_inside(server: RecordingServer, name: str):
    server.expect(Answer())
    for client, package in zip(both(server), (openai, openai_suite), strict=True):
        left_out = getattr(package, name)
        part = {"type": "input_text", "text": "Hello?", "detail": left_out}
        with client, suppress(openai_suite.APIResponseValidationError):  # the answer is empty
            client.responses.create(
                model="gpt-5.5",
                input=[{"role": "user", "content": [part], "type": left_out}],
                reasoning={"effort": left_out, "summary": None},
            )
    official, ours = (sent(each) for each in server.requests)
    assert ours == official


def test_both_ask_a_function_for_the_key_of_each_call(server: RecordingServer):
    for which in (0, 1):
        server.expect(Answer(json.dumps(COMPLETION).encode()))
        numbers = count(1)
        client = both(server, api_key=lambda given=numbers: f"sk-{next(given)}")[which]
        for _ in range(2):
            client.chat.completions.create(model="gpt-5.5", messages=MESSAGES)
        keys = [each.headers["authorization"] for each in server.requests]
        assert keys == ["Bearer sk-1", "Bearer sk-2"]


def test_both_give_the_same_completion(server: RecordingServer):
    server.expect(Answer(json.dumps(COMPLETION).encode()))
    official, ours = (
        client.chat.completions.create(model="gpt-5.5", messages=MESSAGES)
        for client in both(server)
    )
    assert ours.to_dict() == official.to_dict() == COMPLETION
    assert ours._request_id == official._request_id == "req_1"
    assert ours.choices[0].message.content == official.choices[0].message.content


def test_both_give_the_same_chunks(server: RecordingServer):
    deltas = [{"role": "assistant", "content": ""}, {"content": "Hi"}, {}]
    chunks = [
        {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "gpt-5.5",
            "choices": [{"index": 0, "delta": delta, "finish_reason": None if delta else "stop"}],
        }
        for delta in deltas
    ]
    lines = [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks]
    server.expect(Answer("".join([*lines, "data: [DONE]\n\n"]).encode(), "text/event-stream"))
    official, ours = (
        list(client.chat.completions.create(model="gpt-5.5", messages=MESSAGES, stream=True))
        for client in both(server)
    )
    assert [each.to_dict() for each in ours] == [each.to_dict() for each in official] == chunks
    first, second = (sent(each) for each in server.requests)
    assert first == second
