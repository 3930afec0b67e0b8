"""The threads in which plain handlers run.

Decides that a handler that never ends holds up nothing but its own thread: a program ends without
it, which those of `concurrent.futures` do not allow.
"""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class HandlerThreads:
    """Threads that are started when they are needed, and wait for more to do.

    Args:
        most: How many there are at most.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []

    def submit(self, call: Callable[[], None]) -> None:
        """Have something called that raises nothing. Only one thread may say so."""
        self._calls.put(call)
        if len(self._threads) < self._most:
            thread = threading.Thread(target=self._work, name="inbox-handler", daemon=True)
            thread.start()
            self._threads.append(thread)

    def end(self, *, wait: bool) -> None:
        """Let each thread end when it has nothing to do.

        Args:
            wait: Whether to wait until they have.
        """
        for _ in self._threads:
            self._calls.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            call()
