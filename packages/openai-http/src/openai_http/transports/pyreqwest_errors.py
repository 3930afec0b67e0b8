"""What the errors of pyreqwest mean, told by their causes: its classes are too coarse for that.

A head that is late is one of connecting for it, and so is a connection that the server closed in
the middle of an answer. Only what its own cause says of connecting counts as such here: of that
alone it is certain that nothing was sent.
"""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

from pyreqwest.exceptions import DetailedPyreqwestError

from openai_http.transports.explaining import Meaning
from openai_http.transports.patience import PartIsOverError

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


def meaning_of(error: Exception, request: Request) -> Meaning:
    """What an error that came out of pyreqwest means."""
    if isinstance(error, PartIsOverError):
        return Meaning(error, late=error.part)
    if not isinstance(error, DetailedPyreqwestError):
        return Meaning(error, usual=isinstance(error, OSError | RuntimeError))
    causes = _causes(error)
    connects = any("(Connect)" in cause for cause in causes)
    if isinstance(error, TimeoutError):
        late = "connect" if connects else "write" if _sends(error) else "read"
        return Meaning(error, late=late)
    told = _connecting(causes, request) if connects else _talking(error, causes)
    told.__cause__ = error
    return Meaning(told)


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
