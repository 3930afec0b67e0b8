import threading
from typing import Any

import httpx
import pytest


@pytest.fixture
def deepseek(like: Any) -> Any:
    return like("deepseek")


@pytest.mark.parametrize("root", ["", "/v1"])
def test_no_root_is_needed(deepseek: Any, root: str):
    assert deepseek.server.base_url == deepseek.server.url
    url = f"{deepseek.server.url}{root}/models"
    assert deepseek.client.get(url).status_code == 200


def test_blank_lines_before_json(deepseek: Any):
    answer = deepseek.ask(model="deepseek-reasoner")
    assert answer.content.startswith(b"\n\n\n{")
    assert answer.json()["model"] == "deepseek-reasoner"


def test_comments_in_streams(deepseek: Any):
    answer = deepseek.ask(stream=True)
    assert answer.text.startswith(": keep-alive\n\ndata: ")


@pytest.mark.parametrize("stream", [True, False])
def test_request_that_is_not_begun_is_closed(deepseek: Any, stream: bool):
    deepseek.server.clock.freeze()
    ended = threading.Event()

    def advance() -> None:
        while not ended.wait(0.001):
            deepseek.server.clock.advance(600)

    advancing = threading.Thread(target=advance)
    advancing.start()
    try:
        with pytest.raises(httpx.RemoteProtocolError):
            deepseek.ask("[queued]", stream=stream)
    finally:
        ended.set()
        advancing.join()


def test_comments_can_go_on_after_the_last_data(deepseek: Any):
    messages = [{"role": "user", "content": "[lingering]"}]
    body = {"model": "deepseek-chat", "messages": messages, "stream": True}
    with deepseek.client.stream("POST", "/chat/completions", json=body) as answer:
        came = ""
        for text in answer.iter_text():
            came += text
            if "[DONE]\n\n: keep-alive" in came:
                break
    assert "data: [DONE]" in came


def test_thoughts_must_come_back(deepseek: Any, turn: Any):
    assert "reasoning_content" in deepseek.refuses(messages=turn())["error"]["message"]
    assert deepseek.chat(messages=turn({"reasoning_content": "hm"}))


def test_thoughts(deepseek: Any):
    thought = deepseek.choice()["message"]["reasoning_content"]
    assert "".join(deepseek.deltas("reasoning_content")) == thought


def test_no_balance(deepseek: Any):
    assert deepseek.refuses(402, "[no_balance]")["error"]["message"] == "Insufficient Balance"


def test_no_store_and_no_developer(deepseek: Any):
    assert deepseek.refuses(store=True)["error"]["param"] == "store"
    messages = [{"role": "developer", "content": "x"}]
    assert "developer" in deepseek.refuses(messages=messages)["error"]["message"]
