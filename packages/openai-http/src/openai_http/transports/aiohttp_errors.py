"""What the errors of aiohttp mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp

from openai_http.transports.explaining import Meaning

if TYPE_CHECKING:
    from openai_http.messages import Request


_OF_CONNECTIONS = (
    *(aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError, aiohttp.ClientOSError),
    aiohttp.ClientResponseError,  # what came was no HTTP
)


class RemoteProtocolError(Exception):
    """The server did not speak HTTP, or stopped in the middle of it."""


def meaning_of(error: Exception, _request: Request) -> Meaning:
    """What an error that came out of aiohttp means."""
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return Meaning(error, late="connect")
    if isinstance(error, aiohttp.SocketTimeoutError):
        return Meaning(error, late="read")
    if isinstance(error, TimeoutError):  # aiohttp has no limit for sending, so it is ours
        return Meaning(error, late="write")
    usual = isinstance(error, aiohttp.ClientError | OSError | RuntimeError)
    return Meaning(_told_apart(error), usual=usual)


def _told_apart(error: Exception) -> Exception:
    """The error, or one whose name says what aiohttp has only in texts and causes."""
    connects = isinstance(error, aiohttp.ClientConnectorError | aiohttp.ClientHttpProxyError)
    if connects or not isinstance(error, _OF_CONNECTIONS):
        return error
    if isinstance(error.__cause__, ConnectionResetError):
        return error.__cause__
    told = RemoteProtocolError(" ".join(str(error).split()))
    told.__cause__ = error
    return told
