"""A server that records what it is sent and answers everything with the same bytes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest


@dataclass
class Recorded:
    """What matters of a request."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: object


@dataclass
class Recorder:
    """Answers with `answer`, and keeps the requests."""

    answer: bytes = b"{}"
    content_type: str = "application/json"
    requests: list[Recorded] = field(default_factory=list[Recorded])
    port: int = 0

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    recorder = Recorder()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            recorder.requests.append(
                Recorded(
                    self.command, parts.path, parse_qsl(parts.query), headers, json.loads(body)
                )
            )
            self.send_response(200)
            self.send_header("content-type", recorder.content_type)
            self.send_header("content-length", str(len(recorder.answer)))
            self.send_header("x-request-id", "req_1")
            self.end_headers()
            self.wfile.write(recorder.answer)

        def log_message(self, format: str, *args: Any) -> None:  # Any: the base class's
            """Tests print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        recorder.port = server.server_port
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield recorder
        server.shutdown()
        thread.join()
