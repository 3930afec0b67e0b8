"""Every transport on every kind of event loop, a proxy that tunnels, and a server with TLS."""

import functools
import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import trustme

PATIENCE = 60  # seconds

UVLOOP = [("uvloop", "httpx"), ("uvloop", "aiohttp"), ("uvloop", "pyreqwest")]
WAYS = [
    ("threads", "httpx"),
    ("threads", "httpx2"),
    ("threads", "http2"),
    ("threads", "pyreqwest"),
    ("asyncio", "httpx"),
    ("asyncio", "httpx2"),
    ("asyncio", "http2"),
    ("asyncio", "aiohttp"),
    ("asyncio", "pyreqwest"),
    ("trio", "httpx"),
    ("trio", "httpx2"),
    ("trio", "pyreqwest"),
    *([] if sys.platform == "win32" else UVLOOP),
]


@pytest.fixture
def on(request: pytest.FixtureRequest, anyio_backend: object, server: Any) -> Any:
    """The one to call with: each test that asks for it is run for every transport."""
    del anyio_backend
    kind, transport = request.getfixturevalue("way")
    caller = request.getfixturevalue("new_caller")(kind, server.url)
    caller.make = functools.partial(caller.make, transport=transport)
    caller.transport = transport
    return caller


@pytest.fixture(params=WAYS, ids=["-".join(way) for way in WAYS])
def way(request: pytest.FixtureRequest) -> tuple[str, str]:
    return request.param


class Proxy:
    """A proxy on a real socket, which tunnels; it keeps what it was asked."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.heads: list[str] = []
        self._sockets: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()
        self._threads: list[threading.Thread] = []

    def _accept(self) -> None:
        while True:
            client, _ = self._listener.accept()
            head = b""
            while b"\r\n\r\n" not in head and (piece := client.recv(65536)):
                head += piece
            if not head:
                client.close()
                return
            self.heads.append(head.decode())
            host, _, port = head.split(b" ")[1].decode().rpartition(":")
            server = socket.create_connection((host, int(port)))
            client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            self._sockets += [client, server]
            for pair in ((client, server), (server, client)):
                self._threads.append(threading.Thread(target=self._pump, args=pair))
                self._threads[-1].start()

    @staticmethod
    def _pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(piece)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        socket.create_connection(("127.0.0.1", self.port)).close()  # wakes the one who accepts
        self._thread.join(PATIENCE)
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(PATIENCE)
        for each in (*self._sockets, self._listener):
            each.close()


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    proxy = Proxy()
    try:
        yield proxy
    finally:
        proxy.stop()


@dataclass(frozen=True)
class Authority:
    """Certificates that nobody trusts, in files."""

    made: trustme.CA
    ca: Path
    client: Path


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    folder = tmp_path_factory.mktemp("certificates")
    made = trustme.CA()
    made.cert_pem.write_to_path(str(folder / "ca.pem"))
    shown = made.issue_cert("client@test")
    shown.private_key_and_cert_chain_pem.write_to_path(str(folder / "client.pem"))
    return Authority(made, folder / "ca.pem", folder / "client.pem")


@pytest.fixture
def secure_server(server: Any, authority: Authority) -> Iterator[Any]:
    """The scripted server with TLS; `asks` makes it ask for the certificate of the client."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificates: Any = authority.made  # its types name another library's
    certificates.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    certificates.configure_trust(context)
    context.set_alpn_protocols(["http/1.1"])
    made: Any = type(server)()
    serve = made._serve

    def serve_with_tls(connection: socket.socket, number: int) -> None:
        try:
            secure = context.wrap_socket(connection, server_side=True)
        except OSError:  # the client does not accept it
            connection.close()
            return
        serve(secure, number)

    def ask() -> None:
        context.verify_mode = ssl.CERT_REQUIRED

    made._serve, made.asks = serve_with_tls, ask
    made.url = f"https://127.0.0.1:{made.port}/v1"
    try:
        yield made
    finally:
        made.stop()
