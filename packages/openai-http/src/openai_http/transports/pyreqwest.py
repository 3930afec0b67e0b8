"""pyreqwest behind the transport interface; it and its two neighbours alone name the library.

Its clients make requests in threads of Rust, which keep the connections; how many calls there are
at once, and who waits, is decided by pools of ours, as for the other transports. Both kinds of code
use its asynchronous client: its blocking one can be neither interrupted nor broken off.

Some things it cannot do. What was begun in a process is lost in its children, where calls are
refused. A request whose answer has not begun cannot be broken off: who waited for it is gone at
once, but its connection stays until the answer begins, or until the limit is reached that pyreqwest
was told: `Timeout.read`, or the deadline. `Timeout.read` of a small request includes connecting.
Certificates to trust are so besides the usual ones. Headers of answers that are not ASCII
are left out.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast
from weakref import finalize

from openai_types.errors import OpenAIError

from openai_http.bodies.inflating import inflater_of
from openai_http.connections.closing import Closing
from openai_http.connections.network import Network
from openai_http.messages import Response
from openai_http.transports.exchanges import MOMENT, Receiving
from openai_http.transports.explaining import raise_explained
from openai_http.transports.generators import begun
from openai_http.transports.loops import Loop, aclose_all, pools_in_all_loops
from openai_http.transports.patience import PartIsOverError, Patience
from openai_http.transports.pools import AsyncPool, SyncPool
from openai_http.transports.pyreqwest_clients import Clients
from openai_http.transports.pyreqwest_errors import meaning_of
from openai_http.transports.routes import Route, Routes
from openai_http.transports.waking import TaskWaiter, ThreadWaiter, Waiter

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator

    from pyreqwest.bytes import Bytes
    from pyreqwest.response import Response as Head

    from openai_http.bodies.inflating import Inflater
    from openai_http.connections.limits import PoolStats
    from openai_http.messages import Request
    from openai_http.timing.timeout import Timeout


class _Place:
    """A connection as far as a pool is concerned: which one it is, pyreqwest decides.

    Attributes:
        waiter: of what is being received with it.
    """

    def __init__(self) -> None:
        self.waiter: Waiter | None = None

    def close(self) -> None:
        """Break off what is being received; pyreqwest closes what is idle."""
        if self.waiter is not None:
            self.waiter.break_off()

    async def aclose(self) -> None:
        """Do the same."""
        self.close()


class _Source(_Place):
    """What the places of a pool are parts of: the clients of a server."""

    def __init__(self, network: Network, route: Route) -> None:
        super().__init__()
        self.clients = Clients(network, route)

    def close(self) -> None:
        """Close what is idle."""
        self.clients.close()


class _Receiving(Receiving[_Place]):
    """What both kinds of exchanges share: a response that pyreqwest is receiving."""

    __slots__ = ("_patience", "_reader")

    def __init__(self, request: Request, head: Head, patience: Patience, owner: object) -> None:
        headers = _raw_headers(head)
        super().__init__(Response(head.status, headers, request, http_version=head.version), owner)
        self._reader = head.body_reader
        self._patience = patience

    def _read_on(self) -> None:
        if self._patience.is_exact:
            self._patience.begin("read")

    def _noted(self, piece: Bytes | None) -> bytes | None:
        if piece is None:
            self._whole = True
            return None
        return piece.to_bytes()


class PyreqwestExchange(_Receiving):
    """A response that pyreqwest is receiving."""

    __slots__ = ("_pool", "_waiter")

    def hold(self, waiter: ThreadWaiter, pool: SyncPool[_Place], place: _Place) -> None:
        """Count as a connection until this is closed, or is gone."""
        self._waiter, self._pool = waiter, pool
        place.waiter = waiter
        self._loan = pool.lend(place, self, waiter.break_off)

    def __iter__(self) -> Iterator[bytes]:
        inflater = inflater_of(self.response)
        try:
            while (piece := self._next(self._patience.left)) is not None:
                yield from (piece,) if inflater is None else inflater.feed(piece)
            if inflater is not None:
                inflater.finish()
        except Exception as error:  # noqa: BLE001 - it is raised again
            raise_explained(meaning_of, error, self.response.wire_request)

    def _next(self, left: Callable[[], float | None]) -> bytes | None:
        self._read_on()
        return self._noted(self._waiter.complete(self._reader.read_chunk(), left))

    def close(self) -> None:
        """Release the connection."""
        if self._ends and not self._whole:
            with suppress(Exception):  # it is closed all the same
                self._next(_for_a_moment())
        self._waiter.break_off()
        if self._loan is not None:
            self._pool.give_back(self._loan, reusable=True)


class AsyncPyreqwestExchange(_Receiving):
    """The same for asynchronous code."""

    __slots__ = ("_pool", "_waiter")

    def hold(self, waiter: TaskWaiter, pool: AsyncPool[_Place], place: _Place) -> None:
        """Count as a connection until this is closed, or is gone."""
        self._waiter, self._pool = waiter, pool
        place.waiter = waiter
        self._loan = pool.lend(place, self, waiter.break_off)

    def __aiter__(self) -> AsyncIterator[bytes]:
        inflater = inflater_of(self.response)
        return self if inflater is None else begun(self._inflated(inflater))

    async def __anext__(self) -> bytes:
        """The next bytes of the body, as they were sent.

        Not a generator, because event loops keep account of each.
        """
        try:
            piece = await self._next(self._patience.left)
        except Exception as error:  # noqa: BLE001 - it is raised again
            raise_explained(meaning_of, error, self.response.wire_request)
        if piece is None:
            raise StopAsyncIteration
        return piece

    async def _inflated(self, inflater: Inflater) -> AsyncGenerator[bytes]:
        yield b""  # here it begins
        while piece := await anext(self, b""):
            for inflated in inflater.feed(piece):
                yield inflated
        inflater.finish()

    async def _next(self, left: Callable[[], float | None]) -> bytes | None:
        self._read_on()
        return self._noted(await self._waiter.complete(self._reader.read_chunk(), left))

    async def aclose(self) -> None:
        """Release the connection."""
        try:
            if self._ends and not self._whole:
                with suppress(Exception):  # it is closed all the same
                    await self._next(_for_a_moment())
        finally:
            self._waiter.break_off()
            if self._loan is not None:
                await self._pool.give_back(self._loan, reusable=True)


class PyreqwestTransport(Closing):
    """Sends with pyreqwest, from threads.

    Args:
        network: how connections are made.

    Raises:
        OpenAIError: gevent has replaced the threads, which nothing could wake from those of Rust.
    """

    def __init__(self, network: Network | None = None) -> None:
        _check_threads()
        self._network = network or Network()
        self._routes = Routes(self._network.proxy)
        self._pools: dict[Route, tuple[_Source, SyncPool[_Place]]] = {}
        finalize(self, _close_all, self._pools)

    def send(self, request: Request, timeout: Timeout | None) -> PyreqwestExchange:
        """Send a request and wait for the head of its response."""
        self.check_open()
        route = self._routes.find(request.url)
        try:
            source, pool = self._pool(route)
            patience, waiter = Patience(timeout), ThreadWaiter()
            place = pool.acquire(patience.pool())
            try:
                sent = source.clients.prepare(request, patience, waiter)
                head = waiter.complete(sent.send(), patience.left)
                waiter.gone = sent.leave
                exchange = PyreqwestExchange(request, head, patience, self)
                exchange.hold(waiter, pool, place)
            except BaseException:
                waiter.break_off()
                pool.discard(place)
                raise
        except Exception as error:  # noqa: BLE001 - it is raised again
            raise_explained(meaning_of, error, request, route.proxy, closed=self.closed)
        return exchange

    def stats(self) -> PoolStats:
        """How many calls there are; how many connections, pyreqwest does not tell."""
        pools = [pool for route, (_, pool) in [*self._pools.items()] if route.is_of_this_process]
        return sum((pool.stats() for pool in pools), self._network.limits.none_used())

    def close(self) -> None:
        """Close every connection."""
        self.closed = True
        _close_all(self._pools)

    def _pool(self, route: Route) -> tuple[_Source, SyncPool[_Place]]:
        found = self._pools.get(route)
        if found is None:  # of two threads that get here at once, one finds the other's pool
            source = _Source(self._network, route)
            made = source, SyncPool[_Place](self._network.limits, _Place, source)
            found = self._pools.setdefault(route, made)
        return found


def _close_all(pools: dict[Route, tuple[_Source, SyncPool[_Place]]]) -> None:
    for route in [route for route in pools if route.is_of_this_process]:
        pools.pop(route)[1].close()


class AsyncPyreqwestTransport(Closing):
    """Sends with pyreqwest, on asyncio, uvloop and trio.

    Args:
        network: how connections are made.
    """

    def __init__(self, network: Network | None = None) -> None:
        self._network = network or Network()
        self._routes = Routes(self._network.proxy)

    async def send(self, request: Request, timeout: Timeout | None) -> AsyncPyreqwestExchange:
        """Send a request and wait for the head of its response."""
        self.check_open()
        route = self._routes.find(request.url)
        try:
            server = await self._server(route)
            return await server.send(request, timeout, self)
        except Exception as error:  # noqa: BLE001 - it is raised again
            raise_explained(meaning_of, error, request, route.proxy, closed=self.closed)

    def stats(self) -> PoolStats:
        """How many calls there are, in all event loops; pyreqwest does not tell the connections."""
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
            servers[route] = _Server(_Source(self._network, route), self._network)
        return cast("_Server", servers[route])


class _Server(AsyncPool[_Place]):
    """The places for calls to one server in one event loop, and what sends them."""

    def __init__(self, source: _Source, network: Network) -> None:
        super().__init__(network.limits, _Place, source)
        self._source = source

    async def send(
        self, request: Request, timeout: Timeout | None, owner: AsyncPyreqwestTransport
    ) -> AsyncPyreqwestExchange:
        """Send a request and wait for the head of its response."""
        patience, waiter = Patience(timeout), TaskWaiter()
        place = await self.acquire(patience.pool())
        try:
            sent = self._source.clients.prepare(request, patience, waiter)
            head = await waiter.complete(sent.send(), patience.left)
            waiter.gone = sent.leave
            exchange = AsyncPyreqwestExchange(request, head, patience, owner)
            exchange.hold(waiter, self, place)
        except BaseException:
            waiter.break_off()
            await self.discard(place)
            raise
        return exchange


def _for_a_moment() -> Callable[[], float]:
    """The seconds that are left of a moment."""
    end = time.monotonic() + MOMENT

    def left() -> float:
        rest = end - time.monotonic()
        if rest <= 0:
            raise PartIsOverError("read")
        return rest

    return left


def _raw_headers(head: Head) -> list[tuple[bytes, bytes]]:
    headers = head.headers
    try:
        return [(name.encode(), value.encode()) for name, value in headers.items()]
    except ValueError:  # a value is not ASCII, which pyreqwest does not give
        found: list[tuple[bytes, bytes]] = []
        for name in dict.fromkeys(headers.keys()):
            with suppress(ValueError):
                found += [(name.encode(), value.encode()) for value in headers.getall(name)]
        return found


def _check_threads() -> None:
    # Any: gevent is not a dependency.
    monkey: Any = sys.modules.get("gevent.monkey")
    if monkey is not None and monkey.is_module_patched("threading"):
        raise OpenAIError(
            'transport="pyreqwest" does not work with the threads of gevent. Leave transport out.'
        )
