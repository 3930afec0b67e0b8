"""The connections that a client and its copies share: which transport they have, and its end.

Decides what `transport=` and `http_client=` mean, and refuses what cannot work together. It makes
the transport when the first call needs it, so that making a client imports no HTTP library.
"""

from __future__ import annotations

from importlib.util import find_spec
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from openai_types.errors import InvalidArgumentError, InvalidTypeError, OpenAIError

from openai_http.connections.closing import closed_error
from openai_http.connections.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable

    from openai_http.connections.limits import PoolStats
    from openai_http.transport import AsyncHttpClient, AsyncTransport, HttpClient, Transport

HttpClientT = TypeVar("HttpClientT")
TransportT = TypeVar("TransportT", bound="Transport | AsyncTransport")

# Of each transport: what it imports, and the extra that installs it.
_NEEDED = {"http2": "h2", "httpx2": "httpx2", "aiohttp": "aiohttp", "pyreqwest": "pyreqwest"}
_ASYNC_ONLY = frozenset({"aiohttp"})
_TIMEOUT_OF_HTTPX = 5.0  # what a client of httpx has that was not given any


class Connections(Generic[HttpClientT, TransportT]):
    """The transport of a client and its copies, made when it is first used.

    Args:
        http_client: the user's own, if there is one.
        transport: the name of one, or one of the user's own.
        network: how connections are made.
        asynchronous: of which kind the client is.

    Attributes:
        closed: nothing may be sent any more.

    Raises:
        OpenAIError: these do not go together, or a package is missing.
    """

    __slots__ = (
        *("_asynchronous", "_chosen", "_first", "_network", "_transport"),
        *("closed", "http_client"),
    )

    def __init__(
        self,
        http_client: HttpClientT | None,
        transport: str | TransportT | None,
        network: Network,
        *,
        asynchronous: bool,
    ) -> None:
        if http_client is not None:
            _check_http_client(http_client, asynchronous=asynchronous)
        if isinstance(transport, str):
            _check_name(transport, asynchronous=asynchronous)
        elif transport is not None:
            _check_transport(transport, asynchronous=asynchronous)
        _check_together(http_client, transport, network)
        self.http_client = http_client
        self.closed = False
        self._asynchronous = asynchronous
        self._network = network
        self._chosen = transport if isinstance(transport, str) else "httpx"
        self._transport = None if isinstance(transport, str) else transport
        self._first: dict[str, TransportT] = {}

    @property
    def transport(self) -> TransportT:
        """What sends.

        Raises:
            OpenAIError: this was closed.
        """
        if self._transport is None and not self.closed:
            self._transport = self._made_once()
        if self.closed or self._transport is None:  # maybe while it was made, which takes time
            raise closed_error()
        return self._transport

    @property
    def transport_to_close(self) -> TransportT | None:
        """What is to be closed: what sends, if it was made, or the user's own client."""
        if self._transport is None and self.http_client is not None:
            self._transport = self._made_once()
        return self._transport

    def stats(self) -> PoolStats:
        """How many connections there are in this process, in all its event loops.

        Raises:
            OpenAIError: they are those of an `http_client`, which does not tell.
        """
        if self._transport is None and (self.closed or self.http_client is None):
            return self._network.limits.none_used()
        transport = self._made() if self._transport is None else self._transport
        return transport.stats()

    def _made_once(self) -> TransportT:
        """Of threads that get here at once, all take what the first one made."""
        return self._first.setdefault("transport", self._made())

    def _made(self) -> TransportT:
        if self._chosen == "pyreqwest":
            from openai_http.transports import pyreqwest_loading

            pyreqwest_loading.load()
        made = self._made_async() if self._asynchronous else self._made_sync()
        return cast("TransportT", made)

    def _made_sync(self) -> Transport:
        if self.http_client is not None:
            from openai_http.transports.user_clients import HttpxClientTransport

            return HttpxClientTransport(cast("HttpClient", self.http_client))
        if self._chosen == "pyreqwest":
            from openai_http.transports.pyreqwest import PyreqwestTransport

            return PyreqwestTransport(self._network)
        from openai_http.transports.httpx import HttpxTransport

        library, http2 = _library(self._chosen)
        return HttpxTransport(self._network, library=library, http2=http2)

    def _made_async(self) -> AsyncTransport:
        if self._chosen == "aiohttp":
            from openai_http.transports.aiohttp import AiohttpTransport

            return AiohttpTransport(self._network)
        if self._chosen == "pyreqwest":
            from openai_http.transports.pyreqwest import AsyncPyreqwestTransport

            return AsyncPyreqwestTransport(self._network)
        if self.http_client is not None:
            from openai_http.transports.user_clients import AsyncHttpxClientTransport

            return AsyncHttpxClientTransport(cast("AsyncHttpClient", self.http_client))
        from openai_http.transports.httpx import AsyncHttpxTransport

        library, http2 = _library(self._chosen)
        return AsyncHttpxTransport(self._network, library=library, http2=http2)


def _library(name: str) -> tuple[str, bool]:
    return ("httpx2", False) if name == "httpx2" else ("httpx", name == "http2")


def _check_name(name: str, *, asynchronous: bool) -> None:
    if name != "httpx" and name not in _NEEDED:
        names = ", ".join(f'"{each}"' for each in ("httpx", *_NEEDED))
        raise InvalidArgumentError(
            f'transport is "{name}". Pass one of {names}, or one of your own.'
        )
    if name in _ASYNC_ONLY and not asynchronous:
        raise InvalidArgumentError(
            f'transport="{name}" is for AsyncOpenAI. Leave it out for OpenAI.'
        )
    if name in _NEEDED and find_spec(_NEEDED[name]) is None:
        raise OpenAIError(
            f'transport="{name}" needs the package {_NEEDED[name]}, which is not installed. Install'
            f" openai-http[{name}], or openai-suite[{name}]; docs/installing.md has the lines."
        )


def _check_transport(transport: object, *, asynchronous: bool) -> None:
    sends = getattr(transport, "send", None)
    if isinstance(transport, type) or not callable(sends):
        raise InvalidTypeError(
            f"transport is {_what(transport)}. Pass the name of one, or an object with the methods"
            " of openai_http.Transport (OpenAI) or openai_http.AsyncTransport (AsyncOpenAI)."
        )
    if iscoroutinefunction(sends) != asynchronous:
        kind = "AsyncOpenAI needs an AsyncTransport" if asynchronous else "OpenAI needs a Transport"
        raise InvalidTypeError(f"transport is of the other kind: {kind}.")


def _check_http_client(http_client: object, *, asynchronous: bool) -> None:
    sends = getattr(http_client, "send", None)
    builds = hasattr(http_client, "build_request")
    if isinstance(http_client, type) or not (callable(sends) and builds):
        raise InvalidTypeError(
            f"http_client is {_what(http_client)}. Pass an httpx.Client to OpenAI"
            " and an httpx.AsyncClient to AsyncOpenAI."
        )
    if iscoroutinefunction(sends) != asynchronous:
        wanted = (
            "AsyncOpenAI needs an httpx.AsyncClient"
            if asynchronous
            else "OpenAI needs an httpx.Client"
        )
        raise InvalidTypeError(f"http_client is of the other kind: {wanted}.")


def has_own_timeout(http_client: object | None) -> bool:
    """Whether a user's client was given a timeout, which then holds instead of the default."""
    if http_client is None:
        return False
    own = getattr(http_client, "timeout", None)
    parts = {getattr(own, name, own) for name in ("connect", "read", "write", "pool")}
    return parts != {_TIMEOUT_OF_HTTPX}


def _what(value: object) -> str:
    return "a class" if isinstance(value, type) else f"of type {type(value).__name__}"


def _check_together(http_client: object, transport: object, network: Network) -> None:
    if transport == "pyreqwest" and not isinstance(network.verify, bool):
        raise InvalidArgumentError(
            'transport="pyreqwest" takes no ssl.SSLContext. Pass ca=file, cert=(file, key) or'
            " verify=False instead of verify=context, or leave transport out."
        )
    own = http_client is not None or not (transport is None or isinstance(transport, str))
    if not own:
        return
    if http_client is not None and transport is not None:
        raise InvalidArgumentError("Pass http_client or transport, not both: either one sends.")
    if network != Network():
        name = "transport" if http_client is None else "http_client"
        raise InvalidArgumentError(
            f"proxy, verify, ca, cert and limits are not for a {name} of your own, which has its"
            " own ways: set them there."
        )


class ConnectionPool:
    """The connections of a client, to look at: `client.pool.stats()`."""

    __slots__ = ("_stats",)

    def __init__(self, stats: Callable[[], PoolStats]) -> None:
        self._stats = stats

    def stats(self) -> PoolStats:
        """How many connections there are in this process, in all its event loops.

        Raises:
            OpenAIError: they are those of an `http_client`, which does not tell.
        """
        return self._stats()
