"""A real server, a real browser's side, and a real API behind it: sockets on this machine."""

import importlib
import json
import socket
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

import anyio
import pytest
import uvicorn
from anyio.abc import SocketStream
from openai_stream import AsyncStream, SSEDecoder, Stream
from openai_stream.starlette import EventStreamResponse
from openai_types.chat import ChatCompletionChunk
from openai_types.errors import APIError
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

SCOPE: dict[str, Any] = {}  # of a request, which the response does not look at
PATIENCE = 60  # seconds: reached only when something is broken

HELLO = b'data: {"choices":[{"delta":{"content":"Hello"},"index":0}]}\n\n'
DONE = b"data: [DONE]\n\n"


class Upstream:
    """An API on a socket: the test sends what it says, and sees when it is hung up on."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(PATIENCE)
        self.address: tuple[str, int] = self._listener.getsockname()
        self._connection: socket.socket | None = None

    @property
    def connection(self) -> socket.socket:
        """The connection of the first who comes."""
        if self._connection is None:
            self._connection, _ = self._listener.accept()
            self._connection.settimeout(PATIENCE)
        return self._connection

    def say(self, data: bytes) -> None:
        self.connection.sendall(data)

    def end(self) -> None:
        self.connection.shutdown(socket.SHUT_WR)

    def was_left(self) -> bool:
        """Wait until the other side has closed the connection."""
        try:
            return self.connection.recv(1) == b""
        except ConnectionResetError:
            return True

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._listener.close()


class Received:
    """The bytes that come from an upstream."""

    def __init__(self, connection: SocketStream) -> None:
        self._connection = connection

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._connection:
            yield piece

    async def aclose(self) -> None:
        await anyio.aclose_forcefully(self._connection)


async def opened(upstream: Upstream) -> AsyncStream[ChatCompletionChunk]:
    connection = await anyio.connect_tcp(*upstream.address)
    return AsyncStream.from_sse(Received(connection), ChatCompletionChunk)


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    upstream = Upstream()
    yield upstream
    upstream.close()


Answer = Callable[[Request], Awaitable[Response]]


async def untouched(request: Request, answered: RequestResponseEndpoint) -> Response:
    """What applications do to see each request; it stands between the response and the server."""
    return await answered(request)


@contextmanager
def served(answer: Answer) -> Generator[tuple[str, int]]:
    """The address of a server that answers so."""
    middleware = Middleware(BaseHTTPMiddleware, dispatch=untouched)
    app = Starlette(routes=[Route("/", answer)], middleware=[middleware])
    config = uvicorn.Config(
        app,
        loop="asyncio",  # the default of older versions is changed for the whole process
        ws="none",
        log_config=None,  # of the whole process, too
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield listener.getsockname()
        server.should_exit = True
        thread.join(PATIENCE)
        assert not thread.is_alive()


class Browser:
    """Asks for the stream, and reads it event by event."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._socket = socket.create_connection(address, PATIENCE)
        self._socket.sendall(b"GET / HTTP/1.0\r\n\r\n")
        self._decoder = SSEDecoder()
        self._rest = b""

    def head(self) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._socket.recv(65536)
        head, _, self._rest = data.partition(b"\r\n\r\n")
        return head.lower()

    def events(self) -> Iterator[tuple[str | None, Any]]:
        """Name and data of each event; ends with the connection."""
        data = self._rest
        while True:
            for event in self._decoder.feed(data):
                yield event.event, event.data if event.data == "[DONE]" else event.json()
            data = self._socket.recv(65536)
            if not data:
                return

    def leave(self) -> None:
        self._socket.close()


@contextmanager
def browser(answer: Answer) -> Generator[Browser]:
    with served(answer) as address:
        browser = Browser(address)
        try:
            yield browser
        finally:
            browser.leave()


def text_of(event: tuple[str | None, Any]) -> str:
    return event[1]["choices"][0]["delta"]["content"]


def test_events_arrive_one_by_one_and_the_marker_last(upstream: Upstream):
    async def answer(_: Request) -> Response:
        return EventStreamResponse(await opened(upstream))

    with browser(answer) as page:
        head = page.head()
        events = page.events()
        for _ in range(2):
            upstream.say(HELLO)
            assert text_of(next(events)) == "Hello"
        upstream.say(DONE)
        assert list(events) == [(None, "[DONE]")]
    assert b"200 ok" in head
    assert b"content-type: text/event-stream" in head
    assert b"cache-control: no-store, no-transform" in head
    assert b"x-accel-buffering: no" in head
    assert b"content-length" not in head
    assert upstream.was_left()


def test_browser_that_leaves_ends_the_stream_while_the_api_is_silent(upstream: Upstream):
    async def answer(_: Request) -> Response:
        return EventStreamResponse(await opened(upstream))

    with browser(answer) as page:
        page.head()
        upstream.say(HELLO)
        next(page.events())
        page.leave()
        assert upstream.was_left()


def test_browser_that_leaves_ends_the_call_before_it_has_an_answer():
    left = threading.Event()

    async def call() -> AsyncStream[ChatCompletionChunk]:
        try:
            await anyio.sleep_forever()
        finally:
            left.set()
        raise AssertionError

    async def answer(_: Request) -> Response:
        return EventStreamResponse(call())

    with browser(answer) as page:
        page.head()
        page.leave()
        assert left.wait(PATIENCE)


def test_browser_that_reads_no_more_and_leaves_ends_the_stream(upstream: Upstream):
    async def answer(_: Request) -> Response:
        return EventStreamResponse(await opened(upstream))

    with browser(answer) as page:
        page.head()
        large = HELLO.replace(b"Hello", b"x" * 1_000_000)
        flood = threading.Thread(target=_flood, args=(upstream, large))
        flood.start()
        next(page.events())
        page.leave()
        flood.join(PATIENCE)
        assert not flood.is_alive()


def _flood(upstream: Upstream, data: bytes) -> None:
    try:
        while True:
            upstream.say(data)
    except OSError:
        pass


def test_error_of_the_stream_is_the_last_event(upstream: Upstream):
    async def answer(_: Request) -> Response:
        return EventStreamResponse(opened(upstream))

    with browser(answer) as page:
        page.head()
        upstream.say(HELLO)
        upstream.end()
        first, (name, data) = page.events()
    assert text_of(first) == "Hello"
    assert (name, data["error"]["type"]) == ("error", "StreamTruncatedError")


def test_call_that_is_refused_is_an_event():
    async def call() -> AsyncStream[ChatCompletionChunk]:
        raise APIError("Refused.", body={"code": "no"})

    async def answer(_: Request) -> Response:
        return EventStreamResponse(call())

    with browser(answer) as page:
        assert b"200 ok" in page.head()
        [(name, data)] = page.events()
    assert name == "error"
    expected = {"message": "Refused.", "type": "APIError", "param": None, "code": "no"}
    assert data == {"error": expected}


def test_convert_headers_status_and_background_are_taken(upstream: Upstream):
    done = threading.Event()

    async def answer(_: Request) -> Response:
        return EventStreamResponse(
            opened(upstream),
            lambda chunk: {"type": "text", "text": chunk.choices[0].delta.content},
            status_code=201,
            headers={"X-Own": "1", "Cache-Control": "private"},
            background=BackgroundTask(done.set),
        )

    with browser(answer) as page:
        head = page.head()
        upstream.say(HELLO + DONE)
        assert next(page.events()) == ("text", {"type": "text", "text": "Hello"})
        assert done.wait(PATIENCE)
    assert b"201 created" in head
    assert b"x-own: 1" in head
    assert head.count(b"cache-control") == 1
    assert b"cache-control: private" in head


def test_failure_that_is_none_of_the_stream_s_is_raised_alone(anyio_backend: str):
    response = EventStreamResponse(_made([HELLO]), lambda _: json.loads("{"))
    with pytest.raises(json.JSONDecodeError):
        anyio.run(response, SCOPE, _never, _ignore, backend=anyio_backend)


async def gone(message: object) -> None:
    """What some servers do instead of telling that the browser has left."""
    del message
    raise OSError


def test_stream_is_closed_if_the_server_tells_by_an_error_that_the_browser_is_gone(
    anyio_backend: str,
):
    stream = _made([HELLO])
    anyio.run(EventStreamResponse(stream), SCOPE, _never, gone, backend=anyio_backend)
    assert stream.outcome == "cancelled"


def test_call_is_not_made_if_the_browser_is_gone_already(anyio_backend: str):
    made: list[bool] = []

    async def call() -> AsyncStream[ChatCompletionChunk]:
        made.append(True)
        return _made([HELLO])

    anyio.run(EventStreamResponse(call()), SCOPE, _never, gone, backend=anyio_backend)
    assert made == []


async def _never() -> Any:
    await anyio.sleep_forever()


async def _ignore(message: object) -> None:
    del message


async def _pieces(pieces: list[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def _made(pieces: list[bytes]) -> AsyncStream[ChatCompletionChunk]:
    return AsyncStream.from_sse(_pieces(pieces), ChatCompletionChunk)


def test_stream_for_synchronous_code_is_refused_with_the_remedy():
    stream: Any = Stream.from_sse([HELLO], ChatCompletionChunk)
    with pytest.raises(TypeError, match=r"not a Stream\. Use AsyncOpenAI.*StreamingResponse"):
        EventStreamResponse(stream)


def test_import_without_starlette_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delitem(sys.modules, "openai_stream.starlette")
    monkeypatch.setitem(sys.modules, "starlette.responses", None)
    with pytest.raises(ModuleNotFoundError, match=r"openai-stream\[starlette\]"):
        importlib.import_module("openai_stream.starlette")
