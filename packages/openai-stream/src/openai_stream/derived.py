"""High-level streams: those whose events are made of an API's own.

The stream below reads, releases and judges how it ended; a deriver says what its events mean. Here
is only what lies between: the queue, and the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from openai_stream.iterating import AsyncIteration, Iteration, Ready
from openai_stream.relay.outgoing import AsyncRelay, Relay, Relayable

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from openai_types.wire import ResponseLike

    from openai_stream.accumulating import Deriver
    from openai_stream.outcomes import Outcome
    from openai_stream.stream import AsyncStream, Stream

E = TypeVar("E")
D = TypeVar("D")


class _Below(Protocol):
    """What both kinds of stream have."""

    @property
    def response(self) -> ResponseLike: ...
    @property
    def outcome(self) -> Outcome | None: ...
    @property
    def token(self) -> str: ...
    def cancel(self) -> None: ...


class _Derived(Ready[D], Generic[E, D]):
    """What both kinds share."""

    def __init__(self, below: _Below, deriver: Deriver[E, D]) -> None:
        super().__init__()
        self._below = below
        self._deriver = deriver

    @property
    def response(self) -> ResponseLike:
        """The head of the response."""
        return self._below.response

    @property
    def outcome(self) -> Outcome | None:
        """How the stream ended; None as long as it has not."""
        return self._below.outcome

    @property
    def token(self) -> str:
        """With what another process can go on with the stream below: `client.resume(token)`.

        Raises:
            OpenAIError: the stream cannot be resumed; the message says why.
        """
        return self._below.token

    def cancel(self) -> None:
        """End the stream at once, from any thread or task, also while it is being read."""
        self._stop()
        self._below.cancel()

    def _abandon(self) -> None:
        self.cancel()

    def _stop(self) -> None:
        self._ended = True
        self._ready.clear()

    def _is_marked(self) -> bool:
        """Never: `[DONE]` is a part of the API's form, which these events have not."""
        return False

    def _take(self, event: E) -> None:
        self._ready += self._deriver.derive(event)

    def _finish(self) -> None:
        """The stream below has ended."""
        if not self._ended and self._below.outcome == "complete":
            self._ready += self._deriver.finish()
        self._ended = True


class DerivedStream(_Derived[E, D], Relayable[D, Relay]):
    """A stream of events that are made of those of another; iterated, left and closed as that is.

    Args:
        stream: of the API's events.
        deriver: makes the events of this one.
    """

    _relay = Relay

    def __init__(self, stream: Stream[E], deriver: Deriver[E, D]) -> None:
        super().__init__(stream, deriver)
        self._stream = stream

    def __iter__(self) -> Iteration[D]:
        self._check_not_left()
        return Iteration(self.__next__, self._leave)

    def __next__(self) -> D:
        while not self._ready:
            if self._ended:
                raise StopIteration
            try:
                self._take(next(self._stream))
            except StopIteration:
                self._finish()
        return self._ready.popleft()

    def until_done(self) -> Self:
        """Read on to the end; then ask for what the events were together.

        Raises:
            APIError: the stream failed; `partial` of the error has what came before.
        """
        for _ in self:
            pass
        return self

    def close(self) -> None:
        """Release the connection and end the iteration; closing twice is harmless."""
        self._stop()
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class AsyncDerivedStream(_Derived[E, D], Relayable[D, AsyncRelay]):
    """The same for asynchronous code.

    Args:
        stream: of the API's events.
        deriver: makes the events of this one.
    """

    _relay = AsyncRelay

    def __init__(self, stream: AsyncStream[E], deriver: Deriver[E, D]) -> None:
        super().__init__(stream, deriver)
        self._stream = stream

    def __aiter__(self) -> AsyncIteration[D]:
        self._check_not_left()
        return AsyncIteration(self.__anext__, self._leave)

    async def __anext__(self) -> D:
        while not self._ready:
            if self._ended:
                raise StopAsyncIteration
            try:
                self._take(await anext(self._stream))
            except StopAsyncIteration:
                self._finish()
        return self._ready.popleft()

    async def until_done(self) -> Self:
        """Read on to the end; then ask for what the events were together.

        Raises:
            APIError: the stream failed; `partial` of the error has what came before.
        """
        async for _ in self:
            pass
        return self

    async def close(self) -> None:
        """Release the connection and end the iteration; closing twice is harmless."""
        self._stop()
        await self._stream.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()
