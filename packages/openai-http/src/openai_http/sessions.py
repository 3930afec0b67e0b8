"""Sessions over WebSockets as a part of a group of operations.

The package openai-realtime opens them. It is loaded when a session is, and need not be installed
for anything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_types.errors import OpenAIError

from openai_http.raw.modes import ModeT
from openai_http.resource import AsyncResource, Resource

if TYPE_CHECKING:
    from openai_realtime import (
        AsyncRealtimeConnectionManager,
        RealtimeConnectionManager,
        WebSocketConnectionOptions,
    )
    from openai_realtime.settings import Headers, Query


class RealtimeSessions(Resource[ModeT]):
    """`connect` of `client.realtime`."""

    __slots__ = ()

    def connect(
        self,
        *,
        model: str | None = None,
        call_id: str | None = None,
        extra_query: Query | None = None,
        extra_headers: Headers | None = None,
        websocket_connection_options: WebSocketConnectionOptions | None = None,
    ) -> RealtimeConnectionManager:
        """Prepare a Realtime session; `with` opens it.

        Raises:
            OpenAIError: the package openai-realtime is not installed, or a setting cannot work.
        """
        try:
            from openai_realtime import Realtime
        except ModuleNotFoundError as error:
            raise _realtime_missing() from error
        return Realtime(self._client).connect(
            model=model,
            call_id=call_id,
            extra_query=extra_query,
            extra_headers=extra_headers,
            websocket_connection_options=websocket_connection_options,
        )


class AsyncRealtimeSessions(AsyncResource[ModeT]):
    """`connect` of `client.realtime`, for asynchronous code."""

    __slots__ = ()

    def connect(
        self,
        *,
        model: str | None = None,
        call_id: str | None = None,
        extra_query: Query | None = None,
        extra_headers: Headers | None = None,
        websocket_connection_options: WebSocketConnectionOptions | None = None,
    ) -> AsyncRealtimeConnectionManager:
        """Prepare a Realtime session; `async with` opens it.

        Raises:
            OpenAIError: the package openai-realtime is not installed, or a setting cannot work.
        """
        try:
            from openai_realtime import AsyncRealtime
        except ModuleNotFoundError as error:
            raise _realtime_missing() from error
        return AsyncRealtime(self._client).connect(
            model=model,
            call_id=call_id,
            extra_query=extra_query,
            extra_headers=extra_headers,
            websocket_connection_options=websocket_connection_options,
        )


def _realtime_missing() -> OpenAIError:
    return OpenAIError(
        "client.realtime.connect needs the package openai-realtime. Install it from where this"
        " package came from; docs/installing.md has the lines."
    )
