"""HTTP clients of the user's, of httpx or httpx2, behind the transport interface.

A client is used as it is, through its public API, with its own connections and limits; a pool of
ours only closes the responses that nobody reads any more.
"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from openai_types.errors import OpenAIError

from openai_http.connections.limits import Limits
from openai_http.timing.timeout import WatchedTimeout
from openai_http.transports.explaining import Meaning, raise_explained
from openai_http.transports.httpx import (
    AsyncConnection,
    AsyncShare,
    Share,
    SyncConnection,
    body_of,
    encoded,
    limits_of,
)
from openai_http.transports.httpx_errors import meaning_of
from openai_http.transports.httpx_exchanges import AsyncHttpxExchange, HttpxExchange
from openai_http.transports.limited_backend import limit_client
from openai_http.transports.loops import Loop
from openai_http.transports.pools import AsyncPool, SyncPool

if TYPE_CHECKING:
    from types import ModuleType

    from openai_http.connections.limits import PoolStats
    from openai_http.messages import Request
    from openai_http.timing.timeout import Timeout
    from openai_http.transport import AsyncHttpClient, HttpClient
    from openai_http.transports.httpx import Reading

_NO_LIMITS = Limits(max_connections=None, max_keepalive_connections=0)  # the client has its own


class HttpxClientTransport:
    """Sends through a client of the user's."""

    def __init__(self, client: HttpClient) -> None:
        limit_client(client)
        self._client = client
        self._library = _library_of(client)
        share = partial(Share, partial(client.send, stream=True))
        self._pool = SyncPool[SyncConnection](_NO_LIMITS, share)

    def send(self, request: Request, timeout: Timeout | None) -> HttpxExchange:
        """Send a request and wait for the head of its response."""
        try:
            share = self._pool.acquire(None)
            try:
                # In no variable, which reports of errors would show: its URL may have a secret.
                received = share.handle_request(
                    _built(self._client, self._library, request, timeout, iter)
                )
                exchange = HttpxExchange(request, received)
                exchange.hold(self._pool, share)
            except BaseException:
                self._pool.discard(share)
                raise
        except Exception as error:  # noqa: BLE001 - it is raised again
            raise_explained(partial(_meaning_of, self._client), error, request)
        return exchange

    def stats(self) -> PoolStats:
        """Nothing: the client does not tell."""
        raise _unknown_stats()

    def close(self) -> None:
        """Close the user's client."""
        self._client.close()


class AsyncHttpxClientTransport:
    """Sends through an asynchronous client of the user's."""

    def __init__(self, client: AsyncHttpClient) -> None:
        self._client = client
        self._library = _library_of(client)

    async def send(self, request: Request, timeout: Timeout | None) -> AsyncHttpxExchange:
        """Send a request and wait for the head of its response."""
        try:
            pool = await self._pool()
            share = await pool.acquire(None)
            try:
                received = await share.handle_async_request(
                    _built(self._client, self._library, request, timeout, aiter)
                )
                exchange = AsyncHttpxExchange(request, received)
                exchange.hold(pool, share, is_shared=True)
            except BaseException:
                await pool.discard(share)
                raise
        except Exception as error:  # noqa: BLE001 - it is raised again
            raise_explained(partial(_meaning_of, self._client), error, request)
        return exchange

    def stats(self) -> PoolStats:
        """Nothing: the client does not tell."""
        raise _unknown_stats()

    async def aclose(self) -> None:
        """Close the user's client."""
        await self._client.aclose()

    async def _pool(self) -> AsyncPool[AsyncConnection]:
        loop = await Loop.running()
        pools = loop.pools_of(self)
        if None not in pools:
            share = partial(AsyncShare, partial(self._client.send, stream=True))
            pools[None] = AsyncPool[AsyncConnection](_NO_LIMITS, share)
        return cast("AsyncPool[AsyncConnection]", pools[None])


def _meaning_of(client: object, error: Exception, request: Request) -> Meaning:
    """What an error of a client means; one that its user closed stays closed."""
    meaning = meaning_of(error, request)
    is_closed = getattr(client, "is_closed", False)  # of httpx: users' own need not have it
    return meaning._replace(usual=meaning.usual and not is_closed)


def _unknown_stats() -> OpenAIError:
    return OpenAIError(
        "The connections are those of the http_client that was passed, which does not tell how many"
        " there are. Leave http_client out to see them."
    )


def _library_of(client: object) -> ModuleType:
    """The library of a client, or of what it is derived from."""
    names = [kind.__module__.partition(".")[0] for kind in type(client).__mro__]
    return import_module("httpx2" if "httpx2" in names else "httpx")


# Any: a request of the client's own library.
def _built(
    client: HttpClient | AsyncHttpClient,
    library: ModuleType,
    request: Request,
    timeout: Timeout | None,
    read: Reading,
) -> Any:
    own = timeout.own if isinstance(timeout, WatchedTimeout) else timeout
    built: Any = client.build_request(
        request.method,
        request.url,
        headers=encoded(request.headers),
        timeout=library.USE_CLIENT_DEFAULT if own is None else library.Timeout(**limits_of(own)),
        **body_of(request, read),
    )
    if isinstance(timeout, WatchedTimeout):
        built.extensions["timeout"] = timeout.over(built.extensions["timeout"])
    return built
