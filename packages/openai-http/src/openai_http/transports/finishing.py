"""What is finished also in a task that is being cancelled.

httpcore shields its own cleaning up, but only from the scopes of anyio: a task of asyncio can be
cancelled in the middle of it. Then a pool keeps the place of a request that is over, for good.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Coroutine


async def finish(work: Coroutine[object, None, None]) -> None:
    """Await something to its end, also if this task is cancelled meanwhile; it is so afterwards."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:  # trio cancels only by scopes
        await work
        return
    task = asyncio.create_task(work)
    task.add_done_callback(_note)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        if not task.done():
            await asyncio.wait([task])
        raise


def _note(task: asyncio.Task[None]) -> None:
    """Nobody may be told an error any more; asyncio would report it then."""
    if not task.cancelled():
        task.exception()
