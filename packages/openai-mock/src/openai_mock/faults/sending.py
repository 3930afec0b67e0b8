"""Sends an answer with what faults do to it on the wire.

The only module of this package that waits. Decides what happens when the client leaves, and how a
connection is broken off where the server lets it be.
"""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, Any

from openai_mock.faults.wire import Break

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from openai_mock.faults.wire import Pause, Wire
    from openai_mock.serving.answering import Message, Receive, Send
    from openai_mock.state.clock import Clock

DROP = "openai_mock.drop"
"""The ASGI extension that ends a connection: its `drop` is told whether to reset it."""

BROKEN_OFF = "openai_mock.broken_off"
"""Where the scope of a request has what is to be told which fault ends it, just before."""

TICK = 0.02  # seconds until a changed clock is seen


async def send_wire(
    wire: Wire, *, clock: Clock, scope: Message, receive: Receive, send: Send
) -> None:
    """Send an answer until it ends, a fault ends it, or the client leaves.

    Args:
        wire: The answer.
        clock: Advancing it by what is left of a wait ends the wait.
        scope: That of the request.
        receive: That of the request, whose body has been read.
        send: That of the request.

    Raises:
        ConnectionResetError: A fault ends the connection, and the server has no way to do so.
    """
    left = asyncio.ensure_future(_left(receive))
    try:
        await _Sending(wire, clock, scope, send, left).run()
    finally:
        left.cancel()


class _Sending:
    """An answer on its way; `left` is done when the client has left."""

    def __init__(
        self, wire: Wire, clock: Clock, scope: Message, send: Send, left: asyncio.Future[None]
    ) -> None:
        self._wire = wire
        self._clock = clock
        self._scope = scope
        self._send = send
        self._left = left

    async def run(self) -> None:
        for pause in self._wire.before:
            await self._pause(pause)
            if self._left.done():
                return
        await self._send(
            {
                "type": "http.response.start",
                "status": self._wire.status,
                "headers": list(self._wire.headers),
            }
        )
        for piece in self._wire.pieces:
            if isinstance(piece, bytes):
                await self._send({"type": "http.response.body", "body": piece, "more_body": True})
                await asyncio.sleep(0)  # others get their turn, and a client that leaves is seen
            else:
                await self._pause(piece)
            if self._left.done():
                return
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _pause(self, pause: Pause) -> None:
        if isinstance(pause, Break):
            await self._drop(pause)
        elif pause.seconds is None:
            await self._left
        else:
            await self._wait(pause.seconds)

    async def _drop(self, broken: Break) -> None:
        told: Callable[[str], None] | None = self._scope.get(BROKEN_OFF)
        if told:
            told(broken.fault)
        extensions: dict[str, Any] = self._scope.get("extensions") or {}  # Any: ASGI's
        extension: dict[str, Any] = extensions.get(DROP) or {}
        drop: Callable[[bool], Awaitable[None]] | None = extension.get("drop")
        if drop is None:
            raise ConnectionResetError(f"the connection was broken off by a fault: {broken.fault}")
        await drop(broken.reset)
        await self._left

    async def _wait(self, seconds: float) -> None:
        """Wait in real time; the server's clock may run ahead of it."""
        begun, dated = monotonic(), self._clock.now()
        while True:
            passed = max(monotonic() - begun, self._clock.now() - dated)
            if passed >= seconds or self._left.done():
                return
            await asyncio.wait({self._left}, timeout=min(seconds - passed, TICK))


async def _left(receive: Receive) -> None:
    """Return when the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass
