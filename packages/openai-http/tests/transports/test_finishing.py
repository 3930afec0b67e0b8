import asyncio
import gc
from typing import Any

import anyio
import pytest
from openai_http.transports.finishing import finish

pytestmark = pytest.mark.anyio
BACKENDS: Any = pytest.mark.parametrize("kind", ["asyncio", "trio"], indirect=True)


@BACKENDS
async def test_work_is_done_and_what_it_raises_is_raised(kind: str):
    del kind
    done: list[bool] = []

    async def work() -> None:
        await anyio.lowlevel.checkpoint()
        done.append(True)
        raise LookupError

    with pytest.raises(LookupError):
        await finish(work())
    assert done == [True]


def test_work_is_finished_in_a_task_that_is_cancelled():
    finished: list[bool] = []

    async def cancel() -> None:
        begun, go_on = asyncio.Event(), asyncio.Event()

        async def work() -> None:
            begun.set()
            await go_on.wait()
            finished.append(True)

        task = asyncio.create_task(finish(work()))
        await begun.wait()
        task.cancel()
        await asyncio.sleep(0)
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
    assert finished == [True]


def test_error_of_work_whose_task_is_cancelled_is_not_reported():
    reports: list[object] = []

    async def cancel() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, told: reports.append(told))
        begun, go_on = asyncio.Event(), asyncio.Event()

        async def work() -> None:
            begun.set()
            await go_on.wait()
            raise LookupError

        task = asyncio.create_task(finish(work()))
        await begun.wait()
        task.cancel()
        await asyncio.sleep(0)
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        gc.collect()

    asyncio.run(cancel())
    assert reports == []
