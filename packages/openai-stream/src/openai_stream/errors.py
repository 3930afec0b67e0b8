"""The errors of a stream; each carries what arrived before it, in `partial` and `events`.

    APIError
    ├── StreamTruncatedError    it ended without what its API ends with
    ├── StreamStalledError      no event came for too long
    ├── StreamDecodeError       an event is not what its API describes
    ├── NotAStreamError         the answer is no stream of events at all
    └── EventTooLargeError      an event grew past the limit

    DecodeError
    └── StructuredOutputError   what a model wrote is not of the type that it was asked for

    OpenAIError
    ├── LengthFinishReasonError         what was to be parsed was cut at its token limit
    ├── ContentFilterFinishReasonError  what was to be parsed was stopped by a content filter
    └── NothingInStreamError            what was asked for did not come, in a stream that is whole

An error that the server reports inside the stream is a plain `APIError`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_types.errors import APIError, DecodeError, OpenAIError

if TYPE_CHECKING:
    from openai_types.chat import ChatCompletion
    from openai_types.wire import RequestLike


class StreamTruncatedError(APIError):
    """The stream ended early: what arrived is a part of the answer, not the answer."""

    ends_stream = "truncated"


class StreamStalledError(APIError):
    """No event came for too long; what keeps a connection alive is no event.

    Attributes:
        limit: the name of the limit, "first_event_timeout" or "idle_timeout".
        seconds: the limit.
    """

    ends_stream = "stalled"

    def __init__(
        self, message: str, request: RequestLike | None = None, *, limit: str, seconds: float
    ) -> None:
        super().__init__(message, request)
        self.limit = limit
        self.seconds = seconds


class StreamDecodeError(APIError):
    """An event is not JSON, or not of the shape that its API describes.

    Attributes:
        data: the event's data, as received.
    """

    def __init__(self, message: str, *, data: bytes) -> None:
        super().__init__(message)
        self.data = data


class NotAStreamError(APIError):
    """The answer is JSON or a page instead of a stream of events.

    Attributes:
        data: the answer, as received, up to a size.
    """

    def __init__(self, message: str, *, data: bytes) -> None:
        super().__init__(message)
        self.data = data


class EventTooLargeError(APIError):
    """A single event grew past the limit, so that it was not kept."""


class StructuredOutputError(DecodeError):
    """What a model wrote is not of the type that it was asked for.

    Attributes:
        data: what it wrote, in UTF-8.
    """

    @property
    def text(self) -> str:
        """What the model wrote."""
        return self.data.decode(errors="replace")


class NothingInStreamError(OpenAIError, RuntimeError):
    """What was asked for did not come, though the stream is whole."""

    def __init__(self, what: str, event: str) -> None:
        super().__init__(
            f"There was no {what} in the stream: no event {event!r} came, nor any that follows it."
            " See `partial` for what did, and what the server or a proxy makes of this API."
        )


class LengthFinishReasonError(OpenAIError):
    """A completion that was to be parsed ended at its token limit.

    Attributes:
        completion: what arrived.
    """

    completion: ChatCompletion

    def __init__(self, *, completion: ChatCompletion) -> None:
        usage = f" after {completion.usage.completion_tokens} tokens" if completion.usage else ""
        super().__init__(
            f"The completion was cut at its token limit{usage}, so it cannot be parsed. Raise"
            " max_completion_tokens; what arrived is in .completion."
        )
        self.completion = completion


class ContentFilterFinishReasonError(OpenAIError):
    """A completion that was to be parsed was stopped by a content filter.

    Attributes:
        completion: what arrived, if anything did.
    """

    completion: ChatCompletion | None

    def __init__(self, *, completion: ChatCompletion | None = None) -> None:
        super().__init__(
            "The completion was stopped by a content filter, so it cannot be parsed. Change the"
            " prompt; what arrived is in .completion."
        )
        self.completion = completion
