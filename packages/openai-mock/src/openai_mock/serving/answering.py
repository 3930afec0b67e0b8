"""What every answer has in common: its headers, and that a bug is answered like the API would.

An ASGI middleware. Decides nothing about requests; knows refusals only to write them.
"""

from __future__ import annotations

import logging
from time import perf_counter
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json
from starlette.responses import Response

from openai_mock.errors import MockServerError
from openai_mock.refusals import Refusal, server_failed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from openai_mock.state.ids import Identifiers

    Message = MutableMapping[str, Any]  # Any: ASGI has messages of many shapes
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Message, Receive, Send], Awaitable[None]]

API_VERSION = b"2020-10-01"
_WITH_HEADERS = ("http.response.start", "websocket.accept", "websocket.http.response.start")
_INTERNAL_ERROR = 1011  # RFC 6455, section 7.4.1

logger = logging.getLogger("openai_mock")


def refused(refusal: Refusal) -> Response:
    """The HTTP answer that carries a refusal."""
    return Response(
        to_json({"error": refusal.error}),
        status_code=refusal.status,
        headers=dict(refusal.headers),
        media_type="application/json",
    )


class Answering:
    """Wraps an application.

    Args:
        app: The application.
        ids: Where request ids are from.
    """

    def __init__(self, app: App, ids: Identifiers) -> None:
        self._app = app
        self._ids = ids

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        begun, request_id = perf_counter(), self._ids.new("req_")
        sent: list[str] = []

        async def send_with_headers(message: Message) -> None:
            if message["type"] in _WITH_HEADERS:
                milliseconds = int((perf_counter() - begun) * 1000)
                message["headers"] = [
                    *_kept(message),
                    (b"x-request-id", request_id.encode()),
                    (b"openai-processing-ms", b"%d" % milliseconds),
                    (b"openai-version", API_VERSION),
                ]
            sent.append(message["type"])
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except ConnectionResetError:  # a fault, where the server cannot break a connection off
            raise
        except Exception as error:
            if isinstance(error, MockServerError):
                logger.error("%s", error)  # noqa: TRY400 - no bug, and the message says it all
            else:
                logger.exception("This is a bug in openai-mock, in answering %s", scope["path"])
            await _failed(error, scope, receive, send_with_headers, begun=bool(sent))


def _kept(message: Message) -> list[tuple[bytes, bytes]]:
    """The headers of an answer, as servers take them."""
    headers: list[tuple[bytes, bytes]] = list(message.get("headers", ()))
    if message["type"] != "websocket.http.response.start":
        return headers
    # Uvicorn before 0.53 adds this one itself, whether it is there or not.
    return [(name, value) for name, value in headers if name != b"content-length"]


async def _failed(
    error: Exception, scope: Message, receive: Receive, send: Send, *, begun: bool
) -> None:
    """Answer with a 500, or break off what has begun."""
    if not begun:
        await refused(server_failed(error))(scope, receive, send)
    elif scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": _INTERNAL_ERROR, "reason": "server_error"})
    else:
        raise error
