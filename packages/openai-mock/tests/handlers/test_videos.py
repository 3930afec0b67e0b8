from typing import Any

import pytest
from openai_mock.calls import Upload

from .conftest import NOW, Api

DAY = 86_400


def begin(api: Api, **fields: str) -> Any:
    return api.post("/videos", form=tuple({"prompt": "A cat", **fields}.items()))


@pytest.fixture
def done(api: Api) -> str:
    made = begin(api, seconds="8", size="1280x720")["id"]
    api.pass_time(3)
    return made


def test_video_goes_on_with_the_clock(api: Api):
    made = begin(api)
    path = f"/videos/{made['id']}"
    assert (made["model"], made["seconds"], made["size"]) == ("sora-2", "4", "720x1280")
    seen: list[Any] = []
    for _ in range(4):
        found = api.get(path)
        seen.append((found["status"], found["progress"]))
        api.pass_time()
    assert seen == [("queued", 0), ("in_progress", 0), ("in_progress", 50), ("completed", 100)]
    assert api.get(path)["completed_at"] == NOW + 3
    assert [each["id"] for each in api.get("/videos")["data"]] == [made["id"]]


def test_end_of_a_video_is_told(api: Api):
    endpoint = {"name": "n", "url": "http://127.0.0.1:9/", "event_types": ["video.completed"]}
    api.post("/webhook_endpoints", endpoint)
    made = begin(api)
    api.pass_time(3)
    api.get(f"/videos/{made['id']}")
    posting = api.world.outbox.take()
    assert posting
    assert (posting.event["type"], posting.event["data"]) == ("video.completed", {"id": made["id"]})


def test_bytes_are_there_when_it_is_completed(api: Api):
    made = begin(api)
    path = f"/videos/{made['id']}/content"
    api.pass_time(2)
    refusal = api.refused("get", path)
    assert (refusal.status, refusal.code) == (400, "invalid_state")
    api.pass_time()
    assert api.get(path)[4:8] == b"ftyp"
    assert api.get(path) == api.get(path, variant="video")
    assert api.get(path, variant="thumbnail")[8:12] == b"WEBP"
    assert api.get(path, variant="spritesheet")[:2] == b"\xff\xd8"
    api.pass_time(DAY)
    assert api.refused("get", path).code == "video_expired"


def test_remix_names_the_original(api: Api, done: str):
    made = api.post(f"/videos/{done}/remix", {"prompt": "A dog"})
    assert (made["remixed_from_video_id"], made["prompt"]) == (done, "A dog")
    assert (made["seconds"], made["size"], made["status"]) == ("8", "1280x720", "queued")
    api.pass_time(3)
    contents = {api.get(f"/videos/{each}/content") for each in (done, made["id"])}
    assert len(contents) == 2


def test_edit_and_extension_are_of_a_video_or_an_upload(api: Api, done: str):
    reference = {"video": {"id": done}, "prompt": "More"}
    edited = api.post("/videos/edits", reference)
    assert (edited["remixed_from_video_id"], edited["seconds"]) == (done, "8")
    longer = api.post("/videos/extensions", {**reference, "seconds": "4"})
    assert (longer["remixed_from_video_id"], longer["seconds"]) == (done, "12")
    file = ("video", Upload("a.mp4", "video/mp4", b"x"))
    own = api.post("/videos/edits", form=(("prompt", "More"), file))
    assert (own["remixed_from_video_id"], own["prompt"]) == (None, "More")
    own = api.post("/videos/extensions", form=(("prompt", "More"), ("seconds", "8"), file))
    assert own["seconds"] == "8"


def test_only_a_completed_video_can_be_changed(api: Api):
    made = begin(api)["id"]
    remix = api.refused("post", f"/videos/{made}/remix", {"prompt": "x"})
    edit = api.refused("post", "/videos/edits", {"prompt": "x", "video": {"id": made}})
    assert (remix.code, edit.code) == ("invalid_state", "invalid_state")
    gone = api.refused("post", "/videos/edits", {"prompt": "x", "video": {"id": "video_0"}})
    assert (gone.status, gone.param) == (404, "video.id")
    unnamed = api.refused("post", "/videos/edits", {"prompt": "x", "video": {}})
    assert (unnamed.status, unnamed.param) == (400, "video.id")


def test_video_that_is_deleted_does_not_go_on(api: Api):
    made = begin(api)["id"]
    assert api.delete(f"/videos/{made}")["deleted"] is True
    api.pass_time(10)
    assert api.refused("get", f"/videos/{made}").status == 404


def test_character_is_kept(api: Api):
    form = (("name", "Mia"), ("video", Upload("a.mp4", "video/mp4", b"x")))
    made = api.post("/videos/characters", form=form)
    assert made["name"] == "Mia"
    assert api.get(f"/videos/characters/{made['id']}")["name"] == "Mia"
