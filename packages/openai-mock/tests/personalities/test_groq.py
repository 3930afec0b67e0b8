from typing import Any

import pytest


@pytest.fixture
def groq(like: Any) -> Any:
    return like("groq")


@pytest.mark.parametrize(
    "more",
    [
        {"logprobs": True},
        {"logprobs": True, "top_logprobs": 2},
        {"logit_bias": {"1": 1}},
        {"n": 2},
        {"messages": [{"role": "user", "content": "Hi", "name": "me"}]},
    ],
)
def test_parameters_that_are_refused(groq: Any, more: Any):
    assert groq.server.base_url.endswith("/openai/v1")
    assert groq.refuses(**more)
    assert groq.chat(n=1, temperature=0)


@pytest.mark.parametrize(("name", "status"), [("vtt", 400), ("srt", 400), ("json", 200)])
def test_no_subtitles(groq: Any, name: str, status: int):
    data = {"model": "whisper-large-v3", "response_format": name}
    files = {"file": ("a.wav", b"x")}
    answer = groq.client.post("/audio/transcriptions", files=files, data=data)
    assert answer.status_code == status


def test_fields_of_its_own(groq: Any):
    body = groq.chat(model="llama-3")
    assert body["x_groq"]["id"].startswith("req_")
    assert body["service_tier"] == "on_demand"
    assert body["usage"]["queue_time"]
    assert all(each["x_groq"] for each in groq.chunks())


def test_thoughts_that_the_total_leaves_out(groq: Any):
    assert "".join(groq.deltas("reasoning")) == groq.choice()["message"]["reasoning"]
    usage = groq.chat()["usage"]
    assert usage["completion_tokens_details"]["reasoning_tokens"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


def test_effort_of_one_model(groq: Any):
    name = "qwen/qwen3-32b"
    assert groq.chat(model=name, reasoning_effort="default")
    assert "default" in groq.refuses(model=name, reasoning_effort="low")["error"]["message"]
    assert groq.chat(model="openai/gpt-oss-20b", reasoning_effort="low")
