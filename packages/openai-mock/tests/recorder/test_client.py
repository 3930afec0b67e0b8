"""How events reach a client; on real sockets this is proven with the replays."""

import asyncio
from collections import deque
from collections.abc import MutableMapping
from typing import Any

import pytest
from openai_mock.recorder.asked import Asked
from openai_mock.recorder.client import Client, LeftError
from openai_mock.recorder.exchange import Accepted, Chunk, End, Event, Head, Message

AsgiMessage = MutableMapping[str, Any]  # Any: ASGI has messages of many shapes
HTTP: AsgiMessage = {
    "type": "http",
    "method": "POST",
    "raw_path": b"/v1/a%20b",
    "query_string": b"x=1",
    "headers": [(b"X-Mine", b"1")],
}
SOCKET: AsgiMessage = {**HTTP, "type": "websocket", "subprotocols": ["a, b", ""]}


class Server:
    """Stands where uvicorn stands: gives what comes, keeps what goes."""

    def __init__(self, *coming: AsgiMessage) -> None:
        self.coming = deque(coming)
        self.sent: list[AsgiMessage] = []

    async def receive(self) -> AsgiMessage:
        return self.coming.popleft()

    async def send(self, message: AsgiMessage) -> None:
        self.sent.append(message)

    def client(self, scope: AsgiMessage) -> Client:
        return Client(scope, self.receive, self.send, None)

    def play(self, scope: AsgiMessage, *events: Event) -> list[AsgiMessage]:
        async def all_of_them() -> None:
            client = self.client(scope)
            for event in events:
                await client.play(event)

        asyncio.run(all_of_them())
        return self.sent


def test_request_is_read_to_its_end():
    server = Server(
        {"type": "http.request", "body": b"a", "more_body": True},
        {"type": "http.request", "body": b"b"},
    )
    asked = asyncio.run(server.client(HTTP).asked())
    assert asked == Asked("POST", b"/v1/a%20b", b"x=1", [(b"x-mine", b"1")], b"ab")
    assert asked.target == b"/v1/a%20b?x=1"


def test_request_whose_client_leaves_is_none():
    begun = {"type": "http.request", "body": b"a", "more_body": True}
    server = Server(begun, {"type": "http.disconnect"})
    with pytest.raises(LeftError):
        asyncio.run(server.client(HTTP).asked())


def test_subprotocols_are_split():
    asked = asyncio.run(Server({"type": "websocket.connect"}).client(SOCKET).asked())
    assert asked.is_websocket
    assert asked.subprotocols == ("a", "b")


@pytest.mark.parametrize(
    ("coming", "expected"),
    [
        ({"type": "websocket.receive", "text": ""}, ""),
        ({"type": "websocket.receive", "text": None, "bytes": b"a"}, b"a"),
        ({"type": "websocket.disconnect"}, End("closed", 0, "client", 1005, "")),
        (
            {"type": "websocket.disconnect", "code": 4000, "reason": "why"},
            End("closed", 0, "client", 4000, "why"),
        ),
    ],
)
def test_messages_of_a_client(coming: dict[str, Any], expected: object):
    assert asyncio.run(Server(coming).client(SOCKET).message()) == expected


def test_answer_is_sent_in_its_pieces():
    events = (Head(200, (("a", "é"),), 0), Chunk(b"x", 0), End("complete", 0))
    assert Server().play(HTTP, *events) == [
        {"type": "http.response.start", "status": 200, "headers": [(b"a", b"\xe9")]},
        {"type": "http.response.body", "body": b"x", "more_body": True},
        {"type": "http.response.body", "body": b"", "more_body": False},
    ]


def test_socket_says_what_the_server_said():
    events = (Accepted("a", 0), Message("server", "x", 0), Message("client", "y", 0))
    assert Server().play(SOCKET, *events, Message("server", b"z", 0)) == [
        {"type": "websocket.accept", "subprotocol": "a"},
        {"type": "websocket.send", "text": "x"},
        {"type": "websocket.send", "bytes": b"z"},
    ]


@pytest.mark.parametrize(("code", "sent"), [(1005, 1000), (None, 1000), (4000, 4000)])
def test_close_without_a_code_is_sent_as_a_normal_one(code: int | None, sent: int):
    (message,) = Server().play(SOCKET, End("closed", 0, "server", code, "why"))
    assert message == {"type": "websocket.close", "code": sent, "reason": "why"}


@pytest.mark.parametrize("how", ["timeout", "abandoned", "closed"])
def test_end_that_is_the_clients_waits_for_it(how: Any):
    server = Server({"type": "http.request"}, {"type": "http.disconnect"})
    server.play(HTTP, End(how, 0, "client"))
    assert not server.coming


@pytest.mark.parametrize("how", ["cut", "reset"])
def test_connection_that_is_gone_is_not_ended_again(how: Any):
    assert Server().play(HTTP, End(how, 0)) == []


def test_client_that_is_gone_is_no_error():
    class Gone(Server):
        async def send(self, message: AsgiMessage) -> None:
            raise OSError(message)

    assert Gone().play(SOCKET, Message("server", "x", 0)) == []
