"""What high-level `stream(...)` methods give: a `with` block opens the stream and closes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType


class Closable(Protocol):
    """A stream."""

    def close(self) -> None:
        """Release the connection."""
        ...


class AsyncClosable(Protocol):
    """A stream of asynchronous code."""

    async def close(self) -> None:
        """Release the connection."""
        ...


S = TypeVar("S", bound=Closable)
AS = TypeVar("AS", bound=AsyncClosable)


class StreamManager(Generic[S]):
    """Opens a stream when its `with` block begins, and closes it when that is left.

    Args:
        opened: sends the request and gives the stream.
    """

    def __init__(self, opened: Callable[[], S]) -> None:
        self._opened = opened
        self._stream: S | None = None

    def __enter__(self) -> S:
        self._stream = stream = self._opened()
        return stream

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._stream is not None:
            self._stream.close()


class AsyncStreamManager(Generic[AS]):
    """The same for asynchronous code.

    Args:
        opened: sends the request and gives the stream.
    """

    def __init__(self, opened: Callable[[], Awaitable[AS]]) -> None:
        self._opened = opened
        self._stream: AS | None = None

    async def __aenter__(self) -> AS:
        self._stream = stream = await self._opened()
        return stream

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._stream is not None:
            await self._stream.close()
