"""An ASGI application that receives webhooks: for Starlette, or any ASGI server.

    app = Starlette(routes=[Route("/webhook", WebhookEndpoint(handle))])

Decides how a request is answered. Needs no framework.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any, TypeAlias

from openai_webhooks.adapters.receiving import REFUSALS, Body, answer_to
from openai_webhooks.webhook import Webhook

if TYPE_CHECKING:
    from openai_types.webhooks import UnwrapWebhookEvent

# Any: what a server and an application tell each other is open, as in Starlette's own types.
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]


class WebhookEndpoint:
    """Verifies each request, gives its event to your function, and answers with 204.

    A request is refused with 400 if it is not proven to come from OpenAI, with 413 if its body is
    too large, and with 405 if it is no POST. If your function raises, the server answers with 500,
    and OpenAI sends the event again later.

    Args:
        handle: Is given each event, and awaited before the answer. It should only note the event:
            OpenAI waits a few seconds, then sends it again. For the same reason it may be given
            an event twice.
        webhook: Verifies the requests; by default with the secret of OPENAI_WEBHOOK_SECRET.

    Raises:
        WebhookSecretError: There is no secret, or it is malformed.
    """

    def __init__(
        self,
        handle: Callable[[UnwrapWebhookEvent], Awaitable[object]],
        *,
        webhook: Webhook | None = None,
    ) -> None:
        self._handle = handle
        self._webhook = webhook or Webhook()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request, as an ASGI server asks for it."""
        if scope["type"] != "http":
            raise RuntimeError(
                f"a webhook is an HTTP request, and this is of type {scope['type']}; serve this "
                "application at a path of its own"
            )
        if scope["method"] != "POST":
            await _answer(send, 405, "Webhooks are posted.", (b"allow", b"POST"))
            return
        try:
            body = await self._read(receive)
            event = None if body is None else self._webhook.unwrap(body, scope["headers"])
        except REFUSALS as refusal:
            await _answer(send, *answer_to(refusal))
            return
        if event is not None:
            await self._handle(event)
            await _answer(send, 204)

    async def _read(self, receive: Receive) -> bytes | None:
        """The whole body; None if the sender went away."""
        body = Body(self._webhook)
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body.add(message.get("body", b""))
            more = message.get("more_body", False)
        return body.complete()


async def _answer(send: Send, status: int, text: str = "", *headers: tuple[bytes, bytes]) -> None:
    body = text.encode()
    if body:
        headers = (
            *headers,
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", b"%d" % len(body)),
        )
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    await send({"type": "http.response.body", "body": body})
