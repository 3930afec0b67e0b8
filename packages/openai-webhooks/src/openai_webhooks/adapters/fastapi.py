"""Webhooks as a dependency of FastAPI.

    webhook = webhook_event()

    @app.post("/webhook", status_code=204)
    async def receive(event: UnwrapWebhookEvent = Depends(webhook)) -> None: ...

Decides how a request is read and refused. Annotations are kept as objects here, because FastAPI
reads them.
"""

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, TypeAlias

from fastapi import HTTPException, Request
from starlette.requests import ClientDisconnect

from openai_webhooks.adapters.receiving import GONE, REFUSALS, Body, answer_to
from openai_webhooks.webhook import VerifiedWebhook, Webhook

if TYPE_CHECKING:
    from openai_types.webhooks import UnwrapWebhookEvent

VerifiedDependency: TypeAlias = Callable[[Request], Awaitable[VerifiedWebhook]]


def webhook_event(
    webhook: Webhook | None = None,
) -> "Callable[[Request], Awaitable[UnwrapWebhookEvent]]":
    """Make a dependency that verifies the request and gives its event.

    A request is refused with 400 if it is not proven to come from OpenAI or unreadable, and with
    413 if its body is too large; your function is not called then.

    Args:
        webhook: Verifies the requests; by default with the secret of OPENAI_WEBHOOK_SECRET.

    Raises:
        WebhookSecretError: There is no secret, or it is malformed.
    """
    checked = webhook or Webhook()

    async def event(request: Request) -> "UnwrapWebhookEvent":
        try:
            return (await _verified(request, checked)).event()
        except REFUSALS as refusal:
            raise HTTPException(*answer_to(refusal)) from refusal
        except ClientDisconnect as gone:
            raise HTTPException(*GONE) from gone

    return event


def verified_webhook(webhook: Webhook | None = None) -> VerifiedDependency:
    """Make a dependency that verifies the request and gives its id and body, the latter unread.

    For who stores or forwards what was delivered; otherwise as `webhook_event`.

    Args:
        webhook: Verifies the requests; by default with the secret of OPENAI_WEBHOOK_SECRET.

    Raises:
        WebhookSecretError: There is no secret, or it is malformed.
    """
    checked = webhook or Webhook()

    async def delivery(request: Request) -> VerifiedWebhook:
        try:
            return await _verified(request, checked)
        except REFUSALS as refusal:
            raise HTTPException(*answer_to(refusal)) from refusal
        except ClientDisconnect as gone:
            raise HTTPException(*GONE) from gone

    return delivery


async def _verified(request: Request, webhook: Webhook) -> VerifiedWebhook:
    body = Body(webhook)
    # The stream and not request.body(), which would read a body of any size.
    async with aclosing(request.stream()) as pieces:
        async for piece in pieces:
            body.add(piece)
    return webhook.verified(body.complete(), request.headers)
