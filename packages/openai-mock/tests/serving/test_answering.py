import logging
from typing import Any

import httpx
import pytest
from openai_mock import serve
from openai_mock.answers.chat import ChatAnswer
from openai_mock.sessions.realtime import RealtimeSession
from websockets.exceptions import ConnectionClosed, InvalidStatus

CHAT = {"model": "gpt-5.5", "messages": [{"role": "user", "content": "Hi"}]}


def fail(*_: object, **__: object) -> Any:
    raise KeyError("secret words")


@pytest.mark.parametrize("path", ["/responses", "/nowhere"])
def test_every_answer_has_the_headers_of_the_api(client: httpx.Client, path: str):
    answers = [client.post(path, json={"model": "gpt-5.5", "input": "Hi"}) for _ in range(2)]
    assert answers[0].headers["x-request-id"].startswith("req_")
    assert answers[0].headers["x-request-id"] != answers[1].headers["x-request-id"]
    assert int(answers[0].headers["openai-processing-ms"]) >= 0
    assert answers[0].headers["openai-version"]


def test_handshake_has_them_too(talk: Any):
    with talk() as websocket:
        assert websocket.response.headers["x-request-id"].startswith("req_")


def test_bug_is_a_500_in_the_shape_of_the_api_and_logged(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr("openai_mock.handlers.chat.ChatAnswer", fail)
    answer = client.post("/chat/completions", json=CHAT)
    assert answer.status_code == 500
    error = answer.json()["error"]
    assert (error["type"], error["param"], error["code"]) == ("server_error", None, None)
    assert "bug in openai-mock" in error["message"]
    assert "secret" not in error["message"]
    assert answer.headers["x-request-id"]
    assert [r.name for r in caplog.records if r.levelno >= logging.WARNING] == ["openai_mock"]


def test_state_that_cannot_be_kept_is_told_and_no_half_of_a_request_is_kept(
    caplog: pytest.LogCaptureFixture,
):
    with serve() as server:
        headers = {"authorization": f"Bearer {server.api_key}"}
        (pages,) = server.store._database.execute("PRAGMA page_count").fetchone()
        server.store._database.execute(f"PRAGMA max_page_count = {pages + 2}")  # a full disk
        url, files = f"{server.base_url}/files", {"file": ("a", bytes(100_000))}
        answer = httpx.post(url, data={"purpose": "vision"}, files=files, headers=headers)
        listed = httpx.get(url, headers=headers)
    assert answer.status_code == 500
    assert "disk is full" in answer.json()["error"]["message"]
    assert "bug" not in answer.text + caplog.text
    assert listed.json()["data"] == []


def test_bug_in_a_stream_breaks_it_off(client: httpx.Client, monkeypatch: pytest.MonkeyPatch):
    def chunks(_: object) -> Any:
        yield {"id": 1}
        raise KeyError("secret words")

    monkeypatch.setattr(ChatAnswer, "chunks", chunks)
    with (
        pytest.raises(httpx.RemoteProtocolError),
        client.stream("POST", "/chat/completions", json={**CHAT, "stream": True}) as answer,
    ):
        answer.read()


def test_bug_before_a_websocket_is_open_refuses_it(talk: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("openai_mock.sessions.realtime_opening.check_realtime_model", fail)
    with pytest.raises(InvalidStatus) as caught, talk():
        pass
    assert caught.value.response.status_code == 500
    assert b"server_error" in (caught.value.response.body or b"")


def test_bug_in_a_websocket_closes_it(talk: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(RealtimeSession, "receive", fail)
    with talk() as websocket:
        websocket.recv()
        websocket.send("{}")
        with pytest.raises(ConnectionClosed) as caught:
            websocket.recv()
    assert caught.value.rcvd
    assert (caught.value.rcvd.code, caught.value.rcvd.reason) == (1011, "server_error")
