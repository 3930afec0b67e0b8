"""Connections that fail in each phase, on real sockets: where, why, and what the server got."""

import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from openai_http import (
    APIConnectionError,
    APITimeoutError,
    Limits,
    PoolExhaustedError,
    Timeout,
)

pytestmark = pytest.mark.anyio

CHUNK = b'data: {"choices": [{"index": 0, "delta": {"content": "Hello"}}]}\n\n'
NEVER = "never_sent"
UNKNOWN = "unknown"


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        return unused.getsockname()[1]


async def failed(caller: Any, **options: Any) -> APIConnectionError:
    with pytest.raises(APIConnectionError) as caught:
        await caller.call(**options)
    return caught.value


def placed(error: APIConnectionError) -> tuple[str | None, str | None, str]:
    return error.host, error.phase, error.outcome


async def test_row_28_unresolvable_name_is_of_dns(caller: Any):
    error = await failed(caller, base_url="http://h.invalid:81/v1")
    assert placed(error) == ("h.invalid:81", "dns", NEVER)
    assert "DNS failed: the name of the host is not known (h.invalid:81)" in str(error)


@pytest.mark.parametrize("name", ["a..b", "a" * 64 + ".invalid", "\N{SNOWMAN}.invalid"])
async def test_name_that_cannot_be_one_is_of_dns(caller: Any, name: str):
    error = await failed(caller, base_url=f"http://{name}/v1")
    assert placed(error) == (name, "dns", NEVER)


async def test_row_28_closed_port_is_of_tcp(caller: Any, closed_port: int):
    error = await failed(caller, base_url=f"http://127.0.0.1:{closed_port}/v1")
    assert placed(error) == (f"127.0.0.1:{closed_port}", "connect", NEVER)
    assert "no TCP connection, it was refused" in str(error)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a full backlog wait")
async def test_server_that_does_not_accept_is_of_tcp(caller: Any):
    with ExitStack() as stack:
        full = stack.enter_context(socket.socket())
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(2):  # who connects now waits for a place
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        host = f"127.0.0.1:{full.getsockname()[1]}"
        error = await failed(
            caller, base_url=f"http://{host}/v1", timeout=Timeout(60, connect=0.05)
        )
    assert isinstance(error, APITimeoutError)
    assert placed(error) == (host, "connect", NEVER)


async def test_row_28_plain_http_on_a_tls_port(caller: Any, server: Any):
    """The client wants TLS, and the server has none."""
    error = await failed(caller, base_url=f"https://127.0.0.1:{server.port}/v1")
    assert placed(error) == (f"127.0.0.1:{server.port}", "tls", NEVER)
    assert "one without takes http://" in str(error)


async def test_tls_server_that_is_spoken_to_in_the_clear(caller: Any, server: Any):
    """What such servers answer is an alert of TLS."""
    server.play((b"\x15\x03\x01\x00\x02\x02\x46", server.close))
    error = await failed(caller)
    assert placed(error) == (f"127.0.0.1:{server.port}", "read", UNKNOWN)
    assert "a server with TLS takes https://" in str(error)


class Silent:
    """Accepts connections, and says nothing or hangs up."""

    def __init__(self, *, hangs_up: bool) -> None:
        self._hangs_up = hangs_up
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._accepted: list[socket.socket] = []
        self.host = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        self._accepted.append(connection)
        if self._hangs_up:
            connection.recv(1)
            connection.close()

    def stop(self) -> None:
        socket.create_connection(self._listener.getsockname()).close()
        self._thread.join(60)
        for each in [*self._accepted, self._listener]:
            each.close()


@pytest.fixture(params=[False, True], ids=["silent", "hangs up"])
def silent(request: pytest.FixtureRequest) -> Iterator[Silent]:
    made = Silent(hangs_up=request.param)
    yield made
    made.stop()


async def test_handshake_that_is_not_answered_is_of_tls(caller: Any, silent: Silent):
    error = await failed(
        caller, base_url=f"https://{silent.host}/v1", timeout=Timeout(60, connect=0.2)
    )
    assert placed(error) == (silent.host, "tls", NEVER)


async def test_row_28_proxy_that_refuses(caller: Any, server: Any, monkeypatch: pytest.MonkeyPatch):
    server.play(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n")
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:hidden-pw@127.0.0.1:{server.port}")
    error = await failed(caller, base_url="https://h.invalid/v1")
    assert placed(error) == (f"127.0.0.1:{server.port}", "proxy", NEVER)
    assert "the proxy refused" in str(error)
    assert "407" in str(error)
    assert "the address, the user and the password" in str(error)
    assert "hidden-pw" not in str(error)
    assert server.requests[0].method == "CONNECT"


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_proxy_that_is_not_there(
    caller: Any, closed_port: int, scheme: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(f"{scheme.upper()}_PROXY", f"http://127.0.0.1:{closed_port}")
    error = await failed(caller, base_url=f"{scheme}://h.invalid/v1")
    assert placed(error) == (f"127.0.0.1:{closed_port}", "proxy", NEVER)
    assert "it was refused, to the proxy (127.0.0.1:" in str(error)
    assert "NO_PROXY" in str(error)


@pytest.fixture
def rude() -> Iterator[str]:
    """A proxy that answers what nobody understands, and goes."""

    def answer() -> None:
        while True:
            connection, _ = listener.accept()
            with connection:
                if not connection.recv(65536):
                    return
                connection.sendall(b"what?\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer)
        thread.start()
        host = f"127.0.0.1:{listener.getsockname()[1]}"
        yield host
        socket.create_connection(listener.getsockname()).close()  # wakes the one who accepts
        thread.join(60)


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_proxy_that_does_not_open_the_way_was_sent_nothing(
    caller: Any, rude: str, scheme: str
):
    error = await failed(caller, base_url="https://h.invalid/v1", proxy=f"{scheme}://{rude}")
    assert placed(error) == (rude, "proxy", NEVER)
    assert "the proxy did not open the way to the server (127.0.0.1:" in str(error)


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_proxy_that_says_nothing_is_not_waited_for(caller: Any, silent: Silent, scheme: str):
    proxy = f"{scheme}://{silent.host}"
    error = await failed(caller, base_url="https://h.invalid/v1", proxy=proxy, timeout=0.2)
    assert placed(error) == (silent.host, "proxy", NEVER)
    assert "the proxy did not open the way to the server" in str(error)


# httpx leaves its own generators to the garbage collector when the time for writing is over.
@pytest.mark.filterwarnings("ignore:Async generator 'http:ResourceWarning")
async def test_request_that_is_not_taken_is_of_the_writing(caller: Any):
    """The server reads nothing, so the buffers of the sockets fill up."""
    accepted: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        thread = threading.Thread(target=lambda: accepted.append(listener.accept()[0]))
        thread.start()
        host = f"127.0.0.1:{listener.getsockname()[1]}"
        async with caller.client(
            base_url=f"http://{host}/v1", timeout=Timeout(60, write=0.1)
        ) as client:
            with pytest.raises(APITimeoutError) as caught:
                await caller.chat(client, messages=[{"role": "user", "content": "x" * 20_000_000}])
        thread.join(60)
        accepted[0].close()
    assert placed(caught.value) == (host, "write", UNKNOWN)


async def test_answer_that_stalls_is_of_the_reading(caller: Any, server: Any):
    server.play((server.answer(200, '{"id"', length=100), server.gate()))
    error = await failed(caller, timeout=Timeout(60, read=0.05))
    assert isinstance(error, APITimeoutError)
    assert placed(error) == (f"127.0.0.1:{server.port}", "read", UNKNOWN)


@pytest.mark.parametrize("step", ["close", "reset"])
async def test_connection_that_breaks_is_of_the_reading(caller: Any, server: Any, step: str):
    server.play(getattr(server, step))
    error = await failed(caller)
    assert placed(error) == (f"127.0.0.1:{server.port}", "read", UNKNOWN)


async def test_row_6_exhausted_pool_is_an_error_of_its_own(caller: Any, server: Any):
    server.play((server.events(CHUNK), server.until_gone))
    one = Limits(max_connections=1)
    async with caller.client(timeout=Timeout(60, pool=0.01), limits=one) as client:
        stream = await caller.chat(client, stream=True)
        with pytest.raises(PoolExhaustedError) as caught:
            await caller.chat(client)
        await caller.do(stream.close)
    assert placed(caught.value) == (f"127.0.0.1:{server.port}", "pool", NEVER)
    assert isinstance(caught.value, APITimeoutError)
    assert "close streams that are not read to their end" in str(caught.value)


async def test_server_with_tls_that_refuses_the_handshake_is_of_tls(caller: Any):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)  # without a certificate, it can only refuse
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host = f"127.0.0.1:{listener.getsockname()[1]}"

        def refuse() -> None:
            connection, _ = listener.accept()
            with connection, pytest.raises(ssl.SSLError):
                context.wrap_socket(connection, server_side=True)

        thread = threading.Thread(target=refuse)
        thread.start()
        error = await failed(caller, base_url=f"https://{host}/v1")
        thread.join(60)
    assert placed(error) == (host, "tls", NEVER)
