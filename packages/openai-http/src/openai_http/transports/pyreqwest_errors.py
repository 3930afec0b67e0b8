"""What the errors of pyreqwest mean, told by their causes: its classes are too coarse for that.

A head that is late is one of connecting for it, and so is a connection that the server closed in
the middle of an answer. Only what its own cause says of connecting counts as such here: of that
alone it is certain that nothing was sent.
"""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, NoReturn

from openai_types.errors import OpenAIError
from pyreqwest.exceptions import DetailedPyreqwestError

from openai_http.connections.closing import closed_error
from openai_http.failures.connecting import connection_error, timeout_error
from openai_http.transports.patience import PartIsOverError
from openai_http.transports.pools import PoolIsFullError

if TYPE_CHECKING:
    from openai_http.messages import Request

_WITH_A_URL = "for url ("


class ConnectError(Exception):
    """There was no connection."""


class ProxyError(Exception):
    """The proxy did not let it through."""


class RemoteProtocolError(Exception):
    """The server did not speak HTTP, or stopped in the middle of it."""


class WriteError(Exception):
    """The request could not be sent."""


def raise_explained(
    error: Exception, request: Request, proxy: str | None = None, *, closed: bool = False
) -> NoReturn:
    """Turn every error of pyreqwest into one of ours; `closed` tells whether the transport is."""
    if isinstance(error, OpenAIError):
        raise error
    if closed:
        raise closed_error() from connection_error(request, error, proxy=proxy)
    if isinstance(error, PoolIsFullError):
        raise timeout_error(request, phase="pool", error=error, proxy=proxy) from error
    if isinstance(error, PartIsOverError):
        raise timeout_error(request, phase=error.part, error=error, proxy=proxy) from error
    if isinstance(error, DetailedPyreqwestError):
        causes = _causes(error)
        connects = any("(Connect)" in cause for cause in causes)
        if isinstance(error, TimeoutError):
            phase = "connect" if connects else "write" if _sends(error) else "read"
            raise timeout_error(request, phase=phase, error=error, proxy=proxy) from error
        told = _connecting(causes, request) if connects else _talking(error, causes)
        told.__cause__ = error
        raise connection_error(request, told, proxy=proxy) from told
    usual = isinstance(error, OSError | RuntimeError)
    raise connection_error(request, error, proxy=proxy, usual=usual) from error


def reason_of(error: Exception) -> str:
    """The last cause that pyreqwest gives of an error."""
    return _causes(error)[-1] if isinstance(error, DetailedPyreqwestError) else str(error)


def _causes(error: DetailedPyreqwestError) -> list[str]:
    """The texts of what caused an error, without the one that has the URL: it may hold a secret.

    That one is taken from the error, too.
    """
    causes = error.details["causes"] or []
    kept = [each for each in causes if _WITH_A_URL not in each["message"]]
    error.details = {"causes": kept}
    error.args = (error.message, error.details)
    return [each["message"] for each in kept] or [error.message]


def _connecting(causes: list[str], request: Request) -> Exception:
    text = ": ".join(causes[1:] or causes)
    if "peer certificate" in text:
        return ssl.SSLCertVerificationError(text)
    if "proxy" in text or "tunnel" in text:
        return ConnectionRefusedError(text) if "refused" in text else ProxyError(text)
    if "dns error" in text:
        return socket.gaierror(text)
    if "refused" in text:
        return ConnectionRefusedError(text)
    if request.url.startswith("https:") and "tcp connect" not in text:
        return ssl.SSLError(text)
    return ConnectError(text)


def _talking(error: DetailedPyreqwestError, causes: list[str]) -> Exception:
    text = ": ".join(causes)
    if "reset" in text:
        return ConnectionResetError(text)
    return WriteError(text) if _sends(error) else RemoteProtocolError(text)


def _sends(error: DetailedPyreqwestError) -> bool:
    return "request body" in error.message
