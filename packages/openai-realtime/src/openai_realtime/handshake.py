"""What it means that a connection could not be opened, and what helps.

Decides the message of every failure before a session begins. Does no I/O: it is given the answer
of the server or the exception of the WebSocket library.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from openai_types.error_body import read_error

from openai_realtime.errors import RealtimeConnectionError

if TYPE_CHECKING:
    from openai_realtime.settings import ConnectionSettings

REDIRECTIONS = range(300, 400)
_SERVER_FAILURES = range(500, 600)
_REMEDIES = {
    400: "Check the model and the query parameters.",
    401: "Check the API key: it is wrong, was revoked, or belongs to another server.",
    403: "The key may not use this: check its project, its permissions and your region.",
    404: "Check the base URL (it normally ends in /v1) and the model.",
    429: "Wait and connect again, or raise the limits and the credit of the project.",
}
_ABOUT_THE_MODEL = {400, 404}
_SHOWN_BODY = 500


def refused(
    settings: ConnectionSettings, status: int, body: bytes, location: str | None = None
) -> RealtimeConnectionError:
    """Explain an HTTP answer other than 101."""
    text = settings.blot_out(body.decode("utf-8", "replace"))
    if status in REDIRECTIONS:
        # Following it would hand the API key to a place nobody configured.
        remedy = f"It redirects to {location}; set base_url to the right place."
    elif status in _SERVER_FAILURES:
        remedy = "The server failed; connect again in a moment."
    else:
        remedy = _REMEDIES.get(status, "Check the base URL, the API key and the model.")
    if status in _ABOUT_THE_MODEL and settings.model:
        remedy += f" The model asked for is {settings.model!r}."
    said = (read_error(text).message or text.strip())[:_SHOWN_BODY]
    return RealtimeConnectionError(
        f"{settings.endpoint} refused the connection with HTTP status {status}"
        f"{f' ({said})' if said else ''}. {remedy}",
        status_code=status,
        body=text.encode(),
    )


def failed(settings: ConnectionSettings, error: Exception) -> RealtimeConnectionError:
    """Explain why there was no HTTP answer at all, or none of a WebSocket server."""
    if isinstance(error, ConnectionRefusedError):
        remedy = "Nothing listens there: start the server, or correct base_url."
    elif isinstance(error, TimeoutError):
        remedy = "It did not answer in time: check network and proxy, or raise open_timeout."
    elif isinstance(error, ssl.SSLError):
        remedy = "Its certificate was not accepted: check base_url, the proxy and the trust store."
    elif isinstance(error, OSError):
        remedy = "Check the host in base_url and the network."
    elif isinstance(error, ImportError):
        remedy = "A SOCKS proxy is configured: install python-socks, or unset the proxy."
    else:
        remedy = "Check that base_url names a server with the Realtime API, and the proxy."
    cause = str(error) or type(error).__name__
    return RealtimeConnectionError(
        f"No connection to {settings.endpoint}: {settings.blot_out(cause)}. {remedy}"
    )
