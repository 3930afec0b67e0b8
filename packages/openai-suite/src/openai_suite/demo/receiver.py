"""A web server for one webhook: verifies what is posted to it and hands out the typed events."""

from __future__ import annotations

import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

from openai_types.errors import OpenAIError
from openai_webhooks import InvalidWebhookSignatureError, Webhook

if TYPE_CHECKING:
    from openai_types.webhooks import UnwrapWebhookEvent

WAIT_SECONDS = 10.0  # the sender has been answered before anyone asks, so this only bounds a fault


class WebhookReceiver:
    """Listens on a free port of this machine while it is entered as a context manager."""

    def __init__(self, secret: str) -> None:
        self._webhook = Webhook(secret)
        self._events: queue.Queue[UnwrapWebhookEvent] = queue.Queue()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """Where to post webhooks to."""
        return f"http://127.0.0.1:{self._server.server_port}/webhook"

    def next_event(self) -> UnwrapWebhookEvent:
        """The next verified event.

        Raises:
            OpenAIError: none came in time.
        """
        try:
            return self._events.get(timeout=WAIT_SECONDS)
        except queue.Empty as error:
            message = (
                f"No webhook was accepted within {WAIT_SECONDS:.0f} s; "
                "was it signed with the receiver's secret?"
            )
            raise OpenAIError(message) from error

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def accept(self, body: bytes, headers: dict[str, str]) -> int:
        """Verify one request and keep its event; returns the status to answer with."""
        try:
            self._events.put(self._webhook.unwrap(body, headers))
        except InvalidWebhookSignatureError:
            return 400
        return 204

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        accept = self.accept

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                self.send_response(accept(body, dict(self.headers.items())))
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # Any: the base class's
                """Keep quiet: the demo prints what it wants to show."""

        return Handler
