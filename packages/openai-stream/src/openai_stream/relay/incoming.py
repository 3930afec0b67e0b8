"""Streams that come from another service as bytes: what `to_sse` and `to_ndjson` gave there.

Decides by the type of the events how they are read and when such a stream is whole. Whoever calls
has the connection: here are only the bytes that came over it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from openai_stream import terminal
from openai_stream.accumulating import accumulator_of
from openai_stream.reader import EventReader

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Iterator, Mapping

    from openai_types.wire import RequestLike, ResponseLike

    from openai_stream.stream import AsyncStream, Stream
    from openai_stream.terminal import TerminalContract

    AnyContract = TerminalContract[Any]  # Any: of whatever events

E = TypeVar("E")

# The types that the API streams, and what a stream of each ends with.
_ENDS = {
    "openai_types.audio:SpeechStreamEvent": terminal.speech,
    "openai_types.audio:TranscriptionStreamEvent": terminal.transcriptions,
    "openai_types.beta:AssistantStreamEvent": terminal.runs,
    "openai_types.beta:BetaResponseStreamEvent": terminal.responses,
    "openai_types.chat:ChatCompletionChunk": terminal.chat_completions,
    "openai_types.responses:ResponseStreamEvent": terminal.responses,
    "openai_types.shared:Completion": terminal.chat_completions,
    "openai_types.shared:ImageEditStreamEvent": terminal.images,
    "openai_types.shared:ImageGenStreamEvent": terminal.images,
}
_NAMED = "openai_types.beta:AssistantStreamEvent"  # whose data makes sense with their names only


# Any: a union of models is no type[E] to type checkers, here and below.
class FromBytes:
    """How a `Stream` is made of bytes that another service passed on."""

    @overload
    @staticmethod
    def from_sse(
        source: Iterable[bytes], type_: type[E], *, contract: TerminalContract[E] | None = None
    ) -> Stream[E]: ...
    @overload
    @staticmethod
    def from_sse(
        source: Iterable[bytes], type_: object, *, contract: AnyContract | None = None
    ) -> Stream[Any]: ...
    @staticmethod
    def from_sse(
        source: Iterable[bytes], type_: object, *, contract: AnyContract | None = None
    ) -> Stream[Any]:
        """Read a stream that was passed on as `text/event-stream`, with the types that it had.

        Args:
            source: the bytes, in pieces of any size; closed with the stream if it can be.
            type_: of the events, like `ChatCompletionChunk`: how such a stream ends goes by it.
                Of a union type checkers learn only from an annotation of the result.
            contract: the rule for the end instead, from `openai_stream.terminal`.
        """
        from openai_stream.stream import Stream

        return Stream(ReceivedBytes(source), reader_of(type_, contract, ndjson=False))

    @overload
    @staticmethod
    def from_ndjson(
        source: Iterable[bytes], type_: type[E], *, contract: TerminalContract[E] | None = None
    ) -> Stream[E]: ...
    @overload
    @staticmethod
    def from_ndjson(
        source: Iterable[bytes], type_: object, *, contract: AnyContract | None = None
    ) -> Stream[Any]: ...
    @staticmethod
    def from_ndjson(
        source: Iterable[bytes], type_: object, *, contract: AnyContract | None = None
    ) -> Stream[Any]:
        """Read a stream that was passed on as lines of JSON, with the types that it had.

        Args:
            source: the bytes, in pieces of any size; closed with the stream if it can be.
            type_: of the events, like `ChatCompletionChunk`: how such a stream ends goes by it.
                Of a union type checkers learn only from an annotation of the result.
            contract: the rule for the end instead, from `openai_stream.terminal`.
        """
        from openai_stream.stream import Stream

        return Stream(ReceivedBytes(source), reader_of(type_, contract, ndjson=True))


class AsyncFromBytes:
    """How an `AsyncStream` is made of bytes that another service passed on."""

    @overload
    @staticmethod
    def from_sse(
        source: AsyncIterable[bytes], type_: type[E], *, contract: TerminalContract[E] | None = None
    ) -> AsyncStream[E]: ...
    @overload
    @staticmethod
    def from_sse(
        source: AsyncIterable[bytes],
        type_: object,
        *,
        contract: AnyContract | None = None,
    ) -> AsyncStream[Any]: ...
    @staticmethod
    def from_sse(
        source: AsyncIterable[bytes],
        type_: object,
        *,
        contract: AnyContract | None = None,
    ) -> AsyncStream[Any]:
        """Read a stream that was passed on as `text/event-stream`, with the types that it had.

        Args:
            source: the bytes, in pieces of any size; closed with the stream if it can be.
            type_: of the events, like `ChatCompletionChunk`: how such a stream ends goes by it.
                Of a union type checkers learn only from an annotation of the result.
            contract: the rule for the end instead, from `openai_stream.terminal`.
        """
        from openai_stream.stream import AsyncStream

        return AsyncStream(AsyncReceivedBytes(source), reader_of(type_, contract, ndjson=False))

    @overload
    @staticmethod
    def from_ndjson(
        source: AsyncIterable[bytes], type_: type[E], *, contract: TerminalContract[E] | None = None
    ) -> AsyncStream[E]: ...
    @overload
    @staticmethod
    def from_ndjson(
        source: AsyncIterable[bytes],
        type_: object,
        *,
        contract: AnyContract | None = None,
    ) -> AsyncStream[Any]: ...
    @staticmethod
    def from_ndjson(
        source: AsyncIterable[bytes],
        type_: object,
        *,
        contract: AnyContract | None = None,
    ) -> AsyncStream[Any]:
        """Read a stream that was passed on as lines of JSON, with the types that it had.

        Args:
            source: the bytes, in pieces of any size; closed with the stream if it can be.
            type_: of the events, like `ChatCompletionChunk`: how such a stream ends goes by it.
                Of a union type checkers learn only from an annotation of the result.
            contract: the rule for the end instead, from `openai_stream.terminal`.
        """
        from openai_stream.stream import AsyncStream

        return AsyncStream(AsyncReceivedBytes(source), reader_of(type_, contract, ndjson=True))


def reader_of(type_: object, contract: AnyContract | None, *, ndjson: bool) -> EventReader[Any]:
    """A reader of events of a type, which knows how their API ends a stream.

    Args:
        type_: a model, or a union of models.
        contract: the rule instead of the API's.
        ndjson: read lines of JSON instead of server-sent events.

    Raises:
        InvalidTypeError: nothing can be decoded into the type.
    """
    from openai_types import Decoder

    decode = Decoder[Any](type_)
    decode.prepare()
    place = next((place for place in _ENDS if _is(type_, place)), "")
    reader = EventReader(
        decode,
        contract or _ENDS.get(place, terminal.any_end)(),
        named_events=place == _NAMED and not ndjson,  # lines of JSON hold the pairs themselves
        accumulator=accumulator_of(place),
    )
    reader.ndjson = ndjson
    return reader


def _is(type_: object, place: str) -> bool:
    """Whether a type is that of a place; a module that was never imported gave nobody a type."""
    module, _, name = place.partition(":")
    return module in sys.modules and getattr(sys.modules[module], name) is type_


@dataclass(frozen=True)
class _Request:
    method: str = "GET"
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class _Response:
    """The head of an answer of which only the body was passed on."""

    status_code: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    request: RequestLike = field(default_factory=_Request)


class ReceivedBytes:
    """A source of bytes that somebody has received, for a `Stream`."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.response: ResponseLike = _Response()
        self._pieces = (pieces,) if isinstance(pieces, bytes | bytearray | memoryview) else pieces

    def __iter__(self) -> Iterator[bytes]:
        return map(_checked, self._pieces)

    def close(self) -> None:
        """Close what the bytes come from, if it can be closed."""
        close = getattr(self._pieces, "close", None)
        if close is not None:
            close()

    def abort(self) -> None:
        """Do nothing: the connection is somebody else's; who reads ends with the next bytes."""

    def abandon(self, chunks: object) -> None:
        """Leave the bytes to the garbage collector, with what they come from."""
        del chunks
        self._pieces = ()


class AsyncReceivedBytes:
    """A source of bytes that somebody has received, for an `AsyncStream`."""

    def __init__(self, pieces: AsyncIterable[bytes]) -> None:
        self.response: ResponseLike = _Response()
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._pieces:
            yield _checked(piece)

    async def aclose(self) -> None:
        """Close what the bytes come from, if it can be closed."""
        pieces: Any = self._pieces  # Any: an iterable may have one of these, or none
        close = getattr(pieces, "aclose", None) or getattr(pieces, "close", None)
        closing = close() if close is not None else None
        if isawaitable(closing):
            await closing

    def abort(self) -> None:
        """Do nothing: the connection is somebody else's; who reads ends with the next bytes."""

    def abandon(self, chunks: object) -> None:
        """Leave the bytes to the garbage collector, with what they come from."""
        del chunks


def _checked(piece: object) -> bytes:
    if isinstance(piece, str) or not isinstance(piece, Iterable):
        raise TypeError(
            f"A stream is read from bytes, but a piece of it is of type {type(piece).__name__}."
            " Pass an iterable of bytes, like that of a response's iter_bytes() or aiter_bytes()."
        )
    return bytes(cast("Iterable[int]", piece))
