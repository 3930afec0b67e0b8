import base64
import struct
from typing import Any

import httpx
import pytest

ASKED = {"model": "text-embedding-3-small", "input": "cats and dogs"}


def vectors(client: httpx.Client, **more: Any) -> list[Any]:
    answer = client.post("/embeddings", json={**ASKED, **more})
    assert answer.status_code == 200, answer.text
    return [each["embedding"] for each in answer.json()["data"]]


def likeness(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def test_similar_texts_are_near_each_other(client: httpx.Client):
    texts = ["cats and dogs", "dogs and a cat", "the stock market fell"]
    one, near, far = vectors(client, input=texts)
    assert likeness(one, near) > likeness(one, far)
    assert vectors(client) == [one]


def test_base64_is_the_same_vector(client: httpx.Client):
    (plain,) = vectors(client, dimensions=8)
    (packed,) = vectors(client, dimensions=8, encoding_format="base64")
    assert struct.unpack("<8f", base64.b64decode(packed)) == pytest.approx(plain)


@pytest.mark.parametrize("given", [[1, 2, 3], [[1, 2, 3]]])
def test_tokens_are_taken_and_counted(client: httpx.Client, given: object):
    answer = client.post("/embeddings", json={**ASKED, "input": given}).json()
    assert answer["usage"] == {"prompt_tokens": 3, "total_tokens": 3}


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"input": ""}, "input"),
        ({"input": []}, "input"),
        ({"input": ["a"] * 2049}, "input"),
        ({"dimensions": 1537}, "dimensions"),
        ({"dimensions": 8, "model": "text-embedding-ada-002"}, "dimensions"),
    ],
)
def test_what_the_api_does_not_take_is_refused(
    client: httpx.Client, more: dict[str, Any], param: str
):
    answer = client.post("/embeddings", json={**ASKED, **more})
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)
