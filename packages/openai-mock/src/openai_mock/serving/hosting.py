"""An ASGI application on a real socket, run by uvicorn in a thread of its own.

Decides how a server begins (its socket listens before anyone is told its address) and how it
ends: at once, whatever clients hold open, leaving no thread, no socket and no line in a log. Knows
nothing about the API.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import struct
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from openai_mock.errors import MockServerError
from openai_mock.faults.sending import DROP

if TYPE_CHECKING:
    from collections.abc import Generator

GRACE_SECONDS = 0.2  # for requests that are being answered when the server ends
_TURNS = 5  # of the event loop; asyncio takes two from an accepted socket to its protocol
_WITHOUT_LINGERING = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
_LOGGERS = ("uvicorn.error", "uvicorn.access", "uvicorn.asgi", "asyncio")
_REACHABLE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - to be reached, not to listen


@contextmanager
def running(server: ThreadedServer, listener: socket.socket) -> Generator[None]:
    """Let a server run in a thread of its own while the block runs.

    Raises:
        MockServerError: It did not start.
    """
    thread = threading.Thread(target=server.run_on, args=(listener,), name="openai-mock")
    thread.start()
    server.ready.wait()
    if server.failure:
        raise MockServerError(
            f"The mock server did not start: {server.failure!r}. Check that the versions of "
            "uvicorn and websockets are ones that openai-mock allows."
        ) from server.failure
    try:
        yield
    finally:
        server.stop()
        thread.join()


def listen(host: str, port: int) -> socket.socket:
    """Open the socket of a server.

    Raises:
        MockServerError: It cannot listen there.
    """
    if not host:  # which sockets take for every address of this machine
        raise MockServerError(
            "The mock server cannot listen on an empty host. Name one: 127.0.0.1, or 0.0.0.0 for "
            "all addresses of this machine."
        )
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


class _Joining:
    """A transport that sends in one system call what is written in one turn of the event loop.

    Uvicorn writes the head of an answer and its body one after the other; sending each by itself
    would take a tenth of the time of a request.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self.transport = transport
        self._loop = loop
        self._held: list[bytes] = []

    def __getattr__(self, name: str) -> Any:  # Any: as that of the transport
        return getattr(self.transport, name)

    def write(self, data: bytes) -> None:
        """Send data, at the latest before the event loop does something else."""
        if not self._held:
            self._loop.call_soon(self.flush)
        self._held.append(data)

    def flush(self) -> None:
        """Send what is held."""
        if self._held:
            held, self._held = self._held, []
            self.transport.write(held[0] if len(held) == 1 else b"".join(held))

    def close(self) -> None:
        """Close it when all is sent."""
        self.flush()
        self.transport.close()

    def abort(self) -> None:
        """Close it at once; what was written has gone as far as the system takes it."""
        self.flush()
        self.transport.abort()


class _Protocol(HttpToolsProtocol):
    """HTTP whose connections an application may break off."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Let what is written go through one that joins it."""
        super().connection_made(cast("asyncio.Transport", _Joining(transport, self.loop)))
        self.access_log = False  # the configuration would turn off that of other servers, too

    def handle_websocket_upgrade(self) -> None:
        """Leave the connection to the protocol of WebSockets as it was."""
        joining = cast("_Joining", self.transport)
        joining.flush()
        self.transport = joining.transport
        super().handle_websocket_upgrade()

    def on_message_begin(self) -> None:
        """Put the extension into the scope of a request."""
        super().on_message_begin()
        self.scope["extensions"] = {DROP: {"drop": self._drop}}

    async def _drop(self, reset: bool) -> None:
        if reset:
            connection: socket.socket = self.transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _WITHOUT_LINGERING)
            self.transport.abort()
        else:
            self.transport.close()


class ThreadedServer(uvicorn.Server):
    """Uvicorn, with a beginning that is told and an end that waits for nobody."""

    def __init__(self, app: Any) -> None:  # Any: uvicorn types applications so
        # Both named, so that what else is installed changes nothing; and with no log
        # configuration, because that belongs to the program that this runs in.
        config = uvicorn.Config(
            app,
            http=_Protocol,
            ws="websockets-sansio",
            lifespan="off",
            log_config=None,
            proxy_headers=False,  # nothing here asks who the client is
        )
        super().__init__(config)
        self.ready = threading.Event()
        self.failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told = asyncio.Event()

    def stop(self) -> None:
        """End, from another thread, once it is ready."""
        self.should_exit = True
        if self._loop:
            with suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(self._told.set)

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
        self._loop = asyncio.get_running_loop()
        self.ready.set()
        # It looks only ten times a second whether it is to exit.
        looking = asyncio.ensure_future(super().main_loop())
        telling = asyncio.ensure_future(self._told.wait())
        await asyncio.wait({looking, telling}, return_when=asyncio.FIRST_COMPLETED)
        looking.cancel()
        telling.cancel()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End: idle connections now, requests in a moment, clients that do not read as well."""
        loop = asyncio.get_running_loop()
        for each in sockets or ():
            with suppress(NotImplementedError):  # not how Windows accepts
                loop.remove_reader(each)
        # What has been accepted becomes a connection first: asyncio needs its server for that,
        # and forgets, open, the socket of one that is closed.
        for _ in range(_TURNS):
            await asyncio.sleep(0)
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
