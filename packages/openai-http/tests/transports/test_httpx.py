"""What only the transport itself decides; its behaviour towards servers is in test_bad_input."""

import asyncio
import gc
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import anyio
import httpx
import pytest
from openai_http import (
    APIConnectionError,
    APITimeoutError,
    AsyncOpenAI,
    OpenAIError,
    Timeout,
)
from openai_http.messages import Request
from openai_http.transports import httpx_exchanges
from openai_http.transports.httpx import AsyncHttpxTransport, HttpxTransport
from openai_http.transports.user_clients import AsyncHttpxClientTransport

pytestmark = pytest.mark.anyio

ASYNCHRONOUS = pytest.mark.parametrize("kind", ["asyncio", "trio"], indirect=True)


def request(url: str) -> Request:
    return Request("POST", f"{url}/x", {"accept": "*/*"}, b"{}")


def test_closed_transport_sends_nothing_more(server: Any):
    server.play(server.json())
    transport = HttpxTransport()
    exchange = transport.send(request(server.url), Timeout(60))
    assert b"".join(exchange)
    exchange.close()
    exchange.close()
    transport.close()
    transport.close()
    with pytest.raises(OpenAIError, match="This client is closed"):
        transport.send(request(server.url), Timeout(60))


@ASYNCHRONOUS
async def test_closed_asynchronous_transport_sends_nothing_more(kind: str, server: Any):
    del kind
    server.play(server.json())
    transport = AsyncHttpxTransport()
    exchange = await transport.send(request(server.url), None)
    assert [piece async for piece in exchange]
    await exchange.aclose()
    await exchange.aclose()
    await transport.aclose()
    await transport.aclose()
    with pytest.raises(OpenAIError, match="This client is closed"):
        await transport.send(request(server.url), None)


@pytest.mark.parametrize("kind", ["asyncio"], indirect=True)
async def test_connection_whose_release_was_cancelled_is_not_used_again(
    kind: str, server: Any, monkeypatch: pytest.MonkeyPatch
):
    del kind
    server.play(server.json(), server.json())
    transport = AsyncHttpxTransport()
    exchange = await transport.send(request(server.url), Timeout(60, pool=0))
    assert [piece async for piece in exchange]

    async def cancelled() -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr(exchange._received, "aclose", cancelled)
    with pytest.raises(asyncio.CancelledError):
        await exchange.aclose()
    exchange = await transport.send(request(server.url), Timeout(60, pool=0))
    await exchange.aclose()
    assert [each.connection for each in server.requests] == [0, 1]
    await transport.aclose()


@pytest.mark.parametrize("kind", ["asyncio"], indirect=True)
async def test_release_of_a_shared_connection_is_finished_in_a_task_that_is_cancelled(
    kind: str, server: Any, monkeypatch: pytest.MonkeyPatch
):
    del kind
    server.play(server.json())
    transport = AsyncHttpxTransport(http2=True)
    exchange = await transport.send(request(server.url), Timeout(60))
    assert [piece async for piece in exchange]
    stream: Any = exchange._received.stream
    closing, closed, release = asyncio.Event(), asyncio.Event(), stream.aclose

    async def slowly() -> None:
        closing.set()
        await anyio.lowlevel.checkpoint()
        await release()
        closed.set()

    monkeypatch.setattr(stream, "aclose", slowly)
    task = asyncio.create_task(exchange.aclose())
    await closing.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert closed.is_set()
    await transport.aclose()


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
    monkeypatch.setattr(httpx_exchanges, "_MOST_BUFFERED", 3)
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


@pytest.mark.parametrize("library", ["httpx", "httpx2", "http2"])
@pytest.mark.parametrize("idle_timeout", [None, 60])
def test_loop_that_ends_after_a_stream_was_left_has_nothing_to_report(
    library: Any, idle_timeout: int | None, server: Any
):
    reported: list[Any] = []
    # httpx has a generator more in each layer for bodies in chunks.
    chunk = b"data: {}\n\n"
    head = server.events(b"").replace(b"connection: close", b"transfer-encoding: chunked")
    server.play((head + b"%x\r\n%b\r\n" % (len(chunk), chunk), server.until_gone))

    async def leave() -> None:
        asyncio.get_running_loop().set_exception_handler(
            lambda _, context: reported.append(context)
        )
        client = AsyncOpenAI(
            api_key="sk-1", base_url=server.url, transport=library, idle_timeout=idle_timeout
        )
        stream = await client.completions.create(model="m", prompt="x", stream=True)
        async for _ in stream:
            break

    asyncio.run(leave())
    assert reported == []
    assert server.gone.wait(60)


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
    with pytest.raises(APIConnectionError, match=r"handshake failed.*names a server with TLS"):
        await caller.call(base_url=f"https://127.0.0.1:{server.port}/v1")


# In a process of its own: asyncio and older versions of anyio leave sockets to the garbage
# collector that were being connected, and it may come in the middle of another test.
CANCELLED = """
import asyncio, sys
from openai_http import Limits, Timeout
from openai_http.connections.network import Network
from openai_http.messages import Request
from openai_http.transports.httpx import AsyncHttpxTransport

async def main():
    transport = AsyncHttpxTransport(Network(limits=Limits(max_connections=1)), http2=True)
    asked = Request("GET", sys.argv[1], {})  # goes out in one piece
    for steps in range(30):
        task = asyncio.create_task(transport.send(asked, Timeout(60)))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled():
            await task.result().aclose()
    exchange = await transport.send(asked, Timeout(60, pool=1))
    print(exchange.response.status_code)
    await exchange.aclose()
    await transport.aclose()

asyncio.run(main())
"""


def test_tasks_that_are_cancelled_at_any_step_keep_no_place(server: Any):
    server.play(*[server.json()] * 60)
    command = [sys.executable, "-W", "ignore::ResourceWarning", "-c", CANCELLED, f"{server.url}/x"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("200", "")
