"""Realtime sessions over WebSockets, typed in both directions, sync and async.

`connect` opens a session by itself, `Realtime` and `AsyncRealtime` do it with the settings of a
client. The WebSocket library is imported when a session is opened, not before.
"""

from typing import TYPE_CHECKING

from openai_types.lazy import lazy_exports

from openai_realtime.version import __version__

if TYPE_CHECKING:
    from openai_realtime.connection import AsyncRealtimeConnection as AsyncRealtimeConnection
    from openai_realtime.connection import RealtimeConnection as RealtimeConnection
    from openai_realtime.errors import RealtimeClosedError as RealtimeClosedError
    from openai_realtime.errors import RealtimeConnectionError as RealtimeConnectionError
    from openai_realtime.errors import RealtimeError as RealtimeError
    from openai_realtime.manager import (
        AsyncRealtimeConnectionManager as AsyncRealtimeConnectionManager,
    )
    from openai_realtime.manager import RealtimeConnectionManager as RealtimeConnectionManager
    from openai_realtime.manager import connect as connect
    from openai_realtime.options import WebSocketConnectionOptions as WebSocketConnectionOptions
    from openai_realtime.realtime import AsyncRealtime as AsyncRealtime
    from openai_realtime.realtime import Realtime as Realtime
    from openai_realtime.settings import ClientSettings as ClientSettings

__all__ = [
    "AsyncRealtime",
    "AsyncRealtimeConnection",
    "AsyncRealtimeConnectionManager",
    "ClientSettings",
    "Realtime",
    "RealtimeClosedError",
    "RealtimeConnection",
    "RealtimeConnectionError",
    "RealtimeConnectionManager",
    "RealtimeError",
    "WebSocketConnectionOptions",
    "__version__",
    "connect",
]

if not TYPE_CHECKING:  # pragma: no branch - type checkers see the names above
    __getattr__, __dir__ = lazy_exports(
        __name__,
        {
            "AsyncRealtime": "openai_realtime.realtime",
            "AsyncRealtimeConnection": "openai_realtime.connection",
            "AsyncRealtimeConnectionManager": "openai_realtime.manager",
            "ClientSettings": "openai_realtime.settings",
            "Realtime": "openai_realtime.realtime",
            "RealtimeClosedError": "openai_realtime.errors",
            "RealtimeConnection": "openai_realtime.connection",
            "RealtimeConnectionError": "openai_realtime.errors",
            "RealtimeConnectionManager": "openai_realtime.manager",
            "RealtimeError": "openai_realtime.errors",
            "WebSocketConnectionOptions": "openai_realtime.options",
            "connect": "openai_realtime.manager",
        },
    )
