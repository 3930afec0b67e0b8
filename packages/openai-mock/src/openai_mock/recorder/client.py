"""The client of a recording or a replay: one request, and the way to answer it.

Decides how each event of an exchange reaches the client, from the first byte of the answer to a
connection that is reset. Where the events are from, a server or a tape, is not known here.
"""

from __future__ import annotations

import os
import socket
import struct
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from openai_mock.recorder.asked import Asked
from openai_mock.recorder.exchange import (
    WEBSOCKET,
    Accepted,
    Chunk,
    End,
    Event,
    Head,
    Message,
)

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable, MutableMapping

    AsgiMessage = MutableMapping[str, Any]  # Any: ASGI has messages of many shapes
    Receive = Callable[[], Awaitable[AsgiMessage]]
    Send = Callable[[AsgiMessage], Awaitable[None]]

NO_CODE = 1005  # a WebSocket was closed without a code (RFC 6455, section 7.4.1)
NOT_CLOSED = 1006  # it was not closed at all
_GOING_AWAY = ("http.disconnect", "websocket.disconnect")
# Closes at once instead of sending what is left: the peer sees a reset.
_LINGER_NOT = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


class LeftError(Exception):
    """The client went away in the middle of its request."""


class Client:
    """One request of a client.

    Args:
        scope: What ASGI says of it.
        receive: Gives what comes from the client.
        send: Takes what goes to it.
        transport: Its connection; None if it is gone already.
    """

    def __init__(
        self,
        scope: AsgiMessage,
        receive: Receive,
        send: Send,
        transport: asyncio.Transport | None,
    ) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._transport = transport
        self._is_websocket = scope["type"] == "websocket"
        self._accepted = False
        self._has_head = False

    async def asked(self) -> Asked:
        """The whole request.

        Raises:
            LeftError: The client went away before it had sent it.
        """
        headers = [(name.lower(), value) for name, value in self._scope["headers"]]
        path, query = self._scope["raw_path"], self._scope["query_string"]
        if self._is_websocket:
            await self._receive()  # "websocket.connect"
            offered = ",".join(self._scope["subprotocols"]).replace(" ", "").split(",")
            return Asked(WEBSOCKET, path, query, headers, subprotocols=tuple(filter(None, offered)))
        return Asked(self._scope["method"], path, query, headers, await self._whole_body())

    async def message(self) -> str | bytes | End:
        """What the client sends next on its WebSocket; an end if it closed it."""
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            code, reason = message.get("code", NO_CODE), message.get("reason") or ""
            return End("closed", 0, "client", code, reason)
        text: str | None = message.get("text")
        return message["bytes"] if text is None else text

    async def left(self) -> None:
        """Return when the client has gone away."""
        while (await self._receive())["type"] not in _GOING_AWAY:
            pass

    async def play(self, event: Event) -> None:
        """Let the client have what happened next."""
        try:
            match event:
                case Head():
                    await self._head(event.status, event.headers)
                case Chunk(data):
                    await self._body(data, more=True)
                case Accepted(subprotocol):
                    await self._send({"type": "websocket.accept", "subprotocol": subprotocol})
                    self._accepted = True
                case Message("server", str(text)):
                    await self._send({"type": "websocket.send", "text": text})
                case Message("server", bytes(data)):
                    await self._send({"type": "websocket.send", "bytes": data})
                case Message():
                    pass  # its own
                case End():
                    await self._end(event)
        except OSError:  # how uvicorn says that the client has gone away
            return

    async def refuse(self, status: int, message: str, *, code: str) -> None:
        """Answer with an error of the API's shape, which clients do not try again."""
        error = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
        body = to_json({"error": error})
        headers = (
            ("content-type", "application/json"),
            ("content-length", str(len(body))),
            ("x-should-retry", "false"),
        )
        for event in (Head(status, headers, 0), Chunk(body, 0), End("complete", 0)):
            await self.play(event)

    async def _whole_body(self) -> bytes:
        body = bytearray()
        more = True
        while more:
            message = await self._receive()
            if message["type"] != "http.request":
                raise LeftError
            body += message.get("body", b"")
            more = message.get("more_body", False)
        return bytes(body)

    async def _head(self, status: int, headers: tuple[tuple[str, str], ...]) -> None:
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        kind = "http.response.start"
        if self._is_websocket:
            kind = "websocket.http.response.start"
            # Uvicorn before 0.53 adds this one itself, whether it is there or not.
            raw = [(name, value) for name, value in raw if name != b"content-length"]
        await self._send({"type": kind, "status": status, "headers": raw})
        self._has_head = True

    async def _body(self, data: bytes, *, more: bool) -> None:
        kind = "websocket.http.response.body" if self._is_websocket else "http.response.body"
        await self._send({"type": kind, "body": data, "more_body": more})

    async def _end(self, end: End) -> None:
        match end.how:
            case "complete":
                await self._body(b"", more=False)
            case "closed" if end.by == "server":
                code = 1000 if end.code in (None, NO_CODE) else end.code
                with suppress(RuntimeError):  # old uvicorns, if the client closed it already
                    await self._send(
                        {"type": "websocket.close", "code": code, "reason": end.reason}
                    )
            case "cut":
                await self._disconnect()
            case "reset":
                await self._disconnect(reset=True)
            case "timeout" | "abandoned" | "closed":
                await self.left()

    async def _disconnect(self, *, reset: bool = False) -> None:
        """End the connection after what was sent, in the middle of the answer."""
        if self._transport is None:
            return
        if not reset:
            self._transport.close()
        else:
            self._transport.set_write_buffer_limits(0)
            if self._has_head and not self._is_websocket:
                await self._body(b"", more=True)  # waits until all before it is on its way
            connection: socket.socket = self._transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
            self._transport.abort()
        await self.left()
