"""Open a session on entering and close it on leaving.

Decides when the WebSocket library is imported: here, when a session is opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_types.keys import ask, ask_async

from openai_realtime.settings import ConnectionSettings, Headers, Query, from_environment

if TYPE_CHECKING:
    from types import TracebackType

    from openai_types.keys import KeyFunction

    from openai_realtime.connection import AsyncRealtimeConnection, RealtimeConnection
    from openai_realtime.options import WebSocketConnectionOptions


class _Manager:
    """What both managers share: the settings, and `async with`."""

    _async_connection: AsyncRealtimeConnection

    def __init__(
        self, settings: ConnectionSettings, options: WebSocketConnectionOptions | None
    ) -> None:
        self._settings = settings
        self._options: WebSocketConnectionOptions = options or {}

    async def __aenter__(self) -> AsyncRealtimeConnection:
        """Open the connection for asyncio.

        Raises:
            RealtimeConnectionError: It could not be opened; the message says why and what helps.
        """
        from openai_realtime.connection import AsyncRealtimeConnection
        from openai_realtime.transport import open_async_websocket

        settings = self._settings
        if settings.key_function is not None:
            settings = settings.with_key(await ask_async(settings.key_function))
        websocket = await open_async_websocket(settings, self._options)
        self._async_connection = AsyncRealtimeConnection(websocket)
        return self._async_connection

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        await self._async_connection.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._settings.endpoint!r})"


class AsyncRealtimeConnectionManager(_Manager):
    """Opens a session for asyncio: `async with`, or `await manager.enter()` and `close()`."""

    async def enter(self) -> AsyncRealtimeConnection:
        """Open the connection; whoever calls this closes it.

        Raises:
            RealtimeConnectionError: It could not be opened; the message says why and what helps.
        """
        return await self.__aenter__()


class RealtimeConnectionManager(_Manager):
    """Opens a session: `with` or `enter()` for threads, `async with` for asyncio."""

    _connection: RealtimeConnection

    def __enter__(self) -> RealtimeConnection:
        """Open the connection for threads.

        Raises:
            RealtimeConnectionError: It could not be opened; the message says why and what helps.
        """
        from openai_realtime.connection import RealtimeConnection
        from openai_realtime.transport import open_websocket

        settings = self._settings
        if settings.key_function is not None:
            settings = settings.with_key(ask(settings.key_function))
        self._connection = RealtimeConnection(open_websocket(settings, self._options))
        return self._connection

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        self._connection.close()

    def enter(self) -> RealtimeConnection:
        """Open the connection for threads; whoever calls this closes it.

        Raises:
            RealtimeConnectionError: It could not be opened; the message says why and what helps.
        """
        return self.__enter__()


def connect(
    *,
    model: str | None = None,
    call_id: str | None = None,
    api_key: str | KeyFunction | None = None,
    base_url: str | None = None,
    organization: str | None = None,
    project: str | None = None,
    extra_headers: Headers | None = None,
    extra_query: Query | None = None,
    websocket_connection_options: WebSocketConnectionOptions | None = None,
) -> RealtimeConnectionManager:
    """Prepare a session; `with` or `async with` opens it.

    Args:
        model: The model to talk to.
        call_id: The SIP or WebRTC call to join instead.
        api_key: The key, or a function that gives it when the session is opened, or else
            OPENAI_API_KEY.
        base_url: The URL of the API with its version, or else OPENAI_BASE_URL; http and ws are
            unencrypted, https and wss encrypted.
        organization: The organization to bill, or else OPENAI_ORG_ID.
        project: The project to bill, or else OPENAI_PROJECT_ID.
        extra_headers: Headers of the handshake; they replace those of the same name.
        extra_query: More query parameters.
        websocket_connection_options: Options of the WebSocket itself.

    Raises:
        OpenAIError: A setting is missing or cannot work; the message names it and the remedy.
    """
    settings = from_environment(
        api_key=api_key,
        base_url=base_url,
        organization=organization,
        project=project,
        extra_headers=extra_headers,
        query={"model": model, "call_id": call_id, **(extra_query or {})},
    )
    return RealtimeConnectionManager(settings, websocket_connection_options)
