"""Exchanges whose bodies come within the limits of their call, for both kinds of code.

Which limit holds is known to `watch`. Asynchronous code is cancelled when it is reached;
synchronous code cannot be, so transports ask for what is left before each operation that blocks.
"""

from __future__ import annotations

from contextlib import contextmanager
from inspect import isasyncgen
from typing import TYPE_CHECKING

from anyio import move_on_after
from openai_stream.sources import Ending

from openai_http.errors import APITimeoutError, DeadlineExceededError
from openai_http.transports.generators import begun

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator

    from openai_http.messages import Request, Response
    from openai_http.timing.timeout import Timeout
    from openai_http.timing.watch import Watch
    from openai_http.transport import AsyncExchange, AsyncTransport, Exchange, Transport


class _Watched:
    """What both kinds share: the watch, and the head of the response, which has just come."""

    def __init__(self, response: Response, watch: Watch) -> None:
        self.response = response
        self._watch = watch
        watch.begin_body()


class WatchedExchange(_Watched):
    """An exchange of a call that is watched."""

    def __init__(self, exchange: Exchange, watch: Watch) -> None:
        super().__init__(exchange.response, watch)
        self._exchange = exchange

    def __iter__(self) -> Iterator[bytes]:
        pieces = iter(self._exchange)
        while True:
            self._watch.begin_read()
            with within(self._watch):
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece

    def expect_end(self) -> None:
        """Nothing but its end is wanted of the body."""
        if isinstance(self._exchange, Ending):
            self._exchange.expect_end()

    def close(self) -> None:
        """Release the connection."""
        self._exchange.close()

    def abort(self) -> None:
        """Break the connection off, from any thread."""
        self._exchange.abort()

    def abandon(self, chunks: Iterator[bytes] | None) -> None:
        """Break the connection off because nobody reads it any more."""
        self._exchange.abandon(chunks)


class AsyncWatchedExchange(_Watched):
    """The same for asynchronous code."""

    def __init__(self, exchange: AsyncExchange, watch: Watch) -> None:
        super().__init__(exchange.response, watch)
        self._exchange = exchange

    def __aiter__(self) -> AsyncIterator[bytes]:
        return begun(self._read())

    async def _read(self) -> AsyncGenerator[bytes]:
        yield b""  # here it begins
        pieces = aiter(self._exchange)
        try:
            while True:
                self._watch.begin_read()
                with within_async(self._watch):
                    piece = await anext(pieces, None)
                if piece is None:
                    return
                yield piece
        finally:
            begun: object = pieces
            if isasyncgen(begun):
                await begun.aclose()  # its clean-up runs now, not when it is collected

    def expect_end(self) -> None:
        """Nothing but its end is wanted of the body."""
        if isinstance(self._exchange, Ending):
            self._exchange.expect_end()

    async def aclose(self) -> None:
        """Release the connection."""
        await self._exchange.aclose()

    def abort(self) -> None:
        """Break the connection off, from any thread."""
        self._exchange.abort()

    def abandon(self, chunks: AsyncIterator[bytes] | None) -> None:
        """Break the connection off because nobody reads it any more."""
        self._exchange.abandon(chunks)


def send_watched(
    transport: Transport, request: Request, timeout: Timeout | None, watch: Watch
) -> WatchedExchange:
    """Send a request and wait for the head of its response, within the limits of the call."""
    with within(watch):
        exchange = transport.send(request, timeout)
    return WatchedExchange(exchange, watch)


async def send_watched_async(
    transport: AsyncTransport, request: Request, timeout: Timeout | None, watch: Watch
) -> AsyncWatchedExchange:
    """The same for asynchronous code."""
    with within_async(watch):
        exchange = await transport.send(request, timeout)
    return AsyncWatchedExchange(exchange, watch)


@contextmanager
def within(watch: Watch) -> Generator[None]:
    """Do something that asks the watch itself how long it may take."""
    watch.check()
    try:
        yield
    except DeadlineExceededError:
        raise
    except APITimeoutError as error:
        if watch.binding:
            raise watch.exceeded() from error
        raise


@contextmanager
def within_async(watch: Watch) -> Generator[None]:
    """Await something, and cancel it at the nearest limit."""
    with within(watch), move_on_after(watch.left()) as scope:
        yield
    if scope.cancelled_caught:
        raise watch.exceeded()
