from typing import Any

import httpx
from openai_http import OpenAI
from openai_mock import MockServer

FILES = {"image": ("a.png", b"pixels", "image/png")}


def test_images_are_made_edited_and_varied(client: httpx.Client):
    made = client.post("/images/generations", json={"prompt": "A cat"}).json()["data"]
    edited = client.post("/images/edits", data={"prompt": "A cat"}, files=FILES).json()
    varied = client.post("/images/variations", data={"n": "2"}, files=FILES).json()["data"]
    assert edited["usage"]["input_tokens_details"]["image_tokens"] > 0
    images = [each["b64_json"] for each in (*made, *edited["data"], *varied)]
    assert len({*images}) == len(images) == 4


def test_numbers_are_limited(client: httpx.Client):
    for name, value in (("n", 11), ("partial_images", 4)):
        answer = client.post("/images/generations", json={"prompt": "A cat", name: value})
        assert (answer.status_code, answer.json()["error"]["param"]) == (400, name)


def test_client_reads_the_stream(mock: MockServer):
    with OpenAI(
        api_key=mock.api_key, base_url=mock.base_url, _strict_response_validation=True
    ) as openai:
        stream: Any = openai.images.edit(
            image=("a.png", b"pixels"), prompt="A cat", stream=True, partial_images=1
        )
        assert [event.type for event in stream] == [
            "image_edit.partial_image",
            "image_edit.completed",
        ]
