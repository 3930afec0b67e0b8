"""A server that says byte for byte what a test wants, and a client that shows what it gets."""

import os
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BufferedReader
from urllib.parse import urlsplit

Step = bytes | Callable[[socket.socket], object]
PATIENCE = 60  # seconds; reached only when something is broken


@dataclass
class RawServer:
    """Takes the next answer for each request, and keeps the connection."""

    listener: socket.socket
    answers: deque[tuple[Step, ...]] = field(default_factory=deque[tuple[Step, ...]])
    requests: list[bytes] = field(default_factory=list[bytes])
    threads: list[threading.Thread] = field(default_factory=list[threading.Thread])

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}/v1"

    def expect(self, *steps: Step) -> None:
        self.answers.append(steps)

    def run(self) -> None:
        with suppress(OSError):  # the listener is closed
            while True:
                connection, _ = self.listener.accept()
                connection.settimeout(PATIENCE)
                self.threads.append(threading.Thread(target=self.serve, args=(connection,)))
                self.threads[-1].start()

    def serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as reader:
            while connection.fileno() >= 0 and (request := read_message(reader)):
                self.requests.append(request)
                for step in self.answers.popleft():
                    connection.sendall(step) if isinstance(step, bytes) else step(connection)


def read_message(reader: BufferedReader) -> bytes:
    """A request or an answer with a length; empty at the end of a connection."""
    lines: list[bytes] = []
    while (line := reader.readline()) not in (b"", b"\r\n"):
        lines.append(line.lower() if line.lower().startswith(b"content-length") else line)
    lengths = [int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length")]
    head = b"".join(lines)
    return head and head + b"\r\n" + (reader.read(lengths[0]) if lengths else b"")


@contextmanager
def raw_server() -> Generator[RawServer]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = RawServer(listener)
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            for each in server.threads:
                each.join()


def cut(connection: socket.socket) -> None:
    """Close in the middle."""
    connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def reset(connection: socket.socket) -> None:
    """Close so that the peer sees a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())  # at once, although a reader of it is still open


def until_left(connection: socket.socket) -> None:
    """Say nothing until the peer has gone away."""
    while connection.recv(1000):
        pass


def head(*headers: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode()


def whole(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """An answer with its length."""
    return head(*headers, f"content-length: {len(body)}", status=status) + body


def chunk(data: bytes) -> bytes:
    """A piece of an answer of unknown length; an empty one is its end."""
    return b"%x\r\n%b\r\n" % (len(data), data)


CHUNKED = head("content-type: text/event-stream", "transfer-encoding: chunked")


@dataclass
class Seen:
    """All that came on a connection, and how it ended."""

    data: bytes
    was_reset: bool

    @property
    def body(self) -> bytes:
        return self.data.partition(b"\r\n\r\n")[2]


def ask(
    base_url: str,
    path: str = "/models",
    body: bytes = b"",
    *,
    method: str = "",
    headers: tuple[str, ...] = (),
) -> Seen:
    """Ask on a connection of its own; gives every byte that comes."""
    parts = urlsplit(base_url)
    lines = [
        f"{method or ('POST' if body else 'GET')} {parts.path}{path} HTTP/1.1",
        f"host: {parts.netloc}",
        "connection: close",
        f"content-length: {len(body)}",
        *headers,
        "",
        "",
    ]
    with socket.create_connection((parts.hostname, parts.port), PATIENCE) as connection:
        connection.sendall("\r\n".join(lines).encode() + body)
        data = bytearray()
        try:
            while piece := connection.recv(65536):
                data += piece
        except ConnectionResetError:
            return Seen(bytes(data), was_reset=True)
        return Seen(bytes(data), was_reset=False)
