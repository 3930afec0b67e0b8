import os
import socket
from typing import Any

import httpx
import httpx2
import pytest
from openai_http.errors import DeadlineExceededError
from openai_http.messages import Request
from openai_http.timing.deadlines import Deadline
from openai_http.timing.timeout import LiveParts, Timeout, WatchedTimeout
from openai_http.timing.watch import Watch
from openai_http.transports.limited_backend import (
    JoiningStream,
    LimitedBackend,
    LimitedStream,
    limit_client,
    limit_operations,
)

REQUEST = Request("POST", "https://h/v1/responses", {})


class Stream:
    """Notes what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.asked.append((max_bytes, timeout))
        return b"x"

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.asked.append((len(buffer), timeout))

    def start_tls(self, context: Any, hostname: str | None, timeout: float | None) -> "Stream":
        self.asked.append((context, hostname, timeout))
        return self

    def close(self) -> None:
        self.asked.append("close")

    def get_extra_info(self, info: str) -> str | None:
        return None if info == "socket" else info


class Ticking:
    """A clock that goes on by a second each time it is looked at."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


def left(seconds: float) -> Any:
    limit = Deadline(seconds, seconds, "deadline")
    watch = Watch(REQUEST, deadline=limit, clock=Ticking())  # reads its clock once by itself
    return LiveParts({"read": None, "write": 600.0}, watch)


def test_each_operation_asks_anew():
    stream = Stream()
    limited, parts = LimitedStream(stream), left(100)
    reading = parts["read"]
    assert reading == 98
    for _ in range(3):
        limited.read(7, reading)
    assert stream.asked == [(7, 97), (7, 96), (7, 95)]


def test_what_is_written_is_written_in_parts():
    stream = Stream()
    LimitedStream(stream).write(bytes(150_000), left(100)["write"])
    assert [size for size, _ in stream.asked] == [65536, 65536, 18928]
    assert [limit for _, limit in stream.asked] == [97, 96, 95]


def test_operation_past_the_limit_is_not_begun():
    stream = Stream()
    reading = left(3.5)["read"]
    limited = LimitedStream(stream)
    limited.read(7, reading)
    with pytest.raises(DeadlineExceededError):
        limited.read(7, reading)
    assert len(stream.asked) == 1


@pytest.mark.parametrize("limit", [None, 5.0])
def test_other_limits_are_handed_on(limit: float | None):
    stream = Stream()
    limited = LimitedStream(stream)
    limited.read(7, limit)
    limited.write(bytes(150_000), limit)
    assert isinstance(limited.start_tls("context", "h", limit), LimitedStream)
    limited.close()
    assert stream.asked == [(7, limit), (150_000, limit), ("context", "h", limit), "close"]
    assert limited.get_extra_info("peer") == "peer"


def test_stream_that_joins_asks_when_it_writes():
    stream, parts = Stream(), left(100)
    joining, writing = JoiningStream(stream), parts["write"]
    joining.write(b"head", writing)
    joining.write(b"body", writing)
    joining.read(7, parts["read"])
    assert stream.asked == [(8, 97), (7, 95)]
    assert isinstance(joining.start_tls("context", "h", 5.0), JoiningStream)


def test_transport_of_the_installed_httpx_takes_it():
    transport: Any = httpx.HTTPTransport()
    limit_operations(transport)
    assert isinstance(transport._pool._network_backend, LimitedBackend)
    with httpx.Client(transport=transport) as client, socket.create_server(("", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(httpx.ReadTimeout):
            client.get(f"http://127.0.0.1:{port}", timeout=0.01)


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_client_of_the_user_s_is_limited_once(library: Any):
    mounted: Any = library.HTTPTransport()
    with library.Client(mounts={"http://h": mounted, "http://direct": None}) as client:
        limit_client(client)
        backends = [each._pool._network_backend for each in (client._transport, mounted)]
        limit_client(client)
        assert all(isinstance(backend, LimitedBackend) for backend in backends)
        assert backends == [each._pool._network_backend for each in (client._transport, mounted)]


def test_client_of_another_kind_is_left_alone():
    limit_client(object())
    with httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200))) as client:
        limit_client(client)
        assert client.get("http://h").status_code == 200


def test_transport_of_another_kind_is_left_alone():
    transport = httpx.MockTransport(lambda _: httpx.Response(200))
    limit_operations(transport)
    assert vars(transport).keys() == {"handler"}


def test_timeout_of_a_watched_call_is_the_shorter_one():
    watch = Watch(REQUEST, deadline=Deadline(30, 30, "deadline"), clock=lambda: 10.0)
    timeout = WatchedTimeout(Timeout(600, connect=5), watch)
    assert (timeout.connect, timeout.read, timeout.write, timeout.pool) == (5, 20, 20, 20)
    assert WatchedTimeout(None, watch).read == 20
    unlimited = Watch(REQUEST, deadline=None, clock=lambda: 10.0)
    assert WatchedTimeout(Timeout(7), unlimited).read == 7
    assert WatchedTimeout(None, unlimited).read is None


def test_parts_are_those_that_http_libraries_know():
    parts = left(100)
    assert set(parts) == {"connect", "read", "write", "pool"}
    assert len(parts) == 4
    assert parts.get("read") == 98


@pytest.mark.parametrize("forked", [False, True])
def test_closing_ends_the_connection_for_all_threads_but_not_for_another_process(
    forked: bool, monkeypatch: pytest.MonkeyPatch
):
    class OfSockets(Stream):
        def get_extra_info(self, info: str) -> Any:
            del info
            return ours

    ours, theirs = socket.socketpair()
    with ours, theirs:
        stream = LimitedStream(OfSockets())
        if forked:
            monkeypatch.setattr(os, "getpid", lambda: 0)
        stream.close()  # does not close `ours`, as if a thread still read it
        theirs.setblocking(False)
        if forked:
            with pytest.raises(BlockingIOError):
                theirs.recv(1)
        else:
            assert theirs.recv(1) == b""
