from typing import Any

import httpx
import pytest
from openai_mock.checking.incoming import Sent
from openai_mock.personalities import named
from openai_mock.personalities.asked import Asked
from openai_mock.personalities.llama_cpp import CONTEXT

LONG = "word " * (CONTEXT + 1)


@pytest.fixture
def llama(like: Any) -> Any:
    return like("llama.cpp")


def test_key_is_optional_and_props_tell_the_context(llama: Any):
    assert httpx.get(f"{llama.server.base_url}/models", trust_env=False).status_code == 200
    props = httpx.get(f"{llama.server.url}/props", trust_env=False).json()
    assert props["default_generation_settings"]["n_ctx"] == CONTEXT
    assert props["chat_template_caps"]["supports_tools"]


def test_errors_of_streams_are_data(llama: Any):
    answer = llama.ask(stream=True, temperature=9)
    assert answer.status_code == 200
    assert answer.text.startswith('data: {"error":{"message":')
    assert llama.ask(temperature=9).status_code == 400


def test_errors_of_old_streams_are_a_field(like: Any):
    answer = like("llama.cpp-old").ask(stream=True, temperature=9)
    assert answer.status_code == 200
    assert answer.text.startswith('error: {"message":')
    assert answer.text.endswith("data: [DONE]\n\n")


def test_oversize_prompts_are_refused_before_or_in_the_stream(like: Any):
    refused = like("llama.cpp").refuses(words=LONG, stream=True)
    assert refused["error"]["type"] == "exceed_context_size_error"
    answer = like("llama.cpp-old").ask(LONG, stream=True)
    assert (answer.status_code, answer.text[:7]) == (200, "error: ")


def test_timings_and_usage_are_on_the_last_chunk(llama: Any):
    last = llama.chunks()[-1]
    assert last["choices"][0]["finish_reason"] == "stop"
    assert last["usage"]["total_tokens"]
    assert last["timings"]["predicted_n"]
    assert llama.chat()["timings"]


def test_thoughts(llama: Any):
    thought = llama.choice()["message"]["reasoning_content"]
    assert "".join(llama.deltas("reasoning_content")) == thought


def test_tools_with_stream(like: Any, tools: Any):
    old = like("llama.cpp-old")
    assert "Cannot use tools with stream" in old.ask(stream=True, tools=tools).text
    assert old.chat(tools=tools)


def test_nothing_is_sent_while_a_long_prompt_is_evaluated():
    says = "long prompt"
    [quirk] = [each for each in named("llama.cpp").quirks if says in each.says]
    assert quirk.faults
    assert [each.name for each in quirk.faults(asked("word " * 3000))] == ["delay(3)"]
    assert quirk.faults(asked("short")) == ()


def asked(words: str) -> Asked:
    made = Asked.of(Sent("POST", "/v1/chat/completions"), "sk-key")
    made.body = {"messages": [{"role": "user", "content": words}]}
    return made
