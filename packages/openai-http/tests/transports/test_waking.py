"""Coroutines that another thread wakes, without pyreqwest: threads and event loops await them."""

import asyncio
import threading
from collections.abc import Callable, Generator
from typing import Any

import anyio
import pytest
from openai_http.transports.waking import TaskWaiter, ThreadWaiter, Waiter

PATIENCE = 60  # seconds


class Work:
    """A coroutine as Rust makes them: it asks asyncio for a future, and is done some time."""

    def __init__(self, *, early: bool = False) -> None:
        self.began, self.waker = threading.Event(), threading.Event()
        self.result: str | None = None
        self.closed = False
        self._early = early
        self._loop: Any = None
        self._future: Any = None

    def send(self, _: None) -> object:
        if self.result is not None:
            raise StopIteration(self.result)
        if self._early:  # it was woken before it could ask
            self._early, self.result = False, "early"
            return None
        self._loop = asyncio.get_running_loop()
        self._future = self._loop.create_future()
        self.began.set()
        return next(iter(self._future))

    def close(self) -> None:
        self.closed = True

    def finish(self, result: str | None) -> None:
        """Wake the one who awaits, with a result or for nothing."""
        self.result = result
        self._loop.call_soon_threadsafe(release, self._future)

    def finish_later(self, *results: str | None) -> threading.Thread:
        def run() -> None:
            for result in results:
                assert self.began.wait(PATIENCE)
                self.began.clear()
                self.finish(result)

        return started(run)


def release(future: Any) -> None:
    if not future.done():
        future.set_result(None)


def started(run: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=run)
    thread.start()
    return thread


def no_limit() -> None:
    return None


def none_left() -> float | None:
    raise LookupError


@pytest.fixture
def anyio_backend(kind: str) -> str:
    return "trio" if kind == "trio" else "asyncio"


@pytest.fixture
def complete(kind: str) -> Callable[..., Any]:
    """Has a waiter of this kind await something: gives the result."""

    async def run(waiter: Any, work: Any, left: Callable[[], float | None] = no_limit) -> Any:
        if kind == "threads":
            return await anyio.to_thread.run_sync(waiter.complete, work, left)
        return await waiter.complete(work, left)

    return run


@pytest.fixture
def new(kind: str) -> Callable[[], Waiter]:
    return ThreadWaiter if kind == "threads" else TaskWaiter


@pytest.mark.anyio
async def test_one_who_waits_is_woken_by_another_thread(new: Any, complete: Any):
    work = Work()
    thread = work.finish_later(None, None, "done")  # the first two times for nothing
    assert await complete(new(), work) == "done"
    assert work.closed
    thread.join(PATIENCE)


@pytest.mark.anyio
async def test_one_that_was_woken_too_early_goes_on(new: Any, complete: Any):
    assert await complete(new(), Work(early=True), none_left) == "early"


@pytest.mark.anyio
async def test_limit_ends_the_wait(new: Any, complete: Any):
    work = Work()
    with pytest.raises(LookupError):
        await complete(new(), work, none_left)
    assert work.closed
    once = [0.001]
    with pytest.raises(IndexError):
        await complete(new(), work := Work(), once.pop)
    assert work.closed


@pytest.mark.anyio
async def test_any_thread_can_break_the_wait_off(new: Any, complete: Any):
    gone: list[str] = []
    waiter, work = new(), Work()
    waiter.gone = lambda: gone.append("closed" if work.closed else "open")

    def run() -> None:
        assert work.began.wait(PATIENCE)
        waiter.break_off()

    thread = started(run)
    with pytest.raises(ConnectionAbortedError):
        await complete(waiter, work)
    thread.join(PATIENCE)
    waiter.break_off()
    assert gone == ["closed"]
    with pytest.raises(ConnectionAbortedError):
        await complete(waiter, Work())


@pytest.mark.anyio
async def test_what_nobody_waits_for_is_gone_at_once(new: Any):
    gone: list[int] = []
    waiter = new()
    waiter.gone = lambda: gone.append(1)
    waiter.break_off()
    assert gone == [1]


def test_event_loop_that_runs_is_the_same_afterwards():
    async def main() -> None:
        loop, work = asyncio.get_running_loop(), Work()
        thread = work.finish_later("done")
        assert ThreadWaiter().complete(work, no_limit) == "done"  # type: ignore[arg-type]
        assert asyncio.get_running_loop() is loop
        thread.join(PATIENCE)

    asyncio.run(main())
    waiter = ThreadWaiter()
    assert not waiter.is_closed()


def test_event_loop_that_is_closed_is_not_woken():
    waiters: list[TaskWaiter] = []

    async def main() -> None:
        waiters.append(TaskWaiter())

    asyncio.run(main())
    waiters[0].wake()


def test_error_of_the_coroutine_is_raised():
    class Failing(Work):
        def send(self, _: None) -> Generator[None]:
            raise KeyError

    with pytest.raises(KeyError):
        ThreadWaiter().complete(Failing(), no_limit)  # type: ignore[arg-type]
