"""The WebSockets of the API: who may open one, and how events get to a session and from it.

Decides nothing about events: each kind of session is a class that does no I/O. A frame that has
come is always answered before anything else is told, so that what is in progress can be stopped.
"""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING

from pydantic_core import to_json
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect

from openai_mock.checking.incoming import Sent
from openai_mock.faults.sending import TICK
from openai_mock.faults.wire import Break, Wait
from openai_mock.refusals import Refusal, unknown_route
from openai_mock.routing.access import check_key
from openai_mock.routing.client_secrets import secret_of
from openai_mock.routing.routes import ROOT
from openai_mock.serving.answering import refused
from openai_mock.sessions.opening import Handshake, open_session

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping

    from starlette.websockets import WebSocket

    from openai_mock.checking.body import JsonObject
    from openai_mock.serving.answering import Message
    from openai_mock.sessions.session import Session
    from openai_mock.state.clock import Clock
    from openai_mock.world import World

PATHS = (
    "realtime",
    "realtime/translations",
    "responses",
    "live/sessions",
    "live/sessions/{session_id}/attach",
    "live/sessions/{session_id}/fork",
)
"""Where WebSockets are opened, below the root."""

SUBPROTOCOL = "realtime"  # what browsers offer
_INTERNAL_ERROR = 1011  # RFC 6455, section 7.4.1
_KEY_OF_BROWSERS = "openai-insecure-api-key."  # a subprotocol, because they send no headers


def socket_routes(world: World, roots: Iterable[str]) -> Iterator[WebSocketRoute]:
    """The routes of all WebSockets; the last one refuses those that there are not.

    Args:
        world: What sessions share.
        roots: The paths that they are below.
    """
    for root in roots:
        for path in PATHS:
            yield WebSocketRoute(f"{root}/{path}", _serving(path, world))
    yield WebSocketRoute("/{path:path}", _no_such_socket)


def _serving(path: str, world: World) -> Callable[[WebSocket], Awaitable[None]]:
    async def serve(websocket: WebSocket) -> None:
        try:
            handshake = Handshake(
                path,
                websocket.path_params,
                websocket.query_params,
                headers := _headers(websocket, path, world),
                _secret(headers, _offered(websocket), world),
                world.control.faults_of(websocket.headers),
            )
            session = open_session(handshake, world)
        except Refusal as refusal:
            await websocket.send_denial_response(refused(refusal))
            return
        await websocket.accept(SUBPROTOCOL if SUBPROTOCOL in _offered(websocket) else None)
        await _Talk(websocket, session, world.clock).run()

    return serve


def _headers(websocket: WebSocket, path: str, world: World) -> Mapping[str, str]:
    """The headers of a handshake, also where a provider calls that of the key otherwise."""
    headers, personality = dict(websocket.headers), world.control.personality
    if personality is None:
        return headers
    sent = Sent("GET", f"{ROOT}/{path}", websocket.url.query, headers)
    return personality.headers_of(sent, world.settings.api_key)


def _secret(headers: Mapping[str, str], offered: list[str], world: World) -> JsonObject | None:
    """The client secret with which a session is opened; None if it is the API key itself.

    Raises:
        Refusal: It is neither.
    """
    authorization = headers.get("authorization") or _authorization_of_browser(offered)
    secret = secret_of(authorization, world)
    if secret is None:
        settings = world.settings
        check_key(authorization, expected=settings.api_key, other=settings.admin_api_key)
    return secret


def _authorization_of_browser(offered: list[str]) -> str | None:
    keys = (each for each in offered if each.startswith(_KEY_OF_BROWSERS))
    key = next(keys, None)
    return None if key is None else f"Bearer {key.removeprefix(_KEY_OF_BROWSERS)}"


def _offered(websocket: WebSocket) -> list[str]:
    # Uvicorn before 0.53 gives the header as it came, not split.
    return ",".join(websocket.scope["subprotocols"]).replace(" ", "").split(",")


class _Talk:
    """A session on its socket, until one of the two ends."""

    def __init__(self, websocket: WebSocket, session: Session, clock: Clock) -> None:
        self._websocket = websocket
        self._session = session
        self._clock = clock
        self._wait: tuple[Wait, float, float] | None = None  # and when it began, by both clocks

    async def run(self) -> None:
        receiving: asyncio.Task[Message] | None = None
        try:
            for event in self._session.opening():
                await self._send(event)
            while self._session.closing is None:
                if receiving is None:
                    receiving = asyncio.ensure_future(self._websocket.receive())
                    await asyncio.sleep(0)  # so that a frame that is there is seen
                if not await self._waited(receiving):
                    continue
                message, receiving = receiving.result(), None
                if message["type"] == "websocket.disconnect":
                    return
                text: str | None = message.get("text")
                for event in self._session.receive(message["bytes"] if text is None else text):
                    await self._send(event)
            closing = self._session.closing
            await self._websocket.close(closing.code, closing.reason)
        except WebSocketDisconnect:
            # So that whoever listens in hears of it, too, and takes it for no fault of the server.
            await (receiving or self._websocket.receive())
        finally:
            if receiving is not None:
                receiving.cancel()

    async def _waited(self, receiving: asyncio.Task[Message]) -> bool:
        """Tell what is in progress as far as the next pause; gives whether a frame has come."""
        while not receiving.done():
            told = self._session.proceed()
            if self._session.closing is not None:
                return False
            if isinstance(told, Break):
                # ASGI has no way to end a connection without a frame.
                await self._websocket.close(_INTERNAL_ERROR, "broken off by a fault")
                raise WebSocketDisconnect(_INTERNAL_ERROR)
            if told is None:
                await asyncio.wait({receiving})
            elif isinstance(told, Wait):
                await self._pause(told, receiving)
            else:
                await self._send(told)
        return True

    async def _pause(self, wait: Wait, receiving: asyncio.Task[Message]) -> None:
        """Wait a while: in real time, or until the server's clock has run so far."""
        if self._wait is None or self._wait[0] is not wait:
            self._wait = wait, monotonic(), self._clock.now()
        _, begun, dated = self._wait
        if wait.seconds is None:
            await asyncio.wait({receiving})
            return
        passed = max(monotonic() - begun, self._clock.now() - dated)
        if passed >= wait.seconds:
            self._session.resume(wait)
        else:
            await asyncio.wait({receiving}, timeout=min(wait.seconds - passed, TICK))

    async def _send(self, event: JsonObject) -> None:
        await self._websocket.send_text(to_json(event).decode())
        await asyncio.sleep(0)  # others get their turn, and a frame that has come is seen


async def _no_such_socket(websocket: WebSocket) -> None:
    refusal = unknown_route("WebSocket", websocket.url.path)
    await websocket.send_denial_response(refused(refusal))
