"""Streams and bodies whose hooks are told when they begin and how they end.

What is told is decided in `observation`; here is only where it is noticed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar
from weakref import finalize

from openai_stream import AsyncStream, Stream
from openai_stream.outcomes import outcome_of

from openai_http.hooks.telling import tell_all, tell_all_async

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from openai_stream import EventReader
    from openai_stream.outcomes import Outcome
    from openai_types.errors import APIError

    from openai_http.hooks.observation import Observation
    from openai_http.transport import AsyncExchange, Exchange

T = TypeVar("T")


class ObservedStream(Stream[T]):
    """A stream whose hooks are told of its first event and its end."""

    def __init__(
        self,
        observation: Observation,
        source: Exchange,
        reader: EventReader[T],
        send_again: Callable[[APIError], Exchange] | None,
        token: Callable[[T | None], str] | None,
    ) -> None:
        super().__init__(source, reader, send_again, token)
        self._observation = observation
        finalize(self, observation.stream_was_left, reader).atexit = False

    def __next__(self) -> T:
        try:
            event = super().__next__()
        except BaseException as error:
            tell_all(self._observation.stream_ended(*_ending(self, self._reader, error)))
            raise
        tell_all(self._observation.event_came(event))
        return event

    def close(self) -> None:
        """Release the connection and end the iteration; closing twice is harmless."""
        super().close()
        tell_all(self._observation.stream_ended(*_ending(self, self._reader)))

    def cancel(self) -> None:
        """End the stream at once, from any thread, also while it is being read."""
        is_read = self._body.is_reading  # then whoever reads it tells
        super().cancel()
        if not is_read:
            self._observation.stream_was_left(self._reader)

    def _abandon(self) -> None:
        super()._abandon()
        self._observation.stream_was_left(self._reader)


class AsyncObservedStream(AsyncStream[T]):
    """The same for asynchronous code."""

    def __init__(
        self,
        observation: Observation,
        source: AsyncExchange,
        reader: EventReader[T],
        send_again: Callable[[APIError], Awaitable[AsyncExchange]] | None,
        token: Callable[[T | None], str] | None,
    ) -> None:
        super().__init__(source, reader, send_again, token)
        self._observation = observation
        finalize(self, observation.stream_was_left, reader).atexit = False

    async def __anext__(self) -> T:
        try:
            event = await super().__anext__()
        except GeneratorExit:
            raise  # nothing can be awaited any more
        except BaseException as error:
            ending = _ending(self, self._reader, error)
            await tell_all_async(self._observation.stream_ended(*ending))
            raise
        await tell_all_async(self._observation.event_came(event))
        return event

    async def close(self) -> None:
        """Release the connection and end the iteration; closing twice is harmless."""
        await super().close()
        await tell_all_async(self._observation.stream_ended(*_ending(self, self._reader)))

    def cancel(self) -> None:
        """End the stream at once, from any thread or task, also while it is being read."""
        is_read = self._body.is_reading  # then whoever reads it tells
        super().cancel()
        if not is_read:
            self._observation.stream_was_left(self._reader)

    def _abandon(self) -> None:
        super()._abandon()
        self._observation.stream_was_left(self._reader)


def _ending(
    stream: Stream[T] | AsyncStream[T], reader: EventReader[T], error: BaseException | None = None
) -> tuple[EventReader[T], Outcome, BaseException | None]:
    """How a stream ended; `error` is what its iteration raised, also at its normal end."""
    is_normal = isinstance(error, StopIteration | StopAsyncIteration)
    return reader, stream.outcome or "cancelled", None if is_normal else error


class ObservedExchange:
    """A body that is left to be read, whose hooks are told how that ended."""

    def __init__(self, observation: Observation, exchange: Exchange) -> None:
        self.response = exchange.response
        self._observation = observation
        self._exchange = exchange
        self._outcome: Outcome = "cancelled"
        finalize(self, observation.body_was_left).atexit = False

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._exchange
        except Exception as error:
            tell_all(self._observation.body_ended(outcome_of(error), error))
            raise
        self._outcome = "complete"

    def close(self) -> None:
        """Release the connection."""
        self._exchange.close()
        tell_all(self._observation.body_ended(self._outcome))


class AsyncObservedExchange:
    """The same for asynchronous code."""

    def __init__(self, observation: Observation, exchange: AsyncExchange) -> None:
        self.response = exchange.response
        self._observation = observation
        self._exchange = exchange
        self._outcome: Outcome = "cancelled"
        finalize(self, observation.body_was_left).atexit = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._exchange:
                yield piece
        except Exception as error:
            await tell_all_async(self._observation.body_ended(outcome_of(error), error))
            raise
        self._outcome = "complete"

    async def aclose(self) -> None:
        """Release the connection."""
        await self._exchange.aclose()
        await tell_all_async(self._observation.body_ended(self._outcome))
