"""Server-sent events, decoded without I/O, and the typed streams built on them.

`Stream` and `AsyncStream` give the events of a response; `EventReader` is what they share, and
`SSEDecoder` the grammar below it. The rules by which streams end are in `openai_stream.terminal`.
"""

from typing import TYPE_CHECKING

from openai_types.lazy import lazy_exports

from openai_stream.version import __version__

if TYPE_CHECKING:
    from openai_stream.accumulating import Accumulator as Accumulator
    from openai_stream.accumulating import Deriver as Deriver
    from openai_stream.accumulators.beta_responses import (
        BetaResponseAccumulator as BetaResponseAccumulator,
    )
    from openai_stream.accumulators.realtime_responses import (
        RealtimeResponseAccumulator as RealtimeResponseAccumulator,
    )
    from openai_stream.accumulators.responses import ResponseAccumulator as ResponseAccumulator
    from openai_stream.accumulators.runs import RunSnapshot as RunSnapshot
    from openai_stream.chat.events import ChatCompletionStreamEvent as ChatCompletionStreamEvent
    from openai_stream.chat.state import ChatCompletionStreamState as ChatCompletionStreamState
    from openai_stream.chat.streams import AsyncChatCompletionStream as AsyncChatCompletionStream
    from openai_stream.chat.streams import (
        AsyncChatCompletionStreamManager as AsyncChatCompletionStreamManager,
    )
    from openai_stream.chat.streams import ChatCompletionStream as ChatCompletionStream
    from openai_stream.chat.streams import (
        ChatCompletionStreamManager as ChatCompletionStreamManager,
    )
    from openai_stream.decoders.ndjson import NDJSONDecoder as NDJSONDecoder
    from openai_stream.decoders.sse import ServerSentEvent as ServerSentEvent
    from openai_stream.decoders.sse import SSEDecoder as SSEDecoder
    from openai_stream.derived import AsyncDerivedStream as AsyncDerivedStream
    from openai_stream.derived import DerivedStream as DerivedStream
    from openai_stream.errors import (
        ContentFilterFinishReasonError as ContentFilterFinishReasonError,
    )
    from openai_stream.errors import EventTooLargeError as EventTooLargeError
    from openai_stream.errors import LengthFinishReasonError as LengthFinishReasonError
    from openai_stream.errors import NotAStreamError as NotAStreamError
    from openai_stream.errors import NothingInStreamError as NothingInStreamError
    from openai_stream.errors import StreamDecodeError as StreamDecodeError
    from openai_stream.errors import StreamStalledError as StreamStalledError
    from openai_stream.errors import StreamTruncatedError as StreamTruncatedError
    from openai_stream.errors import StructuredOutputError as StructuredOutputError
    from openai_stream.managers import AsyncStreamManager as AsyncStreamManager
    from openai_stream.managers import StreamManager as StreamManager
    from openai_stream.outcomes import Outcome as Outcome
    from openai_stream.parsing.partial_json import PartialJSON as PartialJSON
    from openai_stream.parsing.partial_json import parse_partial as parse_partial
    from openai_stream.parsing.structured import CompletedPart as CompletedPart
    from openai_stream.parsing.structured import StructuredOutput as StructuredOutput
    from openai_stream.reader import EventReader as EventReader
    from openai_stream.relay.outgoing import AsyncRelay as AsyncRelay
    from openai_stream.relay.outgoing import Relay as Relay
    from openai_stream.responses.streams import AsyncResponseStream as AsyncResponseStream
    from openai_stream.responses.streams import (
        AsyncResponseStreamManager as AsyncResponseStreamManager,
    )
    from openai_stream.responses.streams import ResponseStream as ResponseStream
    from openai_stream.responses.streams import ResponseStreamManager as ResponseStreamManager
    from openai_stream.responses.streams import ResponseStreamState as ResponseStreamState
    from openai_stream.runs.streams import AssistantEventHandler as AssistantEventHandler
    from openai_stream.runs.streams import AssistantStreamManager as AssistantStreamManager
    from openai_stream.runs.streams import AsyncAssistantEventHandler as AsyncAssistantEventHandler
    from openai_stream.runs.streams import (
        AsyncAssistantStreamManager as AsyncAssistantStreamManager,
    )
    from openai_stream.sources import AsyncByteSource as AsyncByteSource
    from openai_stream.sources import ByteSource as ByteSource
    from openai_stream.stream import AsyncStream as AsyncStream
    from openai_stream.stream import Stream as Stream
    from openai_stream.terminal import TerminalContract as TerminalContract

__all__ = [
    "Accumulator",
    "AssistantEventHandler",
    "AssistantStreamManager",
    "AsyncAssistantEventHandler",
    "AsyncAssistantStreamManager",
    "AsyncByteSource",
    "AsyncChatCompletionStream",
    "AsyncChatCompletionStreamManager",
    "AsyncDerivedStream",
    "AsyncRelay",
    "AsyncResponseStream",
    "AsyncResponseStreamManager",
    "AsyncStream",
    "AsyncStreamManager",
    "BetaResponseAccumulator",
    "ByteSource",
    "ChatCompletionStream",
    "ChatCompletionStreamEvent",
    "ChatCompletionStreamManager",
    "ChatCompletionStreamState",
    "CompletedPart",
    "ContentFilterFinishReasonError",
    "DerivedStream",
    "Deriver",
    "EventReader",
    "EventTooLargeError",
    "LengthFinishReasonError",
    "NDJSONDecoder",
    "NotAStreamError",
    "NothingInStreamError",
    "Outcome",
    "PartialJSON",
    "RealtimeResponseAccumulator",
    "Relay",
    "ResponseAccumulator",
    "ResponseStream",
    "ResponseStreamManager",
    "ResponseStreamState",
    "RunSnapshot",
    "SSEDecoder",
    "ServerSentEvent",
    "Stream",
    "StreamDecodeError",
    "StreamManager",
    "StreamStalledError",
    "StreamTruncatedError",
    "StructuredOutput",
    "StructuredOutputError",
    "TerminalContract",
    "__version__",
    "parse_partial",
]

if not TYPE_CHECKING:  # pragma: no branch - type checkers see the names above
    __getattr__, __dir__ = lazy_exports(
        __name__,
        {
            "Accumulator": "openai_stream.accumulating",
            "AssistantEventHandler": "openai_stream.runs.streams",
            "AssistantStreamManager": "openai_stream.runs.streams",
            "AsyncAssistantEventHandler": "openai_stream.runs.streams",
            "AsyncAssistantStreamManager": "openai_stream.runs.streams",
            "AsyncByteSource": "openai_stream.sources",
            "AsyncChatCompletionStream": "openai_stream.chat.streams",
            "AsyncChatCompletionStreamManager": "openai_stream.chat.streams",
            "AsyncDerivedStream": "openai_stream.derived",
            "AsyncRelay": "openai_stream.relay.outgoing",
            "AsyncResponseStream": "openai_stream.responses.streams",
            "AsyncResponseStreamManager": "openai_stream.responses.streams",
            "AsyncStream": "openai_stream.stream",
            "AsyncStreamManager": "openai_stream.managers",
            "BetaResponseAccumulator": "openai_stream.accumulators.beta_responses",
            "ByteSource": "openai_stream.sources",
            "ChatCompletionStream": "openai_stream.chat.streams",
            "ChatCompletionStreamEvent": "openai_stream.chat.events",
            "ChatCompletionStreamManager": "openai_stream.chat.streams",
            "ChatCompletionStreamState": "openai_stream.chat.state",
            "CompletedPart": "openai_stream.parsing.structured",
            "ContentFilterFinishReasonError": "openai_stream.errors",
            "DerivedStream": "openai_stream.derived",
            "Deriver": "openai_stream.accumulating",
            "EventReader": "openai_stream.reader",
            "EventTooLargeError": "openai_stream.errors",
            "LengthFinishReasonError": "openai_stream.errors",
            "NDJSONDecoder": "openai_stream.decoders.ndjson",
            "NotAStreamError": "openai_stream.errors",
            "NothingInStreamError": "openai_stream.errors",
            "Outcome": "openai_stream.outcomes",
            "PartialJSON": "openai_stream.parsing.partial_json",
            "RealtimeResponseAccumulator": "openai_stream.accumulators.realtime_responses",
            "Relay": "openai_stream.relay.outgoing",
            "ResponseAccumulator": "openai_stream.accumulators.responses",
            "ResponseStream": "openai_stream.responses.streams",
            "ResponseStreamManager": "openai_stream.responses.streams",
            "ResponseStreamState": "openai_stream.responses.streams",
            "RunSnapshot": "openai_stream.accumulators.runs",
            "SSEDecoder": "openai_stream.decoders.sse",
            "ServerSentEvent": "openai_stream.decoders.sse",
            "Stream": "openai_stream.stream",
            "StreamDecodeError": "openai_stream.errors",
            "StreamManager": "openai_stream.managers",
            "StreamStalledError": "openai_stream.errors",
            "StreamTruncatedError": "openai_stream.errors",
            "StructuredOutput": "openai_stream.parsing.structured",
            "StructuredOutputError": "openai_stream.errors",
            "TerminalContract": "openai_stream.terminal",
            "parse_partial": "openai_stream.parsing.partial_json",
        },
    )
