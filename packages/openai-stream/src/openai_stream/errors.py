"""The errors of a stream; each carries the events that arrived before it, in `events`.

    APIError
    ├── StreamTruncatedError    it ended without what its API ends with
    ├── StreamDecodeError       an event is not what its API describes
    └── EventTooLargeError      an event grew past the limit

An error that the server reports inside the stream is a plain `APIError`.
"""

from __future__ import annotations

from openai_types.errors import APIError


class StreamTruncatedError(APIError):
    """The stream ended early: what arrived is a part of the answer, not the answer."""


class StreamDecodeError(APIError):
    """An event is not JSON, or not of the shape that its API describes.

    Attributes:
        data: the event's data, as received.
    """

    def __init__(self, message: str, *, data: bytes) -> None:
        super().__init__(message)
        self.data = data


class EventTooLargeError(APIError):
    """A single event grew past the limit, so that it was not kept."""
