from typing import Any

import pytest

from .conftest import NOW, Api

BODY = {
    "name": "hook",
    "url": "https://example.com/hook",
    "event_types": ["batch.completed", "response.completed"],
}


@pytest.fixture
def made(api: Api) -> Any:
    return api.post("/webhook_endpoints", BODY)


def test_secret_is_told_once(api: Api, made: Any):
    assert made["signing_secret"] == api.world.settings.webhook_secret
    path = f"/webhook_endpoints/{made['id']}"
    found = api.get(path)
    assert "signing_secret" not in found
    assert {**found, "signing_secret": made["signing_secret"]} == made
    assert api.get("/webhook_endpoints")["data"] == [found]
    assert made["signing_secret"].endswith(found["signing_secret_hint"])


def test_secret_is_changed(api: Api, made: Any):
    api.pass_time(5)
    path = f"/webhook_endpoints/{made['id']}"
    rotated = api.post(f"{path}/rotate_secret", {})
    assert rotated["signing_secret"].startswith("whsec_")
    assert rotated["signing_secret"] != made["signing_secret"]
    found = api.get(path)
    assert found["updated_at"] == NOW + 5
    assert rotated["signing_secret"].endswith(found["signing_secret_hint"])


def test_endpoint_is_changed_tested_and_deleted(api: Api, made: Any):
    path = f"/webhook_endpoints/{made['id']}"
    api.pass_time(5)
    changed = api.post(path, {"name": "other"})
    assert (changed["name"], changed["url"], changed["updated_at"]) == (
        "other",
        BODY["url"],
        NOW + 5,
    )
    tested = api.post(f"{path}/test", {"event_type": "batch.completed"})
    assert (tested["success"], tested["webhook_endpoint_id"]) == (True, made["id"])
    assert api.delete(path)["deleted"] is True
    assert api.refused("post", f"{path}/test", {"event_type": "batch.completed"}).status == 404


def test_types_of_events_are_those_that_can_be_asked_for(api: Api):
    known = api.get("/webhook_event_types")["data"]
    assert {"batch.completed", "response.failed"} <= {*known}
    made = api.post("/webhook_endpoints", {**BODY, "event_types": known})
    assert made["event_types"] == known
    for each in known:
        assert api.post(f"/webhook_endpoints/{made['id']}/test", {"event_type": each})["success"]
        posting = api.world.outbox.take()
        assert posting
        assert posting.event["type"] == each
