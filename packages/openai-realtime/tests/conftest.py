"""A real WebSocket server that plays a script, and one way to drive both kinds of connection."""

import functools
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from http import HTTPStatus
from typing import Any

import pytest
from anyio import to_thread
from openai_realtime import AsyncRealtimeConnection, RealtimeConnection, connect
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

Script = Callable[[ServerConnection], None]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"  # the websockets library knows no other event loop


def _nothing(*_: object) -> None:
    """Play nothing, and let the handshake pass."""


class RealtimeServer:
    """Starts servers on free ports; remembers the requests they get."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self.requests: list[Request] = []

    def play(self, script: Script | None = None) -> str:
        """Let every connection play a script, without one close at once; gives the base URL."""
        return self._start(script or _nothing, _nothing)

    def refuse(self, status: int, body: str, **headers: str) -> str:
        """Answer every handshake with a plain HTTP response; gives the base URL."""

        def respond(connection: ServerConnection, _: Request) -> Response:
            response = connection.respond(HTTPStatus(status), body)
            response.headers.update(headers)
            return response

        return self._start(_nothing, respond)

    def _start(
        self, script: Script, respond: Callable[[ServerConnection, Request], Response | None]
    ) -> str:
        def process(connection: ServerConnection, request: Request) -> Response | None:
            self.requests.append(request)
            return respond(connection, request)

        server = serve(script, "127.0.0.1", 0, process_request=process, max_size=None)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self._stack.callback(self._stop, server, thread)
        return f"http://127.0.0.1:{server.socket.getsockname()[1]}/v1"

    @staticmethod
    def _stop(server: Server, thread: threading.Thread) -> None:
        server.shutdown()
        thread.join()


@pytest.fixture
def server() -> Iterator[RealtimeServer]:
    with ExitStack() as stack:
        yield RealtimeServer(stack)


class Colour:
    """Lets a test be written once: `await colour.do(connection.recv)` works for both kinds."""

    def __init__(self, *, threads: bool) -> None:
        self._threads = threads

    @asynccontextmanager
    async def open(
        self, base_url: str, **arguments: Any
    ) -> AsyncGenerator[RealtimeConnection | AsyncRealtimeConnection]:
        manager = connect(model="gpt-realtime", api_key="sk-test", base_url=base_url, **arguments)
        if not self._threads:
            async with manager as connection:
                yield connection
            return
        opened = await to_thread.run_sync(manager.__enter__)
        try:
            yield opened
        finally:
            await to_thread.run_sync(manager.__exit__, None, None, None)

    # Any: whatever the connection's method takes and gives.
    async def do(self, method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self._threads:
            return await to_thread.run_sync(functools.partial(method, *args, **kwargs))
        awaitable: Awaitable[Any] = method(*args, **kwargs)
        return await awaitable

    async def collect(self, connection: Any, into: list[Any]) -> None:
        """Iterate the connection to its end."""
        if self._threads:
            await to_thread.run_sync(lambda: into.extend(connection))
            return
        async for event in connection:
            into.append(event)  # noqa: PERF401  (what came before an error must be in it)


@pytest.fixture(params=["threads", "asyncio"])
def colour(request: pytest.FixtureRequest) -> Colour:
    return Colour(threads=request.param == "threads")
