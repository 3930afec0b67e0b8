"""The streams of responses and their events, where the official package has them."""

from typing import TYPE_CHECKING

from openai_types.lazy import lazy_exports

if TYPE_CHECKING:
    from openai_stream.response_events import (
        ResponseFunctionCallArgumentsDeltaEvent,
        ResponseStreamEvent,
        ResponseTextDeltaEvent,
        ResponseTextDoneEvent,
    )
    from openai_stream.response_streams import (
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

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "AsyncResponseStream": "openai_stream.response_streams",
        "AsyncResponseStreamManager": "openai_stream.response_streams",
        "ResponseFunctionCallArgumentsDeltaEvent": "openai_stream.response_events",
        "ResponseStream": "openai_stream.response_streams",
        "ResponseStreamEvent": "openai_stream.response_events",
        "ResponseStreamManager": "openai_stream.response_streams",
        "ResponseStreamState": "openai_stream.response_streams",
        "ResponseTextDeltaEvent": "openai_stream.response_events",
        "ResponseTextDoneEvent": "openai_stream.response_events",
    },
)
