from typing import Any

import httpx


def flagged(client: httpx.Client, given: Any) -> list[bool]:
    answer = client.post("/moderations", json={"input": given})
    assert answer.status_code == 200, answer.text
    return [each["flagged"] for each in answer.json()["results"]]


def test_each_text_has_a_result(client: httpx.Client):
    assert flagged(client, "I like flowers.") == [False]
    assert flagged(client, ["I like flowers.", "I will kill you."]) == [False, True]


def test_parts_are_one_input(client: httpx.Client):
    image = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    assert flagged(client, [{"type": "text", "text": "violence"}, image]) == [True]
    assert flagged(client, [image]) == [False]


def test_nothing_is_refused(client: httpx.Client):
    answer = client.post("/moderations", json={"input": []})
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "input")
