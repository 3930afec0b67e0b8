"""The streams of responses and their events, where the official package has them."""

from typing import TYPE_CHECKING

from openai_types.lazy import lazy_exports

if TYPE_CHECKING:
    from openai_stream.responses.events import (
        ResponseFunctionCallArgumentsDeltaEvent,
        ResponseStreamEvent,
        ResponseTextDeltaEvent,
        ResponseTextDoneEvent,
    )
    from openai_stream.responses.streams import (
        AsyncResponseStream,
        AsyncResponseStreamManager,
        ResponseStream,
        ResponseStreamManager,
        ResponseStreamState,
    )

__all__ = [
    "AsyncResponseStream",
    "AsyncResponseStreamManager",
    "ResponseFunctionCallArgumentsDeltaEvent",
    "ResponseStream",
    "ResponseStreamEvent",
    "ResponseStreamManager",
    "ResponseStreamState",
    "ResponseTextDeltaEvent",
    "ResponseTextDoneEvent",
]

if not TYPE_CHECKING:  # pragma: no branch - type checkers see the names above
    __getattr__, __dir__ = lazy_exports(
        __name__,
        {
            "AsyncResponseStream": "openai_stream.responses.streams",
            "AsyncResponseStreamManager": "openai_stream.responses.streams",
            "ResponseFunctionCallArgumentsDeltaEvent": "openai_stream.responses.events",
            "ResponseStream": "openai_stream.responses.streams",
            "ResponseStreamEvent": "openai_stream.responses.events",
            "ResponseStreamManager": "openai_stream.responses.streams",
            "ResponseStreamState": "openai_stream.responses.streams",
            "ResponseTextDeltaEvent": "openai_stream.responses.events",
            "ResponseTextDoneEvent": "openai_stream.responses.events",
        },
    )
