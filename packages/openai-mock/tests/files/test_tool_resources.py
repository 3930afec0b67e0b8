from typing import Any

import httpx
import pytest

BETA = {"openai-beta": "assistants=v2"}
# Any: JSON.


@pytest.fixture
def file(client: httpx.Client) -> str:
    data = {"purpose": "assistants"}
    return client.post("/files", data=data, files={"file": ("a.txt", b"Cats")}).json()["id"]


@pytest.mark.parametrize(
    ("path", "more"),
    [("/assistants", {"model": "gpt-5.5"}), ("/threads", {})],
)
def test_described_stores_are_made_and_named(
    client: httpx.Client, file: str, path: str, more: dict[str, Any]
):
    resources = {
        "code_interpreter": {"file_ids": [file]},
        "file_search": {"vector_stores": [{"file_ids": [file], "metadata": {"k": "v"}}]},
    }
    body = {**more, "tool_resources": resources}
    made = client.post(path, json=body, headers=BETA).json()["tool_resources"]
    assert made["code_interpreter"] == {"file_ids": [file]}
    (store,) = made["file_search"]["vector_store_ids"]
    assert "vector_stores" not in made["file_search"]
    found = client.get(f"/vector_stores/{store}").json()
    assert (found["file_counts"]["completed"], found["metadata"]) == (1, {"k": "v"})


def test_store_of_a_missing_file_makes_nothing(client: httpx.Client):
    resources = {"file_search": {"vector_stores": [{"file_ids": ["file-no"]}]}}
    body = {"model": "gpt-5.5", "tool_resources": resources}
    error = client.post("/assistants", json=body, headers=BETA).json()["error"]
    assert "file-no" in error["message"]
    assert error["param"] == "tool_resources.file_search.vector_stores"
