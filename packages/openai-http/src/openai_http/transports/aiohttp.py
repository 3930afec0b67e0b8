"""aiohttp behind the transport interface.

A session for each event loop, proxy and server. aiohttp keeps the connections; how many there are
at once, and who waits, is decided by a pool of ours, as for the other transports.
"""

from __future__ import annotations

import asyncio
import re
import socket
from contextlib import suppress
from functools import lru_cache, partial
from typing import TYPE_CHECKING, cast
from weakref import WeakSet

import aiohttp
from openai_types.errors import OpenAIError
from yarl import URL

from openai_http.bodies.inflating import inflater_of
from openai_http.bodies.streamed import Given
from openai_http.connections.closing import Closing
from openai_http.connections.limits import PoolStats
from openai_http.connections.network import Network
from openai_http.messages import Response
from openai_http.timing.timeout import WatchedTimeout
from openai_http.transports.aborting import shut_down
from openai_http.transports.aiohttp_errors import meaning_of
from openai_http.transports.cut_bodies import cut
from openai_http.transports.exchanges import MOMENT, Receiving
from openai_http.transports.explaining import raise_explained
from openai_http.transports.generators import begun
from openai_http.transports.httpx import usual_context
from openai_http.transports.loops import Loop, aclose_all, pools_in_all_loops
from openai_http.transports.pools import AsyncPool
from openai_http.transports.routes import Route, Routes, signed, without_user
from openai_http.transports.tls import context_for

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Mapping

    from openai_http.bodies.inflating import Inflater
    from openai_http.messages import Request
    from openai_http.timing.timeout import Timeout

ACCEPT_ENCODING = "gzip, deflate"
_FOR_EVER = 1e9  # seconds; None is not taken by every version
_LONGEST_HEADER = 2**16  # bytes
_ENCODED = re.compile(r"[\w.~!#$%&'()*+,/:;=?@\[\]-]*", re.ASCII)
_OF_AIOHTTP = ("accept", "content-type", "user-agent")  # headers that it would add itself
_NO_LIMIT = 0  # of aiohttp's own; ours is before it


class _Permit:
    """A connection as far as the pool is concerned: which one it is, aiohttp decides.

    Attributes:
        received: what is being received with it.
    """

    def __init__(self) -> None:
        self.received: aiohttp.ClientResponse | None = None

    async def aclose(self) -> None:
        """Close what is being received; aiohttp closes what is idle."""
        if self.received is not None:
            self.received.close()


class _Server:
    """A session with one server in one event loop."""

    def __init__(self, network: Network, route: Route) -> None:
        self._permits = AsyncPool(network.limits, _Permit)
        self._sockets: WeakSet[socket.socket] = WeakSet()
        secure = "https" in {route.scheme, (route.proxy or "").partition(":")[0]}
        expiry = network.limits.keepalive_expiry
        self._connector = aiohttp.TCPConnector(
            limit=_NO_LIMIT,
            ssl=context_for(network, usual_context) if secure else True,
            keepalive_timeout=_FOR_EVER if expiry is None else expiry,
            socket_factory=self._socket,
        )
        self._session = aiohttp.ClientSession(
            auto_decompress=False,  # it would inflate without a limit
            connector=self._connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            max_field_size=_LONGEST_HEADER,
        )
        # Errors of aiohttp show the URL, so that its password must not be in it.
        proxy, authorization = without_user(route.proxy or "")
        self._proxy = URL(proxy) if proxy else None
        self._tunnels = bool(proxy) and route.scheme == "https"
        told = {"proxy-authorization": authorization} if authorization else {}
        common = {"accept-encoding": ACCEPT_ENCODING}
        # A proxy that tunnels is told when the tunnel is opened, another one with each request.
        self._to_proxy, self._by_request = (
            (told, common) if route.scheme == "https" else ({}, {**common, **told})
        )

    async def send(
        self, request: Request, timeout: Timeout | None, owner: AiohttpTransport
    ) -> AiohttpExchange:
        """Send a request and wait for the head of its response."""
        permit = await self._permits.acquire(None if timeout is None else timeout.pool)
        try:
            received = await self._received(request, timeout)
            exchange = AiohttpExchange(request, received, owner)
            exchange.hold(self._permits, permit)
        except BaseException:
            await self._permits.discard(permit)
            raise
        return exchange

    def _received(
        self, request: Request, timeout: Timeout | None
    ) -> Awaitable[aiohttp.ClientResponse]:
        if request.streamed is not None:
            return self._received_slowly(request, timeout, {}, aiter(request.streamed))
        told, pieces = cut(request)
        if pieces is None:
            return self._asked(request, timeout, told, request.content or None)
        return self._received_slowly(request, timeout, told, Given(pieces))

    async def _received_slowly(
        self,
        request: Request,
        timeout: Timeout | None,
        told: Mapping[str, str],
        pieces: AsyncIterator[bytes],
    ) -> aiohttp.ClientResponse:
        async with asyncio.timeout(None) as limit:  # for what aiohttp has none
            seconds = None if timeout is None else timeout.write
            data = _each_in_time(pieces, seconds, limit)
            return await self._asked(request, timeout, told, data)

    def _asked(
        self,
        request: Request,
        timeout: Timeout | None,
        told: Mapping[str, str],
        data: bytes | AsyncIterator[bytes] | None,
    ) -> Awaitable[aiohttp.ClientResponse]:
        url, headers = signed(request)
        headers = {**self._by_request, **headers, **told}
        return self._session.request(
            request.method,
            _parsed(url),
            data=data,
            headers=headers,
            skip_auto_headers=[name for name in _OF_AIOHTTP if name not in headers] or None,
            allow_redirects=False,
            proxy=self._proxy,
            proxy_headers=self._to_proxy,
            timeout=_timeout(timeout, tunnels=self._tunnels),
        )

    def stats(self) -> PoolStats:
        """How many connections there are, by their sockets."""
        calls = self._permits.stats()
        sockets = sum(each.fileno() >= 0 for each in [*self._sockets]) - self._permits.lost
        opened = max(sockets, calls.in_use)
        return PoolStats(opened, opened - calls.in_use, calls.in_use, calls.waiting, calls.limit)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._permits.aclose()
        for each in [*self._sockets]:
            with suppress(OSError):  # it is closed already
                each.shutdown(
                    socket.SHUT_RDWR
                )  # or else aiohttp waits for what is still to be sent
        await self._session.close()

    def forget(self) -> None:
        """Let go of every connection; the connector does no more, as the event loop is closed."""
        self._permits.forget()
        self._session.detach()
        with suppress(StopIteration, RuntimeError):  # nothing awaits in a closed loop
            next(self._connector.close().__await__())

    def _socket(self, address: tuple[int, int, int, str, tuple[object, ...]]) -> socket.socket:
        family, kind, protocol, _, _ = address
        made = socket.socket(family, kind, protocol)
        self._sockets.add(made)
        return made


class AiohttpExchange(Receiving[_Permit]):
    """A response that aiohttp is receiving."""

    __slots__ = ("_pool", "_received")

    def __init__(
        self, request: Request, received: aiohttp.ClientResponse, owner: AiohttpTransport
    ) -> None:
        version = received.version or aiohttp.HttpVersion11
        head = Response(
            received.status,
            received.raw_headers,
            request,
            http_version=f"HTTP/{version.major}.{version.minor}",
        )
        super().__init__(head, owner)
        self._received = received

    def hold(self, pool: AsyncPool[_Permit], permit: _Permit) -> None:
        """Count as a connection until this is closed, or is gone."""
        permit.received = self._received
        self._pool, self._loan = pool, pool.lend(permit, self, partial(_abort, self._received))

    def __aiter__(self) -> AsyncIterator[bytes]:
        inflater = inflater_of(self.response)
        return self if inflater is None else begun(self._inflated(inflater))

    async def __anext__(self) -> bytes:
        """The next bytes of the body, as they were sent.

        Not a generator, because event loops keep account of each.
        """
        content = self._received.content
        try:
            # Most bodies are whole by now; to wait for their end would be a coroutine for nothing.
            piece = b"" if content.at_eof() else await content.readany()
        except Exception as error:  # noqa: BLE001 - it is raised again
            raise_explained(meaning_of, error, self.response.wire_request)
        if not piece:
            self._whole = True
            raise StopAsyncIteration
        return piece

    async def _inflated(self, inflater: Inflater) -> AsyncGenerator[bytes]:
        yield b""  # here it begins
        while piece := await anext(self, b""):
            for inflated in inflater.feed(piece):
                yield inflated
        inflater.finish()

    async def aclose(self) -> None:
        """Release the connection."""
        try:
            if self._ends and not self._whole:
                self._whole = await self._ends_now()
        finally:
            if self._whole:
                self._received.release()
            else:
                self._received.close()
            if self._loan is not None:
                self._loan.connection.received = None
                await self._pool.give_back(self._loan, reusable=True)
        if not self._whole:
            await asyncio.sleep(0)  # asyncio closes a socket in the next step of its loop

    async def _ends_now(self) -> bool:
        """Whether nothing is left of the body but its end, so that the connection serves again."""
        with suppress(TimeoutError, aiohttp.ClientError, OSError):
            async with asyncio.timeout(MOMENT):
                return not await self._received.content.readany()
        return False


def _abort(received: aiohttp.ClientResponse) -> None:
    connection = received.connection
    protocol = None if connection is None else connection.protocol
    if connection is None or protocol is None:
        return
    protocol.force_close()  # no other call gets it, should its end still arrive
    # Another thread may have let it go before that: then it is another call's already.
    if connection.protocol is protocol and protocol.transport is not None:
        shut_down(protocol.transport.get_extra_info("socket"))


class AiohttpTransport(Closing):
    """Sends with aiohttp, on asyncio and uvloop.

    Args:
        network: how connections are made.
    """

    def __init__(self, network: Network | None = None) -> None:
        self._network = network or Network()
        self._routes = Routes(self._network.proxy)

    async def send(self, request: Request, timeout: Timeout | None) -> AiohttpExchange:
        """Send a request and wait for the head of its response."""
        if isinstance(timeout, WatchedTimeout):
            timeout = timeout.own  # whoever watches cancels
        self.check_open()
        route = self._routes.find(request.url)
        try:
            server = await self._server(route)
            return await server.send(request, timeout, self)
        except Exception as error:  # noqa: BLE001 - it is raised again
            raise_explained(meaning_of, error, request, route.proxy, closed=self.closed)

    def stats(self) -> PoolStats:
        """How many connections there are, in all event loops."""
        pools = pools_in_all_loops(self)
        return sum((pool.stats() for pool in pools), self._network.limits.none_used())

    async def aclose(self) -> None:
        """Close every connection of this event loop."""
        self.closed = True
        loop = await Loop.running()
        await aclose_all(loop.pools_of(self))

    async def _server(self, route: Route) -> _Server:
        loop = await Loop.running()
        servers = loop.pools_of(self)
        if route not in servers:
            _check_place(route)
            servers[route] = _Server(self._network, route)
        return cast("_Server", servers[route])


def _check_place(route: Route) -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError as error:
        raise OpenAIError(
            'transport="aiohttp" works on asyncio and uvloop only. Leave transport out on trio.'
        ) from error
    if route.proxy is not None and route.proxy.startswith("socks"):
        raise OpenAIError(
            'transport="aiohttp" knows no SOCKS proxies. Leave transport out, or take another'
            " proxy."
        )


async def _each_in_time(
    pieces: AsyncIterator[bytes], seconds: float | None, limit: asyncio.Timeout
) -> AsyncIterator[bytes]:
    """The pieces of a body; `limit` is moved whenever one was taken."""
    clock = asyncio.get_running_loop().time
    async for piece in pieces:
        if seconds is not None:
            limit.reschedule(clock() + seconds)
        yield piece
    limit.reschedule(None)


@lru_cache(maxsize=256)
def _parsed(url: str) -> URL:
    # What can be sent stays as it is, as signatures of URLs want it; the rest is encoded.
    return URL(url, encoded=_ENCODED.fullmatch(url) is not None)


@lru_cache(maxsize=64)
def _timeout(timeout: Timeout | None, *, tunnels: bool) -> aiohttp.ClientTimeout:
    """The limits that aiohttp has."""
    if timeout is None:
        return aiohttp.ClientTimeout(total=None)
    connect, read = timeout.connect, timeout.read
    # In the answer of a proxy that is to open a tunnel, aiohttp looks at this one only.
    opening = None if not tunnels or connect is None or read is None else connect + read
    return aiohttp.ClientTimeout(total=None, connect=opening, sock_connect=connect, sock_read=read)
