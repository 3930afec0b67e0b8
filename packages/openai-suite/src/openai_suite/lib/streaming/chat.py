"""The streams of chats and their events, where the official package has them."""

from typing import TYPE_CHECKING

from openai_types.lazy import lazy_exports

if TYPE_CHECKING:
    from openai_stream.chat_events import (
        ChatCompletionStreamEvent,
        ChunkEvent,
        ContentDeltaEvent,
        ContentDoneEvent,
        FunctionToolCallArgumentsDeltaEvent,
        FunctionToolCallArgumentsDoneEvent,
        LogprobsContentDeltaEvent,
        LogprobsContentDoneEvent,
        LogprobsRefusalDeltaEvent,
        LogprobsRefusalDoneEvent,
        ParsedChatCompletionMessageSnapshot,
        ParsedChatCompletionSnapshot,
        ParsedChoiceSnapshot,
        RefusalDeltaEvent,
        RefusalDoneEvent,
    )
    from openai_stream.chat_state import ChatCompletionStreamState
    from openai_stream.chat_streams import (
        AsyncChatCompletionStream,
        AsyncChatCompletionStreamManager,
        ChatCompletionStream,
        ChatCompletionStreamManager,
    )

__all__ = [
    "AsyncChatCompletionStream",
    "AsyncChatCompletionStreamManager",
    "ChatCompletionStream",
    "ChatCompletionStreamEvent",
    "ChatCompletionStreamManager",
    "ChatCompletionStreamState",
    "ChunkEvent",
    "ContentDeltaEvent",
    "ContentDoneEvent",
    "FunctionToolCallArgumentsDeltaEvent",
    "FunctionToolCallArgumentsDoneEvent",
    "LogprobsContentDeltaEvent",
    "LogprobsContentDoneEvent",
    "LogprobsRefusalDeltaEvent",
    "LogprobsRefusalDoneEvent",
    "ParsedChatCompletionMessageSnapshot",
    "ParsedChatCompletionSnapshot",
    "ParsedChoiceSnapshot",
    "RefusalDeltaEvent",
    "RefusalDoneEvent",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "AsyncChatCompletionStream": "openai_stream.chat_streams",
        "AsyncChatCompletionStreamManager": "openai_stream.chat_streams",
        "ChatCompletionStream": "openai_stream.chat_streams",
        "ChatCompletionStreamEvent": "openai_stream.chat_events",
        "ChatCompletionStreamManager": "openai_stream.chat_streams",
        "ChatCompletionStreamState": "openai_stream.chat_state",
        "ChunkEvent": "openai_stream.chat_events",
        "ContentDeltaEvent": "openai_stream.chat_events",
        "ContentDoneEvent": "openai_stream.chat_events",
        "FunctionToolCallArgumentsDeltaEvent": "openai_stream.chat_events",
        "FunctionToolCallArgumentsDoneEvent": "openai_stream.chat_events",
        "LogprobsContentDeltaEvent": "openai_stream.chat_events",
        "LogprobsContentDoneEvent": "openai_stream.chat_events",
        "LogprobsRefusalDeltaEvent": "openai_stream.chat_events",
        "LogprobsRefusalDoneEvent": "openai_stream.chat_events",
        "ParsedChatCompletionMessageSnapshot": "openai_stream.chat_events",
        "ParsedChatCompletionSnapshot": "openai_stream.chat_events",
        "ParsedChoiceSnapshot": "openai_stream.chat_events",
        "RefusalDeltaEvent": "openai_stream.chat_events",
        "RefusalDoneEvent": "openai_stream.chat_events",
    },
)
