"""Server-sent events, decoded without I/O, and the typed streams built on them.

`Stream` and `AsyncStream` give the events of a response; `EventReader` is what they share, and
`SSEDecoder` the grammar below it. The rules by which streams end are in `openai_stream.terminal`.
"""

from typing import TYPE_CHECKING

from openai_types.lazy import lazy_exports

from openai_stream.version import __version__

if TYPE_CHECKING:
    from openai_stream.errors import EventTooLargeError as EventTooLargeError
    from openai_stream.errors import StreamDecodeError as StreamDecodeError
    from openai_stream.errors import StreamTruncatedError as StreamTruncatedError
    from openai_stream.reader import EventReader as EventReader
    from openai_stream.sse import ServerSentEvent as ServerSentEvent
    from openai_stream.sse import SSEDecoder as SSEDecoder
    from openai_stream.stream import AsyncByteSource as AsyncByteSource
    from openai_stream.stream import AsyncStream as AsyncStream
    from openai_stream.stream import ByteSource as ByteSource
    from openai_stream.stream import Stream as Stream
    from openai_stream.terminal import TerminalContract as TerminalContract

__all__ = [
    "AsyncByteSource",
    "AsyncStream",
    "ByteSource",
    "EventReader",
    "EventTooLargeError",
    "SSEDecoder",
    "ServerSentEvent",
    "Stream",
    "StreamDecodeError",
    "StreamTruncatedError",
    "TerminalContract",
    "__version__",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "AsyncByteSource": "openai_stream.stream",
        "AsyncStream": "openai_stream.stream",
        "ByteSource": "openai_stream.stream",
        "EventReader": "openai_stream.reader",
        "EventTooLargeError": "openai_stream.errors",
        "SSEDecoder": "openai_stream.sse",
        "ServerSentEvent": "openai_stream.sse",
        "Stream": "openai_stream.stream",
        "StreamDecodeError": "openai_stream.errors",
        "StreamTruncatedError": "openai_stream.errors",
        "TerminalContract": "openai_stream.terminal",
    },
)
