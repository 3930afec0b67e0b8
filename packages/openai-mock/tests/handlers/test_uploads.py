from hashlib import md5
from typing import Any

import pytest
from openai_mock.calls import Upload

from .conftest import NOW, Api

CONTENT = b"first second"


@pytest.fixture
def upload(api: Api) -> str:
    return create(api)["id"]


def create(api: Api, **more: Any) -> Any:
    about = {"filename": "a.txt", "mime_type": "text/plain", "purpose": "user_data"}
    return api.post("/uploads", {**about, "bytes": len(CONTENT), **more})


def part(api: Api, upload: str, content: bytes) -> str:
    form = (("data", Upload("blob", "text/plain", content)),)
    made = api.post(f"/uploads/{upload}/parts", form=form)
    assert made["upload_id"] == upload
    return made["id"]


def test_parts_are_joined_in_the_order_that_is_asked_for(api: Api, upload: str):
    late = part(api, upload, b" second")
    early = part(api, upload, b"first")
    checksum = md5(CONTENT, usedforsecurity=False).hexdigest()
    body = {"part_ids": [early, late], "md5": checksum}
    done = api.post(f"/uploads/{upload}/complete", body)
    assert (done["status"], done["file"]["filename"]) == ("completed", "a.txt")
    file = api.get(f"/files/{done['file']['id']}")
    assert file == done["file"]
    assert (file["purpose"], file["bytes"]) == ("user_data", len(CONTENT))
    assert api.get(f"/files/{file['id']}/content") == CONTENT


def test_file_has_the_lifetime_that_the_upload_was_told(api: Api):
    expiry = {"anchor": "created_at", "seconds": 7200}
    upload = create(api, expires_after=expiry)["id"]
    body = {"part_ids": [part(api, upload, CONTENT)]}
    done = api.post(f"/uploads/{upload}/complete", body)
    assert done["file"]["expires_at"] == NOW + 7200


@pytest.mark.parametrize(
    ("parts", "more", "param"),
    [
        ([b"first"], {}, "part_ids"),
        ([CONTENT, b"!"], {}, "part_ids"),
        ([CONTENT], {"md5": "0" * 32}, "md5"),
        ([CONTENT], {"part_ids": ["part_none"]}, "part_ids"),
    ],
)
def test_what_does_not_fit_together_is_refused(
    api: Api, upload: str, parts: list[bytes], more: dict[str, Any], param: str
):
    body = {"part_ids": [part(api, upload, each) for each in parts], **more}
    refusal = api.refused("post", f"/uploads/{upload}/complete", body)
    assert refusal.param == param
    body = {"part_ids": [part(api, upload, CONTENT)]}  # it is still pending
    assert api.post(f"/uploads/{upload}/complete", body)["status"] == "completed"


@pytest.mark.parametrize("end", ["completed", "cancelled", "expired"])
def test_nothing_can_be_done_to_an_upload_that_is_over(api: Api, upload: str, end: str):
    one = part(api, upload, CONTENT)
    if end == "completed":
        api.post(f"/uploads/{upload}/complete", {"part_ids": [one]})
    elif end == "cancelled":
        assert api.post(f"/uploads/{upload}/cancel")["status"] == "cancelled"
    else:
        api.pass_time(3600)
    form = (("data", Upload("blob", "text/plain", b"more")),)
    for word, options in (
        ("parts", {"form": form}),
        ("complete", {"body": {"part_ids": [one]}}),
        ("cancel", {}),
    ):
        refusal = api.refused("post", f"/uploads/{upload}/{word}", **options)
        assert (refusal.status, refusal.code) == (400, "invalid_state")
        assert end in refusal.message


def test_completed_upload_does_not_expire(api: Api, upload: str):
    one = part(api, upload, CONTENT)
    file = api.post(f"/uploads/{upload}/complete", {"part_ids": [one]})["file"]
    api.pass_time(3600)
    refusal = api.refused("post", f"/uploads/{upload}/cancel")
    assert "completed" in refusal.message
    assert api.get(f"/files/{file['id']}") == file


def test_file_of_lines_has_to_be_named_so(api: Api):
    body = {"filename": "a.txt", "mime_type": "x", "purpose": "batch", "bytes": 1}
    assert api.refused("post", "/uploads", body).param == "filename"


def test_upload_is_not_larger_than_the_api_allows(api: Api):
    body = {"filename": "a", "mime_type": "x", "purpose": "user_data", "bytes": 8 * 2**30 + 1}
    assert api.refused("post", "/uploads", body).param == "bytes"


def test_part_of_no_upload(api: Api):
    form = (("data", Upload("blob", "text/plain", b"x")),)
    refusal = api.refused("post", "/uploads/upload_none/parts", form=form)
    assert (refusal.status, "upload_none" in refusal.message) == (404, True)


def test_part_has_a_limit(api: Api, upload: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("openai_mock.handlers.uploads.LARGEST_PART", 4)
    form = (("data", Upload("blob", "text/plain", b"12345")),)
    refusal = api.refused("post", f"/uploads/{upload}/parts", form=form)
    assert (refusal.status, refusal.param) == (413, "data")
