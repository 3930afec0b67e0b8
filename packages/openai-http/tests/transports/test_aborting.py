"""However a stream is left, the server sees it at once: nothing waits for a collector or a loop."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from anyio import to_thread

pytestmark = pytest.mark.anyio

CHUNK = b'data: {"choices": [{"index": 0, "delta": {"content": "Hello"}}]}\n\n'
PATIENCE = 60  # seconds


@pytest.fixture
def kind(way: tuple[str, str]) -> str:
    return way[0]


@pytest.fixture
def anyio_backend(kind: str) -> object:
    if kind == "uvloop":
        return "asyncio", {"use_uvloop": True}
    return "trio" if kind == "trio" else "asyncio"


async def break_off(on: Any, stream: Any) -> None:
    if on.threads:
        for _ in stream:
            break
    else:
        async for _ in stream:
            break


async def fail_in_the_loop(on: Any, stream: Any) -> None:
    with suppress(LookupError):
        if on.threads:
            for _ in stream:
                raise LookupError
        else:
            async for _ in stream:
                raise LookupError


async def cancel(on: Any, stream: Any) -> None:
    await on.do(stream.__next__ if on.threads else stream.__anext__)
    thread = threading.Thread(target=stream.cancel)
    thread.start()
    thread.join(PATIENCE)


@pytest.mark.parametrize("leave", [break_off, fail_in_the_loop, cancel])
async def test_stream_that_is_left_is_closed_at_once(leave: Any, on: Any, server: Any):
    server.play((server.events(CHUNK), server.until_gone), server.json())
    async with on.client() as client:
        stream = await on.chat(client, stream=True)
        await leave(on, stream)
        assert server.gone.wait(PATIENCE)  # in this thread: no event loop has a turn
        assert stream.outcome == "cancelled"
        assert stream.partial is not None
        assert (await on.chat(client)).id == "chatcmpl-1"
        assert client.pool.stats().in_use == 0


async def test_stream_that_nobody_has_is_closed_at_once(on: Any, server: Any):
    server.play((server.events(CHUNK), server.until_gone))
    async with on.client() as client:
        stream = await on.chat(client, stream=True)
        await on.do(stream.__next__ if on.threads else stream.__anext__)
        await to_thread.run_sync(int)  # a thread may remember what it did last
        del stream
        assert server.gone.wait(PATIENCE)


async def test_stream_is_cancelled_by_another_thread_while_it_is_read(on: Any, server: Any):
    server.play((server.events(CHUNK), server.until_gone), server.json())
    received: list[Any] = []
    async with on.client() as client:
        stream = await on.chat(client, stream=True)
        thread = threading.Thread(target=cancelling(stream, received))
        thread.start()
        await on.collect(stream, received)
        thread.join(PATIENCE)
        assert server.gone.wait(PATIENCE)
        assert (len(received), stream.outcome) == (1, "cancelled")
        assert (await on.chat(client)).id == "chatcmpl-1"
        assert client.pool.stats().in_use == 0


def cancelling(stream: Any, received: list[Any]) -> Callable[[], None]:
    """Waits until all that the server sends was received, and then cancels."""

    def run() -> None:
        while not (received and stream._body.is_reading):
            pass
        stream.cancel()

    return run
