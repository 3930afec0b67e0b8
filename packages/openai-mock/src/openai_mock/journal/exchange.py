"""A request and its answer, or a WebSocket, as records to look at and to compare.

They hold data without secrets and do nothing. How they come to be is in `recording`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from openai_types.errors import DecodeError

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.datastructures import Headers, QueryParams

    from openai_mock.journal.problems import Problem

Ended = Literal["complete", "client left", "fault", "server error"]
Direction = Literal["in", "out"]

SHOWN = 60  # characters of text that a repr shows


@dataclass(frozen=True, slots=True, repr=False)
class Content:
    """The headers and the body of a message.

    Attributes:
        headers: Found in any case; secrets are replaced by `[removed]`.
        body: The bytes, as far as they were kept; secrets are replaced by `[removed]`.
        dropped: How many bytes more there were, which the journal did not keep.
    """

    headers: Headers
    body: bytes
    dropped: int

    @property
    def text(self) -> str:
        """The body as text; what is not UTF-8 is replaced by U+FFFD."""
        return self.body.decode(errors="replace")

    def json(self) -> Any:  # Any: JSON, to look into without casts
        """The body as JSON.

        Raises:
            DecodeError: It is not JSON, or was not kept as a whole.
        """
        if self.dropped:
            raise DecodeError(
                f"Only the first {len(self.body)} bytes of this body were kept, and {self.dropped} "
                "were dropped. Pass a Journal with a larger body_limit to read it as JSON.",
                data=self.body,
            )
        return _json(self.body, "body")

    @property
    def content_type(self) -> str:
        """The media type without its parameters, or an empty text."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def _size(self) -> str:
        more = f" and {self.dropped} dropped" if self.dropped else ""
        return f"{len(self.body)} bytes{more}"


@dataclass(frozen=True, slots=True, repr=False)
class Request(Content):
    """What came in.

    Attributes:
        method: In capitals; `WEBSOCKET` for a WebSocket.
        path: Without the query, decoded.
        query: Its parameters; `getlist` has those that were sent several times.
        read: Whether the server read the body to its end. Refusals often do not.
    """

    method: str
    path: str
    query: QueryParams
    read: bool

    def json(self) -> Any:  # Any: JSON, to look into without casts
        """The body as JSON.

        Raises:
            DecodeError: It is not JSON, was not read to its end, or was not kept as a whole.
        """
        if not self.read:
            raise DecodeError(
                "The server answered without reading this body to its end: look at the response, "
                "which says why.",
                data=self.body,
            )
        return Content.json(self)

    def __repr__(self) -> str:
        query = f"?{self.query}" if self.query else ""
        return f"<Request {self.method} {self.path}{query}, {self._size()}>"


@dataclass(frozen=True, slots=True)
class Event:
    """One server-sent event of a streamed answer.

    Attributes:
        at: Seconds since the request came.
        name: The event's name, or None if it has none.
        data: The data as text; several lines are joined by a line feed.
    """

    at: float
    name: str | None
    data: str

    def json(self) -> Any:  # Any: JSON, to look into without casts
        """The data as JSON.

        Raises:
            DecodeError: It is not JSON, as the `[DONE]` at the end of chat completions.
        """
        return _json(self.data.encode(), "data of this event")


@dataclass(frozen=True, slots=True, repr=False)
class Response(Content):
    """What went out over HTTP.

    Attributes:
        status: The HTTP status; 101 for a WebSocket that was accepted.
        events: What a stream of events has sent so far.
    """

    status: int
    events: tuple[Event, ...]

    def __repr__(self) -> str:
        events = f", {len(self.events)} events" if self.events else ""
        return f"<Response {self.status}, {self._size()}{events}>"


@dataclass(frozen=True, slots=True)
class Frame:
    """One message of a WebSocket.

    Attributes:
        at: Seconds since the request came.
        direction: "in" from the client, "out" from the server.
        data: Text or bytes, as the frame was.
    """

    at: float
    direction: Direction
    data: str | bytes

    def json(self) -> Any:  # Any: JSON, to look into without casts
        """The data as JSON.

        Raises:
            DecodeError: It is not JSON.
        """
        data = self.data if isinstance(self.data, bytes) else self.data.encode()
        return _json(data, "data of this frame")


@dataclass(frozen=True, slots=True)
class Close:
    """How a WebSocket was closed.

    Attributes:
        code: By section 7.4 of RFC 6455; 1006 if the connection broke.
        reason: What the one who closed it said.
        by: Who closed it.
    """

    code: int
    reason: str
    by: Literal["client", "server"]


@dataclass(frozen=True, slots=True, repr=False)
class Exchange:
    """A request and what became of it, as it was when it was looked at.

    Attributes:
        number: Counts the requests of a server from 1.
        operation: What clients call it, such as `responses.create`; None if there is none.
        model: The model that the request names, or None.
        request: What came in.
        response: What went out; None while nothing has.
        frames: The messages of a WebSocket, both ways.
        frames_dropped: How many older frames were not kept.
        close: How a WebSocket was closed.
        started: When the request came.
        duration: Seconds until its end; None while it goes on.
        ended: How it ended; None while it goes on. An error that is answered is "complete", and
            "fault" is a connection that a fault broke off.
        problem: What was wrong and what to do, if anything was.
    """

    number: int
    operation: str | None
    model: str | None
    request: Request
    response: Response | None
    frames: tuple[Frame, ...]
    frames_dropped: int
    close: Close | None
    started: datetime
    duration: float | None
    ended: Ended | None
    problem: Problem | None

    @property
    def method(self) -> str:
        """The method of the request."""
        return self.request.method

    @property
    def path(self) -> str:
        """The path of the request."""
        return self.request.path

    @property
    def query(self) -> QueryParams:
        """The query of the request."""
        return self.request.query

    @property
    def headers(self) -> Headers:
        """The headers of the request."""
        return self.request.headers

    @property
    def body(self) -> bytes:
        """The body of the request."""
        return self.request.body

    @property
    def status(self) -> int | None:
        """The status of the response; None while there is none."""
        return self.response and self.response.status

    def json(self) -> Any:  # Any: JSON, to look into without casts
        """The body of the request as JSON.

        Raises:
            DecodeError: It is not JSON, was not read to its end, or was not kept as a whole.
        """
        return self.request.json()

    def __repr__(self) -> str:
        """One line, as assertions that fail show it."""
        names = ", ".join(filter(None, (self.operation, self.model)))
        said = f"#{self.number} {self.method} {self.path}{f' ({names})' if names else ''}"
        return f"<{said}: {self._outcome()}>"

    def _outcome(self) -> str:
        outcome = "no answer" if self.status is None else str(self.status)
        if self.ended is None:
            return f"{outcome} so far"
        if self.ended != "complete":
            return f"{outcome}, {self.ended}"
        if self.problem:
            about = f" about {self.problem.param}" if self.problem.param else ""
            return f"{outcome} {self.problem.code or self.problem.message[:SHOWN]}{about}"
        return outcome


def _json(data: bytes, what: str) -> Any:  # Any: JSON, to look into without casts
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        shown = data[:SHOWN].decode(errors="replace")
        message = f"The {what} is not JSON: {error}. It begins with {shown!r}."
        raise DecodeError(message, data=data) from error
