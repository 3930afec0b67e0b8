"""A handler that never ends holds up neither a stop nor the end of its program."""

import os
import subprocess
import sys
import threading

import pytest
from openai_webhooks.inbox.threads import HandlerThreads

SECRET = "whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IQ=="
PROGRAM = """
import sys, threading
from openai_webhooks import sign
from openai_webhooks.inbox import Inbox, inbox as module

module._CANCEL_SECONDS = 0
inbox = Inbox(sys.argv[1])
begun = threading.Event()

@inbox.on(name="endless")
{kind} endless(event):
    begun.set()
    threading.Event().wait()

inbox.start()
body = b'{{"type": "response.completed", "data": {{"id": "resp_1"}}}}'
inbox.receive(body, sign(body))
begun.wait()
print({ending}, flush=True)
"""


def ended(url: str, *, kind: str, ending: str) -> str:
    """What the program prints in the end."""
    command = [sys.executable, "-c", PROGRAM.format(kind=kind, ending=ending), url]
    environment = {**os.environ, "OPENAI_WEBHOOK_SECRET": SECRET}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return done.stdout


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_inbox_stops_and_its_program_ends_although_a_handler_does_not(kind: str, sqlite_url: str):
    assert ended(sqlite_url, kind=kind, ending="inbox.close(timeout=0)") == "False\n"


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_program_that_does_not_stop_its_inbox_ends(kind: str, sqlite_url: str):
    assert ended(sqlite_url, kind=kind, ending="'over'") == "over\n"


def test_threads_share_the_calls_and_are_no_more_than_allowed():
    threads = HandlerThreads(2)
    all_running = threading.Barrier(3)
    ran: set[threading.Thread] = set()

    def call() -> None:
        ran.add(threading.current_thread())
        all_running.wait()

    for _ in range(3):
        for _ in range(2):
            threads.submit(call)
        all_running.wait()
    threads.end(wait=True)
    assert len(ran) == 2
    assert not any(each.is_alive() for each in ran)
