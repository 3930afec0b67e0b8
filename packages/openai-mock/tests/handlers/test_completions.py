from typing import Any

import httpx
import pytest

ASKED = {"model": "gpt-3.5-turbo-instruct", "prompt": "Hi"}


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"n": 2, "best_of": 1}, "best_of"),
        ({"best_of": 2, "stream": True}, "best_of"),
        ({"logprobs": 6}, "logprobs"),
        ({"max_tokens": -1}, "max_tokens"),
    ],
)
def test_what_does_not_go_together_is_refused(
    client: httpx.Client, more: dict[str, Any], param: str
):
    answer = client.post("/completions", json={**ASKED, **more})
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)


def test_completion_comes_whole_or_as_a_stream(client: httpx.Client):
    assert client.post("/completions", json=ASKED).json()["choices"][0]["text"] == "You wrote: Hi"
    streamed = client.post("/completions", json={**ASKED, "stream": True}).text
    assert streamed.endswith("data: [DONE]\n\n")
