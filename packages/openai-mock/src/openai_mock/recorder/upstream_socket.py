"""The WebSocket of the server that is recorded.

Decides how a handshake is passed on, and what an end of the connection is called.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, cast

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from openai_mock.errors import NetworkForbiddenError
from openai_mock.recorder.exchange import Chunk, End, Event, Head, Message
from openai_mock.recorder.headers import passed_on
from openai_mock.recorder.upstream import RefusedError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from websockets.asyncio.client import ClientConnection
    from websockets.typing import Subprotocol

    from openai_mock.recorder.asked import Asked
    from openai_mock.recorder.upstream import Upstream

_OF_THE_HANDSHAKE = (
    "host",
    "sec-websocket-accept",
    "sec-websocket-extensions",
    "sec-websocket-key",
    "sec-websocket-protocol",
    "sec-websocket-version",
)
# Codes that say what happened but are never sent (RFC 6455, section 7.4.1).
_NEVER_SENT = (1004, 1005, 1006, 1015)
_NORMAL = 1000


class UpstreamSocket:
    """An open WebSocket.

    Args:
        connection: The connection.
        elapsed: Milliseconds since the request.
    """

    def __init__(self, connection: ClientConnection, elapsed: Callable[[], int]) -> None:
        self._connection = connection
        self._elapsed = elapsed

    @property
    def subprotocol(self) -> str | None:
        """The one that the server chose."""
        return self._connection.subprotocol

    async def receive(self) -> Message | End:
        """What the server does next."""
        try:
            data = await self._connection.recv()
        except ConnectionClosed as closed:
            if closed.rcvd is None:
                return End("cut", self._elapsed())
            code, reason = closed.rcvd.code, closed.rcvd.reason
            return End("closed", self._elapsed(), "server", code, reason)
        return Message("server", data, self._elapsed())

    async def send(self, data: str | bytes) -> None:
        """Pass on what the client sent; if nobody is there any more, `receive` says so."""
        try:
            await self._connection.send(data)
        except ConnectionClosed:
            return

    async def close(self, end: End) -> None:
        """Pass on that the client closed it."""
        code = _NORMAL if end.code in (None, *_NEVER_SENT) else end.code
        await self._connection.close(code, end.reason)


@asynccontextmanager
async def opened(
    upstream: Upstream, asked: Asked, elapsed: Callable[[], int], *, timeout: float
) -> AsyncGenerator[UpstreamSocket]:
    """Open a WebSocket as the client asked for it.

    Raises:
        RefusedError: The server answered otherwise.
        UnreachableError: There was no connection.
    """
    opening = connect(
        upstream.origin.replace("http", "ws", 1) + asked.target.decode("latin-1"),
        additional_headers=[
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in passed_on(asked.headers, _OF_THE_HANDSHAKE)
        ],
        subprotocols=[cast("Subprotocol", each) for each in asked.subprotocols] or None,
        user_agent_header=None,
        proxy=None if upstream.is_loopback else True,
        ssl=upstream.trusted if upstream.origin.startswith("https:") else None,
        open_timeout=timeout,
        ping_interval=None,
        max_size=None,
    )
    try:
        connection = await opening
    except InvalidStatus as error:
        raise RefusedError(_refusal(upstream, error, elapsed())) from error
    except (OSError, InvalidHandshake, NetworkForbiddenError) as error:
        raise UnreachableError(upstream.unreachable(error)) from error
    try:
        yield UpstreamSocket(connection, elapsed)
    finally:  # it was closed in order, or there is nobody to wait for that
        connection.transport.abort()
        await connection.wait_closed()


def _refusal(upstream: Upstream, error: InvalidStatus, ms: int) -> tuple[Event, ...]:
    response = error.response
    raw = [
        (name.encode("latin-1"), value.encode("latin-1"))
        for name, value in response.headers.raw_items()
    ]
    head = Head(response.status_code, upstream.headers(raw), ms)
    body = (Chunk(bytes(response.body), ms),) if response.body else ()
    return (head, *body, End("complete", ms))
