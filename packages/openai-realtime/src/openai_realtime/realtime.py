"""Sessions with the settings of a client: what `client.realtime` is.

Decides nothing but which settings a session takes from its client. The client is known by the
`ClientSettings` protocol alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_realtime.manager import AsyncRealtimeConnectionManager, RealtimeConnectionManager
from openai_realtime.settings import ClientSettings, ConnectionSettings, Headers, Query, from_client

if TYPE_CHECKING:
    from openai_realtime.options import WebSocketConnectionOptions


class _Realtime:
    def __init__(self, client: ClientSettings) -> None:
        self._client = client

    def _settings(
        self,
        model: str | None,
        call_id: str | None,
        extra_query: Query | None,
        extra_headers: Headers | None,
    ) -> ConnectionSettings:
        query = {"model": model, "call_id": call_id, **(extra_query or {})}
        return from_client(self._client, extra_headers=extra_headers, query=query)


class Realtime(_Realtime):
    """`client.realtime` of a synchronous client; its sessions work with `async with` as well."""

    def connect(
        self,
        *,
        model: str | None = None,
        call_id: str | None = None,
        extra_query: Query | None = None,
        extra_headers: Headers | None = None,
        websocket_connection_options: WebSocketConnectionOptions | None = None,
    ) -> RealtimeConnectionManager:
        """Prepare a session; `with` opens it. The arguments are those of `connect`.

        Raises:
            OpenAIError: A setting is missing or cannot work; the message names it and the remedy.
        """
        settings = self._settings(model, call_id, extra_query, extra_headers)
        return RealtimeConnectionManager(settings, websocket_connection_options)


class AsyncRealtime(_Realtime):
    """`client.realtime` of an asynchronous client."""

    def connect(
        self,
        *,
        model: str | None = None,
        call_id: str | None = None,
        extra_query: Query | None = None,
        extra_headers: Headers | None = None,
        websocket_connection_options: WebSocketConnectionOptions | None = None,
    ) -> AsyncRealtimeConnectionManager:
        """Prepare a session; `async with` opens it. The arguments are those of `connect`.

        Raises:
            OpenAIError: A setting is missing or cannot work; the message names it and the remedy.
        """
        settings = self._settings(model, call_id, extra_query, extra_headers)
        return AsyncRealtimeConnectionManager(settings, websocket_connection_options)
