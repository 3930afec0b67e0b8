"""The inbox: what a receiver and a worker make once and share.

Decides how its parts are put together, when threads begin and end, and what the outside sees. What
happens to an event is decided in `engine`; how it is kept, in the stores.
"""

from __future__ import annotations

import asyncio
import difflib
import logging
import os
import random
import signal
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from openai_webhooks.events import known_types
from openai_webhooks.inbox import upkeep
from openai_webhooks.inbox.engine import Engine
from openai_webhooks.inbox.errors import InboxConfigurationError, InboxError
from openai_webhooks.inbox.handlers import Handlers
from openai_webhooks.inbox.intake import Arrival, Intake
from openai_webhooks.inbox.metrics import InboxMetrics, NoMetrics, tell
from openai_webhooks.inbox.policy import Retention, Retries
from openai_webhooks.inbox.records import State
from openai_webhooks.inbox.registration import Registration
from openai_webhooks.inbox.store import Store, TransactionalStore, open_store
from openai_webhooks.inbox.worker import Worker
from openai_webhooks.webhook import Webhook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from concurrent.futures import Future
    from types import TracebackType

    from openai_webhooks.headers import HeadersLike
    from openai_webhooks.inbox.records import Record

_logger = logging.getLogger("openai_webhooks.inbox")

_LONGEST_SECONDS = 1e6  # of a lease, and between two looks into the store: more is a mistake
_GRACE_SECONDS = 30.0  # that running handlers have to finish, where nothing else is said
_CANCEL_SECONDS = 5.0  # that cancelled handlers have to clean up


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a delivery. It is stored, now or before: answer it with 2xx.

    Attributes:
        id: The `webhook-id`.
        type: The type of the event.
        new: False if it is a duplicate.
    """

    id: str
    type: str
    new: bool


class Inbox(Registration):
    """Stores webhooks before they are answered, and handles each until its handlers finished.

    Make it once in a process, at import time too: nothing is opened before it is used. Threads
    share it. A process that only receives need not start it; one that only handles needs no secret.

    Args:
        store: The URL of the store (see `open_store`), or a store.
        webhook: Verifies deliveries; by default with OPENAI_WEBHOOK_SECRET, which is read when the
            first one comes.
        retries: How often and when a failed event is tried again.
        retention: How long settled events and ids are kept.
        concurrency: How many events are handled at the same time.
        lease: Seconds for which a worker holds an event; renewed while a handler runs. An event
            whose worker was killed is taken up again after that.
        poll: Seconds after which the store is looked into for what others have put there.
        metrics: Is told what happens.

    Raises:
        InboxConfigurationError: A setting cannot be right, or the store's driver is not installed.
    """

    def __init__(
        self,
        store: str | Store = "sqlite:///openai-webhooks.db",
        *,
        webhook: Webhook | None = None,
        retries: Retries | None = None,
        retention: Retention | None = None,
        concurrency: int = 8,
        lease: float = 30.0,
        poll: float = 1.0,
        metrics: InboxMetrics | None = None,
    ) -> None:
        if concurrency < 1:
            raise InboxConfigurationError(f"concurrency is {concurrency}; it must be at least 1")
        if not all(0 < each < _LONGEST_SECONDS for each in (lease, poll)):
            raise InboxConfigurationError(
                f"lease and poll must be more than zero seconds, and less than {_LONGEST_SECONDS:g}"
            )
        self._store = open_store(store) if isinstance(store, str) else store
        self._webhook = webhook
        self._retries = retries or Retries()
        self._retention = retention or Retention()
        self._concurrency = concurrency
        self._lease = lease
        self._poll = poll
        self._metrics: InboxMetrics = metrics or NoMetrics()
        self._handlers = Handlers()
        self._lock = threading.Lock()
        self._process: int | None = None
        self._intake: Intake | None = None
        self._worker: Worker | None = None
        self._thread: threading.Thread | None = None

    @property
    def store(self) -> Store:
        """The store."""
        return self._store

    def receive(self, payload: bytes | str, headers: HeadersLike) -> Receipt:
        """Verify a delivery and store it; when this returns, it is safe to answer with 2xx.

        Args:
            payload: The raw body as received.
            headers: The request's headers: any mapping, or pairs.

        Raises:
            InvalidWebhookSignatureError: It is not proven to come from OpenAI; answer 400.
            WebhookTooLargeError: The body is too large; answer 413.
            WebhookPayloadError: It is genuine, but no JSON object; answer 400.
            InboxStoreError: It could not be stored; answer 503, and OpenAI delivers it again.
        """
        arrival = self._verified(payload, headers)
        return self._receipt(arrival, self._submitted(arrival).result())

    async def receive_async(self, payload: bytes | str, headers: HeadersLike) -> Receipt:
        """As `receive`, for an asyncio event loop, which goes on meanwhile."""
        arrival = self._verified(payload, headers)
        return self._receipt(arrival, await asyncio.wrap_future(self._submitted(arrival)))

    def start(self) -> None:
        """Begin to handle events, in threads. Asynchronous handlers get an event loop of their own.

        Raises:
            InboxConfigurationError: There is no handler, or one needs a store with transactions.
            InboxError: It was started already.
        """
        self._start(None)

    def stop(self, timeout: float | None = None) -> bool:
        """Claim no more events, let running handlers finish, give the rest back.

        Args:
            timeout: Seconds to wait for handlers; None waits for as long as they take. After that
                asynchronous ones are cancelled, which is a failure like any other. Plain ones
                cannot be; the lease of their event runs out, and another worker takes it.

        Returns:
            Whether all handlers have finished. If not started, there is nothing to do.
        """
        with self._lock:
            worker, thread = self._worker, self._thread
        if worker is None or thread is None:
            return True
        worker.stop()
        thread.join(timeout)
        all_finished = not thread.is_alive()
        if not all_finished:
            if worker.cancel():
                thread.join(_CANCEL_SECONDS)
            worker.abandon()
            thread.join()
        with self._lock:
            self._worker = self._thread = None
        return all_finished

    def close(self, timeout: float | None = None) -> bool:
        """Stop, store what is being received, and close the store; gives what `stop` gives."""
        all_finished = self.stop(timeout)
        with self._lock:
            intake, self._intake = self._intake, None
        if intake is not None:
            intake.close()
        self._store.close()
        return all_finished

    def run(self, timeout: float | None = _GRACE_SECONDS) -> bool:
        """Handle events until SIGTERM or Ctrl-C, as a worker process does; then close.

        Call it in the main thread.

        Args:
            timeout: Seconds that running handlers have to finish, as for `stop`.

        Returns:
            Whether they have.
        """
        ended = threading.Event()

        def end(_number: int, _frame: object) -> None:
            ended.set()

        before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            self.start()
            ended.wait()
            return self.close(timeout)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close; running handlers have half a minute to finish."""
        self.close(_GRACE_SECONDS)

    async def __aenter__(self) -> Self:
        """Begin to handle events; asynchronous handlers run on this event loop."""
        self._start(asyncio.get_running_loop())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close; running handlers have half a minute to finish."""
        # In a thread: asynchronous handlers need this loop to finish.
        await asyncio.to_thread(self.close, _GRACE_SECONDS)

    def get(self, event_id: str) -> Record | None:
        """Give the record of an event, by its `webhook-id`."""
        return self._store.get(event_id)

    def events(self, *, state: State | None = None, type: str | None = None) -> Iterator[Record]:
        """Go through the records, in the order of arrival.

        Args:
            state: Only those in this state; `State.DEAD` for the dead letters.
            type: Only those of this type.
        """
        return upkeep.events(self._store, state=state, type=type)

    def counts(self) -> Mapping[State, int]:
        """How many events are in each state."""
        return self._store.counts()

    def replay(self, event_id: str, *, again: bool = False) -> Record:
        """Have a dead or done event handled anew.

        Args:
            event_id: Its `webhook-id`.
            again: Whether the handlers that finished run again, too.

        Raises:
            InboxEventError: It is not there, was pruned, or is to be handled anyway.
        """
        replayed = upkeep.replay(self._store, event_id, again=again)
        self._wake()
        return replayed

    def replay_all(
        self,
        *,
        state: State = State.DEAD,
        type: str | None = None,
        again: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> int:
        """Have all dead (or done) events handled anew; gives how many.

        Args:
            state: Which.
            type: Only those of this type.
            again: Whether the handlers that finished run again, too.
            progress: Is told how many there were so far, once a batch.
        """
        total = upkeep.replay_all(
            self._store, state=state, type=type, again=again, progress=progress
        )
        self._wake()
        return total

    def prune(self) -> upkeep.Pruned:
        """Prune by the inbox's retention now; workers do so once an hour."""
        return upkeep.prune(self._store, self._retention, self._store.now())

    def __repr__(self) -> str:
        return f"Inbox({self._store!r})"

    def _verified(self, payload: bytes | str, headers: HeadersLike) -> Arrival:
        if self._webhook is None:
            self._webhook = Webhook()
        verified = self._webhook.verified(payload, headers)
        # At run time an unknown event's type is what was sent, or nothing.
        sent: object = getattr(verified.event(), "type", None)
        # PostgreSQL has no NUL in a text; no handler waits for such a type.
        event_type = sent.replace("\0", "\ufffd") if isinstance(sent, str) else ""
        return Arrival(verified.id, event_type, verified.body, verified.timestamp)

    def _submitted(self, arrival: Arrival) -> Future[bool]:
        with self._lock:
            self._same_process()
            if self._intake is None:
                self._intake = Intake(self._store, on_stored=self._wake)
            return self._intake.submit(arrival)

    def _receipt(self, arrival: Arrival, is_new: bool) -> Receipt:
        tell(self._metrics.stored if is_new else self._metrics.duplicate, arrival.type)
        return Receipt(arrival.id, arrival.type, is_new)

    def _wake(self) -> None:
        worker = self._worker
        if worker is not None:
            worker.wake()

    def _start(self, loop: asyncio.AbstractEventLoop | None) -> None:
        if not self._handlers:
            # Otherwise every event would be done at once: handled by all handlers, by none.
            raise InboxConfigurationError(
                "The inbox has no handlers, so nothing can be handled. Register them with on "
                "before it is started; a process that only receives need not start it."
            )
        if self._handlers.any_in_transaction and not isinstance(self._store, TransactionalStore):
            raise InboxConfigurationError(
                f"A handler was registered with on_in_transaction, but {self._store!r} has no "
                "transactions. Use SQLite or PostgreSQL, or register it with on."
            )
        self._tell_unknown_types()
        with self._lock:
            self._same_process()
            if self._worker is not None:
                raise InboxError("The inbox was started already; stop it first.")
            self._worker = self._made_worker(loop)
            self._thread = threading.Thread(target=self._worker.run, name="inbox-worker")
            self._thread.daemon = True  # a program that ends without stop() ends as by a kill
            self._thread.start()

    def _tell_unknown_types(self) -> None:
        """Log which handlers may wait in vain: their events would be done without them."""
        known = known_types()
        for type in sorted(self._handlers.types - known):
            near = difflib.get_close_matches(type, known, 1)
            _logger.warning(
                "A handler waits for events of the type %r, which this version does not know.%s",
                type,
                f" Did you mean {near[0]!r}?" if near else "",
            )

    def _made_worker(self, loop: asyncio.AbstractEventLoop | None) -> Worker:
        engine = Engine(
            self._handlers.plan,
            retries=self._retries,
            concurrency=self._concurrency,
            lease=self._lease,
            chance=random.random,
        )
        return Worker(
            self._store,
            self._handlers,
            engine,
            retention=self._retention,
            metrics=self._metrics,
            lease=self._lease,
            poll=self._poll,
            threads=self._concurrency,
            loop=loop,
        )

    def _same_process(self) -> None:
        """Threads and connections do not survive a fork; make sure that nobody waits for them."""
        process = os.getpid()
        if self._process is None:
            self._process = process
        elif self._process != process:
            raise InboxError(
                "The inbox was used before this process was forked. Make it before the fork, but "
                "use or start it only in the processes that are forked."
            )
