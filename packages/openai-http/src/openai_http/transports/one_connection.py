"""One connection in the place of the pool that a transport of httpx has.

Which connection serves a call is decided by pools of this package, so that of httpx has never more
than one, and yet looks for it with each request and again after each response. What is left to do
is to open it, and to open it again when the server has closed it, or it was idle for too long.

The pool is still what knows how to open a connection, also through a proxy.
"""

from __future__ import annotations

from typing import Any


# Any, here and below: objects of httpcore, which this package does not import.
def keep_one(transport: Any) -> None:
    """Put one connection in the place of the pool.

    Should another version of httpx keep its pool elsewhere, the pool stays, which is only slower.
    """
    pool = getattr(transport, "_pool", None)
    if hasattr(pool, "create_connection"):
        made = OneConnection if hasattr(pool, "close") else AsyncOneConnection
        transport._pool = made(pool)  # noqa: SLF001 - there is no other way


class OneConnection:
    """Opened by the first request."""

    __slots__ = ("_backend", "_connection", "_pool")

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self._backend = getattr(pool, "_network_backend", None)
        self._connection: Any = None

    def handle_request(self, request: Any) -> Any:
        """Send a request and wait for the head of its response."""
        connection = self._connection
        if connection is None or connection.has_expired() or not connection.is_available():
            self.close()
            connection = self._connection = self._pool.create_connection(request.url.origin)
        return connection.handle_request(request)

    def close(self) -> None:
        """Close it; twice is harmless."""
        if self._connection is not None:
            self._connection.close()
            if (opened := getattr(self._backend, "opened", None)) is not None:
                opened.close()  # a connection has it only once a SOCKS proxy let it through


class AsyncOneConnection:
    """The same for asynchronous code."""

    __slots__ = ("_backend", "_connection", "_pool")

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self._backend = getattr(pool, "_network_backend", None)
        self._connection: Any = None

    async def handle_async_request(self, request: Any) -> Any:
        """Send a request and wait for the head of its response."""
        connection = self._connection
        if connection is None or connection.has_expired() or not connection.is_available():
            await self.aclose()
            connection = self._connection = self._pool.create_connection(request.url.origin)
        return await connection.handle_async_request(request)

    async def aclose(self) -> None:
        """Close it; twice is harmless."""
        if self._connection is not None:
            await self._connection.aclose()
            if (opened := getattr(self._backend, "opened", None)) is not None:
                await opened.aclose()  # as above
