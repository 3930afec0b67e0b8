import asyncio
import socket
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from openai_mock import MockServer, NetworkForbiddenError
from openai_mock.network import forbidden_network

ELSEWHERE = ("192.0.2.1", 80)  # RFC 5737: nobody's


def test_what_is_of_this_machine_is_allowed(mock: MockServer):
    with forbidden_network():
        answer = httpx.get(f"{mock.base_url}/models", trust_env=False)
        assert answer.status_code == 401
        for host in ("localhost", "127.0.0.2", "::1", "0.0.0.0", None, socket.gethostname()):  # noqa: S104
            socket.getaddrinfo(host, 80)


@pytest.mark.parametrize("host", ["example.com", "192.0.2.1", b"example.com"])
def test_names_of_others_are_not_looked_up(host: Any):
    with (
        forbidden_network(),
        pytest.raises(NetworkForbiddenError, match=r"OPENAI_BASE_URL.*leave out --openai-forbid"),
    ):
        socket.getaddrinfo(host, 80)


@pytest.mark.parametrize("name", ["connect", "connect_ex"])
def test_nothing_is_connected_to_others(name: str):
    with (
        forbidden_network(),
        socket.socket() as unconnected,
        pytest.raises(NetworkForbiddenError, match=r"192\.0\.2\.1"),
    ):
        getattr(unconnected, name)(ELSEWHERE)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("sendto", (b"x", ELSEWHERE)),
        ("sendto", (b"x", 0, ELSEWHERE)),
        ("sendmsg", ([b"x"], (), 0, ELSEWHERE)),
    ],
)
def test_no_datagram_is_sent_to_others(name: str, arguments: tuple[Any, ...]):
    with (
        forbidden_network(),
        socket.socket(type=socket.SOCK_DGRAM) as unconnected,
        pytest.raises(NetworkForbiddenError, match=r"192\.0\.2\.1"),
    ):
        getattr(unconnected, name)(*arguments)


def test_datagrams_of_this_machine_are_as_before():
    with (
        forbidden_network(),
        socket.socket(type=socket.SOCK_DGRAM) as here,
        socket.socket(type=socket.SOCK_DGRAM) as there,
    ):
        there.settimeout(10)
        there.bind(("127.0.0.1", 0))
        here.sendto(b"one", there.getsockname())
        here.connect(there.getsockname())
        here.sendmsg((b"t", b"wo"))
        assert [there.recv(10), there.recv(10)] == [b"one", b"two"]


@pytest.mark.parametrize("name", ["gethostbyname", "gethostbyname_ex", "gethostbyaddr"])
def test_names_are_looked_up_by_no_other_way(name: str):
    with forbidden_network(), pytest.raises(NetworkForbiddenError, match="example"):
        getattr(socket, name)("example.com")


def test_connect_ex_is_as_before_for_this_machine(mock: MockServer):
    port = int(mock.url.rpartition(":")[2])
    with forbidden_network(), socket.socket() as own:
        assert own.connect_ex(("127.0.0.1", port)) == 0


LOOPS = [
    pytest.param(asyncio.SelectorEventLoop, id="asyncio"),
    pytest.param(
        "uvloop", marks=pytest.mark.skipif(sys.platform == "win32", reason="not for Windows")
    ),
]


@pytest.fixture(params=LOOPS)
def runner(request: pytest.FixtureRequest) -> Iterator[asyncio.Runner]:
    """Runs on a loop of a kind, whatever others have made the default."""
    factory = request.param
    if factory == "uvloop":
        factory = pytest.importorskip("uvloop").new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        yield runner


@pytest.mark.parametrize("host", ["example.com", "192.0.2.1"])
def test_asynchronous_connections_are_forbidden_too(runner: asyncio.Runner, host: str):
    with forbidden_network(), pytest.raises(NetworkForbiddenError, match=host):
        runner.run(asyncio.wait_for(asyncio.open_connection(host, 80), 10))


def test_asynchronous_code_looks_no_names_of_others_up(runner: asyncio.Runner):
    with forbidden_network(), pytest.raises(NetworkForbiddenError, match="example"):
        runner.run(runner.get_loop().getaddrinfo("example.com", 80))


def test_asynchronous_datagrams_are_forbidden_too(runner: asyncio.Runner):
    loop = runner.get_loop()
    with forbidden_network(), pytest.raises(NetworkForbiddenError, match=r"192\.0\.2\.1"):
        runner.run(loop.create_datagram_endpoint(asyncio.DatagramProtocol, remote_addr=ELSEWHERE))


def test_asynchronous_datagrams_of_this_machine_are_as_before(runner: asyncio.Runner):
    async def opened() -> None:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(
            asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0)
        )
        address = transport.get_extra_info("sockname")
        other, _ = await loop.create_datagram_endpoint(
            asyncio.DatagramProtocol, remote_addr=address
        )
        other.close()
        transport.close()

    with forbidden_network():
        runner.run(opened())


def test_asynchronous_connections_of_this_machine_are_as_before(
    runner: asyncio.Runner, mock: MockServer
):
    async def asked(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("localhost", port)
        writer.write(b"GET /v1/models HTTP/1.0\r\n\r\n")
        head = await reader.readline()
        writer.close()
        await writer.wait_closed()
        return head

    with forbidden_network():
        assert b"401" in runner.run(asked(int(mock.url.rpartition(":")[2])))


def test_http_clients_show_it():
    with forbidden_network(), pytest.raises(NetworkForbiddenError, match="example"):
        httpx.get("http://example.com/", trust_env=False)


def test_functions_are_as_before_after_the_block():
    before = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo
    with forbidden_network():
        assert socket.getaddrinfo is not before[2]
    assert (socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo) == before


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no such sockets")
def test_other_families_are_allowed(tmp_path: Any):
    with (
        forbidden_network(),
        socket.socket(socket.AF_UNIX) as own,
        pytest.raises(FileNotFoundError),
    ):
        own.connect(str(tmp_path / "none"))
