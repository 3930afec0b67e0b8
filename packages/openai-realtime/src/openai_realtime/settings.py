"""Where to connect and with which headers.

Decides how the arguments, the environment and a client's settings become a WebSocket URL and
headers, and refuses what can only fail later. Knows nothing about sockets.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeAlias, runtime_checkable
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from openai_types.configuration import (
    AUTHENTICATING,
    blot_out,
    check_header,
    find_base_url,
    find_key,
    without_credentials,
)
from openai_types.keys import AsyncKeyFunction, KeyFunction, check_given_key

from openai_realtime.version import __version__

Query: TypeAlias = Mapping[str, str | int | float | bool | None]
Headers: TypeAlias = Mapping[str, str]

_SCHEMES = {"https": "wss", "http": "ws", "wss": "wss", "ws": "ws"}
# Headers that describe a request with a body, or that the WebSocket handshake sets itself.
_NOT_FOR_A_HANDSHAKE = re.compile(
    r"accept|connection|content-.*|host|sec-websocket-.*|transfer-encoding|upgrade"
)


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


@runtime_checkable
class KeyedByFunction(Protocol):
    """A client whose key a function may give; not every client has it."""

    @property
    def key_function(self) -> AsyncKeyFunction | None:
        """The function; None if the key is a text."""
        ...


@dataclass(frozen=True)
class ConnectionSettings:
    """A WebSocket URL and the headers of its handshake. The headers stay out of the repr.

    Attributes:
        url: The URL.
        headers: With lower-case names.
        key_function: Gives the key when the session is opened, if the headers have none.
    """

    url: str
    headers: dict[str, str] = field(repr=False)
    key_function: AsyncKeyFunction | None = field(default=None, repr=False)

    def with_key(self, key: str) -> ConnectionSettings:
        """The same with the key that the function gave."""
        return replace(self, headers={**self.headers, "authorization": f"Bearer {key}"})

    @property
    def endpoint(self) -> str:
        """The URL as errors may show it: without user, password and query."""
        return without_credentials(self.url).partition("?")[0]

    @property
    def model(self) -> str | None:
        """The model asked for."""
        return dict(parse_qsl(urlsplit(self.url).query)).get("model")

    def blot_out(self, text: str) -> str:
        """Remove the credentials of this connection from what a server sent back."""
        return blot_out(text, self.headers)


def from_environment(
    *,
    api_key: str | KeyFunction | None,
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
    check_given_key(api_key, asynchronous=False)
    return build(
        api_key=api_key,
        base_url=base_url,
        organization=organization or os.environ.get("OPENAI_ORG_ID"),
        project=project or os.environ.get("OPENAI_PROJECT_ID"),
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
    function = client.key_function if isinstance(client, KeyedByFunction) else None
    return build(
        api_key=client.api_key if function is None else function,
        base_url=str(client.websocket_base_url or client.base_url),
        organization=client.organization,
        project=client.project,
        headers={**client.default_headers, **(extra_headers or {})},
        query=query,
    )


def build(
    *,
    api_key: str | AsyncKeyFunction | None,
    base_url: str | None,
    organization: str | None,
    project: str | None,
    headers: Headers,
    query: Query,
) -> ConnectionSettings:
    """Put the URL and the headers together; later headers replace earlier ones of the same name.

    Without a key or a base URL those of the environment are taken.

    Raises:
        OpenAIError: A setting is missing or cannot work; the message names it and the remedy.
    """
    merged = {"user-agent": f"openai-realtime/{__version__}"}
    if organization:
        merged["openai-organization"] = organization
    if project:
        merged["openai-project"] = project
    given = {name.lower(): value for name, value in headers.items()}
    function = None
    if not given.keys() & AUTHENTICATING:
        if callable(api_key):
            function = api_key
        else:
            merged["authorization"] = f"Bearer {find_key(api_key)}"
    merged |= {
        name: value for name, value in given.items() if not _NOT_FOR_A_HANDSHAKE.fullmatch(name)
    }
    for name, value in merged.items():
        check_header(name, value)
    return ConnectionSettings(_realtime_url(base_url, query), merged, function)


def _realtime_url(base_url: str | None, query: Query) -> str:
    parts = find_base_url(base_url, schemes=tuple(_SCHEMES))
    pairs = [*parse_qsl(parts.query, keep_blank_values=True), *_query_pairs(query)]
    path = parts.path.rstrip("/") + "/realtime"
    return urlunsplit((_SCHEMES[parts.scheme], parts.netloc, path, urlencode(pairs), ""))


def _query_pairs(query: Query) -> list[tuple[str, str]]:
    return [
        (name, str(value).lower() if isinstance(value, bool) else str(value))
        for name, value in query.items()
        if value is not None
    ]
