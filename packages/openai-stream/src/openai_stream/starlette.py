"""A response of Starlette and FastAPI that forwards a stream to a browser; needs `starlette`.

Decides when the stream is closed: as soon as the browser goes away, also while the API is silent.
What the bytes are is decided in `openai_stream.relay.outgoing`.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from openai_types.errors import OpenAIError

from openai_stream.relay.outgoing import AsyncRelay, Relayable, ServerSentEvents

try:
    import anyio
    from starlette.responses import Response
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "openai_stream.starlette needs Starlette, which is not installed. Install the extra with"
        " it: openai-stream[starlette].",
        name=error.name,
    ) from error

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.background import BackgroundTask
    from starlette.types import Receive, Scope, Send

E = TypeVar("E")

Opening: TypeAlias = AbstractAsyncContextManager[Relayable[E, AsyncRelay]]

# A proxy that buffers, compresses or caches would turn the stream into one late answer.
UNBUFFERED = {"cache-control": "no-store, no-transform", "x-accel-buffering": "no"}


class EventStreamResponse(Response):
    """Answers with the events of a stream, each as soon as it is there.

    The stream is closed, and the request to the API with it, when it ends, when the browser goes
    away and when the server stops. Best given the call itself, not awaited: then a browser that
    goes away ends the wait for the API, too, and an API that refuses is told as any other error.
    All errors are told in an event of the name "error", with the API's error object.

        @app.post("/stream")
        async def stream(question: Question) -> EventStreamResponse:
            return EventStreamResponse(
                client.responses.create(model="gpt-5.5", input=question.text, stream=True)
            )

    Args:
        stream: an `AsyncStream`, what opens one on entering, or the call that gives either.
        convert: makes of an event what is sent instead; None leaves it out. As in `to_sse`.
        status_code: the status.
        headers: more headers, or others instead of those that keep proxies from buffering.
        background: a task for afterwards, which runs also if the browser went away.

    Raises:
        TypeError: the stream is none for asynchronous code.
    """

    media_type = "text/event-stream"

    def __init__(
        self,
        stream: Opening[E] | Awaitable[Opening[E]],
        convert: Callable[[E], object] | None = None,
        *,
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
        background: BackgroundTask | None = None,
    ) -> None:
        if not isawaitable(stream) and not hasattr(stream, "__aenter__"):
            raise TypeError(
                f"EventStreamResponse takes a stream for asynchronous code, not a"
                f" {type(stream).__name__}. Use AsyncOpenAI, or give stream.to_sse() to a"
                " StreamingResponse."
            )
        self._stream: Any = stream  # Any: of whatever events
        self._convert: Callable[[Any], object] | None = convert
        self.status_code = status_code
        self.background = background
        self.init_headers(headers)
        for name, value in UNBUFFERED.items():
            self.headers.setdefault(name, value)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events for as long as somebody is there to receive them."""
        del scope
        failure: Exception | None = None
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_end_with_browser, receive, tasks.cancel_scope)
            try:
                await self._send_all(send)
            except OSError:
                pass  # the browser is gone, as some servers tell it
            except Exception as error:  # noqa: BLE001 - raised below, alone instead of in a group
                failure = error
            tasks.cancel_scope.cancel()
        if failure is not None:
            raise failure
        if self.background is not None:
            await self.background()

    async def _send_all(self, send: Send) -> None:
        start = {"type": "http.response.start", "status": self.status_code}
        try:
            await send({**start, "headers": self.raw_headers})
        except BaseException:
            await self._drop()
            raise
        try:
            opening = await self._stream if isawaitable(self._stream) else self._stream
            async with opening as stream:
                async for piece in stream.to_sse(self._convert):
                    await _send_body(send, piece)
        except OpenAIError as error:  # it could not be opened: later ones are told by the relay
            await _send_body(send, ServerSentEvents().error(error))
        await _send_body(send, b"", more=False)

    async def _drop(self) -> None:
        """Let go of what was never begun: an open stream, or a call that was not made yet."""
        close = getattr(self._stream, "close", None)
        closing = close() if close is not None else None
        if isawaitable(closing):
            await closing


async def _send_body(send: Send, piece: bytes, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": piece, "more_body": more})


async def _end_with_browser(receive: Receive, scope: anyio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()
