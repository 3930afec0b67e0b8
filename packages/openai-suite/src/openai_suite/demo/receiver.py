"""A web server for webhooks: it keeps what is posted to it, for who asks."""

from __future__ import annotations

import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self

from openai_types.errors import OpenAIError

WAIT_SECONDS = 10.0  # the sender has been answered before anyone asks, so this only bounds a fault


class Delivery(NamedTuple):
    """A request as it was received."""

    body: bytes
    headers: dict[str, str]


class WebhookReceiver:
    """Listens on a free port of this machine while it is entered as a context manager."""

    def __init__(self) -> None:
        self._deliveries: queue.Queue[Delivery] = queue.Queue()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """Where to post webhooks to."""
        return f"http://127.0.0.1:{self._server.server_port}/webhook"

    def next_delivery(self) -> Delivery:
        """The next request.

        Raises:
            OpenAIError: none came in time.
        """
        try:
            return self._deliveries.get(timeout=WAIT_SECONDS)
        except queue.Empty as error:
            raise OpenAIError(
                f"No webhook came within {WAIT_SECONDS:.0f} s. Was it sent to {self.url}?"
            ) from error

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        deliveries = self._deliveries

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                deliveries.put(Delivery(body, dict(self.headers.items())))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # Any: the base class's
                """Keep quiet: the demo prints what it wants to show."""

        return Handler
