"""The receiver that `benchmarks.inbox` measures: FastAPI on one worker of uvicorn, and an inbox.

Prints its port. With `--handle` it handles what it stores at the same time.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncGenerator

import uvicorn
from fastapi import FastAPI, Request
from openai_types.webhooks import ResponseCompletedWebhookEvent
from openai_webhooks import Webhook
from openai_webhooks.inbox import Inbox

SECRET = "whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IQ=="  # noqa: S105 - made up


def application(inbox: Inbox, *, handles: bool) -> FastAPI:
    """What the README shows, but for the errors."""

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        async with inbox if handles else contextlib.nullcontext():
            yield
        await asyncio.to_thread(inbox.close)

    app = FastAPI(lifespan=lifespan)

    @app.post("/webhook")
    async def receive(request: Request) -> dict[str, bool]:
        receipt = await inbox.receive_async(await request.body(), request.headers)
        return {"new": receipt.new}

    @app.get("/processor")
    async def processor() -> float:
        return time.process_time()

    @inbox.on("response.completed", name="nothing")
    async def nothing(_event: ResponseCompletedWebhookEvent) -> None:
        """Only the inbox is measured."""

    return app


def main() -> None:
    """Run until it is terminated."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.inbox_receiver")
    parser.add_argument("store", help="the URL of the store")
    parser.add_argument("--handle", action="store_true")
    options = parser.parse_args()
    app = application(Inbox(options.store, webhook=Webhook(SECRET)), handles=options.handle)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none", access_log=False))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        server.run(sockets=[listener])


if __name__ == "__main__":
    main()
