"""How an inbox begins and ends: stops while handlers run, forks, processes of its own."""

import asyncio
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from openai_types.webhooks import ResponseCompletedWebhookEvent
from openai_webhooks import Webhook
from openai_webhooks.inbox import Inbox, InboxConfigurationError, InboxError, InboxStoreError, State

from .deliveries import NOW, SECRET, NewInbox, body, headers, receive, settled


def test_stop_lets_a_running_handler_finish_and_gives_the_rest_back(new_inbox: NewInbox):
    inbox = new_inbox(concurrency=1)
    begun, go_on = threading.Event(), threading.Event()

    @inbox.on("response.completed", name="slow")
    def slow(_event: ResponseCompletedWebhookEvent) -> None:
        begun.set()
        go_on.wait()

    @inbox.on("response.completed", name="next")
    def after(_event: ResponseCompletedWebhookEvent) -> None:
        pytest.fail("no handler begins after the stop")

    inbox.start()
    receive(inbox, 1)
    begun.wait()
    receive(inbox, 2)
    stopping = threading.Thread(target=inbox.stop)
    stopping.start()
    inbox._worker.stop()  # pyright: ignore[reportOptionalMemberAccess] - it has begun for sure
    go_on.set()
    stopping.join()
    first, second = inbox.get("wh_1"), inbox.get("wh_2")
    assert first is not None
    assert second is not None
    assert (first.state, set(first.finished), first.attempts) == (State.WAITING, {"slow"}, 0)
    assert (second.state, second.attempts) == (State.WAITING, 0)
    inbox.close()


def test_stop_cancels_asynchronous_handlers_when_its_time_is_over(new_inbox: NewInbox):
    inbox = new_inbox()
    begun, cancelled = threading.Event(), threading.Event()

    @inbox.on("response.completed")
    async def endless(_event: ResponseCompletedWebhookEvent) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    inbox.start()
    receive(inbox)
    begun.wait()
    assert not inbox.stop(timeout=0)
    assert cancelled.is_set()
    record = inbox.get("wh_1")
    assert record is not None
    assert record.state is State.WAITING
    assert "CancelledError" in next(iter(record.failures.values()))
    inbox.close()


def test_stop_leaves_a_plain_handler_that_does_not_end_to_its_lease(new_inbox: NewInbox):
    inbox = new_inbox()
    begun, go_on = threading.Event(), threading.Event()

    @inbox.on("response.completed")
    def endless(_event: ResponseCompletedWebhookEvent) -> None:
        begun.set()
        go_on.wait()

    inbox.start()
    receive(inbox)
    begun.wait()
    assert not inbox.stop(timeout=0)
    assert settled(inbox) is State.LEASED
    assert inbox.stop()
    go_on.set()
    inbox.close()


def test_async_inbox_runs_handlers_on_the_loop_of_the_application(new_inbox: NewInbox):
    inbox = new_inbox()
    loops: list[object] = []

    async def application() -> None:
        over = asyncio.Event()

        @inbox.on("response.completed")
        async def handler(_event: ResponseCompletedWebhookEvent) -> None:
            loops.append(asyncio.get_running_loop())
            over.set()

        async with inbox:
            payload = body()
            receipt = await inbox.receive_async(payload, headers(payload, "wh_1"))
            assert receipt.new
            await over.wait()
        assert loops == [asyncio.get_running_loop()]

    asyncio.run(application())
    assert settled(inbox) is State.DONE
    inbox.close()


def test_handler_in_a_transaction_needs_a_store_that_has_them(redis_url: str):
    inbox = Inbox(f"{redis_url}?prefix=no-transactions")
    inbox.on_in_transaction("response.completed", name="booked")(lambda _event, _connection: None)
    with pytest.raises(InboxConfigurationError, match="SQLite or PostgreSQL"):
        inbox.start()
    inbox.close()


def test_worker_goes_on_when_its_store_can_be_used_again(tmp_path: Path):
    folder = tmp_path / "later"
    inbox = Inbox(
        f"sqlite:///{folder}/inbox.db", webhook=Webhook(SECRET, clock=lambda: NOW), poll=0.001
    )
    handled = threading.Event()

    @inbox.on("response.completed")
    def handler(_event: ResponseCompletedWebhookEvent) -> None:
        handled.set()

    with inbox:
        with pytest.raises(InboxStoreError):
            receive(inbox)
        folder.mkdir()
        receive(inbox)
        handled.wait()
    inbox.close()


def test_start_twice_is_refused_and_stop_without_start_does_nothing(sqlite_url: str):
    inbox = Inbox(sqlite_url)
    assert inbox.stop()
    inbox.on(name="nothing")(lambda _event: None)
    with inbox, pytest.raises(InboxError, match="stop it first"):
        inbox.start()
    inbox.close()


def test_inbox_without_handlers_does_not_start_and_so_finishes_nothing(new_inbox: NewInbox):
    inbox = new_inbox()
    receive(inbox)
    with pytest.raises(InboxConfigurationError, match="no handlers"):
        inbox.start()
    assert settled(inbox) is State.WAITING
    inbox.close()


FORKED = """
import os, sys
from openai_webhooks.inbox import Inbox, InboxError
inbox = Inbox(sys.argv[1])
inbox.on(name="nothing")(lambda event: None)
inbox.start()
inbox.stop()
child = os.fork()
if child == 0:
    try:
        inbox.start()
    except InboxError as error:
        os._exit(7 if "forked" in str(error) else 1)
    os._exit(0)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_inbox_that_was_used_before_a_fork_says_so_instead_of_waiting_for_ever(sqlite_url: str):
    command = [sys.executable, "-c", FORKED, sqlite_url]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "7"


WORKER = """
import sys
from openai_webhooks.inbox import Inbox
inbox = Inbox(sys.argv[1])
@inbox.on("response.completed", name="print")
def handler(event):
    print(event.data.id, flush=True)
print(inbox.run())
"""


def test_worker_process_runs_until_it_is_told_to_end(sqlite_url: str):
    receiver = Inbox(sqlite_url, webhook=Webhook(SECRET, clock=lambda: NOW))
    receive(receiver, 1)
    command = [sys.executable, "-c", WORKER, sqlite_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout
        assert worker.stdout.readline() == "resp_1\n"
        worker.send_signal(signal.SIGTERM)
        assert worker.stdout.read() == "True\n"
    assert worker.returncode == 0
    assert settled(receiver) is State.DONE
    receiver.close()
