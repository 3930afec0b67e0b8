"""What every transport does alike, on real sockets: calls, streams, proxies, TLS, pools."""

import asyncio
import gc
import gzip
import os
import re
import socket
import ssl
import threading
import zlib
from base64 import b64decode
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint
from openai_http import (
    NOT_GIVEN,
    APIConnectionError,
    APITimeoutError,
    InvalidArgumentError,
    Limits,
    OpenAIError,
    RetryPolicy,
    Timeout,
)
from openai_types.attempts import Attempt

pytestmark = pytest.mark.anyio

CHUNK = b'data: {"choices": [{"index": 0, "delta": {"content": "Hello"}}]}\n\n'
LAST = b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\n'
DONE = b"data: [DONE]\n\n"
EVENTS = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"


@pytest.fixture
def kind(way: tuple[str, str]) -> str:
    return way[0]


@pytest.fixture
def anyio_backend(kind: str) -> object:
    if kind == "uvloop":
        return "asyncio", {"use_uvloop": True}
    return "trio" if kind == "trio" else "asyncio"


async def test_calls_share_a_connection_which_is_counted(on: Any, server: Any):
    server.play(server.json(), server.whole_stream(), server.json())
    async with on.client() as client:
        assert (await on.chat(client)).id == "chatcmpl-1"
        received: list[Any] = []
        await on.collect(await on.chat(client, stream=True), received)
        assert len(received) == 2
        await on.chat(client)  # the stream's connection ended with it
        assert [request.connection for request in server.requests] == [0, 0, 1]
        stats = client.pool.stats()
        assert (stats.in_use, stats.waiting, stats.limit) == (0, 0, 1000)
        if on.transport in {"http2", "pyreqwest"}:
            assert stats.open is None
        else:
            assert (stats.open, stats.idle) == (1, 1)
        assert server.requests[0].headers["authorization"] == f"Bearer {on.key}"
        assert server.requests[0].headers["accept-encoding"] == "gzip, deflate"
    assert server.gone.wait(60)


async def test_connection_of_a_stream_serves_again_after_its_end(on: Any, server: Any):
    """Who reads a stream stops with its last event, before the end of the body."""
    server.play(*[server.stream_in_a_body()] * 2, server.stream_in_a_body(ends=False))
    server.play(*[server.stream_in_a_body()] * 2)
    received: list[Any] = []
    async with on.client(limits=Limits(max_connections=1)) as client:
        for more in [{}, {"first_event_timeout": 60}, {}, {}, {"first_event_timeout": 60}]:
            await on.collect(await on.chat(client, stream=True, **more), received)
        assert len(received) == 10
        assert [request.connection for request in server.requests] == [0, 0, 0, 1, 1]
        assert client.pool.stats().in_use == 0


async def test_files_and_large_bodies_arrive(on: Any, server: Any):
    server.play(server.json(200, {"id": "file-1"}), server.json())
    large = os.urandom(300_000)
    async with on.client() as client:
        await on.do(client.files.create, file=("a.bin", large), purpose="assistants")
        await on.chat(client, extra_body={"text": "x" * 300_000})
    form, body = server.requests
    assert form.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert large in form.body
    assert len(body.json()["text"]) == 300_000


async def test_call_waits_for_a_connection_up_to_its_limit(on: Any, server: Any):
    server.play((server.events(CHUNK), server.until_gone), server.json())
    limits = Limits(max_connections=1)
    async with on.client(limits=limits, timeout=Timeout(60, pool=0.01)) as client:
        stream = await on.chat(client, stream=True)
        assert client.pool.stats().in_use == 1
        with pytest.raises(APITimeoutError, match="pool=seconds"):
            await on.chat(client)
        await on.do(stream.close)
        assert client.pool.stats().in_use == 0
        assert (await on.chat(client)).id == "chatcmpl-1"


async def test_stream_that_nobody_closes_gives_its_connection_back(on: Any, server: Any):
    server.play((server.events(CHUNK), server.until_gone), server.json())
    async with on.client(limits=Limits(max_connections=1), timeout=Timeout(60, pool=0)) as client:
        stream = await on.chat(client, stream=True)
        del stream
        gc.collect()
        assert (await on.chat(client)).id == "chatcmpl-1"


async def test_call_that_waits_gets_the_place_of_a_stream_that_is_left(on: Any, server: Any):
    server.play((server.events(CHUNK), server.until_gone), server.json())
    async with on.client(limits=Limits(max_connections=1), timeout=60) as client:
        stream = await on.chat(client, stream=True)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(on.chat, client)
            while not client.pool.stats().waiting:
                await checkpoint()
            stream.cancel()
        assert client.pool.stats().in_use == 0


@pytest.mark.parametrize("turns", [1, 2])  # of the event loop, in which the end may be received
async def test_connection_of_a_stream_whose_end_was_on_the_way_is_not_used_again(
    on: Any, server: Any, turns: int
):
    head = (
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    )
    beginning = head + b"%x\r\n%b\r\n" % (len(CHUNK), CHUNK)
    end = b"%x\r\n%b\r\n0\r\n\r\n" % (len(DONE), DONE)
    gate, sent = server.gate(), threading.Event()

    def tell(_: object) -> None:
        sent.set()

    server.play((beginning, gate, end, tell), server.json())
    async with on.client() as client:
        stream = await on.chat(client, stream=True)
        await on.do(stream.__next__ if on.threads else stream.__anext__)
        gate.open()
        assert sent.wait(60)  # in this thread: no event loop has a turn
        stream.cancel()
        for _ in range(turns):
            await checkpoint()
        assert (await on.chat(client)).id == "chatcmpl-1"
        # pyreqwest reads ahead, so that it may have had all of it: then nothing is left of it.
        usual = [0, 1] if on.transport != "pyreqwest" else [0, server.requests[1].connection]
        assert [request.connection for request in server.requests] == usual


@pytest.mark.parametrize("compress", [gzip.compress, zlib.compress])
async def test_compressed_answers_are_inflated(on: Any, server: Any, compress: Any):
    kind = "gzip" if compress is gzip.compress else "deflate"
    whole = compress(b'{"id": "chatcmpl-1"}')
    events = compress(CHUNK + LAST + DONE)
    head = f"content-encoding: {kind}\r\ncontent-length: {len(events)}\r\n\r\n"
    half = len(events) // 2
    for _ in range(2):
        server.play(
            server.answer(200, whole, content_encoding=kind),
            (EVENTS + head.encode() + events[:half], events[half:]),
        )
    async with on.client() as client:
        for _ in range(2):
            assert (await on.chat(client)).id == "chatcmpl-1"
            received: list[Any] = []
            await on.collect(await on.chat(client, stream=True), received)
            assert [each.choices[0].delta.content for each in received] == ["Hello", None]
    assert {request.connection for request in server.requests} == {0}


async def test_calls_without_limits_are_made(on: Any, server: Any):
    server.play(server.json(200, {}), server.json(200, {}))
    async with on.client(timeout=None) as client:
        for content in (b"x", b"x" * 1_000_000):
            assert await on.do(client.post, "/x", cast_to=object, content=content) == {}
            assert server.requests[-1].body == content


@pytest.mark.parametrize("begun", [False, True])
async def test_reset_is_of_reading(on: Any, server: Any, *, begun: bool):
    server.play((*([server.answer(200, "{", length=9)] if begun else []), server.reset))
    with pytest.raises(APIConnectionError) as caught:
        await on.call()
    assert (caught.value.phase, caught.value.outcome) == ("read", "unknown")


async def test_server_that_sends_nothing_is_a_timeout(on: Any, server: Any):
    server.play(server.gate())
    with pytest.raises(APITimeoutError, match="read=seconds"):
        await on.call(timeout=Timeout(60, read=0.05))


async def test_server_that_takes_nothing_is_a_timeout(on: Any, server: Any):
    gate = server.gate()

    def receive(connection: object, _: int) -> None:
        gate(connection)

    server._receive = receive
    with pytest.raises(APITimeoutError, match="write=seconds"):
        async with on.client(timeout=Timeout(60, write=0.05)) as client:
            await on.chat(client, extra_body={"text": "x" * 30_000_000})


async def test_answer_that_is_not_http_and_one_that_breaks_off(on: Any, server: Any):
    server.play((b"SSH-2.0-OpenSSH_9.6\r\n\r\n", server.close))
    server.play((server.answer(200, "{", length=9), server.close))
    for _ in range(2):
        with pytest.raises(APIConnectionError, match="broke off or is not HTTP"):
            await on.call()


async def test_row_32_servers_are_told_nothing_that_is_not_of_the_request(on: Any, server: Any):
    """No telemetry at all; what names the client can be replaced and left out."""
    server.play(*[server.json()] * 2)
    await on.call()
    told = server.requests[0].headers
    needed = {"host", "content-length", "content-type", "accept", "accept-encoding", "connection"}
    assert {*told} - needed == {"authorization", "user-agent"}
    assert re.fullmatch(r"openai-http/\S+ Python/[\d.]+", told["user-agent"])
    await on.call(default_headers={"User-Agent": "curl/8"})
    assert server.requests[1].headers["user-agent"] == "curl/8"


async def test_user_and_password_of_the_base_url_are_sent(on: Any, server: Any):
    server.play(server.json())
    await on.call(base_url=f"http://us%20er:p%40ss@127.0.0.1:{server.port}/v1")
    kind, _, value = server.requests[0].headers["authorization"].partition(" ")
    assert (kind, b64decode(value)) == ("Basic", b"us er:p@ss")


async def test_row_28_plain_requests_go_through_the_proxy(on: Any, server: Any):
    server.play(server.json())
    proxy = f"http://us%20er:p%40ss@127.0.0.1:{server.port}"
    await on.call(base_url="http://api.test/v1", proxy=proxy)
    (request,) = server.requests
    assert request.target == "http://api.test/v1/chat/completions"
    assert b64decode(request.headers["proxy-authorization"][6:]) == b"us er:p@ss"
    assert request.headers["authorization"] == f"Bearer {on.key}"


async def test_row_28_requests_with_tls_go_through_a_tunnel(
    on: Any, secure_server: Any, proxy: Any, authority: Any
):
    secure_server.play(secure_server.json())
    url = f"http://user:pass@127.0.0.1:{proxy.port}"
    await on.call(base_url=secure_server.url, proxy=url, ca=authority.ca)
    (head,) = proxy.heads
    assert head.startswith(f"CONNECT 127.0.0.1:{secure_server.port} ")
    assert "proxy-authorization: basic " in head.lower()
    assert "proxy-authorization" not in secure_server.requests[0].headers


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/a b", "/v1/a%20b"),
        ("/café?q=ü", "/v1/caf%C3%A9?q=%C3%BC"),
        ('/"<{', "/v1/%22%3C%7B"),
        ("/a%2Cb,c?d=%2F%20", "/v1/a%2Cb,c?d=%2F%20"),
    ],
)
async def test_urls_are_encoded_where_they_are_not(on: Any, server: Any, path: str, sent: str):
    server.play(server.json())
    async with on.client() as client:
        await on.do(client.get, path, cast_to=object)
    (request,) = server.requests
    assert request.target == sent


async def test_name_of_a_host_is_sent_in_ascii(on: Any, server: Any):
    server.play(server.json())
    await on.call(base_url="http://münchen.test/v1", proxy=f"http://127.0.0.1:{server.port}")
    (request,) = server.requests
    assert request.target == "http://xn--mnchen-3ya.test/v1/chat/completions"
    assert request.headers["host"] == "xn--mnchen-3ya.test"


async def test_headers_of_the_user_s_take_the_place_of_those_of_libraries(on: Any, server: Any):
    server.play(server.json())
    own = {"Host": "virtual.test", "Accept-Encoding": "identity"}
    async with on.client(default_headers=own) as client:
        await on.chat(client)
    (request,) = server.requests
    assert request.headers["host"] == "virtual.test"
    assert request.headers["accept-encoding"] == "identity"


async def test_tunnel_that_is_not_opened_is_not_waited_for(on: Any, server: Any):
    server.play(server.gate())
    proxy = f"http://127.0.0.1:{server.port}"
    with pytest.raises(APITimeoutError):
        await on.call(base_url="https://h.invalid/v1", proxy=proxy, timeout=0.2)
    assert server.requests[0].method == "CONNECT"


async def test_certificates_that_cannot_be_loaded_are_a_wrong_argument(on: Any, tmp_path: Path):
    nowhere = tmp_path / "none.pem"
    with pytest.raises(InvalidArgumentError, match=r"cannot be loaded from .*none\.pem \(ca\)"):
        await on.call(base_url="https://127.0.0.1:1/v1", ca=nowhere)


async def test_row_28_proxy_of_the_environment_is_used_unless_it_is_said_otherwise(
    on: Any, server: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{server.port}")
    server.play(server.json(), server.json())
    await on.call(base_url="http://api.test/v1")
    assert server.requests[0].target == "http://api.test/v1/chat/completions"
    await on.call(proxy=None)
    assert server.requests[1].target == "/v1/chat/completions"


async def test_row_28_certificates_are_trusted_as_it_was_said(
    on: Any, secure_server: Any, authority: Any, monkeypatch: pytest.MonkeyPatch
):
    with pytest.raises(APIConnectionError, match="the certificate is not accepted"):
        await on.call(base_url=secure_server.url)
    secure_server.play(*[secure_server.json()] * 4)
    context = ssl.create_default_context(cafile=authority.ca)
    ways: list[dict[str, Any]] = [{"ca": authority.ca}, {"verify": False}, {"verify": context}]
    for options in ways[: 2 if on.transport == "pyreqwest" else 3]:
        assert (await on.call(base_url=secure_server.url, **options)).id == "chatcmpl-1"
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca))
    assert (await on.call(base_url=secure_server.url)).id == "chatcmpl-1"


async def test_row_28_certificate_that_is_not_accepted_is_not_tried_again(
    on: Any, secure_server: Any
):
    with pytest.raises(APIConnectionError, match="the certificate is not accepted") as caught:
        await on.call(base_url=secure_server.url, max_retries=5)
    assert [each.permanent for each in caught.value.attempts] == [True]
    assert caught.value.is_permanent


async def test_row_28_client_shows_its_certificate(on: Any, secure_server: Any, authority: Any):
    secure_server.asks()
    secure_server.play(secure_server.json())
    options = {"base_url": secure_server.url, "ca": authority.ca}
    with pytest.raises(APIConnectionError):
        await on.call(**options)
    assert (await on.call(**options, cert=authority.client)).id == "chatcmpl-1"


async def test_certificates_that_cannot_be_loaded_are_named(on: Any, tmp_path: Path):
    for options, message in (
        ({"ca": tmp_path / "none.pem"}, r"to trust cannot be loaded from .*none\.pem \(ca\)"),
        ({"cert": (tmp_path / "mine.pem", "key")}, r"own certificate .*loaded from .*mine\.pem"),
    ):
        with pytest.raises(OpenAIError, match=message):
            await on.call(base_url="https://127.0.0.1:1/v1", **options)


async def test_nothing_leaks_over_calls_and_aborted_streams(on: Any, server: Any):
    """Sockets of this process, and objects of Python, after many of each."""
    before, objects = 0, 0
    async with on.client() as client:
        for number in range(240):
            if number % 3:
                server.play(server.json())
                await on.chat(client)
            else:
                server.play((server.events(CHUNK), server.until_gone))
                stream = await on.chat(client, stream=True)
                await on.do(stream.close)
            if number == 20:
                gc.collect()
                before, objects = client_sockets(server), objects_of_libraries()
        gc.collect()
        await closed(on, server, before)
        assert objects_of_libraries() - objects < 20
        assert client.pool.stats().in_use == 0
    await closed(on, server, 0)


async def closed(on: Any, server: Any, most: int) -> None:
    """All sockets are closed but so many; those of pyreqwest are, soon, by its own thread."""
    with anyio.fail_after(60):
        while on.transport == "pyreqwest" and client_sockets(server) > most:
            await checkpoint()
    assert client_sockets(server) <= most


def client_sockets(server: Any) -> int:
    """The open sockets of clients of the server, by the system's own table."""
    wanted = f"0100007F:{server.port:04X}"
    lines = Path("/proc/self/net/tcp").read_text().splitlines()[1:]
    rows = [line.split() for line in lines]
    return sum(row[2] == wanted and row[3] == "01" for row in rows)


def objects_of_libraries() -> int:
    """The objects of ours and of the HTTP libraries; the test's own server has others."""
    names = {"openai_http", "openai_stream", "httpx", "httpx2", "httpcore", "httpcore2", "h11"}
    names |= {"aiohttp", "anyio", "asyncio", "uvloop", "h2"}
    kinds = Counter(map(type, gc.get_objects()))
    return sum(
        # asyncio keeps up to a hundred timers that were cancelled until it needs the place.
        number
        for kind, number in kinds.items()
        if str(kind.__module__).partition(".")[0] in names
        and not issubclass(kind, asyncio.TimerHandle)
    )


async def test_client_that_is_closed_between_attempts_sends_nothing_more(on: Any, server: Any):
    server.play(*[server.json(500)] * 3)

    class Closing(RetryPolicy):
        def decide(self, attempts: Sequence[Attempt]) -> float:
            del attempts
            client._connections.closed = True  # as `close` does, but not in this thread or task
            client._connections.transport_to_close.closed = True
            return 0

    async with on.client(retry=Closing(), max_retries=NOT_GIVEN) as client:
        with pytest.raises(OpenAIError, match="This client is closed"):
            await on.chat(client)
    assert len(server.requests) == 1


async def test_client_that_is_closed_during_a_call_ends_it(on: Any, server: Any):
    if on.transport == "pyreqwest":
        pytest.skip("it ends such a call when the answer begins, as the README says")
    asked = threading.Event()

    def note(_: socket.socket) -> None:
        asked.set()

    server.play((note, server.until_gone), server.json())

    async def call() -> None:
        with pytest.raises(OpenAIError, match="This client is closed"):
            await on.chat(client)

    async with on.client(max_retries=2) as client, anyio.create_task_group() as calls:
        calls.start_soon(call)
        await anyio.to_thread.run_sync(asked.wait, 60)
        await on.do(client.close)
    assert len(server.requests) == 1
    assert client.pool.stats().in_use == 0
