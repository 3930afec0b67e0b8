"""The way into the store: what arrives at the same time is stored with one commit.

Decides how deliveries are put together. Each waits for its own answer, so that nothing is answered
before it is stored, and a receiver under load pays for one commit a batch, not one an event.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, NamedTuple

from openai_webhooks.inbox import records
from openai_webhooks.inbox.errors import InboxStoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from openai_webhooks.inbox.store import Store

_LARGEST_BATCH = 200
# Keeps those of one batch in their order; doubles cannot tell much less apart at this date.
_APART_SECONDS = 1e-6


class Arrival(NamedTuple):
    """A verified delivery."""

    id: str
    type: str
    body: bytes
    timestamp: int


class Intake:
    """Stores deliveries for any number of threads, in a thread of its own.

    Args:
        store: Where to.
        on_stored: Called after a batch in which something was new.
    """

    def __init__(self, store: Store, *, on_stored: Callable[[], None]) -> None:
        self._store = store
        self._on_stored = on_stored
        self._queue: SimpleQueue[tuple[Arrival, Future[bool]] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="inbox-intake", daemon=True)
        self._thread.start()

    def submit(self, arrival: Arrival) -> Future[bool]:
        """Have a delivery stored; the future tells whether it was new, once it is durable."""
        future: Future[bool] = Future()
        self._queue.put((arrival, future))
        return future

    def close(self) -> None:
        """Store what was submitted before this, then end."""
        self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            batch = [first]
            ends = self._fill(batch)
            self._keep([(arrival, future) for arrival, future in batch if _begins(future)])
            if ends:
                return

    def _fill(self, batch: list[tuple[Arrival, Future[bool]]]) -> bool:
        """Add what else has arrived; tells whether the end was among it."""
        while len(batch) < _LARGEST_BATCH:
            try:
                entry = self._queue.get_nowait()
            except Empty:
                return False
            if entry is None:
                return True
            batch.append(entry)
        return False

    def _keep(self, batch: Sequence[tuple[Arrival, Future[bool]]]) -> None:
        if not batch:
            return
        try:
            now = self._store.now()
            answers = self._store.add(
                [
                    records.received(*arrival, now=now + number * _APART_SECONDS)
                    for number, (arrival, _) in enumerate(batch)
                ]
            )
        except Exception as error:  # noqa: BLE001 - whoever waits is told, and the next batch tries
            for _, future in batch:
                future.set_exception(_own(error))
            return
        for (_, future), is_new in zip(batch, answers, strict=True):
            future.set_result(is_new)
        if any(answers):
            self._on_stored()


def _begins(future: Future[bool]) -> bool:
    """Whether anybody still waits for it."""
    return future.set_running_or_notify_cancel()


def _own(error: Exception) -> Exception:
    """An exception for each waiter: a raised one collects the traceback of whoever raises it."""
    if not isinstance(error, InboxStoreError):
        return error
    copy = type(error)(*error.args)
    copy.__cause__ = error.__cause__
    return copy
