"""Options of WebSocket connections and what is told of a reconnection: the client's own types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence  # noqa: TC003 - these annotations can be evaluated
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from typing_extensions import TypedDict

if TYPE_CHECKING:
    from websockets import Subprotocol
    from websockets.extensions import ClientExtensionFactory


class SyncWebSocketConnectionOptions(TypedDict, total=False):
    """What `websockets.sync.client.connect` takes beside the address."""

    extensions: Sequence[ClientExtensionFactory] | None
    """Extensions, in the order in which they are offered and applied."""
    subprotocols: Sequence[Subprotocol] | None
    """Subprotocols, the preferred one first."""
    compression: str | None
    """`"deflate"` to offer it, None to do without."""
    max_size: int | None
    """The most bytes that a message may have; None for no limit."""
    max_queue: int | tuple[int | None, int | None] | None
    """How many frames wait before reading pauses; a pair of a high and a low mark."""


class WebSocketConnectionOptions(SyncWebSocketConnectionOptions, total=False):
    """What `websockets.asyncio.client.connect` takes beside the address."""

    write_limit: int | tuple[int, int | None]
    """How many bytes wait before writing pauses; a pair of a high and a low mark."""


WebsocketConnectionOptions: TypeAlias = WebSocketConnectionOptions
"""The same, as it was spelled first."""


@dataclass(frozen=True)
class ReconnectingEvent:
    """A connection was lost and is about to be made again.

    Attributes:
        attempt: the number of the attempt, from 1.
        max_attempts: how many there will be.
        delay: the seconds until the attempt.
        close_code: the code with which the connection closed.
        extra_query: the query with which it was made.
        extra_headers: the headers with which it was made.
    """

    attempt: int
    max_attempts: int
    delay: float
    close_code: int
    extra_query: Mapping[str, object]
    extra_headers: Mapping[str, str]


class ReconnectingOverrides(TypedDict, total=False):
    """What a handler of `ReconnectingEvent` may change."""

    extra_query: Mapping[str, object]
    """The query from now on."""
    extra_headers: Mapping[str, str]
    """The headers from now on."""
    abort: bool
    """True to give up."""
