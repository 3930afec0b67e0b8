from typing import Any

import httpx
import pytest


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer EMPTY"}])
def test_any_key(like: Any, headers: dict[str, str]):
    url = f"{like('vllm').server.base_url}/models"
    assert httpx.get(url, headers=headers, trust_env=False).status_code == 200


@pytest.mark.parametrize(
    ("name", "field"), [("vllm", "reasoning"), ("vllm-old", "reasoning_content")]
)
def test_name_of_thoughts(like: Any, name: str, field: str):
    vllm = like(name)
    thought = vllm.choice()["message"][field]
    assert thought
    assert "".join(vllm.deltas(field)) == thought


@pytest.mark.parametrize("name", ["reasoning", "reasoning_content"])
def test_either_name_may_come_back(like: Any, name: str, turn: Any):
    assert like("vllm").chat(messages=turn({name: "hm"}))


def test_errors_are_flat(like: Any):
    body = like("vllm").refuses(temperature=9)
    assert (body["object"], body["type"], body["code"]) == ("error", "BadRequestError", 400)
    assert body["param"] == "temperature"


@pytest.mark.parametrize(("name", "status"), [("vllm", 200), ("vllm-old", 400)])
def test_base64(like: Any, name: str, status: int):
    body = {"model": "any", "input": "Hi", "encoding_format": "base64"}
    assert like(name).post("/embeddings", body).status_code == status


def test_old_streams_lacked_object_and_created(like: Any):
    vllm = like("vllm-old")
    assert all(not each.keys() & {"object", "created"} for each in vllm.chunks())
    assert vllm.chat()["object"] == "chat.completion"


def test_automatic_choice_needs_flags(like: Any, tools: Any):
    refused = like("vllm-old").refuses(tools=tools)
    assert "--enable-auto-tool-choice" in refused["message"]
    assert like("vllm-old").chat(tools=tools, tool_choice="none")
    assert like("vllm").chat(tools=tools)


@pytest.mark.parametrize(("status", "expected"), [("completed", 400), (None, 200)])
def test_function_calls_had_the_status_null(like: Any, status: str | None, expected: int):
    call = {"type": "function_call", "call_id": "1", "name": "f", "arguments": "{}"}
    given = [{**call, **({"status": status} if status else {})}]
    output = {"type": "function_call_output", "call_id": "1", "output": "5"}
    body = {"model": "gpt-5.5", "input": [*given, output]}
    assert like("vllm-old").post("/responses", body).status_code == expected


def test_one_system_message(like: Any):
    messages = [*[{"role": "system", "content": "x"}] * 2, {"role": "user", "content": "Hi"}]
    assert like("vllm-old").refuses(messages=messages)["code"] == 400
    assert like("vllm").chat(messages=messages)
