from typing import Any

import httpx
import pytest


@pytest.fixture
def azure(like: Any) -> Any:
    return like("azure")


def test_ordinary_clients_use_the_first_surface(azure: Any):
    assert azure.server.base_url.endswith("/openai/v1")
    url = "/chat/completions?api-version=preview"
    body = {"model": "mine", "messages": [{"role": "user", "content": "Hi"}]}
    assert azure.post(url, body).json()["model"] == "mine"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("mine/chat/completions?api-version=2024-10-21", 200),
        ("mine/chat/completions", 404),
        ("mine/responses?api-version=2024-10-21", 404),
    ],
)
def test_deployments_with_their_key_and_version(azure: Any, path: str, status: int):
    body = {"messages": [{"role": "user", "content": "Hi"}]}
    url = f"{azure.server.url}/openai/deployments/{path}"
    headers = {"api-key": azure.server.api_key}
    answer = httpx.post(url, json=body, headers=headers, trust_env=False)
    assert answer.status_code == status
    assert status != 200 or answer.json()["model"] == "mine"
    assert httpx.post(url, json=body, trust_env=False).status_code != 200


def test_embeddings_of_a_deployment(azure: Any):
    path = "/openai/deployments/text%2Dembedding/embeddings?api-version=2024-10-21"
    answer = azure.client.post(f"{azure.server.url}{path}", json={"input": "Hi"})
    assert (answer.status_code, answer.json()["object"]) == (200, "list")


def test_first_chunk_has_no_choices(azure: Any):
    first, second, *_ = azure.chunks()
    assert (first["choices"], first["id"], first["model"], first["object"]) == ([], "", "", "")
    assert first["prompt_filter_results"][0]["prompt_index"] == 0
    assert second["choices"][0]["delta"]["role"] == "assistant"


def test_asynchronous_filter_sends_chunks_without_a_delta(azure: Any):
    choices = [each["choices"][0] for each in azure.chunks() if each["choices"]]
    assert ["delta" in each for each in choices[-2:]] == [False, True]
    assert "content_filter_results" in choices[-2]


def test_filtered_prompt(azure: Any):
    error = azure.refuses(words="A [content_filter] one")["error"]
    assert error["code"] == "content_filter"
    assert error["innererror"]["content_filter_result"]["violence"]["filtered"]


def test_codes_are_statuses_in_strings(azure: Any):
    answer = azure.client.get("/files/none")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "404")


def test_no_document_parts(azure: Any):
    part = {"type": "file", "file": {"file_data": "eA==", "filename": "a.pdf"}}
    messages = [{"role": "user", "content": [part]}]
    assert "'file'" in azure.refuses(messages=messages)["error"]["message"]


def test_some_models_want_max_tokens(azure: Any):
    refused = azure.refuses(model="mistral-large", max_completion_tokens=5)
    assert refused["error"]["param"] == "max_completion_tokens"
    assert azure.chat(model="gpt-4o", max_completion_tokens=5)
    assert azure.chat(model="mistral-large", max_tokens=5)
