"""A request as a client sent it, and the same request as a tape has it.

Decides which of its headers a tape keeps. The same function writes the requests of a recording
and those that a replay is asked, so that both are compared in one form.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from openai_mock.recorder.bodies import described, without_boundary
from openai_mock.recorder.exchange import WEBSOCKET, Request
from openai_mock.recorder.headers import ABOUT_CONTENT, first

if TYPE_CHECKING:
    from openai_mock.recorder.headers import RawHeaders
    from openai_mock.recorder.redaction import Redactor


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, secrets included.

    Attributes:
        method: The method, or `WEBSOCKET`.
        path: The path as it was sent, encoded.
        query: The query as it was sent, without the question mark.
        headers: As they were sent, with their names in lower case.
        body: As it was sent.
        subprotocols: Those that are offered for a WebSocket.
    """

    method: str
    path: bytes
    query: bytes
    headers: RawHeaders = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    subprotocols: tuple[str, ...] = field(default=(), repr=False)

    @property
    def is_websocket(self) -> bool:
        """Whether it opens a WebSocket."""
        return self.method == WEBSOCKET

    @property
    def target(self) -> bytes:
        """The path with the query."""
        return self.path + (b"?" + self.query if self.query else b"")


def written(asked: Asked, redactor: Redactor) -> Request:
    """The request as a tape has it; the redactor learns the secrets that it came with."""
    redactor.learn(asked.headers, asked.query)
    content_type = first(asked.headers, "content-type")
    body = described(
        asked.body,
        content_type=content_type,
        content_encoding=first(asked.headers, "content-encoding"),
        redactor=redactor,
    )
    headers = [
        (name.decode("latin-1"), redactor.removed(value.decode("latin-1")))
        for name, value in asked.headers
        if name.decode("latin-1") in ABOUT_CONTENT
    ]
    kept = tuple(
        (name, without_boundary(value) if name == "content-type" else value)
        for name, value in headers
    )
    path = redactor.removed_from_url(asked.target.decode("latin-1"))
    return Request(asked.method, path, () if asked.is_websocket else kept, body)
