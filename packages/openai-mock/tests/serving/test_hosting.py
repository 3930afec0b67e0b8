import asyncio
import socket
from contextlib import suppress
from select import select
from typing import Any

import pytest
from openai_mock.faults.sending import DROP
from openai_mock.serving.hosting import ThreadedServer, address_of, listen, running

PATIENCE = 30.0  # seconds; reached only when something is broken
REQUEST = b"GET / HTTP/1.1\r\nhost: mock\r\n\r\n"
LENGTH = (b"content-length", b"2")


@pytest.mark.parametrize("turns", range(4))
def test_end_forgets_no_connection_that_was_accepted_with_it(turns: int):
    connected: list[socket.socket] = []

    async def connecting_and_ending(scope: object, receive: object, send: object) -> None:
        del scope, receive, send
        if connected:
            return
        connected.append(socket.create_connection(address, PATIENCE))
        connected[-1].sendall(REQUEST)
        for _ in range(turns):  # in one of them it is accepted, and has no protocol yet
            await asyncio.sleep(0)
        await server.shutdown([listener])

    with listen("127.0.0.1", 0) as listener:
        address = listener.getsockname()
        server = ThreadedServer(connecting_and_ending)
        with running(server, listener), socket.create_connection(address, PATIENCE) as first:
            first.sendall(REQUEST)
            while first.recv(2**16):
                pass
    with connected[0] as second, suppress(ConnectionResetError):
        while second.recv(2**16):  # a TimeoutError if nobody closes it
            pass


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("::1", "[::1]")],  # noqa: S104
)
def test_address_can_be_reached(host: str, shown: str):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert address_of(host, listener) == f"http://{shown}:{port}"


def test_listener_lets_small_packets_be_sent_at_once():
    # asyncio turns Nagle's algorithm off only where the protocol of the socket is named.
    with listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_head_and_body_of_an_answer_are_sent_at_once():
    readable_before: list[bool] = []

    async def in_two_parts(scope: object, receive: object, send: Any) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": 200, "headers": [LENGTH]})
        readable_before.append(bool(select([connection], [], [], 0)[0]))
        await send({"type": "http.response.body", "body": b"ok"})

    with (
        listen("127.0.0.1", 0) as listener,
        running(ThreadedServer(in_two_parts), listener),
        socket.create_connection(listener.getsockname(), PATIENCE) as connection,
    ):
        connection.sendall(REQUEST)
        answer = connection.recv(2**16)
    assert (answer[:15], answer[-2:]) == (b"HTTP/1.1 200 OK", b"ok")
    assert readable_before == [False]


def test_what_was_written_is_sent_before_a_connection_is_closed():
    async def closing(scope: Any, receive: object, send: Any) -> None:
        del receive
        await send({"type": "http.response.start", "status": 200, "headers": [LENGTH]})
        await scope["extensions"][DROP]["drop"](False)

    with (
        listen("127.0.0.1", 0) as listener,
        running(ThreadedServer(closing), listener),
        socket.create_connection(listener.getsockname(), PATIENCE) as connection,
    ):
        connection.sendall(REQUEST)
        answer = b""
        while more := connection.recv(2**16):
            answer += more
    assert answer.endswith(b"\r\n\r\n")
