"""Where to connect and with which headers.

Decides how the arguments, the environment and a client's settings become a WebSocket URL and
headers, and refuses what can only fail later. Knows nothing about sockets.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from openai_types.errors import OpenAIError

from openai_realtime.version import __version__

Query: TypeAlias = Mapping[str, str | int | float | bool | None]
Headers: TypeAlias = Mapping[str, str]

_DEFAULT_BASE_URL = "https://api.openai.com/v1"
_SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}
_KEY = re.compile(r"[\x21-\x7e]+")
_HEADER_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\U0010ffff]*")
# Headers that describe a request with a body, or that the WebSocket handshake sets itself.
_NOT_FOR_A_HANDSHAKE = re.compile(
    r"accept|connection|content-.*|host|sec-websocket-.*|transfer-encoding|upgrade"
)
CREDENTIALS = frozenset({"authorization", "api-key", "x-api-key", "cookie", "proxy-authorization"})


class ClientSettings(Protocol):
    """What a session takes over from a client of the HTTP API."""

    @property
    def api_key(self) -> str:
        """The API key."""
        ...

    @property
    def base_url(self) -> object:
        """The URL of the HTTP API, with its version; `str()` gives the text."""
        ...

    @property
    def websocket_base_url(self) -> object:
        """The URL for WebSockets where it differs from `base_url`, else None."""
        ...

    @property
    def organization(self) -> str | None:
        """The organization to bill."""
        ...

    @property
    def project(self) -> str | None:
        """The project to bill."""
        ...

    @property
    def default_headers(self) -> Mapping[str, str]:
        """Headers of every request."""
        ...


@dataclass(frozen=True)
class ConnectionSettings:
    """A WebSocket URL and the headers of its handshake. The headers stay out of the repr."""

    url: str
    headers: dict[str, str] = field(repr=False)

    @property
    def endpoint(self) -> str:
        """The URL as errors may show it: without user, password and query."""
        parts = urlsplit(self.url)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, host, parts.path, "", ""))

    @property
    def model(self) -> str | None:
        """The model asked for."""
        return dict(parse_qsl(urlsplit(self.url).query)).get("model")

    def blot_out(self, text: str) -> str:
        """Remove the credentials of this connection from what a server sent back."""
        for name, value in self.headers.items():
            if name.lower() in CREDENTIALS:
                text = text.replace(value.removeprefix("Bearer "), "[removed]")
        return text


def from_environment(
    *,
    api_key: str | None,
    base_url: str | None,
    organization: str | None,
    project: str | None,
    extra_headers: Headers | None,
    query: Query,
) -> ConnectionSettings:
    """Take what is not given from OPENAI_API_KEY, _BASE_URL, _ORG_ID and _PROJECT_ID.

    Raises:
        OpenAIError: A setting is missing or cannot work; the message names it and the remedy.
    """
    environ = os.environ
    return build(
        api_key=environ.get("OPENAI_API_KEY", "") if api_key is None else api_key,
        base_url=(
            environ.get("OPENAI_BASE_URL", _DEFAULT_BASE_URL) if base_url is None else base_url
        ),
        organization=organization or environ.get("OPENAI_ORG_ID"),
        project=project or environ.get("OPENAI_PROJECT_ID"),
        headers=extra_headers or {},
        query=query,
    )


def from_client(
    client: ClientSettings, *, extra_headers: Headers | None, query: Query
) -> ConnectionSettings:
    """Take the settings of a client of the HTTP API.

    Raises:
        OpenAIError: A setting is missing or cannot work; the message names it and the remedy.
    """
    return build(
        api_key=client.api_key,
        base_url=str(client.websocket_base_url or client.base_url),
        organization=client.organization,
        project=client.project,
        headers={**client.default_headers, **(extra_headers or {})},
        query=query,
    )


def build(
    *,
    api_key: str,
    base_url: str,
    organization: str | None,
    project: str | None,
    headers: Headers,
    query: Query,
) -> ConnectionSettings:
    """Put the URL and the headers together; later headers replace earlier ones of the same name.

    Raises:
        OpenAIError: A setting is missing or cannot work; the message names it and the remedy.
    """
    merged = {"user-agent": f"openai-realtime/{__version__}"}
    if organization:
        merged["openai-organization"] = organization
    if project:
        merged["openai-project"] = project
    given = {name.lower(): value for name, value in headers.items()}
    if not given.keys() & {"authorization", "api-key"}:
        merged["authorization"] = f"Bearer {_checked_key(api_key)}"
    merged |= {
        name: value for name, value in given.items() if not _NOT_FOR_A_HANDSHAKE.fullmatch(name)
    }
    for name, value in merged.items():
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            raise OpenAIError(
                f"The header {name!r} cannot be sent: its name or value has a line break or "
                "another control character. Remove it."
            )
    return ConnectionSettings(_realtime_url(base_url, query), merged)


def _checked_key(api_key: str) -> str:
    if not api_key:
        raise OpenAIError(
            "No API key. Set the environment variable OPENAI_API_KEY, or pass api_key=..."
        )
    if not _KEY.fullmatch(api_key):
        raise OpenAIError(
            "The API key contains a line break, a blank or a character that is not ASCII. It was "
            "probably read from a file with its line end: remove what is around the key."
        )
    return api_key


def _realtime_url(base_url: str, query: Query) -> str:
    if not base_url.strip():
        raise OpenAIError(
            "The base URL is empty. Pass base_url=..., set OPENAI_BASE_URL to a URL such as "
            f"{_DEFAULT_BASE_URL}, or unset it to use that one."
        )
    try:
        parts = urlsplit(base_url.strip())
        host, _ = parts.hostname, parts.port  # a malformed port is noticed when it is read
    except ValueError as error:
        raise OpenAIError(f"The base URL is malformed: {error}. Correct base_url.") from error
    scheme = _SCHEMES.get(parts.scheme)
    if scheme is None or not host:
        raise OpenAIError(
            "The base URL must be an http, https, ws or wss URL with a host, for example "
            f"{_DEFAULT_BASE_URL}."
        )
    if scheme == "ws" and f".{host}".endswith(".openai.com"):
        raise OpenAIError(
            f"The base URL would send the API key to {host} unencrypted. Use https:// or wss://."
        )
    pairs = [*parse_qsl(parts.query, keep_blank_values=True), *_query_pairs(query)]
    path = parts.path.rstrip("/") + "/realtime"
    return urlunsplit((scheme, parts.netloc, path, urlencode(pairs), ""))


def _query_pairs(query: Query) -> list[tuple[str, str]]:
    return [
        (name, str(value).lower() if isinstance(value, bool) else str(value))
        for name, value in query.items()
        if value is not None
    ]
