"""httpx behind the transport interface: the only module that names it.

Without a client of the user's, requests go straight to httpx's transports: the layers of a client
above them cost as much as the rest of a call. Each of these transports has one connection, and
which is used is decided by pools of our own, because those of httpx look at all of their
connections for each request. A user's own client is used as it is, through its public API.

httpx2 has the same API, so all of this is for either library.
"""

from __future__ import annotations

import ssl
from contextlib import suppress
from functools import cache, lru_cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias, cast
from weakref import finalize

import httpx
from anyio import CancelScope, current_time

from openai_http.bodies.inflating import inflater_of
from openai_http.connections.network import Network
from openai_http.errors import APIResponseValidationError
from openai_http.messages import Response
from openai_http.timing.timeout import WatchedTimeout
from openai_http.transports.aborting import abort_http1
from openai_http.transports.finishing import finish
from openai_http.transports.generators import begun, first
from openai_http.transports.httpx_errors import raise_explained
from openai_http.transports.joining import AsyncJoiningBackend
from openai_http.transports.limited_backend import (
    LimitedStream,
    limit_operations,
    replace_backend,
)
from openai_http.transports.loops import Loop, aclose_all, pools_in_all_loops
from openai_http.transports.pools import AsyncPool, SyncPool
from openai_http.transports.routes import Route, Routes, signed
from openai_http.transports.tls import context_for

if TYPE_CHECKING:
    from collections.abc import (
        AsyncGenerator,
        AsyncIterator,
        Awaitable,
        Callable,
        Iterator,
        Mapping,
    )
    from types import ModuleType

    from openai_http.bodies.inflating import Inflater
    from openai_http.connections.limits import PoolStats
    from openai_http.messages import Request
    from openai_http.timing.timeout import Timeout
    from openai_http.transports.pools import Loan

MOMENT = 0.002  # seconds to wait for the end of a body of which nobody wants more
_MOST_BUFFERED = 10_000  # pieces of a body that were received and not read yet
ACCEPT_ENCODING = b"gzip, deflate"

SyncConnection: TypeAlias = httpx.BaseTransport
AsyncConnection: TypeAlias = httpx.AsyncBaseTransport


class HttpxExchange:
    """A response that httpx is receiving."""

    __slots__ = (
        "__weakref__",
        "_ends",
        "_loan",
        "_owner",
        "_pool",
        "_received",
        "_whole",
        "response",
    )

    def __init__(
        self, request: Request, received: httpx.Response, owner: HttpxTransport | None = None
    ) -> None:
        self.response = _head(request, received)
        self._received = received
        self._owner = owner  # whose connections are closed when nobody has it any more
        self._pool: SyncPool[SyncConnection] | None = None
        self._loan: Loan[SyncConnection] | None = None
        self._whole = self._ends = False

    def hold(self, pool: SyncPool[SyncConnection], connection: SyncConnection) -> None:
        """Have a connection, which goes back to its pool when this is closed, or is gone."""
        abort = partial(abort_http1, self.response.http_version, self._received.extensions)
        self._pool, self._loan = pool, pool.lend(connection, self, abort)

    def __iter__(self) -> Iterator[bytes]:
        is_own = self._owner is not None
        inflater = _inflater(self.response, self._received, is_own=is_own)
        is_raw = _is_raw(inflater, is_own=is_own)
        stream = cast("httpx.SyncByteStream", self._received.stream)
        pieces = iter(stream if is_raw else self._received.iter_bytes())
        try:
            for piece in pieces:
                yield from (piece,) if inflater is None else inflater.feed(piece)
            if inflater is not None:
                inflater.finish()
        except GeneratorExit:
            self._whole = self._ends_now(pieces)
            raise
        except Exception as error:  # noqa: BLE001 - it is raised again
            raise_explained(error, self.response.wire_request)
        self._whole = True

    def _ends_now(self, pieces: Iterator[bytes]) -> bool:
        """Whether nothing is left of the body but its end, so that the connection serves again."""
        stream = self._received.extensions.get("network_stream")
        is_own = self._received.http_version != "HTTP/2"  # otherwise others read it, too
        if self._ends and is_own and isinstance(stream, LimitedStream):
            with stream.limited_to(MOMENT), suppress(Exception):
                return next(pieces, None) is None
        return False

    def expect_end(self) -> None:
        """Nothing but its end is wanted of the body: wait a moment for it, then close."""
        self._ends = True

    def close(self) -> None:
        """Release the connection."""
        reusable = False
        try:
            self._received.close()
            reusable = self._whole and _stays_open(self.response)
        finally:
            if self._pool is not None and self._loan is not None:
                self._pool.give_back(self._loan, reusable=reusable)

    def abort(self) -> None:
        """Break the connection off, from any thread."""
        abort_http1(self._received.http_version, self._received.extensions)

    def abandon(self, chunks: Iterator[bytes] | None) -> None:
        """Break the connection off because nobody reads it any more."""
        self.abort()
        if self._pool is not None and self._loan is not None:
            self._pool.lose(self._loan, chunks)


class AsyncHttpxExchange:
    """A response that httpx is receiving, for asynchronous code."""

    __slots__ = (
        "__weakref__",
        "_ends",
        "_is_shared",
        "_loan",
        "_owner",
        "_pool",
        "_received",
        "_whole",
        "response",
    )

    def __init__(
        self, request: Request, received: httpx.Response, owner: AsyncHttpxTransport | None = None
    ) -> None:
        self.response = _head(request, received)
        self._received = received
        self._owner = owner
        self._pool: AsyncPool[AsyncConnection] | None = None
        self._loan: Loan[AsyncConnection] | None = None
        self._whole = self._ends = self._is_shared = False

    def hold(self, pool: AsyncPool[AsyncConnection], connection: AsyncConnection) -> None:
        """Have a connection, which goes back to its pool when this is closed, or is gone."""
        abort = partial(abort_http1, self.response.http_version, self._received.extensions)
        self._pool, self._loan = pool, pool.lend(connection, self, abort)
        self._is_shared = isinstance(connection, AsyncShare)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return begun(self._read())

    async def _read(self) -> AsyncGenerator[bytes]:
        yield b""  # here it begins
        is_own = self._owner is not None
        inflater = _inflater(self.response, self._received, is_own=is_own)
        stream = cast("httpx.AsyncByteStream", self._received.stream)
        is_raw = _is_raw(inflater, is_own=is_own)
        pieces = aiter(stream if is_raw else self._received.aiter_bytes())
        try:
            piece = await first(pieces)
            while piece is not None:
                for inflated in (piece,) if inflater is None else inflater.feed(piece):
                    yield inflated
                piece = await anext(pieces, None)
            if inflater is not None:
                inflater.finish()
        except (GeneratorExit, APIResponseValidationError):
            self._whole = await _unwind(pieces, ends=self._ends)
            raise
        except Exception as error:  # noqa: BLE001 - it is raised again
            raise_explained(error, self.response.wire_request)
        self._whole = True

    def expect_end(self) -> None:
        """Nothing but its end is wanted of the body: wait a moment for it, then close."""
        self._ends = True

    async def aclose(self) -> None:
        """Release the connection."""
        reusable = False
        try:
            closing = self._received.aclose()
            await (finish(closing) if self._is_shared else closing)
            reusable = self._whole and _stays_open(self.response)
        finally:
            if self._pool is not None and self._loan is not None:
                await self._pool.give_back(self._loan, reusable=reusable)

    def abort(self) -> None:
        """Break the connection off, from any thread."""
        abort_http1(self._received.http_version, self._received.extensions)

    def abandon(self, chunks: AsyncIterator[bytes] | None) -> None:
        """Break the connection off because nobody reads it any more."""
        self.abort()
        if self._pool is not None and self._loan is not None:
            self._pool.lose(self._loan, chunks)


def _inflater(response: Response, received: httpx.Response, *, is_own: bool) -> Inflater | None:
    """What inflates the body; a client of the user's asks for what it can inflate itself."""
    is_inflated = received.is_stream_consumed
    return inflater_of(response, is_inflated=is_inflated, asks_itself=not is_own)


def _is_raw(inflater: Inflater | None, *, is_own: bool) -> bool:
    """Whether the body is taken as it was sent, past all that httpx does with it for clients."""
    return is_own if inflater is None else inflater.inflates


def _head(request: Request, received: httpx.Response) -> Response:
    return Response(
        received.status_code,
        received.headers.raw,
        request,
        http_version=received.http_version,
    )


def _stays_open(response: Response) -> bool:
    return response.headers.get("connection", "").lower() != "close"


async def _unwind(pieces: AsyncIterator[bytes], *, ends: bool) -> bool:
    """End generators that are nested in each other, of which only the outermost can be closed.

    The innermost one waits for the network: cancelling that wait ends them all. Otherwise the
    garbage collector would, some time, in tasks of its own.

    Returns:
        Whether nothing was left of the body but its end, so that the connection serves again.
    """
    with CancelScope() as scope, suppress(Exception):
        if ends:
            scope.deadline = current_time() + MOMENT
            if await anext(pieces, None) is None:
                return True
        scope.cancel()
        for _ in range(_MOST_BUFFERED):
            await anext(pieces)
    return False


class HttpxTransport:
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
        route = self._routes.find(request.url)
        try:
            pool = self._pool(route)
            limits = limits_of(timeout)
            connection = pool.acquire(limits.get("pool"))
            try:
                # In no variable, which reports of errors would show: its URL may have a secret.
                received = connection.handle_request(_wire(self._opener.library, request, limits))
                exchange = HttpxExchange(request, received, self)
                exchange.hold(pool, connection)
            except BaseException:
                pool.discard(connection)
                raise
        except Exception as error:  # noqa: BLE001 - it is raised again
            raise_explained(error, request, route.proxy)
        return exchange

    def stats(self) -> PoolStats:
        """How many connections there are."""
        pools = [pool for route, pool in [*self._pools.items()] if route.is_of_this_process]
        return sum((pool.stats() for pool in pools), self._opener.network.limits.none_used())

    def close(self) -> None:
        """Close every connection."""
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


class AsyncHttpxTransport:
    """The same for asynchronous code, with pools for each event loop."""

    def __init__(
        self, network: Network | None = None, *, library: str = "httpx", http2: bool = False
    ) -> None:
        self._opener = _Opener(network or Network(), import_module(library), http2=http2)
        self._routes = Routes(self._opener.network.proxy)

    async def send(self, request: Request, timeout: Timeout | None) -> AsyncHttpxExchange:
        """Send a request and wait for the head of its response."""
        route = self._routes.find(request.url)
        try:
            pool = await self._pool(route)
            limits = limits_of(timeout)
            connection = await pool.acquire(limits.get("pool"))
            try:
                received = await connection.handle_async_request(
                    _wire(self._opener.library, request, limits)
                )
                exchange = AsyncHttpxExchange(request, received, self)
                exchange.hold(pool, connection)
            except BaseException:
                await pool.discard(connection)
                raise
        except Exception as error:  # noqa: BLE001 - it is raised again
            raise_explained(error, request, route.proxy)
        return exchange

    def stats(self) -> PoolStats:
        """How many connections there are, in all event loops."""
        pools = pools_in_all_loops(self)
        return sum((pool.stats() for pool in pools), self._opener.network.limits.none_used())

    async def aclose(self) -> None:
        """Close every connection of this event loop."""
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
            if not self._http2:
                replace_backend(opened, AsyncJoiningBackend, AsyncJoiningBackend)
            return opened

        if not self._http2:
            return AsyncPool(self.network.limits, made)
        shared = made()
        return AsyncPool(
            self.network.limits, lambda: AsyncShare(shared.handle_async_request), shared
        )

    # Any: httpx's keyword arguments have a type each.
    def _options(self, route: Route) -> dict[str, Any]:
        limits, one = self.network.limits, 1
        if self._http2:
            one = limits.max_connections
        return {
            "verify": self._context() if route.scheme == "https" else _no_tls(),
            "http2": self._http2,
            "limits": self.library.Limits(
                max_connections=one,
                max_keepalive_connections=one,
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
    library: ModuleType, request: Request, limits: Mapping[str, float | None]
) -> httpx.Request:
    url, headers = signed(request)
    parsed = _parsed(library, url)
    fields = [(b"accept-encoding", ACCEPT_ENCODING), *encoded(headers)]
    body = body_of(request)
    if library is httpx and request.form is None:
        # httpx writes these itself only for bodies in streams of its own.
        length = str(len(request.content)).encode()
        fields[:0] = [(b"host", parsed.netloc), (b"content-length", length)]
        body = {"stream": _Content(request.content)}
    extensions = {"timeout": limits}
    return library.Request(request.method, parsed, headers=fields, **body, extensions=extensions)


class _Content(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body in one piece. Unlike that of httpx, it is no generator, which someone has to end."""

    def __init__(self, content: bytes) -> None:
        self._pieces = [content] if content else []

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return _Pieces(self._pieces)


class _Pieces:
    """The pieces of a body, for asynchronous code."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._left = iter(pieces)

    def __aiter__(self) -> _Pieces:
        return self

    async def __anext__(self) -> bytes:
        for piece in self._left:
            return piece
        raise StopAsyncIteration


def encoded_form(request: Request) -> tuple[dict[str, str], Iterator[bytes]]:
    """The headers and the bytes of a request's form, for transports of other libraries.

    Only what a form adds is among the headers: its type with the boundary, and its length.
    """
    built = httpx.Request(request.method, "http://form", **body_of(request))
    kept = {"content-type", "content-length", "transfer-encoding"}
    added = {name: value for name, value in built.headers.items() if name in kept}
    return added, iter(cast("httpx.SyncByteStream", built.stream))


# Any: httpx's keyword arguments have a type each.
def body_of(request: Request) -> dict[str, Any]:
    """The body, as arguments of httpx's requests."""
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
