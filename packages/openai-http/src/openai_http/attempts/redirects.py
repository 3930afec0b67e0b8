"""Redirects: whether one is followed, and what is sent to where it leads. No I/O."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from openai_types.configuration import blot_out, is_secret

from openai_http.messages import Request

if TYPE_CHECKING:
    from openai_http.messages import Response

MAX_REDIRECTS = 20

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SAME_METHOD = frozenset({307, 308})
_PORTS = {"http": 80, "https": 443}


def redirected(request: Request, response: Response) -> Request | None:
    """The request to send instead, by section 15.4 of RFC 9110."""
    location = response.headers.get("location")
    if response.status_code not in REDIRECTS or not location:
        return None
    url = _target(request.url, location)
    if url is None:
        return None
    keeps_method = response.status_code in _SAME_METHOD
    headers = dict(request.headers)
    if not same_server(request.url, url):
        if blot_out(url, request.headers, request.url) != url:
            return None  # the place itself has the key in its name, and would be sent it
        if keeps_method and request.has_body:
            return None  # nobody configured that place, so it gets neither key nor content
        headers = {name: value for name, value in headers.items() if not is_secret(name)}
        headers.pop("host", None)  # the name of the server before
    if keeps_method:
        return replace(request, url=url, headers=headers)
    for name in ("content-length", "content-type"):
        headers.pop(name, None)
    return Request("GET", url, headers)


def _target(base: str, location: str) -> str | None:
    """The URL that a redirect leads to; None if no request can be sent there."""
    with suppress(UnicodeDecodeError):
        location = location.encode(
            "latin-1"
        ).decode()  # headers are read as the one, written as both
    with suppress(ValueError):
        url = urljoin(base, location)
        return url if is_sendable(url) else None
    return None


def is_sendable(url: str) -> bool:
    """Whether a request can be sent to a URL."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port  # a malformed port is noticed when it is read
    except ValueError:
        return False
    return bool(host) and parts.scheme in _PORTS and url.isprintable()


def same_server(old_url: str, new_url: str) -> bool:
    """Whether two URLs have one origin, or the new one is the encrypted form of the old one."""
    old, new = _origin(old_url), _origin(new_url)
    encrypted = ("https", old[1], _PORTS["https"] if old[2] == _PORTS["http"] else old[2])
    return new in {old, encrypted}


def _origin(url: str) -> tuple[str, str | None, int]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme]
