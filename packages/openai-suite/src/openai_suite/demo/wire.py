"""What the demo sees of the traffic: hooks on the HTTP client, frames from the WebSocket's log.

Only request lines, bodies and status lines are shown: no header, so no key.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Generator

    from openai_suite.demo.stage import Stage


def watched_http_client(stage: Stage) -> httpx.Client:
    """An HTTP client that shows each request and the head of each response on the stage."""

    def sent(request: httpx.Request) -> None:
        stage.sent(f"{request.method} {request.url}", request.content.decode())

    def received(response: httpx.Response) -> None:
        kind = response.headers.get("content-type", "no content type")
        number = response.headers.get("x-request-id", "no request id")
        stage.received(f"{response.status_code} {response.reason_phrase}, {kind}, {number}")

    hooks = {"request": [sent], "response": [received]}
    return httpx.Client(event_hooks=hooks, timeout=httpx.Timeout(600, connect=5))


class _Frames(logging.Handler):
    """Shows the text frames that the websockets library logs, and nothing else of its log."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(logging.DEBUG)
        self._stage = stage

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if text.startswith("> TEXT"):
            self._stage.sent(frame_of(text))
        elif text.startswith("< TEXT") and ".delta" not in text:
            self._stage.received(frame_of(text))


def frame_of(record: str) -> str:
    """What a log record of the websockets library shows of a text frame, and its size."""
    frame, space, size = record.partition(" TEXT ")[2].rpartition(" [")
    return frame.strip("'") + space + size


@contextmanager
def watched_websockets(stage: Stage) -> Generator[None]:
    """Show the text frames of WebSocket clients on the stage; deltas come as the result."""
    logger = logging.getLogger("openai_realtime.websocket")
    handler, level, propagates = _Frames(stage), logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagates
