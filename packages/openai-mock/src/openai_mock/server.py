"""The application on a real socket, run by uvicorn in a thread of its own.

Decides how the server begins (its socket listens before anyone is told its address) and how it
ends: at once, whatever clients hold open, leaving no thread, no socket and no line in a log. Knows
nothing about the API.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import uvicorn

from openai_mock.app import create_app
from openai_mock.errors import MockServerError
from openai_mock.ids import Identifiers
from openai_mock.settings import (
    DEFAULT_API_KEY,
    DEFAULT_WEBHOOK_SECRET,
    checked_webhook_secret,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

GRACE_SECONDS = 0.2  # for requests that are being answered when the server ends
_LOGGERS = ("uvicorn.error", "uvicorn.access", "uvicorn.asgi", "asyncio")
_REACHABLE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - to be reached, not to listen


class MockServer:
    """A running server.

    Attributes:
        url: Its address, such as `http://127.0.0.1:8000`.
        base_url: The address of the API, for `OPENAI_BASE_URL`.
        api_key: The key that clients have to send.
        webhook_secret: The secret that its webhooks are signed with.
    """

    def __init__(self, url: str, *, api_key: str, webhook_secret: str) -> None:
        self.url = url
        self.base_url = f"{url}/v1"
        self.api_key = api_key
        self.webhook_secret = webhook_secret
        self._ids = Identifiers()

    def send_webhook(
        self,
        url: str,
        event_type: str = "response.completed",
        *,
        data: Mapping[str, object] | None = None,
        timeout: float = 10.0,
    ) -> int:
        """Post a signed event to a receiver, as OpenAI does.

        Args:
            url: The receiver.
            event_type: The type of the event.
            data: Fields of its `data`; the others are made up.
            timeout: How many seconds the receiver may take.

        Returns:
            The status with which the receiver answered. Redirects are not followed.

        Raises:
            MockServerError: There is no such type of event.
            WebhookDeliveryError: The receiver did not answer; the message says why.
        """
        from openai_mock.webhooks import deliver, make_event

        event = make_event(event_type, data, ids=self._ids, created_at=int(time.time()))
        webhook_id = self._ids.new("wh_")
        secret = self.webhook_secret
        return deliver(url, event, secret=secret, webhook_id=webhook_id, timeout=timeout)

    def __repr__(self) -> str:
        return f"MockServer({self.url!r})"


@contextmanager
def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    api_key: str = DEFAULT_API_KEY,
    webhook_secret: str = DEFAULT_WEBHOOK_SECRET,
) -> Generator[MockServer]:
    """Run the server while the block runs.

    Args:
        host: The address to listen on; only this machine reaches the default.
        port: The port to listen on; 0 for a free one.
        api_key: The key that clients have to send.
        webhook_secret: The secret to sign webhooks with.

    Raises:
        MockServerError: It cannot listen there, or no client could send this key.
        WebhookSecretError: The secret is empty or malformed.
    """
    app = create_app(api_key=api_key)
    checked_webhook_secret(webhook_secret)
    with listen(host, port) as listener:
        address = address_of(host, listener)
        running = _Uvicorn(app)
        thread = threading.Thread(target=running.run_on, args=(listener,), name="openai-mock")
        thread.start()
        running.ready.wait()
        if running.failure:
            raise MockServerError(
                f"The mock server did not start: {running.failure!r}. Check that the versions of "
                "uvicorn and websockets are ones that openai-mock allows."
            ) from running.failure
        try:
            yield MockServer(address, api_key=api_key, webhook_secret=webhook_secret)
        finally:
            running.should_exit = True
            thread.join()


def listen(host: str, port: int) -> socket.socket:
    """Open the socket of a server.

    Raises:
        MockServerError: It cannot listen there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sends small packets at once; without, every answer waits
    # for the client's delayed acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # Elsewhere it would let two servers share a port.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(os.name == "posix"))
        listener.bind((host, port))
        listener.listen()
    except (OSError, OverflowError) as error:
        listener.close()
        raise MockServerError(
            f"The mock server cannot listen on {host}, port {port}: {error}. Stop what listens "
            "there, choose another port, or port 0 for any that is free."
        ) from error
    return listener


def address_of(host: str, listener: socket.socket) -> str:
    """The URL at which a listening socket is reached from this machine."""
    host = _REACHABLE.get(host, host)
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{listener.getsockname()[1]}"


class _Uvicorn(uvicorn.Server):
    """Uvicorn, with a beginning that is told and an end that waits for nobody."""

    def __init__(self, app: Any) -> None:  # Any: uvicorn types applications so
        # Both named, so that what else is installed changes nothing; and with no log
        # configuration, because that belongs to the program that this runs in.
        config = uvicorn.Config(
            app, http="h11", ws="websockets-sansio", lifespan="off", log_config=None
        )
        super().__init__(config)
        self.ready = threading.Event()
        self.failure: BaseException | None = None

    def run_on(self, listener: socket.socket) -> None:
        """Serve until told to exit."""
        with _silent_thread():
            try:
                asyncio.run(self.serve(sockets=[listener]))
            except BaseException as error:  # noqa: BLE001 - told where the server was asked for
                self.failure = error
                self.ready.set()

    async def main_loop(self) -> None:
        """Tell that it has begun; until here, an exit would skip the shutdown."""
        self.ready.set()
        await super().main_loop()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End: idle connections now, requests in a moment, clients that do not read as well."""
        for server in self.servers:
            server.close()
        for each in sockets or ():
            each.close()
        connections = list(self.server_state.connections)
        for connection in connections:
            connection.shutdown()
        await self._tasks()
        for connection in connections:
            connection.transport.abort()
        await self._tasks()
        for server in self.servers:
            await server.wait_closed()

    async def _tasks(self) -> None:
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=GRACE_SECONDS)


@contextmanager
def _silent_thread() -> Generator[None]:
    """Keep what this thread logs out of the program's log; other servers log as before."""
    mine = threading.get_ident()

    def of_another_thread(record: logging.LogRecord) -> bool:
        return record.thread != mine

    loggers = [logging.getLogger(name) for name in _LOGGERS]
    for logger in loggers:
        logger.addFilter(of_another_thread)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(of_another_thread)
