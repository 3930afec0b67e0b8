"""Which stream a call has, or which body that is left to be read: whether hooks are told of it.

A call without hooks has the stream of `openai_stream` itself, and what hooks need is not loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from openai_stream import AsyncStream, Stream

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from openai_stream import EventReader
    from openai_types.errors import APIError

    from openai_http.hooks.observation import Observation
    from openai_http.transport import AsyncExchange, AsyncReceived, Exchange, Received

T = TypeVar("T")


def stream_of(
    observation: Observation | None,
    source: Exchange,
    reader: EventReader[T],
    send_again: Callable[[APIError], Exchange] | None = None,
    token: Callable[[T | None], str] | None = None,
) -> Stream[T]:
    """The stream of a call; the arguments behind the observation are those of `Stream`."""
    if observation is None:
        return Stream(source, reader, send_again, token)
    from openai_http.hooks.observed import ObservedStream

    return ObservedStream(observation, source, reader, send_again, token)


def async_stream_of(
    observation: Observation | None,
    source: AsyncExchange,
    reader: EventReader[T],
    send_again: Callable[[APIError], Awaitable[AsyncExchange]] | None = None,
    token: Callable[[T | None], str] | None = None,
) -> AsyncStream[T]:
    """The same for asynchronous code."""
    if observation is None:
        return AsyncStream(source, reader, send_again, token)
    from openai_http.hooks.observed import AsyncObservedStream

    return AsyncObservedStream(observation, source, reader, send_again, token)


def body_of(observation: Observation | None, exchange: Exchange) -> Received:
    """The body of a response that is left to be read."""
    if observation is None:
        return exchange
    from openai_http.hooks.observed import ObservedExchange

    return ObservedExchange(observation, exchange)


def async_body_of(observation: Observation | None, exchange: AsyncExchange) -> AsyncReceived:
    """The same for asynchronous code."""
    if observation is None:
        return exchange
    from openai_http.hooks.observed import AsyncObservedExchange

    return AsyncObservedExchange(observation, exchange)
