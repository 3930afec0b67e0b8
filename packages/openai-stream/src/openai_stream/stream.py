"""Typed streams over a response's bytes: the only part that reads, and that lets go of a source.

Decides when the source is released: at once on the stream's end, on an error, on `close()` and
`cancel()`, on leaving the loop or the `with` block, and when nobody has the stream any more. What
the bytes mean is the reader's business.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar, overload
from weakref import finalize, ref

from openai_types.errors import APIError, OpenAIError

from openai_stream.iterating import AsyncIteration, Iteration, Ready
from openai_stream.outcomes import outcome_of
from openai_stream.partials import Partial
from openai_stream.received import FOREIGN, AsyncReceivedResponse, ReceivedResponse, reader_for
from openai_stream.relay.incoming import AsyncFromBytes, FromBytes
from openai_stream.relay.outgoing import AsyncRelay, Relay, Relayable
from openai_stream.sources import AsyncBody, Body

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from types import TracebackType
    from typing import Self, TypeGuard

    from openai_types.wire import ResponseLike

    from openai_stream.outcomes import Outcome
    from openai_stream.reader import EventReader
    from openai_stream.received import AsyncReadableResponse, ReadableResponse
    from openai_stream.sources import AsyncByteSource, ByteSource

T = TypeVar("T")
B = TypeVar("B", Body, AsyncBody)

SMALL = 2**12
"""Bytes that are decoded as soon as they come, so that the connection is released with the end of
the stream, whenever its last events are taken. Of more bytes, the first event does not wait until
the others are decoded."""


class _Events(Ready[T], Generic[T, B]):
    """What both kinds of stream share: all but the reading and the releasing."""

    partial = Partial()
    """What arrived so far, in one value: a `ChatCompletion` of chunks, a `Response` of the events
    of one, and a tuple of the last events where they are nothing else together."""

    def __init__(
        self, body: B, reader: EventReader[T], token: Callable[[T | None], str] | None
    ) -> None:
        super().__init__()
        self._token = token
        self._reader = reader
        self._arriving: Iterator[T] = iter(())  # the events of the last bytes
        self._outcome: Outcome | None = None
        self._closed = False  # by whoever has the stream
        self._set_body(body)

    if TYPE_CHECKING:

        def _reads(self) -> T:
            """Of which events it is, for the type of `partial`."""
            ...

    def _set_body(self, body: B) -> None:
        self._body = body
        self._ready = self._reader.ahead
        self._forgotten = finalize(self, body.abandon)
        self._forgotten.atexit = False

    @property
    def response(self) -> ResponseLike:
        """The head of the response; before the first event, another one may take its place."""
        response = self._body.source.response
        # Those of HTTP libraries know themselves how to close what they receive.
        read_by = getattr(response, "read_by", None)
        if read_by is not None:
            read_by(ref(self))
        return response

    @property
    def outcome(self) -> Outcome | None:
        """How the stream ended; None as long as it has not."""
        return self._outcome

    def cancel(self) -> None:
        """End the stream at once, from any thread or task, also while it is being read.

        Whoever reads it finds that it has ended. A connection of HTTP/2, which other calls use,
        stays open; then the reader ends with what it receives next.
        """
        self._closed = True
        body = self._body
        self._stop()
        if body.is_reading:
            body.source.abort()
        else:
            body.abandon()

    def _abandon(self) -> None:
        self._closed = True
        self._stop()
        self._body.abandon()

    def _receive(self, chunk: bytes | None) -> bool:
        """Take the next bytes, or None for their end; True if no more are needed."""
        if self._ended:
            return True  # closed by someone else while these bytes were on the way
        if chunk is None:
            self._ready += self._reader.finish()
            self._outcome = self._reader.outcome
            self._ended = True
            return True
        self._arriving = self._reader.read(chunk)
        if len(chunk) <= SMALL:
            self._reader.catch_up()
        return self._reader.done

    @property
    def token(self) -> str:
        """With what another process can go on after the last event: `client.resume(token)`.

        Only responses that are made in the background can be resumed. There is no secret in it.

        Raises:
            OpenAIError: the stream cannot be resumed; the message says why.
        """
        if self._token is None:
            raise OpenAIError(
                "This stream cannot be resumed: only those of responses can that are made in the"
                " background. Call client.responses.create(..., background=True, stream=True)."
            )
        self._reader.catch_up()
        untaken = self._reader.ahead
        return self._token(untaken[0] if untaken else None)

    def _may_go_on(self, error: BaseException) -> TypeGuard[APIError]:
        """Whether another response may take the place, if there is one."""
        return isinstance(error, APIError) and not self._closed

    def _begin_anew(self, body: B) -> None:
        self._forgotten.detach()
        self._set_body(body)
        if self._reader.count:
            self._ready += self._reader.resume()
        else:
            self._reader.restart()
        self._ended = False
        self._outcome = None

    def _stop(self, error: BaseException | None = None) -> None:
        """The end, by an error or by whoever has the stream."""
        if self._outcome is None:
            if error is not None:
                self._outcome = outcome_of(error)
            else:
                self._outcome = self._reader.outcome if self._reader.is_whole else "cancelled"
        self._ended = True
        self._reader.catch_up()
        self._arriving, self._ready = iter(()), deque[T]()  # what nobody took is not given any more

    def _complete(self, error: BaseException) -> None:
        """Give an error what only the stream knows."""
        if isinstance(error, APIError):
            response = self.response
            if not error.events:  # the reader's own errors have them
                error.events = list[object](self._reader.events)
                error.partial = self._reader.partial()
            if not isinstance(self._body.source, FOREIGN):  # whose requests have their secrets
                error.request = error.request or response.request
            # Responses of HTTP libraries do not know what a call tried.
            error.attempts = error.attempts or getattr(response, "attempts", ())

    def _check_alone(self) -> None:
        if self._body.is_reading:
            raise OpenAIError(
                "Another thread or task is reading this stream. Read it in one place, and pass on"
                " from there what comes."
            )

    def _is_marked(self) -> bool:
        return self._reader.done_marker

    def _was_broken_off(self, error: BaseException) -> bool:
        """Whether an error of reading is only what `cancel` or `close` did to the connection."""
        return self._closed and isinstance(error, Exception)


class Stream(_Events[T, Body], Relayable[T, Relay], FromBytes):
    """The events of a response, one after another, as they arrive.

    Iterate it once. The connection is released at the end, and when the loop is left before; best
    take it in a `with` block all the same, which is also left when the loop never begins. Errors
    that the iteration raises carry what came before them in `partial` and `events`.

    Args:
        source: the response's body.
        reader: makes events of it.
        send_again: asked for another source when this one fails: for one of the same, as long as
            no event came, and for one of the rest afterwards. It gives one, or raises what the
            iteration is to raise.
        token: gives the token with which the stream can be resumed, or raises why it cannot be;
            asked with the next event, if there is one that was not taken yet.
        cast_to, response: instead of these, the type of an event and a response that is read, such
            as one of httpx, as in the official package. Which client made it does not matter.
    """

    _relay = Relay

    @overload
    def __init__(
        self,
        source: ByteSource,
        reader: EventReader[T],
        send_again: Callable[[APIError], ByteSource] | None = None,
        token: Callable[[T | None], str] | None = None,
    ) -> None: ...

    @overload
    def __init__(
        self,
        *,
        cast_to: type[T],
        response: ReadableResponse,
        client: object = None,
        options: object = None,
    ) -> None: ...

    def __init__(
        self,
        source: ByteSource | None = None,
        reader: EventReader[T] | None = None,
        send_again: Callable[[APIError], ByteSource] | None = None,
        token: Callable[[T | None], str] | None = None,
        *,
        cast_to: type[T] | None = None,
        response: ReadableResponse | None = None,
        client: object = None,
        options: object = None,
    ) -> None:
        del client, options
        if response is not None and cast_to is not None:
            source, reader = ReceivedResponse(response), reader_for(response, cast_to)
        if source is None or reader is None:
            raise TypeError("Stream() takes a source and a reader, or cast_to and a response.")
        super().__init__(Body(source), reader, token)
        self._send_again = send_again

    def __iter__(self) -> Iteration[T]:
        self._check_not_left()
        return Iteration(self.__next__, self._leave)

    def __next__(self) -> T:
        while not self._ready:
            try:
                for event in self._arriving:
                    if self._reader.done:
                        self._body.finish()
                    return event
            except BaseException as error:
                self._complete(error)
                self._end(error)
                raise
            if self._ended:
                raise StopIteration
            self._advance()
        return self._ready.popleft()

    def _advance(self) -> None:
        self._check_alone()
        try:
            if self._receive(None if self._reader.done else self._body.read()):
                self._body.finish()
        except BaseException as error:
            if self._was_broken_off(error):
                self._body.release()
                return
            self._complete(error)
            self._end(error)
            if self._send_again is None or not self._may_go_on(error):
                raise
            failure = error
        else:
            return
        try:
            source = self._send_again(failure)
        except BaseException as error:
            self._complete(error)
            raise
        if self._closed:
            source.close()
            return
        self._begin_anew(Body(source))

    def close(self) -> None:
        """Release the connection and end the iteration; closing twice is harmless."""
        self._closed = True
        if self._body.is_reading:  # in another thread, which releases it
            self.cancel()
        else:
            self._end()

    def _end(self, error: BaseException | None = None) -> None:
        self._stop(error)
        self._body.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class AsyncStream(_Events[T, AsyncBody], Relayable[T, AsyncRelay], AsyncFromBytes):
    """The events of a response, one after another, as they arrive; for `async for`.

    Iterate it once. The connection is released at the end, and when the loop is left before; best
    take it in an `async with` block all the same, which is also left when the loop never begins.
    Errors that the iteration raises carry what came before them in `partial` and `events`.

    Args:
        source: the response's body.
        reader: makes events of it.
        send_again: asked for another source when this one fails: for one of the same, as long as
            no event came, and for one of the rest afterwards. It gives one, or raises what the
            iteration is to raise.
        token: gives the token with which the stream can be resumed, or raises why it cannot be;
            asked with the next event, if there is one that was not taken yet.
        cast_to, response: instead of these, the type of an event and a response that is read, such
            as one of httpx, as in the official package. Which client made it does not matter.
    """

    _relay = AsyncRelay

    @overload
    def __init__(
        self,
        source: AsyncByteSource,
        reader: EventReader[T],
        send_again: Callable[[APIError], Awaitable[AsyncByteSource]] | None = None,
        token: Callable[[T | None], str] | None = None,
    ) -> None: ...

    @overload
    def __init__(
        self,
        *,
        cast_to: type[T],
        response: AsyncReadableResponse,
        client: object = None,
        options: object = None,
    ) -> None: ...

    def __init__(
        self,
        source: AsyncByteSource | None = None,
        reader: EventReader[T] | None = None,
        send_again: Callable[[APIError], Awaitable[AsyncByteSource]] | None = None,
        token: Callable[[T | None], str] | None = None,
        *,
        cast_to: type[T] | None = None,
        response: AsyncReadableResponse | None = None,
        client: object = None,
        options: object = None,
    ) -> None:
        del client, options
        if response is not None and cast_to is not None:
            source, reader = AsyncReceivedResponse(response), reader_for(response, cast_to)
        if source is None or reader is None:
            raise TypeError("AsyncStream() takes a source and a reader, or cast_to and a response.")
        super().__init__(AsyncBody(source), reader, token)
        self._send_again = send_again

    def __aiter__(self) -> AsyncIteration[T]:
        self._check_not_left()
        return AsyncIteration(self.__anext__, self._leave)

    async def __anext__(self) -> T:
        while not self._ready:
            try:
                for event in self._arriving:
                    if self._reader.done:
                        await self._body.finish()
                    return event
            except BaseException as error:
                self._complete(error)
                await self._end(error)
                raise
            if self._ended:
                raise StopAsyncIteration
            await self._advance()
        return self._ready.popleft()

    async def _advance(self) -> None:
        self._check_alone()
        try:
            if self._receive(None if self._reader.done else await self._body.read()):
                await self._body.finish()
        except BaseException as error:
            if self._was_broken_off(error):
                await self._body.release()
                return
            self._complete(error)
            await self._end(error)
            if self._send_again is None or not self._may_go_on(error):
                raise
            failure = error
        else:
            return
        try:
            source = await self._send_again(failure)
        except BaseException as error:
            self._complete(error)
            raise
        if self._closed:
            await source.aclose()
            return
        self._begin_anew(AsyncBody(source))

    async def close(self) -> None:
        """Release the connection and end the iteration; closing twice is harmless."""
        self._closed = True
        await self._end()

    async def aclose(self) -> None:
        """The same under another name."""
        await self.close()

    async def _end(self, error: BaseException | None = None) -> None:
        self._stop(error)
        await self._body.release()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()
