"""What only the transport itself decides; its behaviour towards servers is in test_bad_input."""

import gc
import ssl
import threading
from collections.abc import AsyncIterator
from typing import Any

import anyio
import httpx
import pytest
from openai_http import APIConnectionError, APITimeoutError, Timeout
from openai_http.messages import Request
from openai_http.transports import httpx as transports
from openai_http.transports.httpx import (
    AsyncHttpxClientTransport,
    AsyncHttpxTransport,
    HttpxClientTransport,
    HttpxTransport,
    async_transport_of,
    transport_of,
)

pytestmark = pytest.mark.anyio

ASYNCHRONOUS = pytest.mark.parametrize("kind", ["asyncio", "trio"], indirect=True)


def request(url: str) -> Request:
    return Request("POST", f"{url}/x", {"accept": "*/*"}, b"{}")


def test_transport_is_that_of_the_user_s_client_if_there_is_one():
    assert isinstance(transport_of(None), HttpxTransport)
    assert isinstance(async_transport_of(None), AsyncHttpxTransport)
    with httpx.Client() as client:
        assert isinstance(transport_of(client), HttpxClientTransport)


@ASYNCHRONOUS
async def test_asynchronous_transport_is_that_of_the_user_s_client(kind: str):
    del kind
    async with httpx.AsyncClient() as client:
        assert isinstance(async_transport_of(client), AsyncHttpxClientTransport)


def test_closed_transport_opens_new_connections_when_it_is_used_again(server: Any):
    server.play(server.json(), server.json())
    transport = HttpxTransport()
    for number in range(2):
        exchange = transport.send(request(server.url), Timeout(60))
        assert b"".join(exchange)
        exchange.close()
        exchange.close()
        transport.close()
        transport.close()
        assert server.requests[-1].connection == number


@ASYNCHRONOUS
async def test_closed_asynchronous_transport_opens_new_connections(kind: str, server: Any):
    del kind
    server.play(server.json(), server.json())
    transport = AsyncHttpxTransport()
    for number in range(2):
        exchange = await transport.send(request(server.url), None)
        assert [piece async for piece in exchange]
        await exchange.aclose()
        await exchange.aclose()
        await transport.aclose()
        await transport.aclose()
        assert server.requests[-1].connection == number


@ASYNCHRONOUS
async def test_body_that_is_not_read_to_its_end_leaves_no_generator_behind(kind: str, server: Any):
    del kind
    server.play((server.events(b"x" * 100_000), server.until_gone))
    transport = AsyncHttpxTransport()
    exchange = await transport.send(request(server.url), Timeout(60))
    pieces: Any = aiter(exchange)
    assert await anext(pieces)
    await pieces.aclose()
    gc.collect()  # on trio, a generator that is collected is a warning, and warnings are errors
    await anyio.lowlevel.checkpoint()
    await exchange.aclose()
    assert server.gone.wait(60)
    await transport.aclose()


@pytest.mark.parametrize("kind", ["asyncio"], indirect=True)
async def test_body_that_never_ends_is_left_all_the_same(
    kind: str, monkeypatch: pytest.MonkeyPatch
):
    del kind
    monkeypatch.setattr(transports, "_MOST_BUFFERED", 3)
    taken: list[int] = []

    async def endless() -> AsyncIterator[bytes]:
        while True:
            taken.append(1)
            yield b"x"

    respond = httpx.MockTransport(lambda _: httpx.Response(200, content=endless()))
    async with httpx.AsyncClient(transport=respond) as client:
        exchange = await AsyncHttpxClientTransport(client).send(request("http://h"), None)
        pieces: Any = aiter(exchange)
        assert await anext(pieces) == b"x"
        await pieces.aclose()
        await exchange.aclose()
    assert len(taken) == 4


@ASYNCHRONOUS
async def test_asynchronous_transports_are_closed_one_by_one(kind: str, server: Any):
    del kind
    server.play(*[server.json()] * 3)
    first, second = AsyncHttpxTransport(), AsyncHttpxTransport()
    for transport in (first, second):
        exchange = await transport.send(request(server.url), None)
        assert [piece async for piece in exchange]
        await exchange.aclose()
    await first.aclose()
    exchange = await second.send(request(server.url), None)
    assert [piece async for piece in exchange]
    await exchange.aclose()
    assert [each.connection for each in server.requests] == [0, 1, 1]
    await second.aclose()


def test_threads_that_begin_at_once_share_the_connections(monkeypatch: pytest.MonkeyPatch):
    made: list[object] = []
    barrier = threading.Barrier(2)

    class Pool:
        def __init__(self, **_: object) -> None:
            barrier.wait(60)
            made.append(self)

        def close(self) -> None:
            made.remove(self)

    monkeypatch.setattr(httpx, "HTTPTransport", Pool)
    transport = HttpxTransport()
    found: list[object] = []
    threads = [
        threading.Thread(target=lambda: found.append(transport._pool("http://h/v1")))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] is found[1]
    transport.close()
    assert len(made) == 1  # the one that lost, which has no connections


def test_certificates_are_loaded_once_and_only_for_tls(monkeypatch: pytest.MonkeyPatch):
    loaded: list[ssl.SSLContext] = []

    def load() -> ssl.SSLContext:
        loaded.append(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        return loaded[-1]

    transports._ssl_context.cache_clear()
    monkeypatch.setattr(httpx, "create_ssl_context", load)
    assert transports._verify("http") is False
    assert loaded == []
    assert transports._verify("https") is transports._verify("https")
    assert len(loaded) == 1
    transports._ssl_context.cache_clear()


def test_certificates_that_cannot_be_loaded_are_a_connection_error(
    monkeypatch: pytest.MonkeyPatch,
):
    transports._ssl_context.cache_clear()

    def load() -> ssl.SSLContext:
        raise FileNotFoundError(2, "No such file", "ca.pem")

    monkeypatch.setattr(httpx, "create_ssl_context", load)
    with pytest.raises(APIConnectionError, match=r"ca\.pem"):
        HttpxTransport().send(request("https://h"), None)
    transports._ssl_context.cache_clear()


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (httpx.ConnectTimeout, "connect"),
        (httpx.ReadTimeout, "read"),
        (httpx.WriteTimeout, "write"),
        (httpx.PoolTimeout, "pool"),
        (httpx.TimeoutException, "read"),
    ],
)
async def test_each_timeout_names_its_part(error: type[Exception], part: str, caller: Any):
    def respond(_: httpx.Request) -> httpx.Response:
        raise error("too late")

    kind = httpx.Client if caller.threads else httpx.AsyncClient
    with pytest.raises(APITimeoutError, match=f"{part}=seconds") as caught:
        await caller.call(http_client=kind(transport=httpx.MockTransport(respond)))
    assert type(caught.value.__cause__) is error


async def test_server_without_tls_is_a_connection_error(caller: Any, server: Any):
    with pytest.raises(APIConnectionError, match=r"TLS failed.*base_url names a server with TLS"):
        await caller.call(base_url=f"https://127.0.0.1:{server.port}/v1")
