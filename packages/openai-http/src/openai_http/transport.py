"""What this package asks of an HTTP library: one request at a time, its answer as a stream.

Implementations are in `transports/`; a flow (`flows`) decides what is sent. They raise
`APIConnectionError` for everything that goes wrong on the way, and nothing of the library's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from openai_http.connections.limits import PoolStats
    from openai_http.messages import Request, Response
    from openai_http.timing.timeout import Timeout


class Received(Protocol):
    """A response that is being received, for whoever reads it."""

    @property
    def response(self) -> Response:
        """The head of the response."""
        ...

    def __iter__(self) -> Iterator[bytes]:
        """The body's bytes, decompressed, in pieces of any size; called once."""
        ...

    def close(self) -> None:
        """Release the connection; closing twice is harmless."""
        ...


class Exchange(Received, Protocol):
    """A response that is being received. It fits `openai_stream.ByteSource`."""

    def abort(self) -> None:
        """Break the connection off, from any thread: who reads gets an error or the end."""
        ...

    def abandon(self, chunks: Iterator[bytes] | None) -> None:
        """Break the connection off because nobody reads it any more; it is closed later.

        Args:
            chunks: the iterator that was being read, if there is one.
        """
        ...


class AsyncReceived(Protocol):
    """The same for asynchronous code."""

    @property
    def response(self) -> Response:
        """The head of the response."""
        ...

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The body's bytes, decompressed, in pieces of any size; called once."""
        ...

    async def aclose(self) -> None:
        """Release the connection; closing twice is harmless."""
        ...


class AsyncExchange(AsyncReceived, Protocol):
    """The same for asynchronous code. It fits `openai_stream.AsyncByteSource`."""

    def abort(self) -> None:
        """Break the connection off, from any thread: who reads gets an error or the end."""
        ...

    def abandon(self, chunks: AsyncIterator[bytes] | None) -> None:
        """Break the connection off because nobody reads it any more; it is closed later.

        Args:
            chunks: the iterator that was being read, if there is one.
        """
        ...


class Transport(Protocol):
    """Sends requests, from any thread."""

    def send(self, request: Request, timeout: Timeout | None) -> Exchange:
        """Send a request and wait for the head of its response; redirects are not followed.

        Raises:
            APIConnectionError: there is none.
        """
        ...

    def stats(self) -> PoolStats:
        """How many connections there are in this process.

        Raises:
            OpenAIError: the HTTP library does not tell.
        """
        ...

    def close(self) -> None:
        """Close every connection; closing twice is harmless."""
        ...


class AsyncTransport(Protocol):
    """The same for asynchronous code, from any event loop."""

    async def send(self, request: Request, timeout: Timeout | None) -> AsyncExchange:
        """Send a request and wait for the head of its response; redirects are not followed.

        Raises:
            APIConnectionError: there is none.
        """
        ...

    def stats(self) -> PoolStats:
        """How many connections there are in this process, in all its event loops.

        Raises:
            OpenAIError: the HTTP library does not tell.
        """
        ...

    async def aclose(self) -> None:
        """Close every connection of this event loop; closing twice is harmless."""
        ...


TransportName: TypeAlias = Literal["httpx", "http2", "httpx2", "pyreqwest"]
"""The transports of `OpenAI`."""

AsyncTransportName: TypeAlias = Literal["httpx", "http2", "httpx2", "aiohttp", "pyreqwest"]
"""The transports of `AsyncOpenAI`."""


# Any: the methods of httpx and of httpx2 take and give types of their own libraries.
class HttpClient(Protocol):
    """An `httpx.Client` or an `httpx2.Client` of the user's."""

    def build_request(self, *args: Any, **kwargs: Any) -> Any:
        """Make a request."""
        ...

    def send(self, *args: Any, **kwargs: Any) -> Any:
        """Send it."""
        ...

    def close(self) -> None:
        """Close the client."""
        ...


class AsyncHttpClient(Protocol):
    """An `httpx.AsyncClient` or an `httpx2.AsyncClient` of the user's."""

    def build_request(self, *args: Any, **kwargs: Any) -> Any:
        """Make a request."""
        ...

    async def send(self, *args: Any, **kwargs: Any) -> Any:
        """Send it."""
        ...

    async def aclose(self) -> None:
        """Close the client."""
        ...
