"""What is recorded of a server, byte for byte, and that its clients notice nothing."""

import http.client
import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from openai_mock import record
from openai_mock.recorder import tape
from openai_mock.recorder.exchange import Chunk, End, Event, Exchange, Head

from .raw_server import (
    CHUNKED,
    PATIENCE,
    RawServer,
    ask,
    chunk,
    cut,
    head,
    read_message,
    reset,
    until_left,
    whole,
)

EVENT = 'event: a\ndata: {"text": "é"}\n\n'.encode()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.jsonl"


def recorded(path: Path) -> tuple[Exchange, ...]:
    return tape.read(path).exchanges


def untimed(events: tuple[Event, ...]) -> list[object]:
    """What happened, whenever it was."""
    return [
        (each.status, dict(each.headers)) if isinstance(each, Head)
        else each.data if isinstance(each, Chunk)
        else each.how if isinstance(each, End)
        else each
        for each in events
    ]  # fmt: skip


def test_chunks_of_a_stream_are_kept_as_they_came(upstream: RawServer, path: Path):
    pieces = [EVENT[:9], EVENT[9:30], EVENT[30:] + EVENT, b"data: [DONE]\n\n"]
    upstream.expect(CHUNKED + b"".join(map(chunk, [*pieces, b""])))
    with record(upstream.base_url, path) as server:
        seen = ask(server.base_url, "/responses", b'{"stream": true}')
    assert seen.body == b"".join(map(chunk, [*pieces, b""]))
    (exchange,) = recorded(path)
    first = (200, {"content-type": "text/event-stream"})
    assert untimed(exchange.events) == [first, *pieces, "complete"]


def test_each_chunk_arrives_before_the_next_is_sent(upstream: RawServer, path: Path):
    arrived = threading.Event()
    upstream.expect(
        CHUNKED + chunk(b"one"), lambda _: arrived.wait(PATIENCE), chunk(b"two") + chunk(b"")
    )
    with record(upstream.base_url, path) as server:
        connection = http.client.HTTPConnection(urlsplit(server.url).netloc)
        connection.request("GET", "/v1/x")
        answer = connection.getresponse()
        assert answer.read(3) == b"one"
        arrived.set()
        assert answer.read() == b"two"
        connection.close()


def test_binary_answer_and_failing_answer(upstream: RawServer, path: Path):
    audio = bytes(range(256)) * 1000
    upstream.expect(whole(audio, "content-type: audio/mpeg"))
    upstream.expect(whole(b'{"error": {}}', "retry-after: 1", status="529 Overloaded"))
    with record(upstream.base_url, path) as server:
        assert ask(server.base_url, "/audio/speech", b"{}").body == audio
        failed = ask(server.base_url, "/audio/speech", b"{}")
        assert failed.data.startswith(b"HTTP/1.1 529 ")
    first, second = recorded(path)
    assert b"".join(each.data for each in first.events if isinstance(each, Chunk)) == audio
    assert untimed(second.events) == [
        (529, {"retry-after": "1", "content-length": "13"}),
        b'{"error": {}}',
        "complete",
    ]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [(CHUNKED + chunk(b"half"), b"half"), (head("content-length: 9") + b"half", b"half")],
)
def test_answer_that_is_cut_is_cut_for_the_client(
    upstream: RawServer, path: Path, sent: bytes, kept: bytes
):
    upstream.expect(sent, cut)
    with record(upstream.base_url, path) as server:
        seen = ask(server.base_url)
    assert not seen.was_reset
    assert kept in seen.body
    assert not seen.body.endswith(chunk(b""))
    assert untimed(recorded(path)[0].events)[1:] == [kept, "cut"]


def test_connection_that_ends_without_an_answer(upstream: RawServer, path: Path):
    upstream.expect(cut)
    with record(upstream.base_url, path) as server:
        assert ask(server.base_url).data == b""
    assert untimed(recorded(path)[0].events) == ["cut"]


def test_connection_that_is_reset_is_reset_for_the_client(upstream: RawServer, path: Path):
    arrived = threading.Event()
    upstream.expect(CHUNKED + chunk(b"half"), lambda _: arrived.wait(PATIENCE), reset)
    with record(upstream.base_url, path) as server, opened(server.base_url) as connection:
        while not connection.recv(1000).endswith(chunk(b"half")):
            pass
        arrived.set()
        with pytest.raises(ConnectionResetError):
            connection.recv(1000)
    assert untimed(recorded(path)[0].events)[1:] == [b"half", "reset"]


def opened(base_url: str) -> socket.socket:
    """A connection on which something has been asked."""
    parts = urlsplit(base_url)
    connection = socket.create_connection((parts.hostname, parts.port), PATIENCE)
    connection.sendall(f"GET {parts.path}/x HTTP/1.1\r\nhost: h\r\n\r\n".encode())
    return connection


def test_server_that_falls_silent(upstream: RawServer, path: Path):
    left = threading.Event()
    upstream.expect(until_left, lambda _: left.set())
    with record(upstream.base_url, path, timeout=0.01) as server, opened(server.base_url):
        assert left.wait(PATIENCE)
    assert untimed(recorded(path)[0].events) == ["timeout"]


def test_client_that_goes_away(upstream: RawServer, path: Path):
    left = threading.Event()
    upstream.expect(CHUNKED + chunk(b"half"), until_left, lambda _: left.set())
    with record(upstream.base_url, path) as server:
        with opened(server.base_url) as connection:
            while not connection.recv(1000).endswith(chunk(b"half")):
                pass
        assert left.wait(PATIENCE)
    assert untimed(recorded(path)[0].events)[-2:] == [b"half", "abandoned"]


def test_recording_that_ends_before_the_answer(upstream: RawServer, path: Path):
    upstream.expect(CHUNKED + chunk(b"half"), until_left)
    with record(upstream.base_url, path) as server:
        connection = opened(server.base_url)
        while not connection.recv(1000).endswith(chunk(b"half")):
            pass
    connection.close()
    assert untimed(recorded(path)[0].events)[-2:] == [b"half", "abandoned"]


def test_times_count_from_the_request_and_never_go_back(upstream: RawServer, path: Path):
    upstream.expect(CHUNKED + b"".join(map(chunk, [b"a", b"b", b""])))
    with record(upstream.base_url, path) as server:
        ask(server.base_url)
    times = [event.ms for event in recorded(path)[0].events]
    assert times == sorted(times)
    assert times[0] >= 0


def test_connection_of_the_client_is_kept(upstream: RawServer, path: Path):
    upstream.expect(whole(b"1"))
    upstream.expect(whole(b"2"))
    with record(upstream.base_url, path) as server, opened(server.base_url) as connection:
        reader = connection.makefile("rb")
        first = read_message(reader)
        connection.sendall(b"GET /v1/x HTTP/1.1\r\nhost: h\r\n\r\n")
        assert (first[-1:], read_message(reader)[-1:]) == (b"1", b"2")
        reader.close()


def test_many_at_once(upstream: RawServer, path: Path):
    everybody = threading.Barrier(16)
    for _ in range(16):
        upstream.expect(CHUNKED, lambda _: everybody.wait(PATIENCE), chunk(b"x") + chunk(b""))
    with record(upstream.base_url, path) as server, ThreadPoolExecutor(16) as pool:
        bodies = [json.dumps({"n": n}).encode() for n in range(16)]
        seen = [pool.submit(ask, server.base_url, "/x", body) for body in bodies]
    assert [each.result().body for each in seen] == [chunk(b"x") + chunk(b"")] * 16
    found = recorded(path)
    assert sorted(each.request.body["json"]["n"] for each in found) == list(range(16))
    assert all(untimed(each.events)[1:] == [b"x", "complete"] for each in found)


def test_secret_split_over_two_chunks_reaches_the_client_but_not_the_tape(
    upstream: RawServer, path: Path
):
    pieces = [b'{"value": "ek_68d0f3', b'a1b2c3d4e5f6"}']
    upstream.expect(CHUNKED + b"".join(map(chunk, [*pieces, b""])))
    with record(upstream.base_url, path) as server:
        seen = ask(server.base_url, "/realtime/client_secrets", b"{}")
    assert seen.body == b"".join(map(chunk, [*pieces, b""]))
    events = untimed(recorded(path)[0].events)
    assert events[1:] == [b'{"value": "ek_******', b'************"}', "complete"]


def test_key_that_the_server_repeats_is_not_on_the_tape(upstream: RawServer, path: Path):
    key = "0123456789abcdef0123456789abcdef"
    upstream.expect(whole(f"Incorrect API key: {key}".encode(), f"x-key-hint: {key}"))
    with record(upstream.base_url, path) as server:
        seen = ask(server.base_url, headers=(f"api-key: {key}", "cookie: session=abcdefgh12"))
    assert key in seen.data.decode()
    assert f"api-key: {key}".encode() in upstream.requests[0]
    written = path.read_text()
    assert key not in written
    assert "abcdefgh12" not in written


def test_server_that_cannot_be_asked_is_told_and_not_recorded(
    path: Path, caplog: pytest.LogCaptureFixture
):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/v1"
    with record(url, path) as server:
        seen = ask(server.base_url)
    assert seen.data.startswith(b"HTTP/1.1 502 ")
    assert b"x-should-retry: false" in seen.data
    error = json.loads(seen.body)["error"]
    assert error["code"] == "upstream_unreachable"
    assert "Check its URL" in error["message"]
    assert recorded(path) == ()
    assert "is not recorded" in caplog.text
