"""What this package asks of an HTTP library: one request at a time, its answer as a stream.

Implementations are in `transports/`; a flow (`flows`) decides what is sent. They raise
`APIConnectionError` for everything that goes wrong on the way, and nothing of the library's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from openai_http.messages import Request, Response
    from openai_http.timeout import Timeout


class Exchange(Protocol):
    """A response that is being received. It fits `openai_stream.ByteSource`."""

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


class AsyncExchange(Protocol):
    """The same for asynchronous code. It fits `openai_stream.AsyncByteSource`."""

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


class Transport(Protocol):
    """Sends requests, from any thread."""

    def send(self, request: Request, timeout: Timeout | None) -> Exchange:
        """Send a request and wait for the head of its response; redirects are not followed.

        Raises:
            APIConnectionError: there is none.
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

    async def aclose(self) -> None:
        """Close every connection of this event loop; closing twice is harmless."""
        ...
