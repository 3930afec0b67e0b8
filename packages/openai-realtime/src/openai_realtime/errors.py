"""The errors of a Realtime session.

Decides what an error carries. What a failure means and what helps against it is decided by
`handshake` (before the session) and `closing` (after it has begun).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_types.errors import OpenAIError

if TYPE_CHECKING:
    from collections.abc import Iterable


class RealtimeError(OpenAIError):
    """Base of all errors of a Realtime session."""


class RealtimeConnectionError(RealtimeError):
    """The connection could not be opened.

    Attributes:
        status_code: The HTTP status with which the server refused, None if it never answered.
        body: The body of that answer, with credentials blotted out; empty if there was none.
    """

    status_code: int | None
    body: bytes

    def __init__(self, message: str, *, status_code: int | None = None, body: bytes = b"") -> None:
        super().__init__(message)
        self.status_code = status_code
        self.body = body


class RealtimeClosedError(RealtimeError):
    """The connection is closed: it broke, the server ended it, or it was closed before.

    Iterating a connection ends without this error when the session was closed normally.

    Attributes:
        code: The close code of RFC 6455 section 7.4; 1006 if the connection broke.
        reason: The text that came with the code, often empty.
        normal: Whether this is the regular end of a session.
        session_id: The id of the session, if the server had told it.
        events: Everything received of the responses that were still in progress.
    """

    code: int
    reason: str
    normal: bool
    session_id: str | None
    events: list[object]

    def __init__(
        self,
        message: str,
        *,
        code: int,
        reason: str = "",
        normal: bool = False,
        session_id: str | None = None,
        events: Iterable[object] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.normal = normal
        self.session_id = session_id
        self.events = list(events)
