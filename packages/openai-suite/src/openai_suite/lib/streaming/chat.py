"""The streams of chats and their events, where the official package has them."""

from typing import TYPE_CHECKING

from openai_types.lazy import lazy_exports

if TYPE_CHECKING:
    from openai_stream.chat.events import (
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
    from openai_stream.chat.state import ChatCompletionStreamState
    from openai_stream.chat.streams import (
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

if not TYPE_CHECKING:  # pragma: no branch - type checkers see the names above
    __getattr__, __dir__ = lazy_exports(
        __name__,
        {
            "AsyncChatCompletionStream": "openai_stream.chat.streams",
            "AsyncChatCompletionStreamManager": "openai_stream.chat.streams",
            "ChatCompletionStream": "openai_stream.chat.streams",
            "ChatCompletionStreamEvent": "openai_stream.chat.events",
            "ChatCompletionStreamManager": "openai_stream.chat.streams",
            "ChatCompletionStreamState": "openai_stream.chat.state",
            "ChunkEvent": "openai_stream.chat.events",
            "ContentDeltaEvent": "openai_stream.chat.events",
            "ContentDoneEvent": "openai_stream.chat.events",
            "FunctionToolCallArgumentsDeltaEvent": "openai_stream.chat.events",
            "FunctionToolCallArgumentsDoneEvent": "openai_stream.chat.events",
            "LogprobsContentDeltaEvent": "openai_stream.chat.events",
            "LogprobsContentDoneEvent": "openai_stream.chat.events",
            "LogprobsRefusalDeltaEvent": "openai_stream.chat.events",
            "LogprobsRefusalDoneEvent": "openai_stream.chat.events",
            "ParsedChatCompletionMessageSnapshot": "openai_stream.chat.events",
            "ParsedChatCompletionSnapshot": "openai_stream.chat.events",
            "ParsedChoiceSnapshot": "openai_stream.chat.events",
            "RefusalDeltaEvent": "openai_stream.chat.events",
            "RefusalDoneEvent": "openai_stream.chat.events",
        },
    )
