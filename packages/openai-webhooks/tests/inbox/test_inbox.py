"""The inbox as its users see it: what was received is handled, whatever handlers and stores do."""

import asyncio
import random
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from openai_types.webhooks import ResponseCompletedWebhookEvent, UnwrapWebhookEvent
from openai_webhooks import (
    InvalidWebhookSignatureError,
    Webhook,
    WebhookPayloadError,
    WebhookSecretError,
)
from openai_webhooks.inbox import (
    Inbox,
    InboxConfigurationError,
    InboxEventError,
    InboxStoreError,
    Pruned,
    Receipt,
    Retention,
    Retries,
    State,
)
from openai_webhooks.signature import compute, load_key

from .deliveries import AT_ONCE, NOW, SECRET, Counts, NewInbox, body, headers, receive, settled


def test_received_event_is_handled_by_plain_and_asynchronous_handlers(
    new_inbox: NewInbox, counts: Counts
):
    inbox = new_inbox()
    handled = [threading.Event() for _ in range(3)]
    seen: list[str] = []

    @inbox.on("response.completed", name="plain")
    def plain(event: ResponseCompletedWebhookEvent) -> None:
        seen.append(event.data.id)
        handled[0].set()

    @inbox.on("response.completed", name="async")
    async def asynchronous(event: ResponseCompletedWebhookEvent) -> None:
        await asyncio.sleep(0)
        seen.append(event.data.id)
        handled[1].set()

    @inbox.on(name="all")
    def every(event: UnwrapWebhookEvent) -> None:
        seen.append(event.type)
        handled[2].set()

    with inbox:
        assert receive(inbox) == Receipt("wh_1", "response.completed", new=True)
        assert receive(inbox) == Receipt("wh_1", "response.completed", new=False)
        for each in handled:
            each.wait()
    assert seen == ["resp_1", "resp_1", "response.completed"]
    assert settled(inbox) is State.DONE
    assert counts.told[:1] == [("stored", "response.completed")]
    assert ("duplicate", "response.completed") in counts.told
    assert [told[2] for told in counts.told if told[0] == "handled"] == ["plain", "async", "all"]
    inbox.close()


def test_event_that_was_received_before_the_start_is_handled_after_it(new_inbox: NewInbox):
    receiver, worker = new_inbox(), new_inbox()
    assert receive(receiver).new
    receiver.close()
    handled = threading.Event()

    @worker.on("response.completed")
    def handler(_event: ResponseCompletedWebhookEvent) -> None:
        handled.set()

    with worker:
        handled.wait()
    assert settled(worker) is State.DONE
    assert worker.counts()[State.DONE] == 1
    worker.close()


def test_failed_handler_is_retried_and_those_that_finished_are_not(new_inbox: NewInbox):
    inbox = new_inbox()
    runs: list[str] = []
    over = threading.Event()

    @inbox.on("response.completed", name="fine")
    def fine(_event: ResponseCompletedWebhookEvent) -> None:
        runs.append("fine")

    @inbox.on("response.completed", name="flaky")
    async def flaky(_event: ResponseCompletedWebhookEvent) -> None:
        runs.append("flaky")
        if runs.count("flaky") < 3:
            raise ValueError("not yet")
        over.set()

    with inbox:
        receive(inbox)
        over.wait()
    assert runs == ["fine", "flaky", "flaky", "flaky"]
    assert settled(inbox) is State.DONE
    inbox.close()


def test_dead_event_is_kept_with_its_error_and_can_be_replayed(new_inbox: NewInbox, counts: Counts):
    inbox = new_inbox(retries=Retries(attempts=2, first_delay=0))
    broken = [True, True]
    tried, over = threading.Semaphore(0), threading.Event()

    @inbox.on("response.completed", name="flaky")
    def flaky(_event: ResponseCompletedWebhookEvent) -> None:
        tried.release()
        if broken:
            broken.pop()
            raise ValueError("the database is full")
        over.set()

    with inbox:
        receive(inbox)
        tried.acquire()
        tried.acquire()
    (dead,) = inbox.events(state=State.DEAD)
    assert (dead.id, dead.attempts) == ("wh_1", 2)
    assert dead.failures == {"flaky": "ValueError: the database is full"}
    assert counts.told[-1] == ("dead", "response.completed")
    with inbox:
        assert inbox.replay("wh_1").state is State.WAITING
        over.wait()
    assert settled(inbox) is State.DONE
    with pytest.raises(InboxEventError, match="no event"):
        inbox.replay("wh_2")
    inbox.close()


def test_all_dead_events_can_be_replayed_while_the_inbox_runs(new_inbox: NewInbox):
    inbox = new_inbox(retries=Retries(attempts=1))
    repaired, handled = threading.Event(), threading.Semaphore(0)

    @inbox.on("response.completed")
    def handler(_event: ResponseCompletedWebhookEvent) -> None:
        handled.release()
        if not repaired.is_set():
            raise ValueError("not yet")

    with inbox:
        for number in (1, 2):
            receive(inbox, number)
            handled.acquire()
        while inbox.counts()[State.DEAD] < 2:
            pass
        repaired.set()
        assert inbox.replay_all(type="response.completed") == 2
        for _ in range(2):
            handled.acquire()
    assert inbox.store.counts()[State.DONE] == 2
    inbox.close()


def test_delivery_that_is_forged_or_no_event_is_not_stored(new_inbox: NewInbox):
    inbox = new_inbox()
    with pytest.raises(WebhookPayloadError):
        inbox.receive(b"[]", headers(b"[]", "wh_1"))
    with pytest.raises(InvalidWebhookSignatureError):
        inbox.receive(body(), headers(b"{}", "wh_1"))
    assert inbox.get("wh_1") is None
    inbox.close()


def test_type_that_no_store_can_hold_is_stored_all_the_same(new_inbox: NewInbox):
    seen: list[Any] = []
    inbox = new_inbox()
    over = threading.Event()

    @inbox.on()
    def handle(event: UnwrapWebhookEvent) -> None:
        seen.append(event.type)
        over.set()

    with inbox:
        assert receive(inbox, type=r"a\u0000b").type == "a\ufffdb"
        over.wait()
    assert seen == ["a\0b"]


def test_longest_id_that_is_accepted_can_be_stored(new_inbox: NewInbox):
    inbox = new_inbox()
    payload, chance = body(), random.Random(7)  # noqa: S311
    # Bytes that are no text are the longest once they are written as text.
    webhook_id = bytes(chance.randrange(0x80, 0xC0) for _ in range(512))
    signed: dict[str, Any] = headers(payload, "wh_1")
    signature = compute(load_key(SECRET), webhook_id, b"%d" % NOW, payload)
    receipt = inbox.receive(
        payload, {**signed, "webhook-id": webhook_id, "webhook-signature": signature}
    )
    assert [each.id for each in inbox.events()] == [receipt.id]
    inbox.close()


def test_event_of_an_unknown_type_is_handled_by_its_text(new_inbox: NewInbox):
    inbox = new_inbox()
    seen: list[object] = []
    over = threading.Event()

    @inbox.on("response.teleported")
    def handler(event: Any) -> None:
        seen.append((event.type, event.data["id"]))
        over.set()

    with inbox:
        assert receive(inbox, type="response.teleported").type == "response.teleported"
        over.wait()
    assert seen == [("response.teleported", "resp_1")]
    inbox.close()


def test_handler_that_may_wait_in_vain_is_told(sqlite_url: str, caplog: pytest.LogCaptureFixture):
    inbox = Inbox(sqlite_url, webhook=Webhook(SECRET))
    handled: list[str] = []
    inbox.on("response.complete", "response.completed", name="misspelt")(handled.append)
    inbox.on("moon.risen", name="new")(handled.append)
    with inbox:
        pass
    new, misspelt = (record.getMessage() for record in caplog.records)
    assert "'moon.risen', which this version does not know." in new
    assert misspelt.endswith(" Did you mean 'response.completed'?")


def test_effect_in_the_transaction_of_the_store_is_there_exactly_once(sqlite_url: str):
    path = sqlite_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE effects (event TEXT)")
    over = threading.Event()

    class UntilHandled(Counts):
        def handled(self, type: str, handler: str, seconds: float) -> None:
            super().handled(type, handler, seconds)
            over.set()

    inbox = Inbox(
        sqlite_url,
        webhook=Webhook(SECRET, clock=lambda: NOW),
        retries=AT_ONCE,
        poll=0.01,
        metrics=UntilHandled(),
    )
    tries = iter(range(9))

    @inbox.on_in_transaction("response.completed", name="booked")
    def booked(event: ResponseCompletedWebhookEvent, connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO effects VALUES (?)", (event.id,))
        if next(tries) < 2:
            raise ValueError("after the effect")

    with inbox:
        receive(inbox)
        over.wait()
    assert settled(inbox) is State.DONE
    assert next(tries) == 3
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT event FROM effects").fetchall() == [("evt_1",)]
    inbox.close()


def test_plain_handler_that_returns_a_coroutine_has_failed(sqlite_url: str):
    webhook = Webhook(SECRET, clock=lambda: NOW)
    inbox = Inbox(sqlite_url, webhook=webhook, retries=AT_ONCE, poll=0.01)
    tried = threading.Semaphore(0)

    async def coroutine() -> None:
        """Do nothing."""

    @inbox.on("response.completed", name="forgot")
    def forgot(_event: ResponseCompletedWebhookEvent) -> object:
        tried.release()
        return coroutine()

    with inbox:
        receive(inbox)
        for _ in range(AT_ONCE.attempts):
            tried.acquire()
    (dead,) = inbox.events(state=State.DEAD)
    assert "async def" in dead.failures["forgot"]
    inbox.close()


def test_store_that_cannot_be_written_refuses_the_delivery(tmp_path: Path):
    inbox = Inbox(
        f"sqlite:///{tmp_path}/missing/inbox.db", webhook=Webhook(SECRET, clock=lambda: NOW)
    )
    with pytest.raises(InboxStoreError, match="folder") as caught:
        receive(inbox)
    assert isinstance(caught.value.__cause__, sqlite3.Error)
    inbox.close()


@pytest.mark.parametrize(
    "settings",
    [
        {"concurrency": 0},
        {"lease": 0},
        {"poll": float("nan")},
        {"poll": float("inf")},
        {"lease": 1e9},
    ],
)
def test_settings_out_of_range_are_refused(settings: dict[str, Any], sqlite_url: str):
    with pytest.raises(InboxConfigurationError, match=next(iter(settings))):
        Inbox(sqlite_url, **settings)


def test_secret_is_asked_for_when_the_first_delivery_comes(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("OPENAI_WEBHOOK_SECRET", raising=False)
    inbox = Inbox(sqlite_url)
    with pytest.raises(WebhookSecretError):
        receive(inbox)
    inbox.close()


def test_prune_goes_by_the_retention_of_the_inbox(sqlite_url: str):
    inbox = Inbox(
        sqlite_url, webhook=Webhook(SECRET, clock=lambda: NOW), retention=Retention(done_days=0)
    )
    handled = threading.Event()

    @inbox.on("response.completed")
    def handler(_event: ResponseCompletedWebhookEvent) -> None:
        handled.set()

    with inbox:
        receive(inbox)
        handled.wait()
    assert inbox.prune() == Pruned(bodies=1, ids=0)
    assert settled(inbox) is State.PRUNED
    assert not receive(inbox).new
    inbox.close()


def test_repr_shows_no_credentials():
    shown = repr(Inbox("postgresql://user:hidden@host/database", webhook=Webhook(SECRET)))
    assert "postgresql://host/database" in shown
    assert "hidden" not in shown
