import http.client
import logging
import socket
import threading
from urllib.parse import urlsplit

import pytest
import uvicorn
from openai_mock import MockServerError
from openai_mock.recorder.client import Client
from openai_mock.recorder.exchange import End, Head
from openai_mock.recorder.hosting import hosted

from .raw_server import ask


async def nothing(client: Client) -> None:
    await client.asked()
    await client.play(Head(204, (), 0))
    await client.play(End("complete", 0))


def test_nothing_is_added_to_an_answer():
    with hosted(nothing, host="127.0.0.1", port=0) as url:
        assert ask(url).data.lower() == b"http/1.1 204 no content\r\nconnection: close\r\n\r\n"


def test_connection_is_found_whatever_proxies_say_of_the_client():
    async def cut(client: Client) -> None:
        await client.asked()
        await client.play(End("cut", 0))

    with hosted(cut, host="127.0.0.1", port=0) as url:
        assert ask(url, headers=("x-forwarded-for: 192.0.2.1",)).data == b""


def test_client_that_leaves_in_the_middle_of_its_request_has_asked_nothing(
    caplog: pytest.LogCaptureFixture,
):
    asked: list[object] = []

    async def keeping(client: Client) -> None:
        asked.append(await client.asked())
        await client.play(Head(204, (), 0))
        await client.play(End("complete", 0))

    with hosted(keeping, host="127.0.0.1", port=0) as url:
        parts = urlsplit(url)
        with socket.create_connection((parts.hostname, parts.port)) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 9\r\n\r\nhalf")
        ask(url)  # until then the server has noticed
    assert len(asked) == 1
    assert caplog.records == []


def test_bug_is_logged_and_answered(caplog: pytest.LogCaptureFixture):
    async def broken(client: Client) -> None:
        raise ZeroDivisionError(client)

    with hosted(broken, host="127.0.0.1", port=0) as url:
        assert ask(url, "/v1/x").data.startswith(b"HTTP/1.1 500 ")
    assert "This is a bug in openai-mock, in answering /v1/x" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_end_waits_for_nobody(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    before = {*threading.enumerate()}
    with hosted(nothing, host="127.0.0.1", port=0) as url:
        idle = http.client.HTTPConnection(urlsplit(url).netloc)
        idle.request("GET", "/")
        idle.getresponse().read()
    assert {*threading.enumerate()} <= before
    idle.close()
    assert [each for each in caplog.records if each.threadName == "openai-mock"] == []


def test_server_that_does_not_start_is_told(monkeypatch: pytest.MonkeyPatch):
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("of another version")

    monkeypatch.setattr(uvicorn.Server, "startup", broken)
    with pytest.raises(MockServerError, match="of another version"):
        hosted(nothing, host="127.0.0.1", port=0).__enter__()


def test_port_in_use_is_told():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(MockServerError, match="choose another port"):
            hosted(nothing, host="127.0.0.1", port=port).__enter__()
