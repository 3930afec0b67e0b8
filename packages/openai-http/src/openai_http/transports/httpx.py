"""httpx behind the transport interface: the only module that names the HTTP library.

Without a client of the user's, requests go straight to httpx's transports: the layers of a client
above them cost as much as the rest of a call. Proxies come from the environment by the standard
library's rules. A user's own client is used as it is, through its public API.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass
from weakref import finalize, ref

import httpx
from anyio import CancelScope
from anyio.lowlevel import RunVar
from openai_types.errors import OpenAIError

from openai_http.failures import connection_error, timeout_error
from openai_http.messages import Response

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator, Mapping

    from openai_http.messages import Request
    from openai_http.timeout import Timeout
    from openai_http.transport import AsyncTransport, Transport

# Those of the official package: many calls wait for long answers at the same time.
LIMITS = httpx.Limits(max_connections=1000, max_keepalive_connections=100)
DEFAULT_CLIENT_TIMEOUT = httpx.Timeout(5.0)  # what a client of httpx has that was not given any
_MOST_BUFFERED = 10_000  # pieces of a body that were received and not read yet
ACCEPT_ENCODING = b"gzip, deflate"


HttpClient: TypeAlias = httpx.Client
AsyncHttpClient: TypeAlias = httpx.AsyncClient


def transport_of(http_client: HttpClient | None) -> Transport:
    """The transport of a client, over the user's own HTTP client if there is one."""
    return HttpxTransport() if http_client is None else HttpxClientTransport(http_client)


def async_transport_of(http_client: AsyncHttpClient | None) -> AsyncTransport:
    """The transport of an asynchronous client."""
    return AsyncHttpxTransport() if http_client is None else AsyncHttpxClientTransport(http_client)


class _Route(NamedTuple):
    """What requests must have in common to share connections."""

    process: int
    scheme: str
    proxy: str | None


class HttpxExchange:
    """A response that httpx is receiving."""

    __slots__ = ("_owner", "_received", "_request", "response")

    def __init__(self, request: Request, received: httpx.Response, owner: Transport) -> None:
        self.response = Response(received.status_code, received.headers.raw, request)
        self._request = request
        self._received = received
        self._owner = owner  # whose connections are closed when nobody has it any more

    def __iter__(self) -> Iterator[bytes]:
        with _explained(self._request):
            yield from self._received.iter_bytes()

    def close(self) -> None:
        """Release the connection."""
        self._received.close()


class AsyncHttpxExchange:
    """A response that httpx is receiving, for asynchronous code."""

    __slots__ = ("_owner", "_received", "_request", "response")

    def __init__(self, request: Request, received: httpx.Response, owner: AsyncTransport) -> None:
        self.response = Response(received.status_code, received.headers.raw, request)
        self._request = request
        self._received = received
        self._owner = owner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pieces = self._received.aiter_bytes()
        with _explained(self._request):
            try:
                async for piece in pieces:
                    yield piece
            except GeneratorExit:
                await _unwind(pieces)
                raise

    async def aclose(self) -> None:
        """Release the connection."""
        await self._received.aclose()


async def _unwind(pieces: AsyncIterator[bytes]) -> None:
    """End generators that are nested in each other, of which only the outermost can be closed.

    The innermost one waits for the network: cancelling that wait ends them all. Otherwise the
    garbage collector would, some time, in tasks of its own.
    """
    with CancelScope() as scope, suppress(Exception):
        scope.cancel()
        for _ in range(_MOST_BUFFERED):
            await anext(pieces)


class _Routes:
    """The scheme and the proxy of URLs, by the environment of the first request to each host."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str, str], _Route] = {}

    def find(self, url: str) -> _Route:
        parts = urlsplit(url)
        key = os.getpid(), parts.scheme, parts.netloc
        if key not in self._known:
            proxies = getproxies()
            proxy = proxies.get(parts.scheme) or proxies.get("all")
            if proxy and proxy_bypass(parts.netloc.rpartition("@")[2]):
                proxy = None
            if proxy and "://" not in proxy:
                proxy = f"http://{proxy}"
            # A child process must not share its parent's sockets, so the process is a part of it.
            self._known[key] = _Route(os.getpid(), parts.scheme, proxy)
        return self._known[key]


class HttpxTransport:
    """Sends straight through httpx's transports, one for each scheme and proxy."""

    def __init__(self) -> None:
        self._routes = _Routes()
        self._pools: dict[_Route, httpx.HTTPTransport] = {}
        finalize(self, _close_all, self._pools)

    def send(self, request: Request, timeout: Timeout | None) -> HttpxExchange:
        """Send a request and wait for the head of its response."""
        with _explained(request):
            pool = self._pool(request.url)
            return HttpxExchange(request, pool.handle_request(_wire(request, timeout)), self)

    def close(self) -> None:
        """Close every connection."""
        _close_all(self._pools)

    def _pool(self, url: str) -> httpx.HTTPTransport:
        route = self._routes.find(url)
        pool = self._pools.get(route)
        if pool is None:  # of two threads that get here at once, one finds the other's pool
            made = httpx.HTTPTransport(
                verify=_verify(route.scheme), limits=LIMITS, proxy=_proxy(route.proxy)
            )
            pool = self._pools.setdefault(route, made)
        return pool


def _close_all(pools: dict[_Route, httpx.HTTPTransport]) -> None:
    while pools:
        pools.popitem()[1].close()


_AsyncPools: TypeAlias = dict[_Route, httpx.AsyncHTTPTransport]


class _Loop:
    """The pools of one event loop: sockets cannot change loops.

    Attributes:
        abandoned: those whose transport is gone without having been closed.
    """

    def __init__(self) -> None:
        self._pools: dict[ref[AsyncHttpxTransport], _AsyncPools] = {}
        self.abandoned: list[_AsyncPools] = []
        self._end: AsyncGenerator[None] | None = None

    @staticmethod
    async def running() -> _Loop:
        """That of the running event loop; what was abandoned in it is closed."""
        loop = _LOOP.get(None)
        if loop is None:
            loop = _Loop()
            _LOOP.set(loop)
            loop._end = loop._at_the_end()
            await anext(loop._end)
        while loop.abandoned:
            await _aclose_all(loop.abandoned.pop())
        return loop

    def pools_of(self, transport: AsyncHttpxTransport) -> _AsyncPools:
        """The pools of a transport, which are kept as long as someone has it."""
        return self._pools.setdefault(ref(transport, self._abandon), {})

    def _abandon(self, transport: ref[AsyncHttpxTransport]) -> None:
        self.abandoned.append(self._pools.pop(transport))

    async def _at_the_end(self) -> AsyncGenerator[None]:
        """Close what is open when the event loop ends: then it ends the generators begun in it."""
        try:
            yield
        finally:
            self._end = None  # it would keep the event loop
            for each in [*self._pools.values(), *self.abandoned]:
                await _aclose_all(each)


_LOOP: RunVar[_Loop] = RunVar("openai_http.pools")


async def _aclose_all(pools: _AsyncPools) -> None:
    while pools:
        await pools.popitem()[1].aclose()


class AsyncHttpxTransport:
    """Sends straight through httpx's transports, one for each event loop, scheme and proxy."""

    def __init__(self) -> None:
        self._routes = _Routes()

    async def send(self, request: Request, timeout: Timeout | None) -> AsyncHttpxExchange:
        """Send a request and wait for the head of its response."""
        with _explained(request):
            pool = await self._pool(request.url)
            received = await pool.handle_async_request(_wire(request, timeout))
            return AsyncHttpxExchange(request, received, self)

    async def aclose(self) -> None:
        """Close every connection of this event loop."""
        loop = await _Loop.running()
        await _aclose_all(loop.pools_of(self))

    async def _pool(self, url: str) -> httpx.AsyncHTTPTransport:
        route = self._routes.find(url)
        loop = await _Loop.running()
        pools = loop.pools_of(self)
        if route not in pools:
            pools[route] = httpx.AsyncHTTPTransport(
                verify=_verify(route.scheme), limits=LIMITS, proxy=_proxy(route.proxy)
            )
        return pools[route]


class HttpxClientTransport:
    """Sends through a client of the user's."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def send(self, request: Request, timeout: Timeout | None) -> HttpxExchange:
        """Send a request and wait for the head of its response."""
        with _explained(request):
            built = _built(self._client, request, timeout)
            return HttpxExchange(request, self._client.send(built, stream=True), self)

    def close(self) -> None:
        """Close the user's client."""
        self._client.close()


class AsyncHttpxClientTransport:
    """Sends through an asynchronous client of the user's."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def send(self, request: Request, timeout: Timeout | None) -> AsyncHttpxExchange:
        """Send a request and wait for the head of its response."""
        with _explained(request):
            built = _built(self._client, request, timeout)
            return AsyncHttpxExchange(request, await self._client.send(built, stream=True), self)

    async def aclose(self) -> None:
        """Close the user's client."""
        await self._client.aclose()


def _built(
    client: httpx.Client | httpx.AsyncClient, request: Request, timeout: Timeout | None
) -> httpx.Request:
    chosen = httpx.USE_CLIENT_DEFAULT if timeout is None else _httpx_timeout(timeout)
    return client.build_request(
        request.method,
        request.url,
        headers=_encoded(request.headers),
        timeout=chosen,
        **_body(request),
    )


def _wire(request: Request, timeout: Timeout | None) -> httpx.Request:
    limits = {} if timeout is None else _httpx_timeout(timeout).as_dict()
    return httpx.Request(
        request.method,
        _parsed(request.url),
        headers=[(b"accept-encoding", ACCEPT_ENCODING), *_encoded(request.headers)],
        **_body(request),
        extensions={"timeout": limits},
    )


# Any: httpx's keyword arguments have a type each.
def _body(request: Request) -> dict[str, Any]:
    if request.form is None:
        return {"content": request.content}
    # Fields are given as nameless files: httpx writes a form without files in another format.
    fields = [(name, (None, value)) for name, value in request.form.fields]
    parts = [
        (part.name, (part.filename, part.content, part.content_type, part.headers))
        for part in request.form.parts
    ]
    return {"files": [*fields, *parts]}


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Headers in bytes: httpx itself takes only ASCII for text."""
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def _proxy(url: str | None) -> httpx.Proxy | None:
    try:
        return None if url is None else httpx.Proxy(url)
    except (ValueError, httpx.InvalidURL) as error:
        raise OpenAIError(
            f"The proxy of the environment cannot be used: {error}. Correct HTTPS_PROXY,"
            " HTTP_PROXY or ALL_PROXY, or name the server in NO_PROXY."
        ) from error


@lru_cache(maxsize=256)
def _parsed(url: str) -> httpx.URL:
    return httpx.URL(url)


@lru_cache(maxsize=64)
def _httpx_timeout(timeout: Timeout) -> httpx.Timeout:
    return httpx.Timeout(
        connect=timeout.connect, read=timeout.read, write=timeout.write, pool=timeout.pool
    )


def _verify(scheme: str) -> ssl.SSLContext | bool:
    """Certificates are loaded once a process, and not at all for servers without TLS."""
    return _ssl_context() if scheme == "https" else False


@cache
def _ssl_context() -> ssl.SSLContext:
    return httpx.create_ssl_context()


@contextmanager
def _explained(request: Request) -> Generator[None]:
    """Turn every error of httpx into one of ours."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise timeout_error(request, phase=_PHASES.get(type(error), "read")) from error
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
        raise connection_error(request, error) from error
    except ImportError as error:
        raise OpenAIError(
            f"A proxy or a protocol needs a package that is missing: {error}"
        ) from error
    except RuntimeError as error:
        raise connection_error(request, error) from error


_PHASES: dict[type[httpx.TimeoutException], str] = {
    httpx.ConnectTimeout: "connect",
    httpx.ReadTimeout: "read",
    httpx.WriteTimeout: "write",
    httpx.PoolTimeout: "pool",
}
