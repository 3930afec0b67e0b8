"""The ASGI application: which route leads to what, and how its outcome is sent.

Decides nothing about parameters or answers; those are in the modules of each API.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, cast

# FastAPI reads the annotations of the endpoints when they are added.
from fastapi import FastAPI, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import Response, StreamingResponse
from pydantic_core import to_json

from openai_mock import sse
from openai_mock.access import check_key
from openai_mock.answering import Answering, refused
from openai_mock.body import JsonObject, read_object
from openai_mock.chat import ChatAnswer
from openai_mock.ids import Identifiers
from openai_mock.models import check_realtime_model
from openai_mock.realtime import RealtimeSession
from openai_mock.refusals import Refusal, missing_parameter, unknown_route, wrong_method
from openai_mock.responses import ResponseAnswer
from openai_mock.settings import DEFAULT_API_KEY, checked_api_key
from openai_mock.validation import check_chat, check_response

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

SUBPROTOCOL = "realtime"  # what browsers offer


def create_app(
    *, api_key: str = DEFAULT_API_KEY, clock: Callable[[], float] = time.time
) -> FastAPI:
    """Make the application.

    Args:
        api_key: The key that clients have to send.
        clock: Gives the time at which an answer is made, in seconds since the epoch.

    Raises:
        MockServerError: No client could send this key.
    """
    ids = Identifiers()
    api = _Endpoints(checked_api_key(api_key), ids, clock)
    app = FastAPI(
        title="OpenAI API (mock)",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.add_middleware(Answering, ids=ids)
    for path, endpoint in (
        ("/v1/chat/completions", api.chat_completions),
        ("/v1/responses", api.responses),
    ):
        app.add_api_route(path, endpoint, methods=["POST"], response_model=None)
    app.add_api_websocket_route("/v1/realtime", api.realtime)
    app.add_api_websocket_route("/{path:path}", _no_such_socket)
    app.add_exception_handler(Refusal, _refuse)
    app.add_exception_handler(404, _no_such_route)
    app.add_exception_handler(405, _no_such_method)
    return app


class _Endpoints:
    """The operations, with what they share."""

    def __init__(self, api_key: str, ids: Identifiers, clock: Callable[[], float]) -> None:
        self._api_key = api_key
        self._ids = ids
        self._clock = clock

    async def chat_completions(self, request: Request) -> Response:
        checked = check_chat(await self._read(request))
        answer = ChatAnswer(checked, ids=self._ids, created=int(self._clock()))
        if checked.get("stream"):
            return _streamed(sse.unnamed(answer.chunks()))
        return _answered(answer.body())

    async def responses(self, request: Request) -> Response:
        checked = check_response(await self._read(request))
        answer = ResponseAnswer(checked, ids=self._ids, created=int(self._clock()))
        if checked.get("stream"):
            return _streamed(sse.named(answer.events()))
        return _answered(answer.body())

    async def realtime(self, websocket: WebSocket) -> None:
        try:
            self._check_key(websocket)
            model = websocket.query_params.get("model")
            if not model:
                raise missing_parameter("model")
            check_realtime_model(model)
        except Refusal as refusal:
            await websocket.send_denial_response(refused(refusal))
            return
        # Uvicorn before 0.53 gives the header as it came, not split.
        offered = ",".join(websocket.scope["subprotocols"]).replace(" ", "").split(",")
        await websocket.accept(SUBPROTOCOL if SUBPROTOCOL in offered else None)
        await _talk(websocket, RealtimeSession(model, ids=self._ids))

    async def _read(self, request: Request) -> JsonObject:
        self._check_key(request)
        return read_object(request.headers.get("content-type"), await request.body())

    def _check_key(self, connection: Request | WebSocket) -> None:
        check_key(connection.headers.get("authorization"), expected=self._api_key)


async def _talk(websocket: WebSocket, session: RealtimeSession) -> None:
    """Move events between a session and its socket until the client goes away."""
    try:
        for event in session.opening():
            await websocket.send_text(to_json(event).decode())
        while True:
            message = await websocket.receive()
            if message["type"] == "websocket.disconnect":
                return
            text: str | None = message.get("text")
            for event in session.receive(message["bytes"] if text is None else text):
                await websocket.send_text(to_json(event).decode())
                await asyncio.sleep(0)  # others get their turn, and a client that leaves is seen
    except WebSocketDisconnect:
        return


async def _no_such_socket(websocket: WebSocket) -> None:
    refusal = unknown_route("WebSocket", websocket.url.path)
    await websocket.send_denial_response(refused(refusal))


async def _refuse(request: Request, refusal: Exception) -> Response:
    del request
    return refused(cast("Refusal", refusal))  # the only one that it is added for


async def _no_such_route(request: Request, error: Exception) -> Response:
    del error
    return refused(unknown_route(request.method, request.url.path))


async def _no_such_method(request: Request, error: Exception) -> Response:
    headers: Mapping[str, str] | None = getattr(error, "headers", None)
    return refused(wrong_method(request.method, request.url.path, headers))


def _answered(body: Mapping[str, object]) -> Response:
    return Response(to_json(body), media_type="application/json")


def _streamed(frames: Iterator[bytes]) -> Response:
    async def each() -> AsyncIterator[bytes]:  # an iterator would be read by another thread
        for frame in frames:
            yield frame

    headers = {"cache-control": "no-cache"}
    return StreamingResponse(each(), headers=headers, media_type=sse.MEDIA_TYPE)
