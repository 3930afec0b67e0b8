"""Runs a recording or a replay on a real socket, as the mock server runs.

Decides that nothing is added to an answer on its way: no header, no ping. Knows nothing of tapes.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from openai_mock.recorder.client import Client, LeftError
from openai_mock.serving.hosting import ThreadedServer, address_of, listen, running

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Generator

    from openai_mock.recorder.client import AsgiMessage, Receive, Send

LARGEST_MESSAGE = 2**30  # bytes, on a WebSocket

logger = logging.getLogger("openai_mock.recorder")


class Answering(Protocol):
    """What answers requests."""

    async def __call__(self, client: Client) -> None:
        """Answer one request."""
        ...


@contextmanager
def hosted(answering: Answering, *, host: str, port: int) -> Generator[str]:
    """Let requests be answered while the block runs; gives the address.

    Raises:
        MockServerError: It cannot listen there, or the server did not start.
    """
    with listen(host, port) as listener, running(_TapeServer(answering), listener):
        yield address_of(host, listener)


class _TapeServer(ThreadedServer):
    """Uvicorn that shows the connection of each request, and adds nothing to answers."""

    def __init__(self, answering: Answering) -> None:
        super().__init__(self._answer)
        self.config.interface = "asgi3"
        self.config.proxy_headers = False  # they would rename the client
        self.config.date_header = False
        self.config.server_header = False
        self.config.ws_ping_interval = None
        self.config.ws_max_size = LARGEST_MESSAGE
        self._answering = answering

    async def _answer(self, scope: AsgiMessage, receive: Receive, send: Send) -> None:
        client = Client(scope, receive, send, self._transport_of(scope["client"]))
        try:
            await self._answering(client)
        except LeftError:
            return
        except Exception:
            logger.exception("This is a bug in openai-mock, in answering %s", scope["path"])
            raise

    def _transport_of(self, client: tuple[str, int]) -> asyncio.Transport | None:
        for connection in self.server_state.connections:
            # Uvicorn's protocols have it, without a type of their own that says so.
            if getattr(connection, "client", None) == client:
                return connection.transport
        return None
