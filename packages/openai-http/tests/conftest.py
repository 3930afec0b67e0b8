"""An HTTP server that plays a script on a real socket, and one way to drive both clients."""

import functools
import json
import os
import socket
import struct
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import pytest
from anyio import to_thread
from openai_http import AsyncOpenAI, OpenAI

PATIENCE = 60  # seconds, after which a script that nothing releases fails instead of hanging
KEY = "sk-test-0123456789"

Step = bytes | Callable[[socket.socket], None]
"""What a server does next: send bytes as they are, or anything else with the connection."""

CHUNK = b'data: {"choices": [{"index": 0, "delta": {"content": "Hello"}}]}\n\n'
COMPLETION: dict[str, Any] = {"id": "chatcmpl-1", "object": "chat.completion", "choices": []}
LAST = b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\n'
DONE = b"data: [DONE]\n\n"


@dataclass(frozen=True)
class Received:
    """A request as it arrived; `connection` counts the connections from 0."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int

    def json(self) -> Any:
        return json.loads(self.body)


class Gate:
    """A step that waits until the test lets the server go on."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()

    def __call__(self, _: socket.socket) -> None:
        self.reached.set()
        assert self.opened.wait(PATIENCE)

    def wait(self) -> None:
        assert self.reached.wait(PATIENCE)

    def open(self) -> None:
        self.opened.set()


class ScriptedHttpServer:
    """Answers requests in the order in which they come; connections stay open between them."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._script: deque[tuple[Step, ...]] = deque()
        self._gates: list[Gate] = []
        self._connections: list[socket.socket] = []
        self._ending = False
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"
        self.requests: list[Received] = []
        self.gone = threading.Event()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def play(self, *answers: Step | tuple[Step, ...]) -> None:
        """Add answers to the script, each a step or several."""
        self._script += [each if isinstance(each, tuple) else (each,) for each in answers]

    def answer(
        self,
        status: int = 200,
        body: bytes | str = b"",
        /,
        *,
        length: int | None = None,
        **more: str,
    ) -> bytes:
        """An answer; `length` lies about that of the body; names of headers have underscores."""
        content = body.encode() if isinstance(body, str) else body
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        headers.setdefault("content-length", str(len(content) if length is None else length))
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        phrase = HTTPStatus(status).phrase
        return f"HTTP/1.1 {status} {phrase}\r\n{lines}\r\n".encode() + content

    def json(self, status: int = 200, body: Any = COMPLETION, /, **headers: str) -> bytes:
        """An answer in JSON; by default a completion."""
        headers["content_type"] = "application/json"
        return self.answer(status, json.dumps(body), length=None, **headers)

    def events(self, *events: bytes) -> bytes:
        """The beginning of a stream that ends with its connection."""
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
        return head + b"".join(events)

    def stream_in_a_body(self, *, ends: bool = True) -> tuple[bytes, ...]:
        """A stream after which the connection stays open; the end of its body may be missing."""
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked"
        data = CHUNK + LAST + DONE
        end = b"0\r\n\r\n" if ends else b""
        return (b"%b\r\n\r\n%x\r\n%b\r\n%b" % (head, len(data), data, end),)

    def whole_stream(self) -> tuple[Step, ...]:
        return self.events(CHUNK, LAST, DONE), self.close

    def gate(self) -> Gate:
        gate = Gate()
        self._gates.append(gate)
        return gate

    @staticmethod
    def drip(data: bytes) -> Callable[[socket.socket], None]:
        """Send byte by byte, each in a packet of its own."""

        def send(connection: socket.socket) -> None:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for byte in data:
                connection.sendall(bytes([byte]))

        return send

    @staticmethod
    def close(connection: socket.socket) -> None:
        connection.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def reset(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    def until_gone(self, connection: socket.socket) -> None:
        """Wait until the client closes the connection."""
        with suppress(ConnectionError):
            assert connection.recv(1) == b""
        self.gone.set()

    def stop(self) -> None:
        self._ending = True
        for gate in self._gates:
            gate.open()
        socket.create_connection(self._listener.getsockname()).close()  # wakes the one who accepts
        self._threads[0].join(PATIENCE)
        for connection in self._connections:
            with suppress(OSError):  # it is closed already
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self._ending:
                connection.close()
                return
            connection.settimeout(PATIENCE)
            number = len(self._connections)
            self._connections.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection, number))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        with connection:
            try:
                while (request := self._receive(connection, number)) is not None:
                    self.requests.append(request)
                    for step in self._script.popleft() if self._script else (self.close,):
                        if isinstance(step, bytes):
                            connection.sendall(step)
                        else:
                            step(connection)
            except OSError:
                pass  # the client is gone, or the script closed the connection
        self.gone.set()

    @staticmethod
    def _receive(connection: socket.socket, number: int) -> Received | None:
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65536)
            if not piece:
                return None
            data += piece
            if data.startswith(b"\x16"):  # a handshake of TLS
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                return None
        head, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        method, target, _ = first.split(" ")
        pairs = (line.partition(": ") for line in lines)
        headers = {name.lower(): value for name, _, value in pairs}
        while len(body) < int(headers.get("content-length", "0")):
            body += connection.recv(65536)
        if "transfer-encoding" in headers:
            while not body.endswith(b"0\r\n\r\n"):
                if not (piece := connection.recv(65536)):
                    return None
                body += piece
            body = b"".join(_chunks(body))
        return Received(method, target, headers, body, number)


def _chunks(body: bytes) -> Iterator[bytes]:
    """Of section 7.1 of RFC 9112, without extensions and trailers."""
    while body:
        length, _, rest = body.partition(b"\r\n")
        end = int(length, 16)
        yield rest[:end]
        body = rest[end + 2 :]


class Caller:
    """Lets a test be written once for both clients: in a thread, on asyncio and on trio."""

    key = KEY

    def __init__(self, kind: str, url: str) -> None:
        self.threads = kind == "threads"
        self._url = url

    def make(self, **options: Any) -> Any:
        """A client of the server, which tries once; the options are those of the client."""
        given: dict[str, Any] = {"api_key": KEY, "base_url": self._url, "max_retries": 0, **options}
        return OpenAI(**given) if self.threads else AsyncOpenAI(**given)

    @asynccontextmanager
    async def client(self, **options: Any) -> AsyncGenerator[Any]:
        client = self.make(**options)
        try:
            yield client
        finally:
            await self.do(client.close)

    # Any: whatever the method takes and gives.
    async def do(self, method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self.threads:
            return await to_thread.run_sync(functools.partial(method, *args, **kwargs))
        return await method(*args, **kwargs)

    async def chat(self, client: Any, **params: Any) -> Any:
        """Ask for a completion."""
        given: dict[str, Any] = {"model": "gpt-test", "messages": [], **params}
        return await self.do(client.chat.completions.create, **given)

    async def call(self, **options: Any) -> Any:
        """Ask for a completion with a client of its own; the options are those of the client."""
        async with self.client(**options) as client:
            return await self.chat(client)

    async def collect(self, stream: Any, into: list[Any]) -> None:
        if self.threads:
            await to_thread.run_sync(lambda: into.extend(stream))
            return
        async for event in stream:
            into.append(event)  # noqa: PERF401 - what came before an error must be in it

    async def stream(self, into: list[Any], **options: Any) -> None:
        """Collect a streamed completion with a client of its own."""
        async with self.client(**options) as client:
            await self.collect(await self.chat(client, stream=True), into)


class Told(list[Any]):
    """A hook that keeps what it is told."""

    def __call__(self, event: Any) -> None:
        self.append(event)

    @property
    def names(self) -> list[str]:
        return [type(event).__name__ for event in self]

    def only(self, kind: type[Any]) -> Any:
        (found,) = [event for event in self if isinstance(event, kind)]
        return found


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("OPENAI_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def server() -> Iterator[ScriptedHttpServer]:
    server = ScriptedHttpServer()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def other() -> Iterator[ScriptedHttpServer]:
    """A server of somebody else."""
    server = ScriptedHttpServer()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(params=["threads", "asyncio", "trio"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def anyio_backend(kind: str) -> str:
    return "trio" if kind == "trio" else "asyncio"


@pytest.fixture
def new_caller() -> type[Caller]:
    return Caller


@pytest.fixture
def caller(kind: str, server: ScriptedHttpServer) -> Caller:
    return Caller(kind, server.url)
