"""Webhooks as an argument of a handler of aiohttp.

    @routes.post("/webhook")
    @webhook_event()
    async def receive(request: web.Request, event: UnwrapWebhookEvent) -> None: ...

Decides how a request is read, refused and answered.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, TypeAlias

from aiohttp import web

from openai_webhooks.adapters.receiving import GONE, REFUSALS, Body, answer_to
from openai_webhooks.webhook import Webhook

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from openai_types.webhooks import UnwrapWebhookEvent

    Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]
    EventHandler: TypeAlias = Callable[
        [web.Request, UnwrapWebhookEvent], Awaitable[web.StreamResponse | None]
    ]


def webhook_event(webhook: Webhook | None = None) -> Callable[[EventHandler], Handler]:
    """Make a decorator: the handler is given the event of the verified request.

    A request is refused with 400 if it is not proven to come from OpenAI or unreadable, and with
    413 if its body is too large; the handler is not called then. A handler that returns None
    answers with 204.

    Args:
        webhook: Verifies the requests; by default with the secret of OPENAI_WEBHOOK_SECRET.

    Raises:
        WebhookSecretError: There is no secret, or it is malformed.
    """
    checked = webhook or Webhook()

    def decorate(handler: EventHandler) -> Handler:
        @functools.wraps(handler)
        async def receive(request: web.Request) -> web.StreamResponse:
            try:
                event = checked.unwrap(await _read(request, checked), request.headers)
            except REFUSALS as refusal:
                status, text = answer_to(refusal)
                return web.Response(status=status, text=text)
            except ConnectionError:
                return web.Response(status=GONE.status, text=GONE.text)
            answer = await handler(request, event)
            return web.Response(status=204) if answer is None else answer

        return receive

    return decorate


async def _read(request: web.Request, webhook: Webhook) -> bytes:
    if request.content.at_eof():  # there is none, or a middleware has read it, which is kept
        return await request.read()
    body = Body(webhook)
    # The stream and not request.read(), whose limit is the application's.
    async for piece in request.content.iter_any():
        body.add(piece)
    return body.complete()
