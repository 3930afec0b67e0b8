"""The way to a server: what requests must have in common to share connections.

Decides whether a proxy is on it, by the argument of the client or else by the environment, by the
standard library's rules. It opens nothing.
"""

from __future__ import annotations

import os
from base64 import b64encode
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass

from openai_types.errors import InvalidArgumentError

from openai_http.sentinels import NOT_GIVEN, is_given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai_http.messages import Request

_PROXY_SCHEMES = ("http", "https", "socks5", "socks5h")


class Route(NamedTuple):
    """A server, and the way to it.

    Attributes:
        process: a child process must not share its parent's sockets.
        scheme: http or https.
        server: the host and the port.
        proxy: the URL of the proxy, with its credentials.
    """

    process: int
    scheme: str
    server: str
    proxy: str | None

    @property
    def is_of_this_process(self) -> bool:
        """Whether it was found here, and not before a fork."""
        return self.process == os.getpid()


class Routes:
    """The routes of URLs, by the environment of the first request to each server.

    Args:
        proxy: the URL of the proxy for everything, None for none, NOT_GIVEN for that of the
            environment.
    """

    def __init__(self, proxy: str | None = NOT_GIVEN) -> None:
        self._proxy = proxy
        self._known: dict[tuple[int, str, str], Route] = {}

    def find(self, url: str) -> Route:
        """The route of a URL.

        Raises:
            InvalidArgumentError: the proxy of the environment cannot be used.
        """
        parts = urlsplit(url)
        key = os.getpid(), parts.scheme, parts.netloc
        route = self._known.get(key)
        if route is None:
            server = parts.netloc.rpartition("@")[2]
            proxy = self._proxy if is_given(self._proxy) else _of_environment(parts.scheme, server)
            route = self._known[key] = Route(key[0], parts.scheme, server, proxy)
        return route


def _of_environment(scheme: str, server: str) -> str | None:
    proxies = getproxies()
    proxy = proxies.get(scheme) or proxies.get("all")
    if not proxy or proxy_bypass(server):
        return None
    return checked_proxy(
        proxy,
        "of the environment (HTTPS_PROXY, HTTP_PROXY or ALL_PROXY)",
        " Or name the server in NO_PROXY.",
    )


def checked_proxy(url: str, source: str, alternative: str = "") -> str:
    """The URL of a proxy, with a scheme; the source and what else helps are for the message.

    Raises:
        OpenAIError: it is none. The message does not show it, because it may hold a password.
    """
    try:
        whole = url if "://" in url else f"http://{url}"
        parts = urlsplit(whole)
        host, _ = parts.hostname, parts.port  # a malformed port is noticed when it is read
        fits = host and parts.scheme in _PROXY_SCHEMES and whole.isprintable() and " " not in whole
    except (TypeError, ValueError):
        whole, fits = "", False
    if not fits:
        raise InvalidArgumentError(
            f"The proxy {source} is not the URL of one. Set one such as"
            " http://user:password@proxy:3128, that begins with"
            f" {', '.join(_PROXY_SCHEMES[:-1])} or {_PROXY_SCHEMES[-1]}.{alternative}"
        )
    return whole


def signed(request: Request) -> tuple[str, Mapping[str, str]]:
    """The URL and the headers to send: user and password of the URL become a header."""
    if "@" not in request.url:
        return request.url, request.headers
    url, authorization = without_user(request.url)
    if authorization is None:
        return url, request.headers
    return url, {**request.headers, "authorization": authorization}


@lru_cache(maxsize=64)
def without_user(url: str) -> tuple[str, str | None]:
    """A URL without its user and password, and the header that says them instead, if any."""
    parts = urlsplit(url)
    user, mark, server = parts.netloc.rpartition("@")
    if not mark:
        return url, None
    name, _, password = user.partition(":")
    pair = f"{unquote(name)}:{unquote(password)}".encode()
    plain = urlunsplit((parts.scheme, server, parts.path, parts.query, parts.fragment))
    return plain, f"Basic {b64encode(pair).decode()}"
