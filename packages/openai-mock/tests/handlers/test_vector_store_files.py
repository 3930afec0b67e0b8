from typing import Any

import pytest
from openai_mock.settings import Settings

from .conftest import Api


@pytest.fixture
def store(api: Api) -> str:
    return f"/vector_stores/{api.post('/vector_stores', {})['id']}"


class WithDelay:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(indexing_seconds=10)


def ids(page: dict[str, Any]) -> list[str]:
    return [each["id"] for each in page["data"]]


def test_file_is_ready_at_the_first_poll(api: Api, store: str):
    file_id = api.upload(b"one two")
    made = api.post(f"{store}/files", {"file_id": file_id, "attributes": {"a": 1}})
    assert (made["id"], made["status"], made["attributes"]) == (file_id, "in_progress", {"a": 1})
    ready = api.get(f"{store}/files/{file_id}")
    assert ready == {**made, "status": "completed", "usage_bytes": 7}
    assert ready["chunking_strategy"]["static"]["max_chunk_size_tokens"] == 800


def test_content_is_cut_as_it_is_asked_for(api: Api, store: str):
    words = [str(number) for number in range(250)]
    static = {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 50}
    body = {
        "file_id": api.upload(" ".join(words).encode()),
        "chunking_strategy": {"type": "static", "static": static},
    }
    file_id = api.post(f"{store}/files", body)["id"]
    texts = [each["text"] for each in api.get(f"{store}/files/{file_id}/content")["data"]]
    assert [text.split() for text in texts] == [words[n : n + 100] for n in (0, 50, 100, 150)]


@pytest.mark.parametrize(
    ("size", "overlap", "name"),
    [
        (99, 0, "max_chunk_size_tokens"),
        (4097, 0, "max_chunk_size_tokens"),
        (100, 51, "chunk_overlap_tokens"),
        (100, -1, "chunk_overlap_tokens"),
    ],
)
def test_pieces_have_limits(api: Api, store: str, size: int, overlap: int, name: str):
    static = {"max_chunk_size_tokens": size, "chunk_overlap_tokens": overlap}
    strategy = {"type": "static", "static": static}
    body = {"file_id": api.upload(b"x"), "chunking_strategy": strategy}
    refusal = api.refused("post", f"{store}/files", body)
    assert refusal.param == f"chunking_strategy.static.{name}"


def test_what_is_no_text_is_found_by_its_name(api: Api, store: str):
    file_id = api.upload(b"%PDF\xff\0", name="report.pdf")
    api.post(f"{store}/files", {"file_id": file_id})
    found = api.get(f"{store}/files/{file_id}/content")["data"]
    assert found == [{"type": "text", "text": "report.pdf"}]


def test_file_that_is_not_there(api: Api, store: str):
    refusal = api.refused("post", f"{store}/files", {"file_id": "file-0"})
    assert (refusal.status, refusal.param) == (404, "file_id")
    assert api.refused("get", f"{store}/files/file-0").status == 404


def test_file_that_is_taken_out_stays_a_file(api: Api, store: str):
    file_id = api.upload(b"x")
    api.post(f"{store}/files", {"file_id": file_id})
    assert api.delete(f"{store}/files/{file_id}") == {
        "id": file_id,
        "object": "vector_store.file.deleted",
        "deleted": True,
    }
    assert api.refused("get", f"{store}/files/{file_id}").status == 404
    assert api.get(store)["file_counts"]["total"] == 0
    assert api.get(f"/files/{file_id}")["id"] == file_id


def test_attributes_are_changed(api: Api, store: str):
    file_id = api.upload(b"x")
    api.post(f"{store}/files", {"file_id": file_id, "attributes": {"a": 1}})
    changed = api.post(f"{store}/files/{file_id}", {"attributes": {"b": True}})
    assert changed["attributes"] == {"b": True}
    condition = {"type": "eq", "key": "b", "value": True}
    found = api.post(f"{store}/search", {"query": "x", "filters": condition})
    assert [each["attributes"] for each in found["data"]] == [{"b": True}]


def test_batch_attaches_all_its_files(api: Api, store: str):
    one, two, other = (api.upload(b"x") for _ in range(3))
    api.post(f"{store}/files", {"file_id": other})
    body = {"files": [{"file_id": one, "attributes": {"n": 1}}, {"file_id": two}]}
    made = api.post(f"{store}/file_batches", {**body, "attributes": {"n": 0}})
    assert (made["status"], made["file_counts"]["in_progress"]) == ("in_progress", 2)
    path = f"{store}/file_batches/{made['id']}"
    assert api.get(path)["status"] == "completed"
    assert api.get(path)["file_counts"]["completed"] == 2
    listed = api.get(f"{path}/files", order="asc")
    assert ids(listed) == [one, two]
    assert [each["attributes"]["n"] for each in listed["data"]] == [1, 0]
    assert ids(api.get(f"{store}/files", order="asc")) == [other, one, two]


def test_batch_needs_files_that_exist(api: Api, store: str):
    for body, status in (({}, 400), ({"file_ids": ["file-0"]}, 404)):
        refusal = api.refused("post", f"{store}/file_batches", body)
        assert (refusal.status, refusal.param) == (status, "file_ids")
    many = {"file_ids": ["file-0"] * 2001}
    assert api.refused("post", f"{store}/file_batches", many).status == 400


class TestDelay(WithDelay):
    def test_files_take_their_time(self, api: Api, store: str):
        file_id = api.upload(b"x")
        api.post(f"{store}/files", {"file_id": file_id})
        api.pass_time(9)
        assert api.get(store)["status"] == "in_progress"
        assert ids(api.get(f"{store}/files", filter="in_progress")) == [file_id]
        assert ids(api.get(f"{store}/files", filter="completed")) == []
        assert api.post(f"{store}/search", {"query": "x"})["data"] == []
        api.pass_time(1)
        assert api.get(store)["status"] == "completed"
        assert ids(api.get(f"{store}/files", filter="completed")) == [file_id]

    def test_batch_can_be_cancelled(self, api: Api, store: str):
        one, two = api.upload(b"x"), api.upload(b"y")
        made = api.post(f"{store}/file_batches", {"file_ids": [one, two]})
        path = f"{store}/file_batches/{made['id']}"
        api.delete(f"{store}/files/{two}")
        cancelled = api.post(f"{path}/cancel")
        assert (cancelled["status"], cancelled["file_counts"]["cancelled"]) == ("cancelled", 1)
        api.pass_time(10)
        assert api.get(f"{store}/files/{one}")["status"] == "cancelled"
        assert ids(api.get(f"{path}/files", filter="cancelled")) == [one]
        assert api.refused("post", f"{path}/cancel").code == "invalid_state"

    def test_file_that_is_deleted_meanwhile_is_not_indexed(self, api: Api, store: str):
        file_id = api.upload(b"x")
        made = api.post(f"{store}/file_batches", {"file_ids": [file_id]})
        api.delete(f"/files/{file_id}")
        api.pass_time(10)
        batch = api.get(f"{store}/file_batches/{made['id']}")
        assert (batch["status"], batch["file_counts"]["total"]) == ("completed", 0)
