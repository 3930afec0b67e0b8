"""A server on a real socket that keeps what it is sent and answers as it is told."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Part:
    """A part of a multipart body, read by Python's own parser of messages."""

    name: str
    filename: str | None
    media_type: str | None
    content: bytes


@dataclass(frozen=True)
class Recorded:
    """A request as it arrived; `path` is as it was on the wire, encoded."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    content: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    def json(self) -> Any:  # Any: JSON
        return json.loads(self.content)

    def parts(self) -> list[Part]:
        """The parts of a multipart body."""
        head = f"content-type: {self.headers['content-type']}\r\n\r\n".encode()
        message = message_from_bytes(head + self.content)
        assert message.is_multipart()
        return [_part(each) for each in message.walk() if each is not message]


def _part(message: Message[str, str]) -> Part:
    name = message.get_param("name", header="content-disposition")
    content = message.get_payload(decode=True)
    assert isinstance(name, str)
    assert isinstance(content, bytes)
    media_type = message.get_content_type() if "content-type" in message else None
    return Part(name, message.get_filename(), media_type, content)


@dataclass(frozen=True)
class Answer:
    """What the server sends."""

    content: bytes = b"{}"
    media_type: str = "application/json"


@dataclass
class RecordingServer:
    """Answers with `answers`, one after another; the last one again and again."""

    port: int = 0
    answers: deque[Answer] = field(default_factory=deque[Answer])
    requests: list[Recorded] = field(default_factory=list[Recorded])

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def expect(self, *answers: Answer) -> None:
        """Answer so from now on, and forget what came before."""
        self.answers = deque(answers)
        self.requests.clear()

    def take(self, request: Recorded) -> Answer:
        self.requests.append(request)
        return self.answers.popleft() if len(self.answers) > 1 else self.answers[0]


@contextmanager
def recording() -> Generator[RecordingServer]:
    """A running server."""
    recorder = RecordingServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # connections are kept

        def answer(self) -> None:
            parts = urlsplit(self.path)
            content = self.rfile.read(int(self.headers.get("content-length", "0")))
            headers = {name.lower(): text for name, text in self.headers.items()}
            query = parse_qsl(parts.query, keep_blank_values=True)
            answer = recorder.take(Recorded(self.command, parts.path, query, headers, content))
            head = (
                f"HTTP/1.1 200 OK\r\ncontent-type: {answer.media_type}\r\n"
                f"content-length: {len(answer.content)}\r\nx-request-id: req_1\r\n\r\n"
            )
            self.wfile.write(head.encode() + answer.content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - the base class's

        def log_message(self, format: str, *args: Any) -> None:  # Any: the base class's
            """Tests print nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True  # those of connections that a client keeps open

    with Server(("127.0.0.1", 0), Handler) as server:
        recorder.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield recorder
        finally:
            server.shutdown()
            thread.join()
