"""The program that the crash test kills: receives, stores and handles, and tells what it does.

Tells it on a pipe, a line at a time, which survives a kill: `begin`, `end` and `recorded` with the
event and the handler, and `lost` where its lease was over. `recorded` is said when the store has
answered that the completion is written.
"""

import hashlib
import logging
import os
import random
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import uvicorn
from openai_types.webhooks import ResponseCompletedWebhookEvent
from openai_webhooks import Webhook
from openai_webhooks.errors import InvalidWebhookSignatureError
from openai_webhooks.inbox import Inbox, Record, Retries, Store, open_store

SECRET = "whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IQ=="
LEASE_SECONDS = 2.0
FAILING_SHARE = 0.01
INSERT = {
    "sqlite": "INSERT INTO effects (event) VALUES (?)",
    "postgresql": "INSERT INTO effects (event) VALUES (%s)",
}


class Journal:
    """Lines that are written in one piece."""

    def __init__(self, file: int) -> None:
        self._file = file

    def __call__(self, *words: str) -> None:
        os.write(self._file, (" ".join([str(os.getpid()), *words]) + "\n").encode())


def telling(store: Store, journal: Journal) -> Store:
    """Have a store tell which completions it has written."""
    save = store.save

    def told(records: Sequence[Record]) -> list[bool]:
        answers = save(records)
        for record, held in zip(records, answers, strict=True):
            if not held:
                journal("lost", record.id)
            for handler in record.finished if held else ():
                journal("recorded", record.id, handler)
        return answers

    store.save = told
    return store


def register(inbox: Inbox, journal: Journal, url: str) -> None:
    """Handlers of every kind; some of their runs fail."""
    chance = random.Random(os.getpid())  # noqa: S311

    def work(event: ResponseCompletedWebhookEvent, handler: str) -> None:
        journal("begin", event.id, handler)
        hashlib.pbkdf2_hmac("sha256", event.id.encode(), b"salt", 200)
        if chance.random() < FAILING_SHARE:
            journal("failed", event.id, handler)
            raise RuntimeError("as it happens")

    @inbox.on("response.completed", name="plain")
    def plain(event: ResponseCompletedWebhookEvent) -> None:
        work(event, "plain")
        journal("end", event.id, "plain")

    @inbox.on("response.completed", name="async")
    async def asynchronous(event: ResponseCompletedWebhookEvent) -> None:
        work(event, "async")
        journal("end", event.id, "async")

    if url.startswith("redis"):
        return

    @inbox.on_in_transaction("response.completed", name="booked")
    def booked(event: ResponseCompletedWebhookEvent, connection: Any) -> None:
        work(event, "booked")
        connection.execute(INSERT[url.partition(":")[0]], (event.id,))
        journal("end", event.id, "booked")


def application(inbox: Inbox) -> Callable[..., Awaitable[None]]:
    """The receiver, as ASGI."""

    async def receive(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            async with inbox:
                await send({"type": "lifespan.startup.complete"})
                await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        try:
            receipt = await inbox.receive_async(body, scope["headers"])
            status, answer = 200, b"new" if receipt.new else b"duplicate"
        except InvalidWebhookSignatureError:
            status, answer = 400, b""
        length = (b"content-length", b"%d" % len(answer))
        await send({"type": "http.response.start", "status": status, "headers": [length]})
        await send({"type": "http.response.body", "body": answer})

    return receive


def main(url: str, listener: int, journal_file: int) -> None:
    """Run until SIGTERM."""
    logging.getLogger("openai_webhooks").setLevel(logging.CRITICAL)  # failures are wanted here
    journal = Journal(journal_file)
    inbox = Inbox(
        telling(open_store(url), journal),
        webhook=Webhook(SECRET),
        retries=Retries(attempts=1000, first_delay=0.02, longest_delay=0.2),
        concurrency=4,
        lease=LEASE_SECONDS,
        poll=0.1,
    )
    register(inbox, journal, url)
    config = uvicorn.Config(application(inbox), lifespan="on", log_level="error", ws="none")
    # uvicorn raises the signal that ended it once more when all is closed.
    signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    journal("up")
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=listener)])
    journal("down")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
