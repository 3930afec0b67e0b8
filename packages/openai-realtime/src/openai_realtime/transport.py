"""Open a WebSocket with the websockets library, from threads and from asyncio.

The only module that names the library's connect functions. Decides what holds for both: no limit
to an event's size, no redirects, no credentials in the log, and that every failure becomes one of
our errors.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from openai_types.configuration import REMOVED, is_secret
from websockets.asyncio.client import ClientConnection as AsyncClientConnection
from websockets.asyncio.client import connect as async_connect
from websockets.exceptions import InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as sync_connect

from openai_realtime.handshake import REDIRECTIONS, failed, refused

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from contextlib import AbstractContextManager

    from websockets.http11 import Response

    from openai_realtime.options import WebSocketConnectionOptions
    from openai_realtime.settings import ConnectionSettings


class _NoCredentials(logging.Filter):
    """Blots out credentials: at level DEBUG the library logs every header it sends."""

    def filter(self, record: logging.LogRecord) -> bool:
        match record.args:
            case (str(name), _) if is_secret(name):
                record.args = (name, REMOVED)
            case _:
                pass
        return True


# The library is changing what its function returns; all that is returned can be entered.
_sync_connect: Callable[..., AbstractContextManager[ClientConnection]] = sync_connect

_logger = logging.getLogger("openai_realtime.websocket")
_logger.addFilter(_NoCredentials())


def open_websocket(
    settings: ConnectionSettings, options: WebSocketConnectionOptions
) -> ClientConnection:
    """Open a connection for threads.

    Raises:
        RealtimeConnectionError: It could not be opened; the message says why and what helps.
    """
    arguments = _arguments(settings, options)
    arguments.pop("write_limit", None)
    with _explained(settings):
        # Entered, not only called: newer versions of the library expect a `with` and warn.
        return _sync_connect(settings.url, create_connection=_Connection, **arguments).__enter__()


async def open_async_websocket(
    settings: ConnectionSettings, options: WebSocketConnectionOptions
) -> AsyncClientConnection:
    """Open a connection for asyncio.

    Raises:
        RealtimeConnectionError: It could not be opened; the message says why and what helps.
    """
    with _explained(settings):
        return await async_connect(
            settings.url, create_connection=_AsyncConnection, **_arguments(settings, options)
        )


# Any: the library's keyword arguments have a different type each.
def _arguments(settings: ConnectionSettings, options: WebSocketConnectionOptions) -> dict[str, Any]:
    headers = dict(settings.headers)
    return {
        "max_size": None,
        "logger": _logger,
        "user_agent_header": headers.pop("user-agent", None),
        "additional_headers": headers,
        **options,
    }


@contextmanager
def _explained(settings: ConnectionSettings) -> Generator[None]:
    try:
        yield
    except _Redirected as redirect:
        raise _refused(settings, redirect.response) from redirect
    except InvalidStatus as error:
        raise _refused(settings, error.response) from error
    except (WebSocketException, OSError, EOFError, ImportError) as error:
        raise failed(settings, error) from error


def _refused(settings: ConnectionSettings, response: Response) -> Exception:
    location = response.headers.get("location")
    return refused(settings, response.status_code, bytes(response.body or b""), location)


class _Redirected(Exception):  # noqa: N818  (it never leaves this module)
    """A redirect the library shall not follow: it would send the credentials along."""

    def __init__(self, response: Response) -> None:
        super().__init__(f"HTTP status {response.status_code}")
        self.response = response


def _stop_redirect(error: InvalidStatus) -> None:
    if error.response.status_code in REDIRECTIONS:
        raise _Redirected(error.response) from error


class _Connection(ClientConnection):
    # Any: passed on as they come.
    def handshake(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().handshake(*args, **kwargs)
        except InvalidStatus as error:
            _stop_redirect(error)
            raise


class _AsyncConnection(AsyncClientConnection):
    async def handshake(self, *args: Any, **kwargs: Any) -> None:
        try:
            await super().handshake(*args, **kwargs)
        except InvalidStatus as error:
            _stop_redirect(error)
            raise
