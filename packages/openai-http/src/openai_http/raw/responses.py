"""Responses as they came, with the result of the call one `parse()` away.

`LegacyAPIResponse` has been read whole; `APIResponse` and `AsyncAPIResponse` are being received
and read what they are asked for. What a result is made of is the business of `raw.calls`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NoReturn, TypeVar, cast, overload

from openai_types import Decoder
from openai_types.errors import OpenAIError

from openai_http.bodies.binary import HttpxBinaryResponseContent
from openai_http.bodies.casting import as_response, is_response
from openai_http.bodies.downloads import Tally, announced_size, save, save_async
from openai_http.bodies.pieces import Bytes, Lines, Text
from openai_http.drivers import read, read_async
from openai_http.flows import decoded

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
    from datetime import timedelta
    from os import PathLike
    from types import TracebackType
    from typing import Any

    from openai_types.attempts import Attempt

    from openai_http.attempts.rate_limits import RateLimit
    from openai_http.bodies.downloads import Progress
    from openai_http.bodies.pieces import Pieces
    from openai_http.messages import Headers, Request, Response
    from openai_http.transport import AsyncReceived, Received

R = TypeVar("R")
T = TypeVar("T")
B = TypeVar("B", bytes, str)
ResponseT = TypeVar("ResponseT", bound="APIResponse[Any]")  # Any: of whatever results
AsyncResponseT = TypeVar("AsyncResponseT", bound="AsyncAPIResponse[Any]")


class Result(Generic[R]):
    """What a call gives, not made yet.

    Args:
        make: makes it; called when the body has been read, or is to be streamed.
        is_stream: whether it reads the body itself.
        strict: whether a body that does not fit the type it is decoded as is refused.
        is_doubtful: whether the body seems to be something else than the result, so that it is
            made before any of the body is given out.
    """

    __slots__ = ("_made", "_make", "is_doubtful", "is_stream", "strict")

    def __init__(
        self, make: Callable[[], R], *, is_stream: bool, strict: bool, is_doubtful: bool = False
    ) -> None:
        self._make = make
        self._made: R | None = None
        self.is_stream = is_stream
        self.strict = strict
        self.is_doubtful = is_doubtful

    def get(self) -> R:
        """The result, always the same one."""
        if self._made is None:
            self._made = self._make()
        return self._made


class ResponseHead(Generic[R]):
    """What is known of a response before its body is read.

    Attributes:
        http_response: the response itself.
    """

    __slots__ = ("_result", "http_response")

    def __init__(self, response: Response, result: Result[R]) -> None:
        self.http_response = response
        self._result = result

    @property
    def headers(self) -> Headers:
        """The headers, found in any case."""
        return self.http_response.headers

    @property
    def http_request(self) -> Request:
        """The request that was answered, without its secrets."""
        return self.http_response.request

    @property
    def status_code(self) -> int:
        """The status, like 200."""
        return self.http_response.status_code

    @property
    def url(self) -> str:
        """The URL of the request, without its secrets."""
        return self.http_response.url

    @property
    def method(self) -> str:
        """The method of the request, in capitals."""
        return self.http_response.wire_request.method

    @property
    def http_version(self) -> str:
        """The version of HTTP that was spoken, like "HTTP/1.1"."""
        return self.http_response.http_version

    @property
    def request_id(self) -> str | None:
        """The id under which the server knows this call; for support requests."""
        return self.http_response.request_id

    @property
    def rate_limit(self) -> RateLimit | None:
        """What the server said of the limits; None if it said nothing."""
        return self.http_response.rate_limit

    @property
    def retries_taken(self) -> int:
        """How many times the request was sent again."""
        return self.http_response.retries_taken

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """What the call tried, the attempt with this answer included."""
        return self.http_response.attempts

    @property
    def elapsed(self) -> timedelta:
        """The time from the sending of the request to the end of the body, or until now."""
        return self.http_response.elapsed

    def _decoded_as(self, to: type[T]) -> T:
        """The body that has been read, as a type of the user's."""
        if to is str:
            return cast("T", self.http_response.text)
        if to is bytes:
            return cast("T", self.http_response.content)
        if is_response(to):
            return as_response(HttpxBinaryResponseContent(self.http_response), to)
        return decoded(self.http_response, Decoder(to, strict=self._result.strict))

    def __repr__(self) -> str:
        endpoint = self.http_response.wire_request.endpoint
        return f"<{type(self).__name__} {self.status_code} to {endpoint}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"{type(self).__name__} cannot be pickled: it belongs to a client, which has a key."
            " Pickle what parse() gives, or http_response once it has been read."
        )


class LegacyAPIResponse(ResponseHead[R]):
    """A response that has been read, unless it is a stream; `with_raw_response` gives it.

    The name is that of the official package.

    Args:
        exchange: what the response was received by.
        result: what `parse` gives.
    """

    __slots__ = ()

    def __init__(self, exchange: Received | AsyncReceived, result: Result[R]) -> None:
        super().__init__(exchange.response, result)

    @overload
    def parse(self, *, to: type[T]) -> T: ...
    @overload
    def parse(self) -> R: ...
    def parse(self, *, to: type[T] | None = None) -> R | T:
        """The result of the call, always the same object.

        Args:
            to: a type to decode the body as, instead of that of the operation.

        Raises:
            APIResponseValidationError: the body is not what the API describes.
        """
        return self._result.get() if to is None else self._decoded_as(to)

    @property
    def content(self) -> bytes:
        """The body.

        Raises:
            OpenAIError: it is a stream, which has not been read.
        """
        return self.http_response.content

    @property
    def text(self) -> str:
        """The body as text; what is not UTF-8 is replaced. Raises what `content` raises."""
        return self.http_response.text

    @property
    def is_closed(self) -> bool:
        """Whether the body has been read."""
        return self.http_response.is_read


class ReceivedHead(ResponseHead[R]):
    """What both kinds of response that are being received have in common.

    Attributes:
        is_closed: whether the connection has been released.
    """

    __slots__ = ("_begun", "is_closed")

    def __init__(self, response: Response, result: Result[R]) -> None:
        super().__init__(response, result)
        self._begun = False
        self.is_closed = False

    def _tally(self, progress: Progress | None) -> Tally:
        return Tally(progress, announced_size(self.headers))

    def _begin(self) -> None:
        """Note that the body is being read, which is done once.

        Raises:
            OpenAIError: it was begun before, or the connection was released.
        """
        if self._begun or self.is_closed:
            raise OpenAIError(
                "The body of this response is gone: it was read piece by piece, or the response"
                " was closed. Call read() first if you need it more than once."
            )
        self._begun = True


class _Counted:
    """A body that is being received, and counted."""

    def __init__(self, exchange: Received, tally: Tally) -> None:
        self.response = exchange.response
        self.close = exchange.close
        self._exchange = exchange
        self._tally = tally

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._exchange:
            self._tally.add(chunk)
            yield chunk


class _AsyncCounted:
    """The same for asynchronous code."""

    def __init__(self, exchange: AsyncReceived, tally: Tally) -> None:
        self.response = exchange.response
        self.aclose = exchange.aclose
        self._exchange = exchange
        self._tally = tally

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._exchange:
            self._tally.add(chunk)
            yield chunk


class APIResponse(ReceivedHead[R]):
    """A response that is being received; `with_streaming_response` gives it in a `with` block.

    Args:
        exchange: where the body comes from.
        result: what `parse` gives.
    """

    __slots__ = ("_exchange",)

    def __init__(self, exchange: Received, result: Result[R]) -> None:
        super().__init__(exchange.response, result)
        self._exchange = exchange

    @overload
    def parse(self, *, to: type[T]) -> T: ...
    @overload
    def parse(self) -> R: ...
    def parse(self, *, to: type[T] | None = None) -> R | T:
        """The result of the call, always the same object; for a stream, the stream.

        Args:
            to: a type to decode the body as, instead of that of the operation.

        Raises:
            APIResponseValidationError: the body is not what the API describes.
            APIConnectionError: the body broke off.
        """
        if to is None and self._result.is_stream:
            return self._result.get()
        self.read()
        return self._result.get() if to is None else self._decoded_as(to)

    def read(self, *, progress: Progress | None = None) -> bytes:
        """All of the body; `progress` is told how much has arrived, and how much there will be.

        Raises:
            APIConnectionError: it broke off.
            OpenAIError: some of it has been read piece by piece.
        """
        if not self.http_response.is_read:
            self._begin()
            self.is_closed = True
            read(_Counted(self._exchange, self._tally(progress)) if progress else self._exchange)
        return self.http_response.content

    def text(self) -> str:
        """All of the body as text; what is not UTF-8 is replaced. Raises what `read` raises."""
        self.read()
        return self.http_response.text

    def json(self) -> object:
        """All of the body as JSON. Raises what `read` raises.

        Raises:
            DecodeError: it is not JSON.
        """
        self.read()
        return self.http_response.json()

    def iter_bytes(
        self, chunk_size: int | None = None, *, progress: Progress | None = None
    ) -> Iterator[bytes]:
        """The body in pieces of `chunk_size` bytes, or as it arrives.

        `progress` is told how much has arrived, and how much there will be if that is known.
        Raises what `read` raises, and what `parse` raises if the server says that it is no file.
        """
        return self._each(Bytes(chunk_size), progress)

    def iter_text(self, chunk_size: int | None = None) -> Iterator[str]:
        """The body in pieces of `chunk_size` characters, or as it arrives.

        What is not UTF-8 is replaced. Raises what `read` raises.
        """
        return self._each(Text(chunk_size))

    def iter_lines(self) -> Iterator[str]:
        """The body line by line, without the line breaks. Raises what `read` raises."""
        return self._each(Lines())

    def _each(self, pieces: Pieces[B], progress: Progress | None = None) -> Iterator[B]:
        if self._result.is_doubtful:
            self.parse()
        tally = self._tally(progress)
        if self.http_response.is_read:
            tally.add(self.http_response.content)
            yield from pieces.feed(self.http_response.content)
        else:
            self._begin()
            for chunk in self._exchange:
                tally.add(chunk)
                yield from pieces.feed(chunk)
            self.close()
        yield from pieces.finish()

    def write_to_file(self, file: str | PathLike[str], *, progress: Progress | None = None) -> None:
        """Write the body to a file, as `stream_to_file` does."""
        self.stream_to_file(file, progress=progress)

    def stream_to_file(
        self,
        file: str | PathLike[str],
        *,
        chunk_size: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Write the body to a file as it arrives; the file is replaced when it is whole.

        `progress` is told how much has arrived, and how much there will be if that is known. If
        it fails, nothing is left of it. Raises what `iter_bytes` raises.
        """
        save(self.iter_bytes(chunk_size, progress=progress), file)

    def close(self) -> None:
        """Release the connection; closing twice is harmless."""
        self.is_closed = True
        self._exchange.close()


class AsyncAPIResponse(ReceivedHead[R]):
    """A response that is being received; in an `async with` block of an asynchronous client.

    Its methods are those of `APIResponse`, awaited.

    Args:
        exchange: where the body comes from.
        result: what `parse` gives.
    """

    __slots__ = ("_exchange",)

    def __init__(self, exchange: AsyncReceived, result: Result[R]) -> None:
        super().__init__(exchange.response, result)
        self._exchange = exchange

    @overload
    async def parse(self, *, to: type[T]) -> T: ...
    @overload
    async def parse(self) -> R: ...
    async def parse(self, *, to: type[T] | None = None) -> R | T:
        """The result of the call, always the same object; for a stream, the stream.

        Args:
            to: a type to decode the body as, instead of that of the operation.

        Raises:
            APIResponseValidationError: the body is not what the API describes.
            APIConnectionError: the body broke off.
        """
        if to is None and self._result.is_stream:
            return self._result.get()
        await self.read()
        return self._result.get() if to is None else self._decoded_as(to)

    async def read(self, *, progress: Progress | None = None) -> bytes:
        """All of the body; `progress` is told how much has arrived, and how much there will be.

        Raises:
            APIConnectionError: it broke off.
            OpenAIError: some of it has been read piece by piece.
        """
        if not self.http_response.is_read:
            self._begin()
            self.is_closed = True
            tally = self._tally(progress)
            await read_async(_AsyncCounted(self._exchange, tally) if progress else self._exchange)
        return self.http_response.content

    async def text(self) -> str:
        """All of the body as text; what is not UTF-8 is replaced. Raises what `read` raises."""
        await self.read()
        return self.http_response.text

    async def json(self) -> object:
        """All of the body as JSON. Raises what `read` raises.

        Raises:
            DecodeError: it is not JSON.
        """
        await self.read()
        return self.http_response.json()

    def iter_bytes(
        self, chunk_size: int | None = None, *, progress: Progress | None = None
    ) -> AsyncIterator[bytes]:
        """The body in pieces of `chunk_size` bytes, or as it arrives.

        `progress` is told how much has arrived, and how much there will be if that is known.
        Raises what `read` raises, and what `parse` raises if the server says that it is no file.
        """
        return self._each(Bytes(chunk_size), progress)

    def iter_text(self, chunk_size: int | None = None) -> AsyncIterator[str]:
        """The body in pieces of `chunk_size` characters, or as it arrives.

        What is not UTF-8 is replaced. Raises what `read` raises.
        """
        return self._each(Text(chunk_size))

    def iter_lines(self) -> AsyncIterator[str]:
        """The body line by line, without the line breaks. Raises what `read` raises."""
        return self._each(Lines())

    async def _each(self, pieces: Pieces[B], progress: Progress | None = None) -> AsyncIterator[B]:
        if self._result.is_doubtful:
            await self.parse()
        tally = self._tally(progress)
        if self.http_response.is_read:
            tally.add(self.http_response.content)
            for piece in pieces.feed(self.http_response.content):
                yield piece
        else:
            self._begin()
            async for chunk in self._exchange:
                tally.add(chunk)
                for piece in pieces.feed(chunk):
                    yield piece
            await self.close()
        for piece in pieces.finish():
            yield piece

    async def write_to_file(
        self, file: str | PathLike[str], *, progress: Progress | None = None
    ) -> None:
        """Write the body to a file, as `stream_to_file` does."""
        await self.stream_to_file(file, progress=progress)

    async def stream_to_file(
        self,
        file: str | PathLike[str],
        *,
        chunk_size: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Write the body to a file as it arrives; the file is replaced when it is whole.

        `progress` is told how much has arrived, and how much there will be if that is known. If
        it fails, nothing is left of it. Raises what `iter_bytes` raises.
        """
        await save_async(self.iter_bytes(chunk_size, progress=progress), file)

    async def close(self) -> None:
        """Release the connection; closing twice is harmless."""
        self.is_closed = True
        await self._exchange.aclose()


class ResponseContextManager(Generic[ResponseT]):
    """Sends the request when its `with` block begins; releases the connection when it ends.

    Args:
        send: makes the call.
    """

    __slots__ = ("_response", "_send")

    def __init__(self, send: Callable[[], ResponseT]) -> None:
        self._send = send
        self._response: ResponseT | None = None

    def __enter__(self) -> ResponseT:
        self._response = self._send()
        return self._response

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._response is not None:
            self._response.close()


class AsyncResponseContextManager(Generic[AsyncResponseT]):
    """Sends the request when its `async with` block begins; releases the connection at its end.

    Args:
        send: makes the call.
    """

    __slots__ = ("_response", "_send")

    def __init__(self, send: Callable[[], Coroutine[object, None, AsyncResponseT]]) -> None:
        self._send = send
        self._response: AsyncResponseT | None = None

    async def __aenter__(self) -> AsyncResponseT:
        self._response = await self._send()
        return self._response

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._response is not None:
            await self._response.close()
