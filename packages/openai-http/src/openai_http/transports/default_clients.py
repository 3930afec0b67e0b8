"""HTTP clients to pass as `http_client=`, with the defaults of this package.

They are clients of httpx and of httpx2, for those who want their hooks, authentication or
transports. Whoever does not is better served without: requests then take half the time.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import httpx
from openai_types.errors import OpenAIError

from openai_http.connections.limits import DEFAULT_LIMITS, Limits
from openai_http.connections.network import Network
from openai_http.messages import Request
from openai_http.sentinels import NOT_GIVEN
from openai_http.timing.timeout import DEFAULT_TIMEOUT, Timeout

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from types import ModuleType

    import httpx2

    from openai_http.transport import AsyncExchange, AsyncTransport

# Any: whatever an httpx client takes; its own signature says what.


class DefaultHttpxClient(httpx.Client):
    """An `httpx.Client` with the timeout and the limits of this package; it follows redirects.

    The arguments are those of `httpx.Client`.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**_with_defaults(kwargs))


class DefaultAsyncHttpxClient(httpx.AsyncClient):
    """An `httpx.AsyncClient` with the timeout and the limits of this package.

    It follows redirects. The arguments are those of `httpx.AsyncClient`.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**_with_defaults(kwargs))


class DefaultAioHttpClient(httpx.AsyncClient):
    """An `httpx.AsyncClient` that sends with aiohttp.

    `AsyncOpenAI(transport="aiohttp")` does so too, and is faster, because nothing of httpx is
    between. The arguments are those of `httpx.AsyncClient`, without `transport`, `mounts` and
    `http2`.

    Raises:
        OpenAIError: the package aiohttp is not installed.
    """

    def __init__(self, **kwargs: Any) -> None:
        given = _with_defaults(kwargs)
        limits: httpx.Limits = given.pop("limits")
        network = Network(
            proxy=given.pop("proxy", NOT_GIVEN if given.get("trust_env", True) else None),
            verify=given.pop("verify", True),
            cert=given.pop("cert", None),
            limits=Limits(
                max_connections=limits.max_connections,
                max_keepalive_connections=limits.max_keepalive_connections,
                keepalive_expiry=limits.keepalive_expiry,
            ),
        )
        super().__init__(transport=_AiohttpTransport(network), **given)


# Functions, as in the official package: a class would need httpx2 to be there.


def DefaultHttpx2Client(**kwargs: Any) -> httpx2.Client:  # noqa: N802 - named like the others
    """An `httpx2.Client` with the timeout and the limits of this package; it follows redirects.

    The arguments are those of `httpx2.Client`.

    Raises:
        OpenAIError: the package httpx2 is not installed.
    """
    library = _httpx2()
    return library.Client(**_with_defaults(kwargs, library))


def DefaultAsyncHttpx2Client(**kwargs: Any) -> httpx2.AsyncClient:  # noqa: N802
    """An `httpx2.AsyncClient` with the timeout and the limits of this package.

    It follows redirects. The arguments are those of `httpx2.AsyncClient`.

    Raises:
        OpenAIError: the package httpx2 is not installed.
    """
    library = _httpx2()
    return library.AsyncClient(**_with_defaults(kwargs, library))


def _httpx2() -> ModuleType:
    try:
        return import_module("httpx2")
    except ModuleNotFoundError as error:
        raise _missing("DefaultHttpx2Client", "httpx2") from error


def _missing(name: str, package: str) -> OpenAIError:
    return OpenAIError(
        f"{name} needs the package {package}, which is not installed. Install"
        f" openai-http[{package}], or openai-suite[{package}]; docs/installing.md has the lines."
    )


def _with_defaults(given: dict[str, Any], library: ModuleType = httpx) -> dict[str, Any]:
    limits, timeout = DEFAULT_LIMITS, DEFAULT_TIMEOUT
    return {
        "timeout": library.Timeout(
            connect=timeout.connect, read=timeout.read, write=timeout.write, pool=timeout.pool
        ),
        "limits": library.Limits(
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
        ),
        "follow_redirects": True,
        **given,
    }


_OWN = frozenset({"host", "transfer-encoding"})  # what aiohttp writes itself


class _AiohttpTransport(httpx.AsyncBaseTransport):
    """aiohttp below httpx."""

    def __init__(self, network: Network) -> None:
        try:
            from openai_http.transports.aiohttp import AiohttpTransport
        except ModuleNotFoundError as error:
            raise _missing("DefaultAioHttpClient", "aiohttp") from error
        self._transport: AsyncTransport = AiohttpTransport(network)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        limits = request.extensions.get("timeout", {})
        headers = {name: value for name, value in request.headers.items() if name not in _OWN}
        wire = Request(request.method, str(request.url), headers, await request.aread())
        exchange = await self._transport.send(wire, Timeout(None, **limits))
        head = exchange.response
        return httpx.Response(
            head.status_code,
            headers=[pair for pair in head.headers.raw if pair[0].lower() != b"content-encoding"],
            stream=_Body(exchange),
            extensions={"http_version": head.http_version.encode()},
        )

    async def aclose(self) -> None:
        await self._transport.aclose()


class _Body(httpx.AsyncByteStream):
    """The body of a response, decompressed already."""

    def __init__(self, exchange: AsyncExchange) -> None:
        self._exchange = exchange

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._exchange:
            yield piece

    async def aclose(self) -> None:
        await self._exchange.aclose()
