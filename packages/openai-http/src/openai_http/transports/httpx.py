"""httpx behind the transport interface: the only module that names it.

Without a client of the user's, requests go straight to httpx's transports: the layers of a client
above them cost as much as the rest of a call. Each of these transports has one connection, and
which is used is decided by pools of our own, because those of httpx look at all of their
connections for each request. A user's own client is used as it is, through its public API.

httpx2 has the same API, so all of this is for either library.
"""

from __future__ import annotations

import ssl
from functools import cache, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias, cast
from weakref import finalize

import httpx

from openai_http.bodies.streamed import Given
from openai_http.connections.closing import Closing
from openai_http.connections.network import Network
from openai_http.timing.timeout import WatchedTimeout
from openai_http.transports.explaining import raise_explained
from openai_http.transports.httpx_errors import meaning_of
from openai_http.transports.httpx_exchanges import AsyncHttpxExchange, HttpxExchange
from openai_http.transports.joining import AsyncJoiningBackend, AsyncOpeningBackend
from openai_http.transports.limited_backend import (
    limit_operations,
    replace_backend,
)
from openai_http.transports.loops import Loop, aclose_all, pools_in_all_loops
from openai_http.transports.one_connection import keep_one
from openai_http.transports.pools import AsyncPool, SyncPool
from openai_http.transports.routes import Route, Routes, signed
from openai_http.transports.tls import context_for

if TYPE_CHECKING:
    from collections.abc import (
        AsyncIterator,
        Awaitable,
        Callable,
        Iterator,
        Mapping,
    )
    from types import ModuleType

    from openai_http.bodies.streamed import StreamedBody
    from openai_http.connections.limits import PoolStats
    from openai_http.messages import Request
    from openai_http.timing.timeout import Timeout

ACCEPT_ENCODING = b"gzip, deflate"

SyncConnection: TypeAlias = httpx.BaseTransport
AsyncConnection: TypeAlias = httpx.AsyncBaseTransport
Received: TypeAlias = httpx.Response
Reading: TypeAlias = "Callable[[StreamedBody], Iterator[bytes] | AsyncIterator[bytes]]"


class HttpxTransport(Closing):
    """Sends straight through httpx's transports.

    Args:
        network: how connections are made.
        library: the name of httpx or of httpx2.
        http2: HTTP/2 is spoken with servers that can; then calls share connections.
    """

    def __init__(
        self, network: Network | None = None, *, library: str = "httpx", http2: bool = False
    ) -> None:
        self._opener = _Opener(network or Network(), import_module(library), http2=http2)
        self._routes = Routes(self._opener.network.proxy)
        self._pools: dict[Route, SyncPool[SyncConnection]] = {}
        finalize(self, _close_all, self._pools)

    def send(self, request: Request, timeout: Timeout | None) -> HttpxExchange:
        """Send a request and wait for the head of its response."""
        self.check_open()
        route = self._routes.find(request.url)
        try:
            pool = self._pool(route)
            limits = limits_of(timeout)
            connection = pool.acquire(limits.get("pool"))
            try:
                # In no variable, which reports of errors would show: its URL may have a secret.
                received = connection.handle_request(
                    _wire(self._opener.library, request, limits, iter)
                )
                exchange = HttpxExchange(request, received, self)
                exchange.hold(pool, connection)
            except BaseException:
                pool.discard(connection)
                raise
        except Exception as error:  # noqa: BLE001 - it is raised again
            raise_explained(meaning_of, error, request, route.proxy, closed=self.closed)
        return exchange

    def stats(self) -> PoolStats:
        """How many connections there are."""
        pools = [pool for route, pool in [*self._pools.items()] if route.is_of_this_process]
        return sum((pool.stats() for pool in pools), self._opener.network.limits.none_used())

    def close(self) -> None:
        """Close every connection."""
        self.closed = True
        _close_all(self._pools)

    def _pool(self, route: Route) -> SyncPool[SyncConnection]:
        pool = self._pools.get(route)
        if pool is None:  # of two threads that get here at once, one finds the other's pool
            _leave_to_parent(self._pools)
            pool = self._pools.setdefault(route, self._opener.pool(route))
        return pool


def _close_all(pools: dict[Route, SyncPool[SyncConnection]]) -> None:
    _leave_to_parent(pools)
    while pools:
        pools.popitem()[1].close()


def _leave_to_parent(pools: dict[Route, SyncPool[SyncConnection]]) -> None:
    """Let go of what was made before a fork."""
    for route in [route for route in pools if not route.is_of_this_process]:
        pool = pools.pop(route, None)
        if pool is not None:
            pool.leave_to_parent()


class AsyncHttpxTransport(Closing):
    """The same for asynchronous code, with pools for each event loop."""

    def __init__(
        self, network: Network | None = None, *, library: str = "httpx", http2: bool = False
    ) -> None:
        self._opener = _Opener(network or Network(), import_module(library), http2=http2)
        self._routes = Routes(self._opener.network.proxy)

    async def send(self, request: Request, timeout: Timeout | None) -> AsyncHttpxExchange:
        """Send a request and wait for the head of its response."""
        self.check_open()
        route = self._routes.find(request.url)
        try:
            pool = await self._pool(route)
            limits = limits_of(timeout)
            connection = await pool.acquire(limits.get("pool"))
            try:
                received = await connection.handle_async_request(
                    _wire(self._opener.library, request, limits, aiter)
                )
                exchange = AsyncHttpxExchange(request, received, self)
                is_shared = isinstance(connection, AsyncShare)
                exchange.hold(pool, connection, is_shared=is_shared)
            except BaseException:
                await pool.discard(connection)
                raise
        except Exception as error:  # noqa: BLE001 - it is raised again
            raise_explained(meaning_of, error, request, route.proxy, closed=self.closed)
        return exchange

    def stats(self) -> PoolStats:
        """How many connections there are, in all event loops."""
        pools = pools_in_all_loops(self)
        return sum((pool.stats() for pool in pools), self._opener.network.limits.none_used())

    async def aclose(self) -> None:
        """Close every connection of this event loop."""
        self.closed = True
        loop = await Loop.running()
        await aclose_all(loop.pools_of(self))

    async def _pool(self, route: Route) -> AsyncPool[AsyncConnection]:
        loop = await Loop.running()
        pools = loop.pools_of(self)
        if route not in pools:
            pools[route] = self._opener.async_pool(route)
        return cast("AsyncPool[AsyncConnection]", pools[route])


class _Opener:
    """Makes pools whose connections are transports of httpx with one connection each."""

    def __init__(self, network: Network, library: ModuleType, *, http2: bool) -> None:
        self.network = network
        self.library = library  # either has the same names, so only one of them is typed
        self._http2 = http2

    def pool(self, route: Route) -> SyncPool[SyncConnection]:
        """A pool for threads."""
        options = self._options(route)

        def made() -> SyncConnection:
            opened: SyncConnection = self.library.HTTPTransport(**options)
            limit_operations(opened, joined=not self._http2)
            if not self._http2:
                keep_one(opened)
            return opened

        if not self._http2:
            return SyncPool(self.network.limits, made)
        shared = made()
        return SyncPool(self.network.limits, lambda: Share(shared.handle_request), shared)

    def async_pool(self, route: Route) -> AsyncPool[AsyncConnection]:
        """A pool for an event loop."""
        options = self._options(route)

        def made() -> AsyncConnection:
            opened: AsyncConnection = self.library.AsyncHTTPTransport(**options)
            kind = AsyncOpeningBackend if self._http2 else AsyncJoiningBackend
            replace_backend(opened, kind, kind)
            if not self._http2:
                keep_one(opened)
            return opened

        if not self._http2:
            return AsyncPool(self.network.limits, made)
        shared = made()
        return AsyncPool(
            self.network.limits, lambda: AsyncShare(shared.handle_async_request), shared
        )

    # Any: httpx's keyword arguments have a type each.
    def _options(self, route: Route) -> dict[str, Any]:
        limits = self.network.limits
        most, kept = (None, limits.max_connections) if self._http2 else (1, 1)
        return {
            "verify": self._context() if route.scheme == "https" else _no_tls(),
            "http2": self._http2,
            "limits": self.library.Limits(
                # With HTTP/2, no more calls get to the pool of httpx than there may be connections.
                # A limit of its own would count those of calls cancelled before they began.
                max_connections=most,
                max_keepalive_connections=kept,
                keepalive_expiry=limits.keepalive_expiry,
            ),
            "proxy": None if route.proxy is None else self._proxy(route.proxy),
        }

    def _proxy(self, url: str) -> httpx.Proxy:
        secure = url.startswith("https:")
        return self.library.Proxy(url, ssl_context=self._context() if secure else None)

    def _context(self) -> ssl.SSLContext:
        return context_for(self.network, usual_context, http2=self._http2)


class Share(httpx.BaseTransport):
    """A part of what has its own connections, or several requests at once on one of them."""

    def __init__(self, send: Callable[[httpx.Request], httpx.Response]) -> None:
        self._send = send
        self._received: httpx.Response | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        # In no variable, which reports of errors would show: its URL may have a secret.
        held = [request]
        del request
        self._received = self._send(held.pop())
        return self._received

    def close(self) -> None:
        """Close the response."""
        if self._received is not None:
            self._received.close()


class AsyncShare(httpx.AsyncBaseTransport):
    """The same for asynchronous code."""

    def __init__(self, send: Callable[[httpx.Request], Awaitable[httpx.Response]]) -> None:
        self._send = send
        self._received: httpx.Response | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        held = [request]
        del request
        self._received = await self._send(held.pop())
        return self._received

    async def aclose(self) -> None:
        """Close the response."""
        if self._received is not None:
            await self._received.aclose()


def usual_context() -> ssl.SSLContext:
    """The context that trusts the certificates that come with httpx, and those of the system."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


@cache
def _no_tls() -> ssl.SSLContext:
    """For servers without TLS: httpx would load certificates all the same."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _wire(
    library: ModuleType, request: Request, limits: Mapping[str, float | None], read: Reading
) -> httpx.Request:
    url, headers = signed(request)
    parsed = _parsed(library, url)
    fields = encoded(headers)
    if "accept-encoding" not in headers:
        fields[:0] = [(b"accept-encoding", ACCEPT_ENCODING)]
    if library is httpx and request.form is None and request.streamed is None:
        # httpx writes these itself only for bodies in streams of its own.
        length = str(len(request.content)).encode()
        fields[:0] = [(b"content-length", length)]
        if "host" not in headers:
            fields[:0] = [(b"host", parsed.netloc)]
        body: dict[str, Any] = {"stream": _Content(request.content)}  # as below
    else:
        body = body_of(request, read)
    extensions = {"timeout": limits}
    return library.Request(request.method, parsed, headers=fields, **body, extensions=extensions)


class _Content(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body in one piece. Unlike that of httpx, it is no generator, which someone has to end."""

    def __init__(self, content: bytes) -> None:
        self._pieces = [content] if content else []

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return Given(iter(self._pieces))


def encoded_form(request: Request) -> tuple[dict[str, str], Iterator[bytes]]:
    """The headers and the bytes of a request's form, for transports of other libraries.

    Only what a form adds is among the headers: its type with the boundary, and its length.
    """
    built = httpx.Request(request.method, "http://form", **body_of(request, iter))
    kept = {"content-type", "content-length", "transfer-encoding"}
    added = {name: value for name, value in built.headers.items() if name in kept}
    return added, iter(cast("httpx.SyncByteStream", built.stream))


# Any: httpx's keyword arguments have a type each.
def body_of(request: Request, read: Reading) -> dict[str, Any]:
    """The body, as arguments of httpx's requests; `read` is `iter`, or `aiter`."""
    if request.streamed is not None:
        return {"content": read(request.streamed)}
    if request.form is None:
        return {"content": request.content}
    # Fields are given as nameless files: httpx writes a form without files in another format.
    fields = [(name, (None, value)) for name, value in request.form.fields]
    parts = [
        (part.name, (part.filename, part.content, part.content_type, part.headers))
        for part in request.form.parts
    ]
    return {"files": [*fields, *parts]}


def encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Headers in bytes: httpx itself takes only ASCII for text."""
    return [(name.encode(), value.encode()) for name, value in headers.items()]


@lru_cache(maxsize=256)
def _parsed(library: ModuleType, url: str) -> httpx.URL:
    return library.URL(url)


def limits_of(timeout: Timeout | None) -> Mapping[str, float | None]:
    """The limits of an attempt's parts, as httpx wants them."""
    if isinstance(timeout, WatchedTimeout):
        return timeout.over(limits_of(timeout.own))
    if timeout is None:
        return {}
    return {
        "connect": timeout.connect,
        "read": timeout.read,
        "write": timeout.write,
        "pool": timeout.pool,
    }
