import json
from typing import Any

import httpx
import pytest
from openai_mock import MockServer

BETA = {"openai-beta": "assistants=v2"}
# Any: JSON.


@pytest.fixture
def admin(mock: MockServer) -> dict[str, str]:
    return {"authorization": f"Bearer {mock.admin_api_key}"}


def test_what_is_made_can_be_changed_and_removed(client: httpx.Client):
    made = client.post("/vector_stores", json={"name": "a", "metadata": {"k": "v"}}).json()
    assert (made["name"], made["metadata"]) == ("a", {"k": "v"})
    path = f"/vector_stores/{made['id']}"
    assert client.get(path).json() == made
    changed = client.post(path, json={"name": "b"}).json()
    assert changed == {**made, "name": "b"}
    assert client.get(path).json() == changed
    removed = client.delete(path).json()
    assert removed == {"id": made["id"], "object": "vector_store.deleted", "deleted": True}
    error = client.get(path).json()["error"]
    assert made["id"] in error["message"]
    assert (error["type"], error["code"]) == ("invalid_request_error", None)


def test_pages_follow_each_other(client: httpx.Client):
    names = [
        client.post("/evals", json=evaluation(str(number))).json()["name"] for number in range(5)
    ]
    found: list[str] = []
    query: dict[str, Any] = {"limit": 2, "order": "asc"}
    while True:
        page = client.get("/evals", params=query).json()
        found += [each["name"] for each in page["data"]]
        assert (page["first_id"], page["last_id"]) == (
            page["data"][0]["id"],
            page["data"][-1]["id"],
        )
        if not page["has_more"]:
            break
        query["after"] = page["last_id"]
    assert found[-5:] == names
    newest = client.get("/evals", params={"limit": 1, "order": "desc"}).json()
    assert newest["data"][0]["name"] == names[-1]


def evaluation(name: str) -> dict[str, Any]:
    source: dict[str, Any] = {"type": "custom", "item_schema": {}}
    return {"name": name, "data_source_config": source, "testing_criteria": []}


def test_cursor_of_nothing_and_limit_out_of_range(client: httpx.Client):
    answer = client.get("/evals", params={"after": "gone"})
    assert (answer.status_code, answer.json()["error"]["param"]) == (404, "after")
    answer = client.get("/evals", params={"limit": 101})
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "limit")


def test_list_is_filtered_by_fields_of_its_items(client: httpx.Client):
    for purpose in ("batch", "evals"):
        client.post("/files", files={"file": ("a.jsonl", b"{}")}, data={"purpose": purpose})
    found = client.get("/files", params={"purpose": "evals"}).json()["data"]
    assert {each["purpose"] for each in found} == {"evals"}


def test_bytes_of_a_file_are_kept_until_it_is_removed(client: httpx.Client):
    content = bytes(range(256)) * 100
    upload = {"file": ("ü.bin", content, "application/x-bin")}
    made = client.post("/files", files=upload, data={"purpose": "user_data"}).json()
    assert (made["filename"], made["bytes"]) == ("ü.bin", len(content))
    path = f"/files/{made['id']}/content"
    assert client.get(path).content == content
    client.delete(f"/files/{made['id']}")
    assert client.get(path).status_code == 404


def test_what_is_in_something_goes_with_it(client: httpx.Client):
    thread = client.post("/threads", json={}, headers=BETA).json()
    path = f"/threads/{thread['id']}/messages"
    message = client.post(path, json={"role": "user", "content": "Hi"}, headers=BETA).json()
    assert message["thread_id"] == thread["id"]
    assert client.get(f"{path}/{message['id']}", headers=BETA).json() == message
    client.delete(f"/threads/{thread['id']}", headers=BETA)
    for each in (path, f"{path}/{message['id']}"):
        answer = client.get(each, headers=BETA)
        assert answer.status_code == 404
        assert thread["id"] in answer.json()["error"]["message"]


def test_word_at_the_end_changes_the_status(client: httpx.Client):
    beta = {"openai-beta": "chatkit_beta=v1"}
    body = {"user": "u", "workflow": {"id": "wf_1"}}
    made = client.post("/chatkit/sessions", json=body, headers=beta).json()
    path = f"/chatkit/sessions/{made['id']}/cancel"
    assert client.post(path, headers=beta).json() == {**made, "status": "cancelled"}


def test_key_may_be_another_than_the_id(client: httpx.Client, admin: dict[str, str]):
    group = client.post("/organization/groups", json={"name": "g"}, headers=admin).json()
    path = f"/organization/groups/{group['id']}/users"
    client.post(path, json={"user_id": "user-1"}, headers=admin)
    assert client.get(f"{path}/user-1", headers=admin).status_code == 200
    listed = client.get(path, headers=admin).json()
    assert [each["id"] for each in listed["data"]] == ["user-1"]
    assert listed["next"] is None


def test_single_objects_are_there_and_keep_what_is_set(client: httpx.Client, admin: dict[str, str]):
    path = "/organization/spend_limit"
    assert client.get(path, headers=admin).status_code == 200
    body = {"currency": "USD", "interval": "month", "threshold_amount": 500}
    changed = client.post(path, json=body, headers=admin).json()
    assert changed["threshold_amount"] == 500
    assert client.get(path, headers=admin).json() == changed


def test_several_are_made_at_once(client: httpx.Client):
    conversation = client.post("/conversations", json={}).json()
    path = f"/conversations/{conversation['id']}/items"
    items = [
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
        for text in ("a", "b")
    ]
    made = client.post(path, json={"items": items}).json()
    texts = [each["content"][0]["text"] for each in made["data"]]
    assert texts == ["a", "b"]
    assert made["last_id"] == made["data"][1]["id"]
    listed = client.get(path, params={"order": "asc"}).json()
    assert listed["data"] == made["data"]


def test_stream_is_sent_where_it_is_asked_for(client: httpx.Client):
    body = {"environment": {"type": "none"}, "stream": True}
    answer = client.post("/agents/sessions", json=body, headers={"openai-beta": "agents=v1"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    names = [line[7:] for line in answer.text.splitlines() if line.startswith("event: ")]
    assert len(names) > 1
    data = [line[6:] for line in answer.text.splitlines() if line.startswith("data: ")]
    assert [json.loads(each)["type"] for each in data] == names


def test_answer_without_a_body_and_answer_of_bytes(client: httpx.Client):
    empty = client.post("/realtime/calls/rtc_1/hangup")
    assert (empty.status_code, empty.content) == (200, b"")
    headers = {"content-type": "application/sdp"}
    call = client.post("/realtime/calls", content=b"v=0", headers=headers)
    assert call.content
    assert call.headers["content-type"] == "application/sdp"


def test_status_may_be_any_text(client: httpx.Client, admin: dict[str, str], mock: MockServer):
    path = "/organization/projects"
    made = client.post(path, json={"name": "a"}, headers=admin).json()
    archived = client.post(f"{path}/{made['id']}/archive", headers=admin).json()
    assert archived["status"] == "archived"
    assert archived["archived_at"] <= mock.clock.seconds()
    assert client.get(f"{path}/{made['id']}", headers=admin).json() == archived
