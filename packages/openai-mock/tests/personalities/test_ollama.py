from typing import Any

import httpx
import pytest
from openai_mock.personalities.ollama import CONTEXT


@pytest.fixture
def ollama(like: Any) -> Any:
    return like("ollama")


def test_key_is_ignored(ollama: Any):
    assert httpx.get(f"{ollama.server.base_url}/models", trust_env=False).status_code == 200


def test_thoughts(ollama: Any):
    assert "".join(ollama.deltas("reasoning")) == ollama.choice()["message"]["reasoning"]


def test_finish_reason_is_null_in_streams(ollama: Any):
    assert {each["choices"][0]["finish_reason"] for each in ollama.chunks()} == {None}
    assert ollama.choice()["finish_reason"] == "stop"


def test_strict_tools_are_not_supported(ollama: Any):
    function = {"name": "f", "parameters": {"type": "object"}, "strict": True}
    seen = ollama.sees()
    ollama.chat(tools=[{"type": "function", "function": function}])
    assert "strict" not in seen[0]["tools"][0]["function"]


def test_schemas_are_not_enforced(ollama: Any):
    schema = {"name": "s", "schema": {"type": "object", "properties": {"a": {"type": "integer"}}}}
    wanted = {"type": "json_schema", "json_schema": schema}
    assert ollama.choice(response_format=wanted)["message"]["content"] == "You wrote: Hi"


def test_options_are_ignored(ollama: Any):
    assert ollama.chat(num_ctx=100_000, think=True)


def test_input_is_cut_silently(ollama: Any):
    words = "first " + "word " * CONTEXT
    body = ollama.chat(words)
    assert body["usage"]["prompt_tokens"] < CONTEXT + 10
    assert "first" not in body["choices"][0]["message"]["content"]


def test_early_versions_had_no_completions(like: Any):
    body = {"model": "llama", "prompt": "Hi"}
    assert like("ollama-old").post("/completions", body).status_code == 404
    assert like("ollama").post("/completions", body).status_code == 200
