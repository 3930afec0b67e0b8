"""One client for several event loops, one after another, at once, and across a fork."""

import asyncio
import gc
import os
import subprocess
import sys
import threading
import warnings
import weakref
from typing import Any

import pytest
import trio
from openai_http import AsyncOpenAI, Limits, OpenAI
from openai_http.transports import loops

TRANSPORTS: Any = pytest.mark.parametrize(
    "transport", ["httpx", "httpx2", "http2", "aiohttp", "pyreqwest"]
)


async def ask(client: AsyncOpenAI) -> None:
    assert (await client.chat.completions.create(model="m", messages=[])).id


def client_of(server: Any, transport: Any) -> AsyncOpenAI:
    return AsyncOpenAI(
        api_key="sk-1",
        base_url=server.url,
        max_retries=0,
        transport=transport,
        limits=Limits(keepalive_expiry=None),  # a slow machine is not to close any
    )


@TRANSPORTS
def test_row_4_event_loops_one_after_another(transport: str, server: Any):
    server.play(*[server.json()] * 4)
    client = client_of(server, transport)

    async def twice() -> None:
        for _ in range(2):
            await ask(client)

    ended: list[weakref.ref[object]] = []
    for _ in range(2):
        with asyncio.Runner() as runner:
            ended.append(weakref.ref(runner.get_loop()))
            runner.run(twice())
        del runner
    assert [request.connection for request in server.requests] == [0, 0, 1, 1]
    gc.collect()
    assert [loop() for loop in ended] == [None, None]
    if transport != "http2":
        assert client.pool.stats().open == 0


@TRANSPORTS
def test_row_4_event_loops_at_once(transport: str, server: Any):
    count = 4
    server.play(*[server.json()] * count * 2)
    client = client_of(server, transport)
    barrier = threading.Barrier(count)

    async def work() -> None:
        await ask(client)
        await asyncio.to_thread(barrier.wait, 60)
        await ask(client)

    threads = [threading.Thread(target=asyncio.run, args=(work(),)) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connections = [request.connection for request in server.requests]
    assert sorted(connections) == sorted([*range(count)] * 2)


@TRANSPORTS
def test_row_4_event_loop_that_was_just_closed_is_forgotten(transport: str, server: Any):
    server.play(*[server.json()] * 2)
    client = client_of(server, transport)
    first = asyncio.new_event_loop()
    first.run_until_complete(ask(client))
    first.close()  # what a program does that knows no better: nothing in it was ended
    left = [loop for loop in loops._LOOPS.values() if loop.was_closed]
    assert len(left) == 1
    with warnings.catch_warnings():
        # asyncio itself tells of the socket, which its own transport closes when it is collected.
        warnings.simplefilter("ignore", ResourceWarning)
        asyncio.run(ask(client))
        ended = weakref.ref(first)
        del first, left
        gc.collect()
    assert ended() is None
    assert [request.connection for request in server.requests] == [0, 1]


FORKING = """
import asyncio, os, sys
from openai_http import AsyncOpenAI
client = AsyncOpenAI(
    api_key="sk-1", base_url=sys.argv[1], max_retries=0, transport=sys.argv[2]
)
async def ask():
    assert (await client.chat.completions.create(model="m", messages=[])).id
loop = asyncio.new_event_loop()
loop.run_until_complete(ask())
child = os.fork()
if not child:
    asyncio.run(ask())
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
loop.run_until_complete(ask())
loop.run_until_complete(client.close())
loop.run_until_complete(loop.shutdown_asyncgens())
loop.close()
"""

FORKING_INSIDE = """
import asyncio, os, sys
from openai_http import AsyncOpenAI
client = AsyncOpenAI(
    api_key="sk-1", base_url=sys.argv[1], max_retries=0, transport=sys.argv[2]
)
async def ask():
    assert (await client.chat.completions.create(model="m", messages=[])).id
async def main():
    await ask()
    child = os.fork()
    if not child:
        asyncio._set_running_loop(None)
        asyncio.run(ask())
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    await ask()
    await client.close()
asyncio.run(main())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.parametrize("program", [FORKING, FORKING_INSIDE], ids=["between", "inside"])
@pytest.mark.parametrize("transport", ["httpx", "httpx2", "http2", "aiohttp"])
def test_row_33_child_process_does_not_use_the_connections_of_its_parent(
    transport: str, program: str, server: Any
):
    server.play(*[server.json()] * 3)
    command = [sys.executable, "-W", "error", "-c", program, server.url, transport]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stderr == ""
    assert [request.connection for request in server.requests] == [0, 1, 0]


@pytest.mark.parametrize("transport", ["httpx", "httpx2", "http2", "pyreqwest"])
def test_row_8_client_and_its_connections_are_gone_without_the_garbage_collector(
    transport: Any, server: Any
):
    server.play(*[server.json()] * 2)
    gc.collect()
    gc.disable()
    try:
        client = OpenAI(api_key="sk-1", base_url=server.url, transport=transport)
        assert client.chat.completions.create(model="m", messages=[]).id
        transports = weakref.ref(client._connections.transport)
        gone = weakref.ref(client)
        del client
        assert gone() is None
        assert transports() is None
    finally:
        gc.enable()
    assert server.gone.wait(60)


@TRANSPORTS
def test_row_8_asynchronous_client_is_gone_without_the_garbage_collector(
    transport: str, server: Any
):
    server.play(server.json())

    async def main() -> None:
        gc.collect()
        gc.disable()
        try:
            client = client_of(server, transport)
            await ask(client)
            gone = weakref.ref(client), weakref.ref(client._connections.transport)
            del client
            assert [each() for each in gone] == [None, None]
        finally:
            gc.enable()

    asyncio.run(main())
    assert server.gone.wait(60)


@pytest.mark.anyio
@pytest.mark.parametrize("kind", ["trio"])
async def test_row_44_everything_ends_on_trio(caller: Any, server: Any):
    events, close = server.whole_stream()
    server.play(server.json(), (events, close), (events, server.until_gone), server.until_gone)
    async with caller.client() as client:
        assert (await caller.chat(client)).id == "chatcmpl-1"
        received: list[Any] = []
        await caller.collect(await caller.chat(client, stream=True), received)
        assert len(received) == 2
        async with await caller.chat(client, stream=True) as stream:
            assert (await anext(stream)) == received[0]
        with trio.move_on_after(0.05) as scope:
            await caller.chat(client)
        assert scope.cancelled_caught
        assert client.pool.stats().in_use == 0
