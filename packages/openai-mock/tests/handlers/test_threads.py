from typing import Any

import httpx
import pytest

BETA = {"openai-beta": "assistants=v2"}


def post(client: httpx.Client, path: str, **body: Any) -> dict[str, Any]:
    answer = client.post(path, json=body, headers=BETA)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_assistant_is_made_changed_and_removed(client: httpx.Client):
    made = post(client, "/assistants", model="gpt-5.5", name="A")
    path = f"/assistants/{made['id']}"
    assert client.get(path, headers=BETA).json() == made
    assert post(client, path, name="B") == {**made, "name": "B"}
    assert client.delete(path, headers=BETA).json()["deleted"] is True
    assert client.get(path, headers=BETA).status_code == 404


def test_thread_begins_with_messages_and_gets_more(client: httpx.Client):
    messages = [{"role": "user", "content": text} for text in ("a", "b")]
    thread = post(client, "/threads", messages=messages, metadata={"k": "v"})
    assert (thread["metadata"], "messages" in thread) == ({"k": "v"}, False)
    path = f"/threads/{thread['id']}/messages"
    added = post(client, path, role="assistant", content="c")
    assert client.get(f"{path}/{added['id']}", headers=BETA).json() == added
    listed = client.get(path, headers=BETA, params={"order": "asc"}).json()["data"]
    assert [each["content"][0]["text"]["value"] for each in listed] == ["a", "b", "c"]
    newest = client.get(path, headers=BETA, params={"limit": 1}).json()
    assert (newest["data"], newest["has_more"]) == ([added], True)


def test_message_is_changed_and_removed(client: httpx.Client):
    thread = post(client, "/threads", messages=[{"role": "user", "content": "a"}])
    path = f"/threads/{thread['id']}/messages"
    (message,) = client.get(path, headers=BETA).json()["data"]
    changed = post(client, f"{path}/{message['id']}", metadata={"k": "v"})
    assert changed == {**message, "metadata": {"k": "v"}}
    assert client.delete(f"{path}/{message['id']}", headers=BETA).json()["deleted"] is True
    assert client.get(path, headers=BETA).json()["data"] == []


@pytest.mark.parametrize(("name", "value"), [("temperature", 2.1), ("top_p", -0.1)])
def test_numbers_of_an_assistant_have_their_ranges(client: httpx.Client, name: str, value: float):
    body = {"model": "gpt-5.5", name: value}
    answer = client.post("/assistants", json=body, headers=BETA)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, name)
