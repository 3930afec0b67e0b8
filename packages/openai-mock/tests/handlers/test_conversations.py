from typing import Any

import httpx

HI = {"type": "message", "role": "user", "content": "Hi"}


def listed(client: httpx.Client, key: str, **query: Any) -> list[str]:
    answer = client.get(f"/conversations/{key}/items", params=query)
    return [each["content"][0]["text"] for each in answer.json()["data"]]


def test_conversation_begins_with_its_items(client: httpx.Client):
    items = [{**HI, "content": text} for text in ("a", "b", "c")]
    made = client.post("/conversations", json={"items": items, "metadata": {"a": "b"}}).json()
    assert made["metadata"] == {"a": "b"}
    key = made["id"]
    assert client.get(f"/conversations/{key}").json() == made
    assert listed(client, key) == ["c", "b", "a"]
    assert listed(client, key, order="asc", limit=2) == ["a", "b"]


def test_items_are_added_found_and_removed(client: httpx.Client):
    key = client.post("/conversations", json={}).json()["id"]
    path = f"/conversations/{key}/items"
    added = client.post(path, json={"items": [HI, {**HI, "role": "assistant"}]}).json()
    first, second = added["data"]
    assert (added["first_id"], added["last_id"]) == (first["id"], second["id"])
    assert client.get(f"{path}/{first['id']}").json() == first
    assert client.delete(f"{path}/{first['id']}").json()["id"] == key
    assert client.get(f"{path}/{first['id']}").status_code == 404
    assert listed(client, key, after=second["id"], order="asc") == []


def test_metadata_is_replaced_and_conversation_deleted(client: httpx.Client):
    key = client.post("/conversations", json={"metadata": {"a": "b"}}).json()["id"]
    changed = client.post(f"/conversations/{key}", json={"metadata": {"c": "d"}}).json()
    assert changed["metadata"] == {"c": "d"}
    assert client.delete(f"/conversations/{key}").json()["deleted"] is True
    assert client.get(f"/conversations/{key}").status_code == 404


def test_too_many_items_are_refused(client: httpx.Client):
    answer = client.post("/conversations", json={"items": [HI] * 21})
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "items")


def test_items_of_no_conversation_are_not_added(client: httpx.Client):
    answer = client.post("/conversations/conv_no/items", json={"items": [HI]})
    assert answer.status_code == 404


def test_item_that_is_referred_to_is_added_itself(client: httpx.Client):
    response = client.post("/responses", json={"model": "gpt-5.5", "input": "Hi"}).json()
    (message,) = response["output"]
    reference = {"type": "item_reference", "id": message["id"]}
    key = client.post("/conversations", json={"items": [reference]}).json()["id"]
    assert client.get(f"/conversations/{key}/items").json()["data"] == [message]
    other = client.post("/conversations", json={}).json()["id"]
    added = client.post(f"/conversations/{other}/items", json={"items": [reference]}).json()
    assert added["data"] == [message]
    unknown = {"items": [{"type": "item_reference", "id": "msg_0"}]}
    refused = client.post(f"/conversations/{other}/items", json=unknown)
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "item_not_found")
