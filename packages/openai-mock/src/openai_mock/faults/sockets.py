"""Faults of WebSockets: refused at the handshake, or closed with a code after some events.

An ASGI middleware, so that no session needs to know. It counts what is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic_core import to_json
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.websockets import WebSocket

from openai_mock.errors import MockServerError
from openai_mock.faults.fault import Fault, SocketClose, changed
from openai_mock.refusals import Refusal
from openai_mock.replies import BytesReply, JsonReply
from openai_mock.serving.answering import refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openai_mock.control import Control
    from openai_mock.serving.answering import App, Message, Receive, Send

_CODES = range(1000, 5000)  # RFC 6455, section 7.4
_LONGEST = 123  # bytes of a reason
_ERRORS = 400  # and statuses above


def close_socket(code: int = 1011, after_events: int = 1, reason: str = "") -> Fault:
    """Close a WebSocket.

    Args:
        code: The status code of the close frame.
        after_events: How many events the client gets before.
        reason: The words of the close frame.
    """
    if code not in _CODES or after_events < 0 or len(reason.encode()) > _LONGEST:
        raise MockServerError(
            f"A WebSocket cannot be closed with code {code} after {after_events} events and the "
            f"reason {reason!r}. Codes are 1000 to 4999, reasons have up to {_LONGEST} bytes."
        )
    closing = SocketClose(code, after_events, reason)
    return Fault(f"close_socket({code}, {after_events}, {reason!r})", on_socket=closing)


class ClosingSockets:
    """Refuses or closes WebSockets where a fault says so.

    Args:
        app: The application.
        control: Knows the faults.
    """

    def __init__(self, app: App, control: Control) -> None:
        self._app = app
        self._control = control

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request or one WebSocket."""
        if scope["type"] == "websocket":
            try:
                faults = self._control.faults_of(Headers(scope=scope))
            except Refusal as refusal:
                await WebSocket(scope, receive, send).send_denial_response(refused(refusal))
                return
            denial = _denial(faults)
            if denial:
                await WebSocket(scope, receive, send).send_denial_response(denial)
                return
            close = next((each.on_socket for each in faults if each.on_socket), None)
            if close:
                send = _Counted(send, close).send
        await self._app(scope, receive, send)


def _denial(faults: Iterable[Fault]) -> Response | None:
    """The answer to a handshake, if a fault answers with an error or a page instead."""
    reply = changed(JsonReply({}), faults)
    if reply.status < _ERRORS:
        return None
    if isinstance(reply, BytesReply):
        content, media_type = reply.content, reply.media_type
    else:
        content = to_json(reply.body) if isinstance(reply, JsonReply) else b""
        media_type = "application/json"
    return Response(content, reply.status, dict(reply.headers), media_type)


class _Counted:
    """Sends until so many events are through, then closes."""

    def __init__(self, send: Send, close: SocketClose) -> None:
        self._send = send
        self._close = close
        self._left = close.after_events
        self._closed = False

    async def send(self, message: Message) -> None:
        if self._closed:
            raise OSError("the WebSocket was closed by a fault")  # what ASGI calls a lost client
        if message["type"] == "websocket.send":
            self._left -= 1
            if self._left < 0:
                await self._end()
                return
        await self._send(message)
        if message["type"] in ("websocket.accept", "websocket.send") and self._left == 0:
            await self._end()

    async def _end(self) -> None:
        self._closed = True
        close = self._close
        await self._send({"type": "websocket.close", "code": close.code, "reason": close.reason})
