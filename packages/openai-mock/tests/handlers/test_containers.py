from typing import Any

import pytest
from openai_mock.calls import Upload

from .conftest import NOW, Api

CONTENT = b"\0 any\r\nbytes"


def form(name: str = "a b.txt") -> Any:
    return (("file", Upload(name, "text/plain", CONTENT)),)


@pytest.fixture
def path(api: Api) -> str:
    return f"/containers/{api.post('/containers', {'name': 'c'})['id']}"


def test_container_is_made_with_copies_of_files(api: Api):
    file_id = api.upload(CONTENT, name="data.csv")
    made = api.post("/containers", {"name": "c", "file_ids": [file_id]})
    assert (made["status"], made["object"], made["last_active_at"]) == ("running", "container", NOW)
    assert made["expires_after"] == {"anchor": "last_active_at", "minutes": 20}
    path = f"/containers/{made['id']}"
    assert api.get(path) == made
    (copy,) = api.get(f"{path}/files")["data"]
    assert (copy["path"], copy["bytes"], copy["source"]) == ("/mnt/data/data.csv", 12, "user")
    api.delete(f"/files/{file_id}")
    assert api.get(f"{path}/files/{copy['id']}/content") == CONTENT
    refusal = api.refused("post", "/containers", {"name": "c", "file_ids": ["file-0"]})
    assert (refusal.status, refusal.param) == (404, "file_ids")


def test_file_is_uploaded_or_copied(api: Api, path: str):
    made = api.post(f"{path}/files", form=form("../../etc/a b.txt"))
    assert made["path"] == "/mnt/data/a b.txt"
    assert api.get(f"{path}/files/{made['id']}") == made
    assert api.get(f"{path}/files/{made['id']}/content") == CONTENT
    copy = api.post(f"{path}/files", {"file_id": api.upload(b"x", name="x.txt")})
    assert (copy["path"], copy["bytes"]) == ("/mnt/data/x.txt", 1)
    assert len(api.get(f"{path}/files")["data"]) == 2
    api.delete(f"{path}/files/{made['id']}")
    assert api.refused("get", f"{path}/files/{made['id']}").status == 404
    for body, status, param in (({}, 400, "file"), ({"file_id": "file-0"}, 404, "file_id")):
        refusal = api.refused("post", f"{path}/files", body)
        assert (refusal.status, refusal.param) == (status, param)


def test_container_expires_when_it_is_not_used(api: Api, path: str):
    api.pass_time(19 * 60)
    file_id = api.post(f"{path}/files", form=form())["id"]
    api.pass_time(19 * 60)
    assert api.get(path)["status"] == "running"
    api.get(f"{path}/files/{file_id}/content")
    api.pass_time(20 * 60)
    assert api.get(path)["status"] == "expired"
    assert api.get(f"{path}/files")["data"] == []
    assert api.refused("post", f"{path}/files", form=form()).code == "invalid_state"


def test_containers_are_found_by_their_name(api: Api, path: str):
    api.post("/containers", {"name": "other"})
    assert [each["name"] for each in api.get("/containers", name="c")["data"]] == ["c"]
    assert api.delete(path) is None
    assert api.get("/containers", name="c")["data"] == []


def test_secrets_of_the_network_are_not_told(api: Api):
    secret = {"domain": "a.example", "name": "n", "value": "hidden"}
    policy = {"type": "allowlist", "allowed_domains": ["a.example"], "domain_secrets": [secret]}
    made = api.post("/containers", {"name": "c", "network_policy": policy})
    assert made["network_policy"] == {"type": "allowlist", "allowed_domains": ["a.example"]}


def test_what_a_container_cannot_have(api: Api):
    policy = {"anchor": "last_active_at", "minutes": 21}
    refusal = api.refused("post", "/containers", {"name": "c", "expires_after": policy})
    assert refusal.param == "expires_after.minutes"
    skill = {"type": "skill_reference", "skill_id": "skill_0"}
    refusal = api.refused("post", "/containers", {"name": "c", "skills": [skill]})
    assert (refusal.status, refusal.param) == (404, "skills")
