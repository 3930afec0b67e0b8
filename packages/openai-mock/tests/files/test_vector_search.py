from typing import Any

import httpx
import pytest

# Any: JSON.


@pytest.fixture
def store(client: httpx.Client) -> str:
    made = client.post("/vector_stores", json={"name": "animals"}).json()["id"]
    for number, text in enumerate((b"Cats purr.", b"Dogs bark at cats.", b"Salt.")):
        form: dict[str, Any] = {"files": {"file": (f"{number}.txt", text)}}
        file = client.post("/files", data={"purpose": "assistants"}, **form).json()
        body = {"file_id": file["id"], "attributes": {"n": number}}
        client.post(f"/vector_stores/{made}/files", json=body)
    return made


def searched(client: httpx.Client, *stores: str, include: bool = True, **more: Any) -> Any:
    answer = client.post(
        "/responses",
        json={
            "model": "gpt-5.5",
            "input": "cats",
            "tools": [{"type": "file_search", "vector_store_ids": list(stores), **more}],
            "tool_choice": "required",
            "include": ["file_search_call.results"] if include else [],
        },
    ).json()
    assert client.get(f"/responses/{answer['id']}").json() == answer
    return answer["output"][0]["results"]


def test_tool_of_responses_finds_what_is_in_the_stores(client: httpx.Client, store: str):
    best, second, last = searched(client, store)
    assert (best["text"], best["filename"], best["attributes"]) == ("Cats purr.", "0.txt", {"n": 0})
    assert best["score"] > second["score"] > last["score"] == 0
    assert "content" not in best


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({"max_num_results": 1}, ["0.txt"]),
        ({"filters": {"type": "gt", "key": "n", "value": 0}}, ["1.txt", "2.txt"]),
        ({"ranking_options": {"score_threshold": 0.1}}, ["0.txt", "1.txt"]),
    ],
)
def test_tool_searches_as_it_is_told(
    client: httpx.Client, store: str, options: dict[str, Any], names: list[str]
):
    assert [each["filename"] for each in searched(client, store, **options)] == names


def test_stores_that_are_not_there_have_nothing(client: httpx.Client):
    assert searched(client, "vs_gone") == []


def test_results_come_only_when_they_are_asked_for(client: httpx.Client, store: str):
    assert searched(client, store, include=False) is None
