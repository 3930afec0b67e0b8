from typing import Any

import pytest
from openai_mock.calls import Upload

from .conftest import NOW, Api

HOUR = 3600


def form(name: str = "a.bin", **fields: Any) -> Any:
    pairs = {"purpose": "user_data", **fields}
    return (("file", Upload(name, "text/plain", b"\0\xff\r\n")), *pairs.items())


def test_bytes_come_back_as_they_were_sent(api: Api):
    made = api.post("/files", form=form())
    assert (made["bytes"], made["filename"], made["status"]) == (4, "a.bin", "processed")
    assert (made["created_at"], made["expires_at"]) == (NOW, None)
    assert api.get(f"/files/{made['id']}/content") == b"\0\xff\r\n"


@pytest.mark.parametrize("purpose", ["batch", "fine-tune"])
def test_files_of_lines_have_to_be_named_so(api: Api, purpose: str):
    refusal = api.refused("post", "/files", form=form(purpose=purpose))
    assert (refusal.status, refusal.param) == (400, "file")
    assert "'a.bin'" in refusal.message
    assert api.post("/files", form=form("a.jsonl", purpose=purpose))["purpose"] == purpose


def test_file_goes_when_its_time_has_come(api: Api):
    expiry = {"expires_after[anchor]": "created_at", "expires_after[seconds]": str(HOUR)}
    made = api.post("/files", form=form(**expiry))
    assert made["expires_at"] == NOW + HOUR
    api.pass_time(HOUR - 1)
    assert api.get(f"/files/{made['id']}") == made
    api.pass_time(1)
    assert api.refused("get", f"/files/{made['id']}/content").status == 404
    assert api.get("/files")["data"] == []


def test_files_for_batches_go_after_a_month(api: Api):
    file_id = api.upload(b"{}", "batch")
    assert api.get(f"/files/{file_id}")["expires_at"] == NOW + 30 * 24 * HOUR


@pytest.mark.parametrize("seconds", ["3599", "2592001"])
def test_lifetime_has_limits(api: Api, seconds: str):
    expiry = {"expires_after[anchor]": "created_at", "expires_after[seconds]": seconds}
    assert api.refused("post", "/files", form=form(**expiry)).param == "expires_after.seconds"


def test_list_is_filtered_ordered_and_paged(api: Api):
    ids = [api.upload(b"{}", purpose) for purpose in ("batch", "evals", "batch")]
    batch = {"purpose": "batch"}
    assert found(api.get("/files", **batch)) == [ids[2], ids[0]]
    assert found(api.get("/files", order="asc", after=ids[0])) == ids[1:]
    page = api.get("/files", limit=1, **batch)
    assert (found(page), page["has_more"]) == ([ids[2]], True)
    page = api.get("/files", limit=1, after=page["last_id"], **batch)
    assert (found(page), page["has_more"]) == ([ids[0]], False)


def found(page: dict[str, Any]) -> list[str]:
    return [each["id"] for each in page["data"]]


def test_file_that_is_deleted_is_gone_everywhere(api: Api):
    file_id = api.upload(b"words")
    store = api.post("/vector_stores", {"file_ids": [file_id]})["id"]
    assert api.get(f"/vector_stores/{store}")["file_counts"]["total"] == 1
    removed = api.delete(f"/files/{file_id}")
    assert removed == {"id": file_id, "object": "file", "deleted": True}
    assert api.refused("get", f"/files/{file_id}").status == 404
    assert api.refused("delete", f"/files/{file_id}").status == 404
    assert api.get(f"/vector_stores/{store}")["file_counts"]["total"] == 0
    assert api.get(f"/vector_stores/{store}/files")["data"] == []
