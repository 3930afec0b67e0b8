"""Takes down what passes between the server and the application.

An ASGI middleware. It holds nothing back: each message is noted and goes on, outgoing ones in this
order, so that what a client has seen is in the journal. Decides when a client has left.
"""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import TYPE_CHECKING, cast

from openai_mock.faults.sending import BROKEN_OFF
from openai_mock.journal.exchange import Close
from openai_mock.journal.journal import WEBSOCKET

if TYPE_CHECKING:
    from collections.abc import Awaitable, Coroutine

    from openai_mock.journal.journal import Journal
    from openai_mock.journal.recording import Recording
    from openai_mock.journal.redaction import RawHeaders
    from openai_mock.serving.answering import App, Message, Receive, Send

SLOW = 0.02  # seconds after which a client may have left unnoticed; asking costs some time
TURNS = 3  # of the event loop, until a stream that gave it none knows what has come
REST = 0.05  # seconds that the rest of a body that nobody read is waited for
NO_STATUS = 1005  # RFC 6455, section 7.4.1: a close without a code
BROKEN = 1006
RESTART = 1012  # what the server tells the application when it ends, as if the client said it
SWITCHING = 101
FORBIDDEN = 403  # what servers answer where an application closes before it accepts
_LAST_EVENT = (b"data: [DONE]\n\n", b"data: [DONE]\r\n\r\n")
_WITH_BODY = frozenset({b"content-length", b"transfer-encoding"})


class Journaling:
    """Wraps an application.

    Args:
        app: The application.
        journal: Where its traffic is kept.
    """

    def __init__(self, app: App, journal: Journal) -> None:
        self._app = app
        self._journal = journal

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Note one request and its answer, or one WebSocket."""
        if scope["type"] == "http":
            headers: RawHeaders = scope["headers"]
            recording = self._journal.begin(
                scope["method"],
                scope["path"],
                scope.get("query_string", b""),
                headers,
                whole=_WITH_BODY.isdisjoint(dict(headers)),
            )
            noting = _Http(self._journal, recording, receive, send)
            scope[BROKEN_OFF] = partial(self._journal.broken_off, recording)
        elif scope["type"] == "websocket":
            recording = self._journal.begin(
                WEBSOCKET,
                scope["path"],
                scope.get("query_string", b""),
                scope["headers"],
                whole=True,
            )
            noting = _Socket(self._journal, recording, receive, send)
        else:
            await self._app(scope, receive, send)
            return
        try:
            await self._app(scope, noting.receive, noting.send)
        finally:
            if recording.ended is None:
                self._journal.end(recording, "client left" if recording.left else "server error")


class _Http:
    """The two directions of a request."""

    __slots__ = ("_is_streamed", "_journal", "_receive", "_recording", "_send")

    def __init__(
        self, journal: Journal, recording: Recording, receive: Receive, send: Send
    ) -> None:
        self._journal, self._recording = journal, recording
        self._receive, self._send = receive, send
        self._is_streamed = False

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            more = message.get("more_body", False)
            self._journal.received(self._recording, message.get("body", b""), more=more)
        elif self._recording.ended is None:
            self._journal.left(self._recording)
        return message

    def send(self, message: Message) -> Awaitable[None]:
        """Note a message and pass it on, mostly without a coroutine of its own."""
        journal, recording = self._journal, self._recording
        if message["type"] == "http.response.body":
            more = message.get("more_body", False)
            if more:
                self._is_streamed = True
            elif not recording.read or journal.elapsed(recording) > SLOW:
                return self._look_around_and_end(message)
            data: bytes = message.get("body", b"")
            journal.sent(recording, data, more=more)
            if more and data.endswith(_LAST_EVENT):
                journal.end(recording, "complete")  # clients may leave once they have read this
        elif message["type"] == "http.response.start":
            journal.responded(recording, message["status"], list(message.get("headers", ())))
        return self._send(message)

    async def _look_around_and_end(self, message: Message) -> None:
        """Before the end, note what the application did not ask for, as far as it is known.

        Applications that refuse a request often leave its body unread, and most never ask whether
        the client is still there.
        """
        recording = self._recording
        if not (recording.read or recording.left):
            await self._read_rest()
        elif not recording.left:
            for _ in range(TURNS if self._is_streamed else 0):
                await asyncio.sleep(0)
            self._hear_at_once()
        self._journal.sent(recording, message.get("body", b""), more=False)
        await self._send(message)

    def _hear_at_once(self) -> None:
        """Hear what is known already; after the body that can only be that the client left.

        A single step of `receive` either ends or begins to wait. A timeout of no seconds comes to
        the same, and costs many times as much on every slow answer.
        """
        hearing = cast("Coroutine[object, None, Message]", self.receive())
        with contextlib.suppress(StopIteration):
            hearing.send(None)
        hearing.close()

    async def _read_rest(self) -> None:
        """Read the rest of the body for a moment, unless the client waits to be told to send it."""
        recording = self._recording
        if any(name == b"expect" for name, _ in recording.headers):
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(REST):
                while not (recording.read or recording.left or recording.request.dropped):
                    await self.receive()


class _Socket:
    """The two directions of a WebSocket."""

    __slots__ = ("_journal", "_receive", "_recording", "_send")

    def __init__(
        self, journal: Journal, recording: Recording, receive: Receive, send: Send
    ) -> None:
        self._journal, self._recording = journal, recording
        self._receive, self._send = receive, send

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "websocket.receive":
            self._journal.framed(self._recording, "in", _data(message))
        elif message["type"] == "websocket.disconnect":
            code, reason = message.get("code", NO_STATUS), message.get("reason")
            # Uvicorn gives a close frame without a code a reason, and a lost connection none.
            broken = code == NO_STATUS and reason is None
            self._closed_by_client(BROKEN if broken else code, reason or "")
        return message

    async def send(self, message: Message) -> None:
        kind, journal, recording = message["type"], self._journal, self._recording
        if kind == "websocket.send":
            journal.framed(recording, "out", _data(message))
        elif kind == "websocket.accept":
            journal.responded(recording, SWITCHING, list(message.get("headers", ())))
        elif kind == "websocket.close":
            self._closed_by_server(message.get("code", 1000), message.get("reason") or "")
        elif kind == "websocket.http.response.start":
            journal.responded(recording, message["status"], list(message.get("headers", ())))
        elif kind == "websocket.http.response.body":
            more = message.get("more_body", False)
            journal.sent(recording, message.get("body", b""), more=more)
        await self._send(message)

    def _closed_by_client(self, code: int, reason: str) -> None:
        if self._recording.ended is None:
            by = "server" if code == RESTART else "client"
            self._journal.closed(self._recording, Close(code, reason, by))
            self._journal.end(self._recording, "client left" if code == BROKEN else "complete")

    def _closed_by_server(self, code: int, reason: str) -> None:
        if self._recording.status is None:
            self._journal.responded(self._recording, FORBIDDEN, [])
        if self._recording.ended is None:
            self._journal.closed(self._recording, Close(code, reason, "server"))
            self._journal.end(self._recording, "complete")


def _data(message: Message) -> str | bytes:
    text: str | None = message.get("text")
    return message["bytes"] if text is None else text
