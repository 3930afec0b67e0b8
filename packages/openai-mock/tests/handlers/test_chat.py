from typing import Any

import httpx
import pytest

CHAT: dict[str, Any] = {"model": "gpt-5.5", "messages": [{"role": "user", "content": "Hi"}]}


@pytest.mark.parametrize(("store", "status"), [(True, 200), (False, 404), (None, 404)])
def test_completion_is_kept_if_it_is_asked_for(
    client: httpx.Client, store: bool | None, status: int
):
    made = client.post("/chat/completions", json={**CHAT, "store": store}).json()
    found = client.get(f"/chat/completions/{made['id']}")
    assert found.status_code == status
    if status == 200:
        assert found.json()["choices"] == made["choices"]


def kept(client: httpx.Client, **more: Any) -> str:
    return client.post("/chat/completions", json={**CHAT, "store": True, **more}).json()["id"]


def listed(client: httpx.Client, **query: Any) -> Any:
    answer = client.get("/chat/completions", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_list_is_filtered_by_metadata_and_model_with_pages_in_order(client: httpx.Client):
    mine = [kept(client, metadata={"test": "pages", "n": str(n)}) for n in range(3)]
    kept(client, metadata={"test": "others"})
    other = kept(client, metadata={"test": "pages"}, model="gpt-5.4")
    first = listed(client, **{"metadata[test]": "pages", "model": "gpt-5.5", "limit": 2})
    assert [each["id"] for each in first["data"]] == mine[:2]
    assert first["has_more"] is True
    query = {"metadata[test]": "pages", "model": "gpt-5.5", "after": first["last_id"]}
    rest = listed(client, **query)
    assert ([each["id"] for each in rest["data"]], rest["has_more"]) == (mine[2:], False)
    backwards = listed(client, **{"metadata[test]": "pages", "order": "desc"})
    assert [each["id"] for each in backwards["data"]] == [other, *mine[::-1]]


def test_metadata_is_changed_and_completion_deleted(client: httpx.Client):
    key = kept(client, metadata={"a": "b"})
    changed = client.post(f"/chat/completions/{key}", json={"metadata": {"c": "d"}}).json()
    assert changed["metadata"] == {"c": "d"}
    assert client.get(f"/chat/completions/{key}").json()["metadata"] == {"c": "d"}
    assert client.delete(f"/chat/completions/{key}").json()["deleted"] is True
    assert client.get(f"/chat/completions/{key}").status_code == 404
    assert client.get(f"/chat/completions/{key}/messages").status_code == 404


def test_messages_of_a_stored_completion_are_listed_in_their_order(client: httpx.Client):
    parts = [{"type": "text", "text": "Look"}]
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": parts}]
    key = kept(client, messages=messages)
    found = client.get(f"/chat/completions/{key}/messages").json()["data"]
    assert [(each["id"], each["role"]) for each in found] == [
        (f"{key}-0", "system"),
        (f"{key}-1", "user"),
    ]
    assert [each["content"] for each in found] == ["Be brief.", None]
    assert [each["content_parts"] for each in found] == [None, parts]


def test_stream_ends_with_a_mark_and_is_kept_whole(client: httpx.Client):
    answer = client.post("/chat/completions", json={**CHAT, "store": True, "stream": True})
    frames = [line for line in answer.text.split("\n\n") if line]
    assert frames[-1] == "data: [DONE]"
    assert all(frame.startswith("data: ") for frame in frames)


def test_likely_tokens_need_log_probabilities(client: httpx.Client):
    answer = client.post("/chat/completions", json={**CHAT, "top_logprobs": 2})
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "top_logprobs")


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"tools": [{"type": "function", "function": {"name": "f g"}}]}, "tools[0].function.name"),
        ({"tool_choice": "required"}, "tool_choice"),
    ],
)
def test_tools_have_names_and_are_there_if_one_is_wanted(
    client: httpx.Client, more: dict[str, Any], param: str
):
    answer = client.post("/chat/completions", json={**CHAT, **more})
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)
