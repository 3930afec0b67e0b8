"""The worker: performs what the engine decides, with a store and with threads for the handlers.

One thread talks to the store: it claims, saves and renews in batches, and waits for outcomes.
Plain handlers run in a pool of threads, asynchronous ones on an event loop; both tell their outcome
to the one queue. Decides nothing about an event; what it adds is that a store which fails for a
while loses no outcome.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, cast

from openai_webhooks.errors import WebhookPayloadError
from openai_webhooks.events import read_event
from openai_webhooks.inbox import records
from openai_webhooks.inbox.engine import Engine, Ran, Run, Save, Saved, Step
from openai_webhooks.inbox.errors import InboxStoreError
from openai_webhooks.inbox.metrics import tell
from openai_webhooks.inbox.records import Record, State
from openai_webhooks.inbox.threads import HandlerThreads
from openai_webhooks.inbox.upkeep import prune_some

if TYPE_CHECKING:
    from collections.abc import Generator

    from openai_webhooks.inbox.handlers import Handler, Handlers
    from openai_webhooks.inbox.metrics import InboxMetrics
    from openai_webhooks.inbox.policy import Retention
    from openai_webhooks.inbox.store import Store, TransactionalStore

_logger = logging.getLogger("openai_webhooks.inbox")
_ERROR_CHARACTERS = 1000  # of an exception's text that are recorded


@dataclass(slots=True)
class _Call:
    """A handler at work on an event; becomes the outcome."""

    record: Record
    handler: str
    error: BaseException | None = None
    seconds: float = 0.0
    recorded: bool = False


class Worker:
    """Handles the events of a store.

    Args:
        store: Where they are.
        handlers: Who handles them.
        engine: Decides.
        retention: How long the store keeps what is settled.
        metrics: Is told what happens.
        lease: How long a lease lasts, in seconds.
        poll: How often the store is looked into, in seconds; also how long a store that failed is
            left alone.
        threads: How many plain handlers run at the same time.
        loop: The running event loop for asynchronous handlers; None has one made in a thread.
    """

    def __init__(
        self,
        store: Store,
        handlers: Handlers,
        engine: Engine,
        *,
        retention: Retention,
        metrics: InboxMetrics,
        lease: float,
        poll: float,
        threads: int,
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._store = store
        self._handlers = handlers
        self._engine = engine
        self._retention = retention
        self._metrics = metrics
        self._lease = lease
        self._poll = poll
        self._queue: SimpleQueue[_Call | None] = SimpleQueue()
        self._calls: list[_Call] = []
        self._unsaved: list[Record] = []
        self._tasks: set[asyncio.Task[object]] = set()
        self._threads = HandlerThreads(threads)
        self._loop = loop
        self._own_loop: threading.Thread | None = None
        self._abandoned = False

    def wake(self) -> None:
        """Have it look into the store now. Any thread may call this."""
        self._queue.put(None)

    def stop(self) -> None:
        """Claim no more, let running handlers finish, give the rest back."""
        self._engine.stopping = True
        self.wake()

    def cancel(self) -> bool:
        """Cancel asynchronous handlers, which so fail; tells whether there were any."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.get_loop().call_soon_threadsafe(task.cancel)
        return bool(tasks)

    def abandon(self) -> None:
        """Wait for no handler any more: the leases of their events run out."""
        self._abandoned = True
        self.wake()

    def run(self) -> None:
        """Work until `stop`, in the calling thread."""
        try:
            while not self._over:
                try:
                    pause = self.round()
                except InboxStoreError as error:
                    _logger.warning("%s Trying again in %g seconds.", error, self._poll)
                    pause = self._poll
                except Exception:
                    _logger.exception("The inbox's worker failed; it goes on")
                    pause = self._poll
                self._wait(pause)
        finally:
            self._threads.end(wait=not self._abandoned)
            if not self._abandoned:  # else a handler may hold up the loop for ever
                self._end_own_loop()

    @property
    def _over(self) -> bool:
        ended = self._engine.idle and not self._unsaved
        return self._engine.stopping and (ended or self._abandoned)

    def round(self) -> float:
        """Do all that can be done now; gives how long to wait, if nothing happens before.

        Raises:
            InboxStoreError: The store failed. Nothing is lost: the next round goes on from there.
        """
        now = self._store.now()
        self._collect()
        while self._calls:
            self._take(self._calls.pop(0), now)
        self._save()
        renewals = self._engine.renewals(now)
        if renewals:
            self._renew(renewals, now)
        if self._claim(now):
            return 0.0
        if self._engine.prune_due(now) and prune_some(self._store, self._retention, now):
            self._engine.prune_on()
            return 0.0
        return self._engine.pause(now, self._poll)

    def _wait(self, seconds: float) -> None:
        if seconds <= 0 or self._over:
            return
        try:
            call = self._queue.get(timeout=seconds)
        except Empty:
            return
        if call is not None:
            self._calls.append(call)

    def _collect(self) -> None:
        while True:
            try:
                call = self._queue.get_nowait()
            except Empty:
                return
            if call is not None:
                self._calls.append(call)

    def _take(self, call: _Call, now: float) -> None:
        """Tell the engine how a handler ended."""
        event_type, name = call.record.type, call.handler
        told = self._metrics.handled if call.error is None else self._metrics.failed
        tell(told, event_type, name, call.seconds)
        if call.error is not None:
            _logger.warning(
                "The handler %s failed on %s (%s), attempt %d",
                *(name, call.record.id, event_type, call.record.attempts),
                exc_info=call.error,
            )
        error = None if call.error is None else _described(call.error)
        self._perform(self._engine.ended(call.record.id, Ran(now, error, call.recorded)))

    def _save(self) -> None:
        """Write what is to be written, and what follows from that, until nothing is left."""
        while self._unsaved:
            batch = tuple(self._unsaved)
            answers = self._store.save(batch)
            del self._unsaved[: len(batch)]
            for record, held in zip(batch, answers, strict=True):
                if not held:
                    _logger.warning("The lease of %s is over; another worker has it", record.id)
                elif record.state is State.DEAD:
                    tell(self._metrics.dead, record.type)
                self._perform(self._engine.ended(record.id, Saved(held)))

    def _renew(self, leases: list[tuple[str, int]], now: float) -> None:
        held = self._store.renew(leases, now + self._lease)
        for (event_id, _), still in zip(leases, held, strict=True):
            if not still:
                _logger.warning("The lease of %s ran out while its handler was at work", event_id)

    def _claim(self, now: float) -> bool:
        """Claim what there is room for; tells whether there may be more to do at once."""
        if not self._engine.room:
            return False
        claimed = self._store.claim(now, now + self._lease, self._engine.room)
        for record in claimed:
            self._perform(self._engine.claimed(record, now))
        self._save()
        return bool(claimed) and self._engine.room > 0

    def _perform(self, step: Step | None) -> None:
        if isinstance(step, Save):
            self._unsaved.append(step.record)
        elif isinstance(step, Run):
            self._start(_Call(step.record, step.handler))

    def _start(self, call: _Call) -> None:
        handler = self._handlers[call.handler]
        if handler.is_async:
            self._start_async(call, handler)
        else:
            self._threads.submit(partial(self._call, call, handler))

    def _start_async(self, call: _Call, handler: Handler) -> None:
        awaited = self._await(call, handler)
        try:
            asyncio.run_coroutine_threadsafe(awaited, self._loop or self._made_loop())
        except RuntimeError as closed:
            _logger.exception("The event loop of the inbox was closed before it; it stops")
            awaited.close()
            call.error = closed
            self._queue.put(call)
            self.stop()

    def _call(self, call: _Call, handler: Handler) -> None:
        with self._watched(call):
            if handler.in_transaction:
                self._call_in_transaction(call, handler)
                return
            returned = handler.call(read_event(call.record.body))
            if inspect.iscoroutine(returned):
                returned.close()
                raise TypeError("the handler returned a coroutine; write it with async def")

    async def _await(self, call: _Call, handler: Handler) -> None:
        task = cast("asyncio.Task[object]", asyncio.current_task())
        self._tasks.add(task)
        try:
            with self._watched(call):
                await handler.call(read_event(call.record.body))
        finally:
            self._tasks.discard(task)

    @contextmanager
    def _watched(self, call: _Call) -> Generator[None]:
        """Note how a handler ends and how long it took, and tell the worker's thread."""
        begun = time.perf_counter()
        try:
            yield
        except BaseException as error:  # noqa: BLE001 - whatever it is, the event is tried again
            call.error = error
        call.seconds = time.perf_counter() - begun
        self._queue.put(call)

    def _call_in_transaction(self, call: _Call, handler: Handler) -> None:
        store = cast("TransactionalStore", self._store)  # the inbox has looked before it started
        completed = records.finished(call.record, call.handler, store.now())
        try:
            with store.transaction(completed) as connection:
                handler.call(read_event(call.record.body), connection)
        except InboxStoreError:
            # The commit may have been done, and only its answer lost.
            stored = store.get(call.record.id)
            if stored is None or call.handler not in stored.finished:
                raise
        call.recorded = True

    def _made_loop(self) -> asyncio.AbstractEventLoop:
        loop = asyncio.new_event_loop()
        self._own_loop = threading.Thread(target=loop.run_forever, name="inbox-loop", daemon=True)
        self._own_loop.start()
        self._loop = loop
        return loop

    def _end_own_loop(self) -> None:
        if self._own_loop is None or self._loop is None:
            return
        loop = self._loop
        asyncio.run_coroutine_threadsafe(loop.shutdown_default_executor(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        self._own_loop.join()
        loop.close()


def _described(error: BaseException) -> str:
    """The text of an exception, as it is recorded."""
    if isinstance(error, WebhookPayloadError):
        return "the stored body is not a JSON object"
    text = f"{type(error).__name__}: {error}"
    return text if len(text) <= _ERROR_CHARACTERS else text[: _ERROR_CHARACTERS - 1] + "…"
