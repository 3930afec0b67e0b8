"""An open Realtime session, from threads and from asyncio.

Thin shells: they move frames between the socket and `session`, which decides everything else.
What the two colours share, how the end of a connection becomes an error, stands once in
`_Connection`.
"""

from __future__ import annotations

from collections.abc import Coroutine
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from websockets.exceptions import ConcurrencyError, ConnectionClosed

from openai_realtime.closing import Ending
from openai_realtime.errors import RealtimeClosedError, RealtimeError
from openai_realtime.resources import RealtimeResources, Sent
from openai_realtime.session import Session, decode, encode

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator, Iterator

    from openai_types.realtime import (
        RealtimeClientEvent,
        RealtimeClientEventParam,
        RealtimeServerEvent,
    )
    from websockets.asyncio.client import ClientConnection as AsyncClientConnection
    from websockets.sync.client import ClientConnection


class _Connection(RealtimeResources[Sent]):
    """What does not depend on the colour of a connection."""

    def __init__(self) -> None:
        self._session = Session()
        self._closed_by_user = False

    def parse_event(self, data: str | bytes) -> RealtimeServerEvent:
        """Read what `recv_bytes` gave.

        Raises:
            DecodeError: It is not a JSON object; it is on the error's `data`.
        """
        return decode(data)

    @contextmanager
    def _explained(self) -> Generator[None]:
        try:
            yield
        except ConnectionClosed as closed:
            raise self._session.closed(self._ending(closed)) from closed
        except ConcurrencyError as error:
            raise RealtimeError(
                "Another thread or task is receiving from this connection. Receive in one place."
            ) from error

    def _ending(self, closed: ConnectionClosed) -> Ending:
        # The frame that came first tells why; the other side's answer may have any code.
        by_us = closed.rcvd is None or closed.rcvd_then_sent is False
        frame = closed.sent if by_us else closed.rcvd
        if frame is None:
            return Ending(1006, asked=self._closed_by_user)
        return Ending(frame.code, frame.reason, by_us=by_us, asked=self._closed_by_user)


class RealtimeConnection(_Connection[None]):
    """A session used from threads; open one with `openai_realtime.connect` or a client.

    Iterating it gives the server's events until the session is closed. One thread may receive
    while others send.
    """

    def __init__(self, websocket: ClientConnection) -> None:
        super().__init__()
        self._websocket = websocket

    def __iter__(self) -> Iterator[RealtimeServerEvent]:
        """Give events until the session is closed normally.

        Raises:
            RealtimeClosedError: The connection broke, or was closed because of an error.
            DecodeError: A frame is not a JSON object; the connection can still be used.
        """
        while True:
            try:
                event = self.recv()
            except RealtimeClosedError as closed:
                if closed.normal:
                    return
                raise
            yield event

    def recv(self) -> RealtimeServerEvent:
        """Wait for the next event.

        Raises:
            RealtimeClosedError: The connection is closed; what had arrived was given before.
            DecodeError: The frame is not a JSON object; the connection can still be used.
        """
        return self._session.receive(self.recv_bytes())

    def recv_bytes(self) -> bytes:
        """Wait for the next frame and give it as it is.

        Raises:
            RealtimeClosedError: The connection is closed.
        """
        with self._explained():
            return self._websocket.recv(decode=False)

    def send(self, event: RealtimeClientEvent | RealtimeClientEventParam) -> None:
        """Send a client event, a model or a dict.

        Raises:
            RealtimeClosedError: The connection is closed.
            OpenAIError: The event cannot be written as JSON.
        """
        with self._explained():
            self._websocket.send(encode(event))

    def close(self, *, code: int = 1000, reason: str = "") -> None:
        """Close the connection. Closing it again does nothing."""
        self._closed_by_user = True
        self._websocket.close(code=code, reason=reason)


class AsyncRealtimeConnection(_Connection[Coroutine[Any, Any, None]]):
    """A session used from asyncio; open one with `openai_realtime.connect` or a client.

    Iterating it gives the server's events until the session is closed. One task may receive while
    others send. (Any: what a coroutine yields to its event loop is nobody else's business.)
    """

    def __init__(self, websocket: AsyncClientConnection) -> None:
        super().__init__()
        self._websocket = websocket

    async def __aiter__(self) -> AsyncIterator[RealtimeServerEvent]:
        """Give events until the session is closed normally.

        Raises:
            RealtimeClosedError: The connection broke, or was closed because of an error.
            DecodeError: A frame is not a JSON object; the connection can still be used.
        """
        while True:
            try:
                event = await self.recv()
            except RealtimeClosedError as closed:
                if closed.normal:
                    return
                raise
            yield event

    async def recv(self) -> RealtimeServerEvent:
        """Wait for the next event.

        Raises:
            RealtimeClosedError: The connection is closed; what had arrived was given before.
            DecodeError: The frame is not a JSON object; the connection can still be used.
        """
        return self._session.receive(await self.recv_bytes())

    async def recv_bytes(self) -> bytes:
        """Wait for the next frame and give it as it is.

        Raises:
            RealtimeClosedError: The connection is closed.
        """
        with self._explained():
            return await self._websocket.recv(decode=False)

    async def send(self, event: RealtimeClientEvent | RealtimeClientEventParam) -> None:
        """Send a client event, a model or a dict.

        Raises:
            RealtimeClosedError: The connection is closed.
            OpenAIError: The event cannot be written as JSON.
        """
        with self._explained():
            await self._websocket.send(encode(event))

    async def close(self, *, code: int = 1000, reason: str = "") -> None:
        """Close the connection. Closing it again does nothing."""
        self._closed_by_user = True
        await self._websocket.close(code=code, reason=reason)
