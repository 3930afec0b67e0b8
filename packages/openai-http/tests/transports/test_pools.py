"""Waiting and closing, where the decisions of `pooling` meet threads and tasks."""

import asyncio
import threading
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import pytest
from openai_http import OpenAIError
from openai_http.connections.limits import Limits
from openai_http.transports.pools import AsyncPool, PoolIsFullError, SyncPool

pytestmark = pytest.mark.anyio
BACKENDS: Any = pytest.mark.parametrize("kind", ["asyncio", "trio"], indirect=True)


class Connection:
    """One that counts how often it was closed."""

    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1

    async def aclose(self) -> None:
        self.closed += 1


class Holder:
    """What a connection is lent to."""


def nothing() -> None:
    """Breaks nothing off."""


def test_thread_that_waits_gets_what_another_gives_back():
    pool = SyncPool(Limits(max_connections=1), Connection)
    holder = Holder()
    first = pool.acquire(None)
    loan = pool.lend(first, holder, nothing)
    got: list[Connection] = []
    thread = threading.Thread(target=lambda: got.append(pool.acquire(60)))
    thread.start()
    while not pool.stats().waiting:
        pass
    pool.give_back(loan, reusable=True)
    thread.join()
    assert got == [first]
    pool.give_back(loan, reusable=True)  # twice is harmless
    assert pool.stats().in_use == 1


def test_thread_that_waits_too_long_leaves_the_queue():
    pool = SyncPool(Limits(max_connections=1), Connection)
    pool.acquire(None)
    with pytest.raises(PoolIsFullError):
        pool.acquire(0.001)
    assert pool.stats().waiting == 0


def test_thread_that_waits_gets_the_place_of_what_nobody_reads_any_more():
    pool = SyncPool(Limits(max_connections=1), Connection)
    holder = Holder()
    first = pool.acquire(None)
    pool.lend(first, holder, nothing)
    got: list[Connection] = []
    thread = threading.Thread(target=lambda: got.append(pool.acquire(60)))
    thread.start()
    while not pool.stats().waiting:
        pass
    del holder
    thread.join()
    assert got != [first]
    assert (first.closed, pool.stats().in_use) == (1, 1)


def test_broken_off_connections_are_not_counted_and_all_closed_whatever_closing_one_raises():
    class Stubborn(Connection):
        def close(self) -> None:
            super().close()
            raise OSError("not connected")

    pool = SyncPool(Limits(max_connections=2), Stubborn)
    holders = [Holder(), Holder()]
    loans = [pool.lend(pool.acquire(None), holder, nothing) for holder in holders]
    loans[0].lose(None)
    holders.clear()
    assert (pool.stats().open, pool.stats().in_use) == (0, 0)
    connection = pool.acquire(0)
    assert [loan.connection.closed for loan in loans] == [1, 1]
    assert (pool.stats().open, pool.stats().in_use, connection.closed) == (1, 1, 0)


def test_connection_that_cannot_be_made_leaves_its_place():
    def fail() -> Connection:
        raise OSError("no certificates")

    pool = SyncPool(Limits(max_connections=1), fail)
    for _ in range(2):
        with pytest.raises(OSError, match="no certificates"):
            pool.acquire(0)
    assert pool.stats().in_use == 0


def test_closed_pool_keeps_nothing():
    pool = SyncPool(Limits(), Connection)
    holders = [Holder(), Holder()]
    loans = [pool.lend(pool.acquire(None), holder, nothing) for holder in holders]
    pool.give_back(loans[0], reusable=True)
    pool.close()
    assert [loan.connection.closed for loan in loans] == [1, 1]
    pool.give_back(loans[1], reusable=True)
    assert pool.stats().open == 0


def test_closed_pool_gives_no_connection_to_anybody():
    pool = SyncPool(Limits(max_connections=1), Connection)
    loan = pool.lend(pool.acquire(None), holder := Holder(), nothing)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(pool.acquire, 60)
        while not pool.stats().waiting:
            pass
        pool.close()
        pool.give_back(loan, reusable=True)
        with pytest.raises(OpenAIError, match="This client is closed"):
            waiting.result(60)
    with pytest.raises(OpenAIError, match="This client is closed"):
        pool.acquire(None)
    assert (pool.stats().open, holder is not None) == (0, True)


def test_idle_connections_that_are_too_many_or_too_old_are_closed():
    pool = SyncPool(Limits(None, 1, None), Connection)
    holders = [Holder() for _ in range(3)]
    loans = [pool.lend(pool.acquire(None), holder, nothing) for holder in holders]
    for loan in loans:
        pool.give_back(loan, reusable=True)
    assert [loan.connection.closed for loan in loans] == [1, 1, 0]


@BACKENDS
async def test_task_that_is_cancelled_while_it_waits_leaves_the_queue(kind: str):
    del kind
    pool = AsyncPool(Limits(max_connections=1), Connection)
    holder = Holder()
    loan = pool.lend(await pool.acquire(None), holder, nothing)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(pool.acquire, None)
        await anyio.wait_all_tasks_blocked()
        assert pool.stats().waiting == 1
        tasks.cancel_scope.cancel()
    assert pool.stats().waiting == 0
    with pytest.raises(PoolIsFullError):
        await pool.acquire(0)
    await pool.give_back(loan, reusable=True)
    assert await pool.acquire(0) is loan.connection


@BACKENDS
@pytest.mark.parametrize("in_a_thread", [False, True])
async def test_task_that_waits_gets_the_place_of_what_nobody_reads_any_more(
    kind: str, in_a_thread: bool
):
    del kind
    pool = AsyncPool(Limits(max_connections=1), Connection)
    holder = Holder()
    first = await pool.acquire(None)
    loan = pool.lend(first, holder, nothing)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(pool.acquire, 60)
        await anyio.wait_all_tasks_blocked()
        if in_a_thread:
            await anyio.to_thread.run_sync(loan.lose, None)
        else:
            del holder
    assert (first.closed, pool.stats().in_use) == (1, 1)


@BACKENDS
async def test_task_that_got_what_it_waited_for_leaves_nothing_to_the_next_one(kind: str):
    del kind
    pool = AsyncPool(Limits(max_connections=2), Connection)
    holders = [Holder(), Holder()]
    loans = [pool.lend(await pool.acquire(None), holder, nothing) for holder in holders]
    async with anyio.create_task_group() as tasks:
        for _ in range(2):
            tasks.start_soon(pool.acquire, 60)
        await anyio.wait_all_tasks_blocked()
        loans[0].lose(None)  # which the first of them is told
        await pool.give_back(loans[1], reusable=True)  # and which it gets
    assert (loans[0].connection.closed, pool.stats().in_use) == (1, 2)


def test_place_is_free_after_a_task_was_cancelled_that_closed_what_nobody_reads():
    async def unread() -> AsyncGenerator[bytes]:
        try:
            yield b""
        finally:
            await asyncio.sleep(0)
            await asyncio.sleep(0)

    async def cancel() -> None:
        pool = AsyncPool(Limits(max_connections=1), Connection)
        holder, pieces = Holder(), unread()
        first = await pool.acquire(None)
        loan = pool.lend(first, holder, nothing)
        await anext(pieces)
        loan.lose(pieces)
        task = asyncio.create_task(pool.acquire(0))
        await asyncio.sleep(0)
        task.cancel()  # which no scope of anyio holds up
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await pool.acquire(0) is not first
        assert first.closed == 1

    asyncio.run(cancel())


@BACKENDS
async def test_connection_is_given_back_in_a_task_that_is_cancelled(kind: str):
    del kind
    pool = AsyncPool(Limits(max_connections=1), Connection)
    connection = await pool.acquire(None)
    with anyio.CancelScope() as scope:
        scope.cancel()
        await pool.discard(connection)
    assert (connection.closed, pool.stats().in_use) == (1, 0)


@BACKENDS
async def test_connection_of_a_holder_that_is_gone_is_closed_by_the_next_call(kind: str):
    del kind
    pool = AsyncPool(Limits(max_connections=1), Connection)
    connection = await pool.acquire(None)
    pool.lend(connection, Holder(), nothing)
    other = await pool.acquire(0)
    assert other is not connection
    assert connection.closed == 1
    await pool.aclose()
    assert other.closed == 1


@BACKENDS
async def test_closed_pool_gives_no_connection_to_any_task(kind: str):
    del kind
    pool = AsyncPool(Limits(max_connections=1), Connection)
    loan = pool.lend(await pool.acquire(None), holder := Holder(), nothing)
    ends: list[object] = []

    async def ask() -> None:
        try:
            await pool.acquire(60)
        except OpenAIError as error:
            ends.append(error)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ask)
        await anyio.wait_all_tasks_blocked()
        await pool.aclose()
        await pool.give_back(loan, reusable=True)
    await ask()
    assert ["This client is closed" in str(error) for error in ends] == [True, True]
    assert (pool.stats().open, holder is not None) == (0, True)


class Slow(Connection):
    """One whose closing is waited for."""

    async def aclose(self) -> None:
        await super().aclose()
        await asyncio.sleep(0)


def test_all_connections_are_closed_in_a_task_that_is_cancelled_at_the_first():
    async def cancelled() -> list[int]:
        pool = AsyncPool(Limits(), Slow)
        holders = [Holder() for _ in range(3)]
        loans = [pool.lend(await pool.acquire(None), each, nothing) for each in holders]
        for loan in loans[1:]:
            await pool.give_back(loan, reusable=True)
        task = asyncio.create_task(pool.aclose())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return [loan.connection.closed for loan in loans]

    assert asyncio.run(cancelled()) == [1, 1, 1]


@BACKENDS
async def test_what_its_user_is_closing_is_left_to_him(kind: str):
    """After a loop was left, and the stream closed besides."""
    del kind
    pool = AsyncPool(Limits(), Connection)
    holder, begun, go_on = Holder(), anyio.Event(), anyio.Event()

    async def body() -> AsyncGenerator[bytes]:
        try:
            yield b""
        finally:
            begun.set()
            await go_on.wait()

    async def close(pieces: AsyncGenerator[bytes]) -> None:
        await pieces.aclose()

    pieces = body()
    await anext(pieces)
    loan = pool.lend(await pool.acquire(None), holder, nothing)
    async with anyio.create_task_group() as group:
        group.start_soon(close, pieces)
        await begun.wait()
        loan.lose(pieces)
        await pool._close(loan)
        go_on.set()
    assert loan.connection.closed == 1
