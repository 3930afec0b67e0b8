import http.client
import json
import logging
import socket
import threading
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from openai_mock import MockServer, MockServerError, serve
from openai_webhooks import WebhookSecretError
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

HUGE = "word " * 100_000  # its stream is more than sockets take up


def post(connection: http.client.HTTPConnection, server: MockServer, **request: object) -> None:
    headers = {"authorization": f"Bearer {server.api_key}", "content-type": "application/json"}
    body = json.dumps({"model": "gpt-5.5", **request})
    connection.request("POST", "/v1/responses", body, headers)


def test_server_has_what_clients_need():
    with serve(api_key="sk-mine", webhook_secret="whsec_bWluZQ==") as server:
        assert server.base_url == f"{server.url}/v1"
        assert (server.api_key, server.webhook_secret) == ("sk-mine", "whsec_bWluZQ==")
        assert repr(server) == f"MockServer('{server.url}')"
        headers = {"authorization": "Bearer sk-mine"}
        body = {"model": "gpt-5.5", "input": "Hi"}
        answer = httpx.post(
            f"{server.base_url}/responses", json=body, headers=headers, trust_env=False
        )
        assert answer.status_code == 200


def test_servers_run_side_by_side():
    with serve() as first, serve() as second:
        assert first.url != second.url


def test_block_that_does_nothing_leaves_nothing():
    with serve() as server:
        port = urlsplit(server.url).port
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port or 0))


def test_block_that_fails_ends_the_server(mock: MockServer):
    with pytest.raises(KeyError), serve():
        raise KeyError
    assert mock.url  # the tests' own server still runs


def test_end_closes_idle_connections_half_read_streams_and_websockets(
    caplog: pytest.LogCaptureFixture,
):
    caplog.set_level(logging.DEBUG)
    before = set(threading.enumerate())
    with serve() as server:
        host = urlsplit(server.url).netloc
        idle = http.client.HTTPConnection(host)
        post(idle, server, input="Hi")
        assert idle.getresponse().read()
        streaming = http.client.HTTPConnection(host)
        post(streaming, server, input=HUGE, stream=True)
        stream = streaming.getresponse()
        assert stream.read(100)
        url = f"{server.base_url.replace('http', 'ws')}/realtime?model=gpt-realtime"
        headers = {"authorization": f"Bearer {server.api_key}"}
        websocket = connect(url, additional_headers=headers, proxy=None).__enter__()
        assert websocket.recv()
    assert set(threading.enumerate()) - before <= {websocket.recv_events_thread}
    with pytest.raises(ConnectionClosed) as caught:
        websocket.recv()
    assert caught.value.rcvd
    assert caught.value.rcvd.code == 1012
    websocket.close()
    idle.close()
    stream.close()
    streaming.close()
    assert [record for record in caplog.records if record.threadName == "openai-mock"] == []


def test_other_servers_log_as_before(caplog: pytest.LogCaptureFixture):
    with serve():
        logging.getLogger("uvicorn.error").warning("from another server")
    assert caplog.messages == ["from another server"]


def test_port_in_use_is_told_with_the_remedy():
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(MockServerError, match="choose another port") as caught,
        serve(port=taken.getsockname()[1]),
    ):
        pass
    assert isinstance(caught.value.__cause__, OSError)


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70_000), ("not an address", 0), ("", 0)])
def test_impossible_address_is_told(host: str, port: int):
    with pytest.raises(MockServerError, match="cannot listen"), serve(host=host, port=port):
        pass


def test_impossible_secrets_are_told_before_anything_starts():
    before = {*threading.enumerate()}
    with pytest.raises(MockServerError), serve(api_key=""):
        pass
    with pytest.raises(WebhookSecretError), serve(webhook_secret=""):
        pass
    assert {*threading.enumerate()} <= before


def test_server_that_does_not_start_is_told(monkeypatch: pytest.MonkeyPatch):
    async def broken(*_: object, **__: Any) -> None:
        raise RuntimeError("of another version")

    monkeypatch.setattr(uvicorn.Server, "startup", broken)
    with pytest.raises(MockServerError, match="of another version"), serve():
        pass
