"""WebSockets: what is said on them is recorded, and said again."""

import json
import re
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from openai_mock import MockServer, record, replay
from openai_mock.network import forbidden_network
from openai_mock.recorder import tape
from openai_mock.recorder.exchange import Accepted, End, Head, Message
from websockets.exceptions import ConnectionClosed, ConnectionClosedError, InvalidStatus
from websockets.frames import Close
from websockets.sync.client import ClientConnection, connect
from websockets.sync.server import ServerConnection, serve
from websockets.typing import Subprotocol
from websockets.utils import accept_key

from .mismatches import mismatched
from .raw_server import RawServer, head, until_left

Opened = AbstractContextManager[ClientConnection]
opening: Callable[..., Opened] = connect
Talk = Callable[[ServerConnection], None]
REALTIME = [Subprotocol("realtime")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.jsonl"


@contextmanager
def socket_server(talk: Talk) -> Generator[str]:
    """A server that talks so on every WebSocket."""
    with serve(talk, "127.0.0.1", 0, subprotocols=REALTIME) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.socket.getsockname()[1]}/v1"
        server.shutdown()
        thread.join()


def dial(base_url: str, **options: object) -> Opened:
    url = base_url.replace("http", "ws", 1) + "/realtime?model=gpt-realtime"
    return opening(url, proxy=None, **{"subprotocols": REALTIME, **options})


def echo(connection: ServerConnection) -> None:
    for message in connection:
        connection.send(message)


def untimed(path: Path) -> list[object]:
    """What happened on the only WebSocket, whenever it was."""
    (exchange,) = tape.read(path).exchanges
    assert str(exchange) == "number 1, WEBSOCKET /v1/realtime?model=gpt-realtime"
    return [
        (each.sender, each.data) if isinstance(each, Message)
        else each.subprotocol if isinstance(each, Accepted)
        else (each.how, each.by, each.code, each.reason) if isinstance(each, End)
        else each
        for each in exchange.events
    ]  # fmt: skip


def test_text_and_bytes_go_both_ways_and_come_back(path: Path):
    def spoken(base_url: str) -> list[str | bytes]:
        with dial(base_url) as connection:
            assert connection.subprotocol == "realtime"
            connection.send('{"é": 1}')
            first = connection.recv()
            connection.send(b"\x00\xff")
            second = connection.recv()
            connection.close(4001, "enough")
        return [first, second]

    with socket_server(echo) as upstream, record(upstream, path) as server:
        recorded = spoken(server.base_url)
    assert untimed(path) == [
        "realtime",
        ("client", '{"é": 1}'),
        ("server", '{"é": 1}'),
        ("client", b"\x00\xff"),
        ("server", b"\x00\xff"),
        ("closed", "client", 4001, "enough"),
    ]
    for _ in range(2):
        with replay(path) as server:
            assert spoken(server.base_url) == recorded


def test_session_of_the_mock_is_replayed(mock: MockServer, path: Path):
    def spoken(base_url: str, key: str) -> list[str | bytes]:
        headers = {"authorization": f"Bearer {key}"}
        with dial(base_url, additional_headers=headers) as connection:
            said = [connection.recv()]
            for event in (
                {"type": "session.update", "session": {"type": "realtime", "instructions": "Hi"}},
                {"type": "conversation.item.retrieve", "item_id": "none"},
            ):
                connection.send(json.dumps(event))
                said.append(connection.recv())
        return said

    with record(mock.base_url, path) as server:
        recorded = spoken(server.base_url, mock.api_key)
    types = [json.loads(each)["type"] for each in recorded]
    assert types == ["session.created", "session.updated", "error"]
    with replay(path) as server:
        assert spoken(server.base_url, "any") == recorded


@pytest.mark.parametrize(("code", "reason"), [(1000, ""), (4008, "gone")])
def test_close_of_the_server_is_replayed(path: Path, code: int, reason: str):
    def talk(connection: ServerConnection) -> None:
        connection.recv()
        connection.send("bye")
        connection.close(code, reason)

    def spoken(base_url: str) -> tuple[str | bytes, object]:
        with dial(base_url) as connection:
            connection.send("hello")
            said = connection.recv()
            with pytest.raises(ConnectionClosed) as caught:
                connection.recv()
        return said, caught.value.rcvd

    with socket_server(talk) as upstream, record(upstream, path) as server:
        recorded = spoken(server.base_url)
    assert untimed(path)[-2:] == [("server", "bye"), ("closed", "server", code, reason)]
    with replay(path) as server:
        assert spoken(server.base_url) == recorded


def test_connection_that_breaks_is_replayed(path: Path):
    def talk(connection: ServerConnection) -> None:
        connection.send("half")
        connection.recv()
        connection.socket.shutdown(socket.SHUT_RDWR)

    def spoken(base_url: str) -> str | bytes:
        with dial(base_url) as connection:
            said = connection.recv()
            connection.send("go on")
            with pytest.raises(ConnectionClosedError) as caught:
                connection.recv()
            assert caught.value.rcvd is None
        return said

    with socket_server(talk) as upstream, record(upstream, path) as server:
        assert spoken(server.base_url) == "half"
    assert untimed(path)[-1] == ("cut", None, None, "")
    with replay(path) as server:
        assert spoken(server.base_url) == "half"


def test_server_that_does_not_close_holds_nobody_up(upstream: RawServer, path: Path):
    def opened(connection: socket.socket) -> None:
        (key,) = re.findall(r"(?i)sec-websocket-key: (\S+)", upstream.requests[0].decode())
        accept = f"sec-websocket-accept: {accept_key(key)}"
        connection.sendall(
            head("connection: upgrade", "upgrade: websocket", accept, status="101 Switching")
        )

    upstream.expect(opened, until_left)
    with record(upstream.base_url, path) as server:
        connection = dial(server.base_url).__enter__()
        connection.send("hello")
    with pytest.raises(ConnectionClosed):
        connection.recv()
    assert untimed(path)[1] == ("client", "hello")


def test_refusal_is_recorded_as_an_answer(mock: MockServer, path: Path):
    def refused(base_url: str) -> tuple[int, bytes]:
        headers = {"authorization": "Bearer sk-wrong-0123456789"}
        with pytest.raises(InvalidStatus) as caught, dial(base_url, additional_headers=headers):
            pass
        response = caught.value.response
        assert "application/json" in response.headers.get_all(
            "content-type"
        )  # old uvicorns add one
        return response.status_code, bytes(response.body or b"")

    with record(mock.base_url, path) as server:
        status, body = refused(server.base_url)
    assert status == 401
    assert json.loads(body)["error"]["code"] == "invalid_api_key"
    (exchange,) = tape.read(path).exchanges
    assert isinstance(exchange.events[0], Head)
    with replay(path) as server:
        assert refused(server.base_url)[0] == 401


def test_server_that_is_not_there_is_told(path: Path):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/v1"
    with record(url, path) as server, pytest.raises(InvalidStatus) as caught, dial(server.base_url):
        pass
    assert caught.value.response.status_code == 502
    assert b"upstream_unreachable" in bytes(caught.value.response.body or b"")
    assert tape.read(path).exchanges == ()


def test_network_that_is_forbidden_is_told(path: Path):
    with (
        record("http://example.test/v1", path) as server,
        forbidden_network(),
        pytest.raises(InvalidStatus) as caught,
        dial(server.base_url),
    ):
        pass
    assert b"leave out --openai-forbid-network" in bytes(caught.value.response.body or b"")


def test_secrets_in_messages_are_not_written(path: Path):
    with socket_server(echo) as upstream, record(upstream, path) as server:
        offered = [*REALTIME, Subprotocol("openai-insecure-api-key.0123456789abcdef")]
        with dial(server.base_url, subprotocols=offered) as connection:
            for text in ('{"client_secret": "abc"}', "0123456789abcdef"):
                connection.send(text)
                assert connection.recv() == text
    assert untimed(path)[1:5] == [
        ("client", '{"client_secret": "[removed]"}'),
        ("server", '{"client_secret": "***"}'),
        ("client", "[removed]"),
        ("server", "*" * 16),
    ]


@pytest.fixture
def talk(path: Path) -> Path:
    """A tape on which a client says `{"n": 1}`, is answered, and closes."""
    with (
        socket_server(echo) as upstream,
        record(upstream, path) as server,
        dial(server.base_url) as connection,
    ):
        connection.send('{"n": 1}')
        connection.recv()
    return path


def test_other_message_closes_the_socket_and_is_an_error(talk: Path):
    def spoken(base_url: str) -> Close | None:
        with dial(base_url) as connection:
            connection.send('{"n": 2}')
            with pytest.raises(ConnectionClosedError) as caught:
                connection.recv()
        return caught.value.rcvd

    close, mismatch = mismatched(talk, spoken)
    assert close
    assert close.code == 1008
    assert close.reason.startswith("On the WebSocket number 1")
    assert "message.n: recorded 1, now 2" in mismatch.unexpected[0]


def test_same_message_is_compared_as_json(talk: Path):
    with replay(talk) as server, dial(server.base_url) as connection:
        connection.send('{"n":1.0}')
        assert connection.recv() == '{"n": 1}'


def test_client_that_leaves_early_is_an_error(talk: Path):
    def silent(base_url: str) -> None:
        with dial(base_url):
            pass

    _, mismatch = mismatched(talk, silent)
    assert "had sent 1 more message" in mismatch.unexpected[0]


def test_client_that_sends_more_is_an_error(talk: Path):
    def talkative(base_url: str) -> None:
        with dial(base_url) as connection:
            connection.send('{"n": 1}')
            connection.recv()
            connection.send("more")
            with pytest.raises(ConnectionClosedError):
                connection.recv()

    _, mismatch = mismatched(talk, talkative)
    assert "one more message than was recorded" in mismatch.unexpected[0]


def test_unknown_socket_is_refused(talk: Path):
    def elsewhere(base_url: str) -> tuple[int, bytes]:
        url = base_url.replace("http", "ws", 1) + "/other"
        with pytest.raises(InvalidStatus) as caught, opening(url, proxy=None):
            pass
        return caught.value.response.status_code, bytes(caught.value.response.body or b"")

    (status, body), _ = mismatched(talk, elsewhere)
    assert status == 400
    assert b"not_on_tape" in body
