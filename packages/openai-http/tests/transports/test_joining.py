import socket
from threading import Thread
from typing import Any, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_http.messages import Request
from openai_http.timing.timeout import Timeout
from openai_http.transports.httpx import AsyncHttpxTransport, HttpxTransport
from openai_http.transports.joining import Joining

LARGE = bytes(65_537)


@pytest.mark.parametrize("body", [b"", b"body", bytes(65_536)], ids=len)
def test_head_is_written_with_what_follows(body: bytes):
    joining = Joining()
    for _ in range(2):
        assert joining.written(b"head") == ()
        assert joining.written(body) == (b"head" + body,)
        assert joining.written(b"more") == (b"more",)
        assert joining.reading() == ()
        assert joining.reading() == ()


def test_large_body_is_not_copied_to_its_head():
    joining = Joining()
    assert joining.written(b"head") == ()
    assert joining.written(LARGE) == (b"head", LARGE)


@given(st.lists(st.none() | st.sampled_from([b"", b"a", b"bcd", LARGE])))
def test_all_is_written_in_its_order_before_anything_is_read(steps: list[bytes | None]):
    joining, given, written = Joining(), b"", b""
    for step in [*steps, None]:
        given += step or b""
        written += b"".join(joining.reading() if step is None else joining.written(step))
        if step is None:
            assert written == given


class Server:
    """Keeps what its one connection receives first, and answers."""

    def __init__(self, listener: socket.socket) -> None:
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self.received = b""
        self._listener = listener
        self._thread = Thread(target=self._answer)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()

    def _answer(self) -> None:
        connection, _ = self._listener.accept()
        with connection:
            self.received = connection.recv(65_536)
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")


@pytest.fixture
def listening() -> Any:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(60)
        yield Server(listener)


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
def test_request_goes_out_in_one_piece(listening: Server, library: str):
    transport = HttpxTransport(library=library)
    with listening:
        transport.send(Request("POST", listening.url, {}, b"the body"), Timeout(5)).close()
    transport.close()
    assert listening.received.startswith(b"POST / ")
    assert listening.received.endswith(b"the body")


@pytest.mark.anyio
@pytest.mark.parametrize("kind", ["asyncio", "trio"], indirect=True)
@pytest.mark.parametrize("library", ["httpx", "httpx2"])
async def test_request_of_asynchronous_code_goes_out_in_one_piece(
    kind: str, listening: Server, library: str
):
    del kind
    transport = AsyncHttpxTransport(library=library)
    with listening:
        request = Request("POST", listening.url, {}, b"the body")
        await (await transport.send(request, Timeout(5))).aclose()
    await transport.aclose()
    assert listening.received.startswith(b"POST / ")
    assert listening.received.endswith(b"the body")
