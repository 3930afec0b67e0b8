"""Clients of pyreqwest, which make its requests and keep its connections; they send nothing."""

from __future__ import annotations

import os
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from openai_types.errors import OpenAIError
from pyreqwest.client import ClientBuilder
from pyreqwest.http import Url
from pyreqwest.proxy import ProxyBuilder

from openai_http.transports.cut_bodies import cut
from openai_http.transports.pyreqwest_errors import reason_of
from openai_http.transports.routes import signed, without_user
from openai_http.transports.tls import pem_for
from openai_http.transports.waking import Waiter

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from pyreqwest.client import Client
    from pyreqwest.request import StreamRequest
    from pyreqwest.response import Response

    from openai_http.connections.network import Network
    from openai_http.messages import Request
    from openai_http.timing.timeout import Timeout
    from openai_http.transports.patience import Patience
    from openai_http.transports.routes import Route

ACCEPT_ENCODING = "gzip, deflate"
_MOST_CLIENTS = 16  # for one server
_SENDING = 3600.0  # seconds that a large body may take before its answer is late for pyreqwest

_BEGAN_IN: list[int] = []  # the process whose threads of Rust there are
_FORKED = (
    'transport="pyreqwest" does not work in this process: what pyreqwest began before the fork is'
    " lost in a child. Start processes by the method spawn, make the first call after the fork, or"
    " leave transport out."
)


class Prepared:
    """A request that is sent once. Reports of errors show it, and its own text has its headers."""

    __slots__ = ("_request",)

    def __init__(self, request: StreamRequest) -> None:
        self._request = request

    def send(self) -> Coroutine[object, None, Response]:
        """Send it, and give the head of its response."""
        return self._request.__aenter__()

    def leave(self) -> None:
        """Close what is received; nobody reads it at the moment, so this does not wait."""
        Waiter().step(self._request.__aexit__(None, None, None))


class Clients:
    """What makes requests to one server: a client for each pair of limits that are a client's.

    Args:
        network: how connections are made.
        route: the server, and the way to it.

    Raises:
        OpenAIError: pyreqwest was used before a fork.
    """

    def __init__(self, network: Network, route: Route) -> None:
        if _BEGAN_IN and _BEGAN_IN[0] != os.getpid():
            raise OpenAIError(_FORKED)
        self._network = network
        self._route = route
        self._made: dict[tuple[float | None, float | None], Client] = {}

    def close(self) -> None:
        """Close what is idle: pyreqwest does when nobody has the clients any more."""
        self._made.clear()

    def prepare(self, request: Request, patience: Patience, waiter: Waiter) -> Prepared:
        """A request to be sent; a large body ends when `waiter` is broken off."""
        url, headers = signed(request)
        told, pieces = cut(request)
        client = self._client(patience.own, is_large=pieces is not None)
        built = client.request(request.method, _parsed(url)).streamed_read_buffer_limit(0)
        built = built.headers({"accept-encoding": ACCEPT_ENCODING, **headers, **told})
        if patience.total is not None:
            built = built.timeout(timedelta(seconds=patience.total))
        if pieces is not None:
            built = built.body_stream(_in_time(pieces, patience, waiter))
        elif request.content:
            built = built.body_bytes(request.content)
        elif request.method != "GET":
            built = built.header("content-length", "0")
        return Prepared(built.build_streamed())

    def _client(self, own: Timeout | None, *, is_large: bool) -> Client:
        connect, read = (None, None) if own is None else (own.connect, own.read)
        if is_large and read is not None:
            read += _SENDING
        client = self._made.get((connect, read))
        if client is None:
            for oldest in [*self._made][: 1 - _MOST_CLIENTS]:
                self._made.pop(oldest, None)
            made = self._client_with(connect, read)
            client = self._made.setdefault((connect, read), made)
        return client

    def _client_with(self, connect: float | None, read: float | None) -> Client:
        limits = self._network.limits
        builder = _plain().pool_idle_timeout(_delta(limits.keepalive_expiry))
        if limits.max_keepalive_connections is not None:
            builder = builder.pool_max_idle_per_host(limits.max_keepalive_connections)
        if connect is not None:
            builder = builder.connect_timeout(timedelta(seconds=connect))
        if read is not None:
            builder = builder.read_timeout(timedelta(seconds=read))
        proxy = self._route.proxy or ""
        if proxy:
            builder = builder.proxy(_proxy(proxy))
        secure = "https" in {self._route.scheme, proxy.partition(":")[0]}
        trusted, own = pem_for(self._network) if secure else (b"", b"")
        if secure and not self._network.verify:
            builder = builder.danger_accept_invalid_certs(enable=True)
        return _built(builder, trusted, own)


def _plain() -> ClientBuilder:
    """A builder of clients that do nothing that they were not asked for."""
    return (
        ClientBuilder()
        .follow_redirects(enable=False)
        .referer(enable=False)
        .default_cookie_store(enable=False)
        .gzip(enable=False)  # it would inflate without a limit
        .deflate(enable=False)
        .brotli(enable=False)
        .zstd(enable=False)
        .no_proxy()  # of the environment
        .http1_only()
        .http1_lower_case_headers()
        .user_agent("")  # or it would name itself, where the request has none
    )


def _proxy(url: str) -> ProxyBuilder:
    if url.startswith("socks"):
        return ProxyBuilder.all(url)
    plain, authorization = without_user(url)
    proxy = ProxyBuilder.all(plain)
    return proxy if authorization is None else proxy.custom_http_auth(authorization)


def _built(builder: ClientBuilder, trusted: bytes = b"", own: bytes = b"") -> Client:
    """A client that trusts some certificates, too, and shows one of its own."""
    try:
        if trusted:
            builder = builder.add_root_certificate_pem(trusted)
        if own:
            builder = builder.identity_pem(own)
        client = builder.build()
    except RuntimeError as error:  # the user's own use of it was before the fork
        raise OpenAIError(_FORKED) from error
    except ValueError as error:
        raise OpenAIError(
            f"pyreqwest does not take the certificates: {reason_of(error)}. Check ca and cert,"
            " SSL_CERT_FILE and SSL_CERT_DIR, and those of the system, or leave transport out."
        ) from error
    _BEGAN_IN[:] = [os.getpid()]
    return client


def _in_time(pieces: Iterator[bytes], patience: Patience, waiter: Waiter) -> Iterator[bytes]:
    """The pieces of a body, which a thread of Rust takes when the one before is written."""
    for piece in pieces:
        waiter.check()
        patience.begin("write")
        waiter.wake()  # the limit is another one now
        yield piece
    patience.begin("read")
    waiter.wake()


@lru_cache(maxsize=256)
def _parsed(url: str) -> Url:
    return Url(url)


def _delta(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)
