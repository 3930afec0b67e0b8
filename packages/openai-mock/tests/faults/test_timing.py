import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from time import monotonic
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock import MockServer, MockServerError, faults, serve
from openai_mock.faults.fault import disturbed
from openai_mock.faults.wire import Break, Wire

Faulty = Callable[..., httpx.Response]
AN_HOUR = 3600.0
PATIENCE = 30.0  # seconds; reached only when something is broken


def opened(server: MockServer, fault: str) -> socket.socket:
    """A connection on which an answer with a fault has been asked for."""
    address = urlsplit(server.url)
    made = socket.create_connection((address.hostname or "", address.port or 0), PATIENCE)
    head = (
        f"GET /v1/models HTTP/1.1\r\nhost: mock\r\nauthorization: Bearer {server.api_key}\r\n"
        f"x-mock-fault: {fault}\r\n\r\n"
    )
    made.sendall(head.encode())
    return made


def keep(texts: Iterator[str], came: list[str]) -> None:
    """Keep what comes, also what came before an error."""
    for text in texts:
        came.append(text)  # noqa: PERF402 - extend would lose it


def received(connection: socket.socket) -> bytes:
    """All that comes until the connection is closed."""
    with connection:
        return b"".join(iter(lambda: connection.recv(2**16), b""))


def test_cut_after_bytes(mock: MockServer):
    head, _, body = received(opened(mock, "cut:100")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert len(body) == 100


def test_cut_before_the_head(mock: MockServer):
    assert received(opened(mock, "cut")) == b""


def test_cut_after_events(faulty: Faulty, client: httpx.Client):
    with pytest.raises(httpx.RemoteProtocolError):
        faulty("cut:after_events=2")
    body = {"model": "gpt-5.5", "input": "Hi", "stream": True}
    headers = {"x-mock-fault": "cut:after_events=2"}
    came: list[str] = []
    with (
        client.stream("POST", "/responses", json=body, headers=headers) as answer,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        keep(answer.iter_text(), came)
    assert "".join(came).count("data: ") == 2


@pytest.mark.parametrize("fault", ["reset", "reset:20"])
def test_reset(mock: MockServer, fault: str):
    with pytest.raises(ConnectionResetError):
        received(opened(mock, fault))


def test_stall_lasts_until_the_client_leaves(mock: MockServer, client: httpx.Client):
    with opened(mock, "stall:10") as connection:
        came = b""
        while len(came.partition(b"\r\n\r\n")[2]) < 10:
            came += connection.recv(2**16)
        assert len(came.partition(b"\r\n\r\n")[2]) == 10
        assert client.get("/models").status_code == 200  # others are served meanwhile


@pytest.mark.parametrize("fault", ["stall:10", "stall", "delay:3600", "linger", "cut:5"])
def test_server_ends_whatever_is_stalled(fault: str):
    with serve() as server:
        connection = opened(server, fault)
    with suppress(ConnectionResetError):  # if it had not been read before the end
        received(connection)


@pytest.mark.parametrize("fault", ["delay:3600", "stall:20,seconds=3600"])
def test_clock_of_the_server_ends_a_wait(fault: str):
    with serve() as server:
        server.clock.freeze()
        connection = opened(server, fault)
        ended = threading.Event()

        def advance() -> None:
            while not ended.wait(0.01):
                server.clock.advance(AN_HOUR)

        advancing = threading.Thread(target=advance)
        advancing.start()
        try:
            begun = monotonic()
            while b'"has_more"' not in connection.recv(2**20, socket.MSG_PEEK) and (
                monotonic() - begun < PATIENCE
            ):
                pass
        finally:
            ended.set()
            advancing.join()
    assert b'"object":"list"' in received(connection)


def test_wait_passes_by_itself(faulty: Faulty):
    assert faulty("delay:0.001+stall:after_events=1,seconds=0.001").text.endswith("[DONE]\n\n")


def test_drip(client: httpx.Client):
    headers = {"x-mock-fault": "drip:1"}
    with client.stream("GET", "/models/gpt-5.5", headers=headers) as answer:
        chunks = list(answer.iter_raw())
    assert b"".join(chunks).startswith(b'{"id":"gpt-5.5"')


def test_comments_go_on_after_the_last_event(client: httpx.Client):
    body = {"model": "gpt-5.5", "input": "Hi", "stream": True}
    headers = {"x-mock-fault": "linger:0.001"}
    with client.stream("POST", "/responses", json=body, headers=headers) as answer:
        came = ""
        for text in answer.iter_text():
            came += text
            if came.count(": keep-alive") >= 3:
                break
    assert "response.completed" in came


@given(st.lists(st.binary(max_size=9), max_size=9), st.integers(0, 60))
def test_cut_sends_just_so_many_bytes(given_pieces: list[bytes], after: int):
    wire = disturbed(Wire(200, (), given_pieces), [faults.cut(after)])
    sent = b""
    for piece in wire.pieces:
        if isinstance(piece, Break):
            assert len(sent) == after
            return
        assert isinstance(piece, bytes)
        sent += piece
    assert sent == b"".join(given_pieces)
    assert len(sent) < after


def test_impossible_values_are_told():
    for make in (
        lambda: faults.cut(1, 2),
        lambda: faults.cut(-1),
        lambda: faults.stall(seconds=-1),
        lambda: faults.delay(float("nan")),
        lambda: faults.drip(0),
    ):
        with pytest.raises(MockServerError):
            make()


def test_names_say_how_they_were_made():
    assert faults.cut(100).name == "cut(after_bytes=100)"
    assert faults.stall(after_events=2, seconds=1).name == "stall(after_events=2, seconds=1)"
    assert faults.reset().name == "reset()"


@pytest.mark.parametrize("word", ["cut", "reset"])
@pytest.mark.parametrize("place", ["", "after_bytes=100", "after_events=2"])
def test_journal_says_which_fault_broke_the_connection_off(
    watched: MockServer, caller: httpx.Client, word: str, place: str
):
    body = {"model": "gpt-5.5", "input": "Hi", "stream": True}
    with pytest.raises(httpx.TransportError):
        caller.post("/responses", json=body, headers={"x-mock-fault": f"{word}:{place}"})
    [exchange] = watched.requests  # known as soon as the client has seen it
    assert exchange.ended == "fault"
    assert exchange.problem
    assert f"{word}({place})" in exchange.problem.message


def test_client_that_leaves_a_stall_has_left(watched: MockServer):
    with opened(watched, "stall") as connection:
        connection.shutdown(socket.SHUT_RDWR)
    [exchange] = watched.requests.wait_for(1, PATIENCE, ended=True)
    assert exchange.ended == "client left"
