"""What a tape is made of: requests, and what came back for each, with times.

Decides nothing. Knows neither how it is written in a file nor how it travels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

JsonObject: TypeAlias = dict[str, Any]  # Any: JSON
Headers: TypeAlias = tuple[tuple[str, str], ...]
Side: TypeAlias = Literal["client", "server"]
Ending: TypeAlias = Literal["complete", "cut", "reset", "timeout", "abandoned", "closed"]

WEBSOCKET = "WEBSOCKET"  # stands where the method of another request stands


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked, without secrets and in the form in which requests are compared.

    Attributes:
        method: The method, or `WEBSOCKET`.
        path: The path with the query, without the host.
        headers: Those that say something about the content.
        body: Empty for no body; else the body under its kind: `json`, `text`, `base64`,
            `multipart` or `sha256`.
    """

    method: str
    path: str
    headers: Headers
    body: JsonObject

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Head:
    """The status and the headers of an answer; also of one that refuses a WebSocket."""

    status: int
    headers: Headers
    ms: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of the body of an answer, as it was received."""

    data: bytes
    ms: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """A WebSocket is open."""

    subprotocol: str | None
    ms: int


@dataclass(frozen=True, slots=True)
class Message:
    """A message on a WebSocket: text or bytes, as it was sent."""

    sender: Side
    data: str | bytes
    ms: int


@dataclass(frozen=True, slots=True)
class End:
    """How it ended.

    Attributes:
        how: `complete` for an answer that is whole and `closed` for a WebSocket that was closed;
            `cut` where the connection ended before that, `reset` where it was reset, `timeout`
            where the server fell silent, `abandoned` where the client went away.
        ms: When, in milliseconds since the request.
        by: Who closed the WebSocket.
        code: With which code.
        reason: With which reason.
    """

    how: Ending
    ms: int
    by: Side | None = None
    code: int | None = None
    reason: str = ""


Event: TypeAlias = Head | Chunk | Accepted | Message | End


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and everything that followed; its last event is an `End`.

    Attributes:
        number: The place of the request among all of the recording.
        request: The request.
        events: What followed, in the order in which it happened.
    """

    number: int
    request: Request
    events: tuple[Event, ...]

    def __str__(self) -> str:
        return f"number {self.number}, {self.request}"
