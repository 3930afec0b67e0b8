from typing import Any

import pytest

from .conftest import NOW, Api

DAY = 86_400


@pytest.fixture
def store(api: Api) -> str:
    texts = {"cats.txt": b"Cats purr.", "dogs.txt": b"Dogs bark at cats.", "sea.txt": b"Salt."}
    made = api.post("/vector_stores", {"name": "animals"})["id"]
    for number, (name, text) in enumerate(texts.items()):
        attributes = {"number": number, "kind": "pet" if number < 2 else "water"}
        body = {"file_id": api.upload(text, name=name), "attributes": attributes}
        api.post(f"/vector_stores/{made}/files", body)
    return made


def search(api: Api, store: str, query: Any, **more: Any) -> list[str]:
    found = api.post(f"/vector_stores/{store}/search", {"query": query, **more})
    assert found["search_query"] == ([query] if isinstance(query, str) else query)
    scores = [each["score"] for each in found["data"]]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    return [each["filename"] for each in found["data"]]


def test_store_is_made_with_files(api: Api):
    files = [api.upload(b"12345"), api.upload(b"123")]
    made = api.post("/vector_stores", {"file_ids": files})
    assert (made["status"], made["file_counts"]["in_progress"]) == ("in_progress", 2)
    ready = api.get(f"/vector_stores/{made['id']}")
    assert (ready["status"], ready["usage_bytes"]) == ("completed", 8)
    assert ready["file_counts"] == {
        "in_progress": 0,
        "completed": 2,
        "failed": 0,
        "cancelled": 0,
        "total": 2,
    }


def test_unknown_file_makes_no_store(api: Api):
    refusal = api.refused("post", "/vector_stores", {"file_ids": [api.upload(b"x"), "file-0"]})
    assert (refusal.status, refusal.param) == (404, "file_ids")
    assert api.get("/vector_stores")["data"] == []


def test_what_is_most_similar_comes_first(api: Api, store: str):
    assert search(api, store, "Do dogs bark?")[0] == "dogs.txt"
    assert search(api, store, ["purring", "purr"])[0] == "cats.txt"
    assert search(api, store, "salt", max_num_results=1) == ["sea.txt"]
    assert search(api, store, "cats", ranking_options={"score_threshold": 0.6}) == ["cats.txt"]


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ({"type": "eq", "key": "kind", "value": "water"}, {"sea.txt"}),
        ({"type": "gte", "key": "number", "value": 1}, {"dogs.txt", "sea.txt"}),
        (
            {
                "type": "and",
                "filters": [
                    {"type": "eq", "key": "kind", "value": "pet"},
                    {"type": "lt", "key": "number", "value": 1},
                ],
            },
            {"cats.txt"},
        ),
    ],
)
def test_search_is_filtered(api: Api, store: str, condition: Any, names: set[str]):
    assert {*search(api, store, "cats", filters=condition)} == names


def test_more_results_than_are_asked_for(api: Api, store: str):
    found = api.post(f"/vector_stores/{store}/search", {"query": "x", "max_num_results": 2})
    assert (len(found["data"]), found["has_more"]) == (2, True)
    refusal = api.refused(
        "post", f"/vector_stores/{store}/search", {"query": "x", "max_num_results": 51}
    )
    assert refusal.param == "max_num_results"


def test_store_expires_so_many_days_after_its_last_use(api: Api):
    policy = {"anchor": "last_active_at", "days": 1}
    made = api.post("/vector_stores", {"expires_after": policy})
    path = f"/vector_stores/{made['id']}"
    assert made["expires_at"] == NOW + DAY
    api.pass_time(DAY - 1)
    api.post(f"{path}/search", {"query": "x"})
    used = api.get(path)
    assert (used["last_active_at"], used["expires_at"]) == (NOW + DAY - 1, NOW + 2 * DAY - 1)
    api.pass_time(DAY - 1)
    assert api.get(path)["status"] == "completed"
    api.pass_time(1)
    assert api.get(path)["status"] == "expired"
    assert api.refused("post", f"{path}/search", {"query": "x"}).code == "invalid_state"
    refusal = api.refused("post", f"{path}/files", {"file_id": api.upload(b"x")})
    assert refusal.code == "invalid_state"


def test_policy_can_be_changed(api: Api):
    made = api.post("/vector_stores", {"expires_after": {"anchor": "last_active_at", "days": 1}})
    path = f"/vector_stores/{made['id']}"
    longer = {"name": "b", "expires_after": {"anchor": "last_active_at", "days": 3}}
    changed = api.post(path, longer)
    assert (changed["name"], changed["expires_at"]) == ("b", NOW + 3 * DAY)
    assert api.post(path, {"expires_after": None})["expires_at"] is None
    api.pass_time(5 * DAY)
    assert api.get(path)["status"] == "completed"
    policy = {"anchor": "last_active_at", "days": 366}
    assert api.refused("post", path, {"expires_after": policy}).param == "expires_after.days"


@pytest.mark.parametrize("number", [0, 51])
def test_number_of_results_has_a_range(api: Api, store: str, number: int):
    path, body = f"/vector_stores/{store}/search", {"query": "x", "max_num_results": number}
    assert api.refused("post", path, body).param == "max_num_results"
