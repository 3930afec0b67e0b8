"""`client.resume(token)`: going on with a stream that was begun elsewhere, or earlier.

What a token says is known to `resumption_tokens`, how a stream goes on to `resuming`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Unpack

    from openai_stream import AsyncStream, Stream
    from openai_types.responses import ResponseStreamEvent

    from openai_http.operations import Operation
    from openai_http.requests import CallOptions, StreamOptionsParams
    from openai_http.settings import Settings
    from openai_http.streams.resumption_tokens import Place

T = TypeVar("T")
E = TypeVar("E")


class ResumedCalls:
    """`resume` of `OpenAI`."""

    if TYPE_CHECKING:
        _settings: Settings

        def stream(
            self,
            operation: Operation[T, E],
            params: Mapping[str, object],
            options: CallOptions,
            *,
            resumed: Place | None = None,
        ) -> Stream[E]:
            """Of the client."""
            ...

    def resume(
        self, token: str, **options: Unpack[StreamOptionsParams]
    ) -> Stream[ResponseStreamEvent]:
        """Go on with a stream where another one stopped: in another process, or a minute later.

        It gives the events after the last one that was taken from the other stream, none of them
        twice, and none at all if that was the end. If the server does not stream the response any
        more (OpenAI does so for about five minutes), this waits until the response is over and
        gives the event that ends it, which has all of the response. Until that event,
        `stream.partial` has only what this stream gave.

        Args:
            token: what `stream.token` gave, for a stream of a response in the background.
            options: those of every call that streams; its headers and query are not in the token.

        Raises:
            InvalidArgumentError: it is no token, or one of another server.
            NotFoundError: the response is not stored any more.
            APIError: as for every operation.
        """
        place = _place(token, self._settings)
        return self.stream(*_retrieving(place, options), resumed=place)


class AsyncResumedCalls:
    """`resume` of `AsyncOpenAI`."""

    if TYPE_CHECKING:
        _settings: Settings

        async def stream(
            self,
            operation: Operation[T, E],
            params: Mapping[str, object],
            options: CallOptions,
            *,
            resumed: Place | None = None,
        ) -> AsyncStream[E]:
            """Of the client."""
            ...

    async def resume(
        self, token: str, **options: Unpack[StreamOptionsParams]
    ) -> AsyncStream[ResponseStreamEvent]:
        """Go on with a stream where another one stopped: in another process, or a minute later.

        Arguments, events and errors are those of the synchronous method.
        """
        place = _place(token, self._settings)
        return await self.stream(*_retrieving(place, options), resumed=place)


def _place(token: str, settings: Settings) -> Place:
    from openai_http.streams.resumption_tokens import read_token

    return read_token(token, settings.base_url)


# Any: the operation is that of either API.
def _retrieving(
    place: Place, options: StreamOptionsParams
) -> tuple[Operation[Any, ResponseStreamEvent], dict[str, object], CallOptions]:
    from openai_http.requests import CallOptions
    from openai_http.streams.resuming import retrieval

    params: dict[str, object] = {"response_id": place.id, "stream": True}
    if place.number is not None:
        params["starting_after"] = place.number
    return retrieval(place.api), params, CallOptions(**options)
