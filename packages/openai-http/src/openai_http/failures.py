"""Why a call had no answer, in words: from the exception of a library to ours.

Decides what the failure of a connection is called and what helps. It looks at the standard
library's exceptions behind the library's own, so it knows no HTTP library.
"""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from openai_types.configuration import blot_out

from openai_http.errors import APIConnectionError, APITimeoutError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_http.messages import Request

_TIMEOUTS = {
    "connect": "no connection was made in time. Check the network and base_url",
    "read": "the server sent nothing for too long. Large answers take their time",
    "write": "the server did not take the request in time. Check the network",
    "pool": "no connection became free in time. Make fewer calls at once",
}


def connection_error(request: Request, error: Exception) -> APIConnectionError:
    """The error of a call that had no answer, or one that broke off."""
    what, remedy = _diagnosis(error)
    cause = blot_out(str(error) or type(error).__name__, request.headers)
    return APIConnectionError(
        message=f"{request.endpoint}: {what} ({_host(request.url)}): {cause.rstrip('.')}. {remedy}",
        request=request.without_secrets(),
    )


def timeout_error(request: Request, *, phase: str) -> APITimeoutError:
    """The error of a call whose answer did not come in time; `phase` is a part of `Timeout`."""
    return APITimeoutError(
        request.without_secrets(),
        message=f"{request.endpoint} timed out ({_host(request.url)}): {_TIMEOUTS[phase]}, or raise"
        f" timeout=Timeout(..., {phase}=seconds).",
    )


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]


def _diagnosis(error: BaseException) -> tuple[str, str]:
    for cause in _causes(error):
        for kind, what, remedy in _KNOWN:
            if isinstance(cause, kind):
                return what, remedy
    name = type(error).__name__
    return next(
        ((what, remedy) for part, what, remedy in _NAMED if part in name),
        ("the connection failed", "Check the network, the proxy and base_url."),
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and what caused it, groups included."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            group = cast("BaseExceptionGroup[BaseException]", error)
            for each in group.exceptions:
                yield from _causes(each)
        error = error.__cause__ or error.__context__


_CUT = "The server or something on the way cut it: try again."
_KNOWN: tuple[tuple[type[BaseException], str, str], ...] = (
    (
        ConnectionRefusedError,
        "no connection, it was refused",
        "Nothing listens there: start the server, or correct base_url.",
    ),
    (
        socket.gaierror,
        "no connection, the name of the host is not known",
        "Check the host in base_url and the network.",
    ),
    (
        ssl.SSLCertVerificationError,
        "no connection, the certificate is not accepted",
        "Check base_url and the proxy; SSL_CERT_FILE can name the certificates to trust.",
    ),
    (
        ssl.SSLError,
        "no connection, TLS failed",
        "Check that base_url names a server with TLS, and the proxy.",
    ),
    (
        ConnectionResetError,
        "the connection was reset",
        _CUT,
    ),
)
_NAMED = (
    ("Proxy", "the proxy refused", "Check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY."),
    (
        "RemoteProtocol",
        "the answer broke off or is not HTTP",
        "Try again; if it stays so, check base_url and what is between you and the server.",
    ),
    ("Connect", "no connection", "Check the host in base_url, the network and the proxy."),
    ("ReadError", "the connection broke off", _CUT),
    ("WriteError", "the connection broke off", _CUT),
    ("Decoding", "the answer cannot be decompressed", "Check what is between you and the server."),
)
