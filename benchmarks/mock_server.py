"""How much the mock server answers: requests a second, events of streams a second, and their CPU.

The server runs in one process with one worker, the client in another: raw sockets that are kept
alive, canned requests, and answers that are read without a look at them. The time of the processor
that each of the two takes is told apart, because it depends less on what else the machine does.
"""

from __future__ import annotations

import argparse
import json
import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Generator

KEY = "sk-openai-mock"
# Tells its address, and at each line that comes how much time of the processor it has had.
SERVER = """
import sys, time
from openai_mock import serve
with serve() as server:
    print(server.url, flush=True)
    for _ in sys.stdin:
        print(time.process_time(), flush=True)
"""
WORDS = 2000  # of the answer that is streamed
FILES = 10  # that are listed
MOST = 2**18  # bytes that are read at once
MESSAGES = [{"role": "user", "content": "Hello."}]
LONG = [{"role": "user", "content": "word " * WORDS}]


def request(method: str, path: str, body: object = None, form: bytes = b"") -> bytes:
    """A whole HTTP request."""
    content = form or (b"" if body is None else json.dumps(body).encode())
    media_type = "multipart/form-data; boundary=x" if form else "application/json"
    head = (
        f"{method} /v1{path} HTTP/1.1\r\nhost: mock\r\naccept: application/json\r\n"
        f"authorization: Bearer {KEY}\r\nuser-agent: benchmark\r\n"
        f"content-type: {media_type}\r\ncontent-length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


FILE = request(
    "POST",
    "/files",
    form=(
        b'--x\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nuser_data\r\n'
        b'--x\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\nHello.\r\n'
        b"--x--\r\n"
    ),
)
PLAIN = {
    "chat.completions.create": request(
        "POST", "/chat/completions", {"model": "gpt-5.5", "messages": MESSAGES}
    ),
    "responses.create": request("POST", "/responses", {"model": "gpt-5.5", "input": "Hello."}),
    "embeddings.create": request(
        "POST", "/embeddings", {"model": "text-embedding-3-small", "input": "Hello."}
    ),
    "files.list": request("GET", "/files"),
    "models.list": request("GET", "/models"),
    "vector_stores.create": request("POST", "/vector_stores", {"name": "documents"}),
}
STREAMED = {
    "chat.completions.create, streamed": request(
        "POST", "/chat/completions", {"model": "gpt-5.5", "messages": LONG, "stream": True}
    ),
    "responses.create, streamed": request(
        "POST", "/responses", {"model": "gpt-5.5", "input": LONG, "stream": True, "store": False}
    ),
}


class Server:
    """A server in another process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        netloc = urlsplit(self._line()).netloc
        host, _, port = netloc.partition(":")
        self.address = host, int(port)

    def processor_time(self) -> float:
        """Seconds of the processor that it has had."""
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return float(self._line())

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()


@contextmanager
def started() -> Generator[Server]:
    """A server that ends with the block."""
    command = [sys.executable, "-c", SERVER]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Server(process)
        assert process.stdin
        process.stdin.close()


def answered(connection: socket.socket) -> int:
    """Read an answer to its end; gives how many events it has."""
    came = connection.recv(MOST)
    while b"\r\n\r\n" not in came:
        came += connection.recv(MOST)
    head, _, body = came.partition(b"\r\n\r\n")
    head = head.lower()
    assert b" 200 " in head.partition(b"\r\n")[0], came
    if b"content-length:" in head:
        left = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0]) - len(body)
        while left > 0:
            left -= len(connection.recv(MOST))
        return 0
    pieces = [body]
    while not pieces[-1].endswith(b"0\r\n\r\n"):
        pieces.append(connection.recv(MOST))
    return b"".join(pieces).count(b"data: ")


@dataclass(frozen=True)
class Run:
    """What a run took.

    Attributes:
        rate: How many a second.
        server: Microseconds of the server's processor for each.
        client: Those of the client's.
    """

    rate: float
    server: float
    client: float


def measured(server: Server, sent: bytes, connections: int, repeat: int) -> Run:
    """Send a request again and again, on each connection as soon as it is answered there."""
    with ExitStack() as stack:
        opened = [
            stack.enter_context(socket.create_connection(server.address))
            for _ in range(connections)
        ]
        for connection in opened:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(sent)
        for connection in opened:  # what is made once is made now
            answered(connection)
        served, begun, own = server.processor_time(), perf_counter(), process_time()
        for connection in opened:
            connection.sendall(sent)
        events = 0
        for number in range(repeat):
            for connection in opened:
                events += answered(connection)
                if number + 1 < repeat:
                    connection.sendall(sent)
        took, own = perf_counter() - begun, process_time() - own
        served = server.processor_time() - served
    count = events or connections * repeat
    return Run(count / took, served / count * 1e6, own / count * 1e6)


def shown(name: str, what: str, runs: list[Run]) -> str:
    """A line of the table: medians, and the least time of the server's processor."""
    rate, server, client = (
        median(getattr(run, each) for run in runs) for each in ("rate", "server", "client")
    )
    least = min(run.server for run in runs)
    return (
        f"{name:<34} {rate:>7.0f} {what}/s; the processor's time in µs: server {server:>6.1f}, "
        f"at least {least:>6.1f}; client {client:>6.1f}"
    )


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=32, help="default: %(default)s")
    parser.add_argument("--requests", type=int, default=3000, help="a run; default: %(default)s")
    parser.add_argument("--runs", type=int, default=5, help="default: %(default)s")
    options = parser.parse_args()
    with started() as server:
        measured(server, FILE, 1, FILES - 1)
        for name, sent in PLAIN.items():
            repeat = options.requests // options.connections
            runs = [
                measured(server, sent, options.connections, repeat) for _ in range(options.runs)
            ]
            print(shown(name, "requests", runs))
        for name, sent in STREAMED.items():
            runs = [measured(server, sent, 4, 3) for _ in range(options.runs)]
            print(shown(name, "events", runs))


if __name__ == "__main__":
    main()
