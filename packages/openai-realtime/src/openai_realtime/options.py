"""Options of the WebSocket itself.

Names are those of `websockets.connect`; times are in seconds, sizes in bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypedDict

if TYPE_CHECKING:
    import ssl as ssl_module
    from collections.abc import Sequence

    from websockets.extensions import ClientExtensionFactory
    from websockets.typing import Subprotocol


class WebSocketConnectionOptions(TypedDict, total=False):
    """What may be set for the WebSocket; the default of each is that of `websockets`.

    `max_size` is the exception: no limit unless one is given, because an event with audio may
    have any size and one that is too large ends the session.
    """

    extensions: Sequence[ClientExtensionFactory] | None
    subprotocols: Sequence[Subprotocol] | None
    compression: str | None
    max_size: int | None
    max_queue: int | tuple[int | None, int | None] | None
    open_timeout: float | None
    ping_interval: float | None
    ping_timeout: float | None
    close_timeout: float | None
    proxy: str | Literal[True] | None
    ssl: ssl_module.SSLContext | None
    write_limit: int | tuple[int, int | None]  # asyncio only; threads write without a buffer
