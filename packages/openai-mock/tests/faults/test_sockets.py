import json
from contextlib import suppress
from typing import Any

import httpx
import pytest
from openai_mock import MockServer, MockServerError, faults, serve
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

opening: Any = connect  # the library is changing what its function returns


def url_of(server: MockServer) -> str:
    return f"{server.base_url.replace('http', 'ws')}/realtime?model=gpt-realtime"


def headers_of(server: MockServer, **more: str) -> dict[str, str]:
    return {"authorization": f"Bearer {server.api_key}", **more}


def talk_on(socket: Any, events: list[Any]) -> None:
    while True:
        events.append(json.loads(socket.recv()))
        with suppress(ConnectionClosed):  # what was sent before the close is still to be read
            socket.send('{"type": "input_audio_buffer.clear"}')


@pytest.mark.parametrize("after", [0, 1, 2])
def test_socket_is_closed_with_its_code_after_some_events(after: int):
    with serve(fault=faults.close_socket(4000, after, "bye")) as server:
        with opening(url_of(server), additional_headers=headers_of(server), proxy=None) as socket:
            events: list[Any] = []
            with pytest.raises(ConnectionClosed) as caught:
                talk_on(socket, events)
        assert caught.value.rcvd
        assert (caught.value.rcvd.code, caught.value.rcvd.reason) == (4000, "bye")
        assert len(events) == after
        answer = httpx.get(f"{server.base_url}/models", headers=headers_of(server), trust_env=False)
        assert answer.status_code == 200  # it is no fault of plain requests


def test_handshake_may_ask_for_it(mock: MockServer):
    headers = headers_of(mock, **{"x-mock-fault": "close_socket:1013,after_events=1"})
    with opening(url_of(mock), additional_headers=headers, proxy=None) as socket:
        assert json.loads(socket.recv())["type"] == "session.created"
        with pytest.raises(ConnectionClosed) as caught:
            socket.recv()
    assert caught.value.rcvd
    assert caught.value.rcvd.code == 1013


def test_wrong_words_refuse_the_handshake(mock: MockServer):
    headers = headers_of(mock, **{"x-mock-fault": "close_sockets"})
    with pytest.raises(InvalidStatus) as caught:
        opening(url_of(mock), additional_headers=headers, proxy=None)
    assert caught.value.response.status_code == 400


@pytest.mark.parametrize(
    ("fault", "status", "told"),
    [
        ("error:429,slow_down,Wait,,7", 429, '"code":"slow_down"'),
        ("html:502", 502, "<h1>502 Bad Gateway</h1>"),
    ],
)
def test_errors_refuse_the_handshake(mock: MockServer, fault: str, status: int, told: str):
    headers = headers_of(mock, **{"x-mock-fault": fault})
    with pytest.raises(InvalidStatus) as caught:
        opening(url_of(mock), additional_headers=headers, proxy=None)
    answer = caught.value.response
    assert (answer.status_code, answer.headers.get("retry-after")) == (
        status,
        "7" if status == 429 else None,
    )
    assert answer.body
    assert told in answer.body.decode()


def test_impossible_closes_are_told():
    for make in (
        lambda: faults.close_socket(999),
        lambda: faults.close_socket(after_events=-1),
        lambda: faults.close_socket(reason="x" * 124),
    ):
        with pytest.raises(MockServerError):
            make()
