"""Webhooks as the argument of a view of Flask.

    @app.post("/webhook")
    @webhook_event()
    def receive(event: UnwrapWebhookEvent) -> None: ...

Decides how a request is read, refused and answered.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeAlias

from flask import Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from openai_webhooks.adapters.receiving import REFUSALS, answer_to
from openai_webhooks.webhook import Webhook

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from flask.typing import ResponseReturnValue
    from openai_types.webhooks import UnwrapWebhookEvent

    P = ParamSpec("P")
    Answer: TypeAlias = ResponseReturnValue | None
    EventView: TypeAlias = Callable[Concatenate[UnwrapWebhookEvent, P], Answer | Awaitable[Answer]]
    View: TypeAlias = Callable[P, ResponseReturnValue]


def webhook_event(webhook: Webhook | None = None) -> Callable[[EventView[P]], View[P]]:
    """Make a decorator: the view is given the event of the verified request.

    A request is refused with 400 if it is not proven to come from OpenAI or unreadable, and with
    413 if its body is too large; the view is not called then. A view that returns None answers
    with 204. It may be asynchronous, with `flask[async]`.

    Args:
        webhook: Verifies the requests; by default with the secret of OPENAI_WEBHOOK_SECRET.

    Raises:
        WebhookSecretError: There is no secret, or it is malformed.
    """
    checked = webhook or Webhook()

    def decorate(view: EventView[P]) -> View[P]:
        @functools.wraps(view)
        def receive(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            try:
                event = checked.unwrap(_read(checked), request.headers)
            except REFUSALS as refusal:
                status, text = answer_to(refusal)
                return Response(text, status, mimetype="text/plain")
            answer: Answer = current_app.ensure_sync(view)(event, *args, **kwargs)
            return Response(status=204) if answer is None else answer

        return receive

    return decorate


def _read(webhook: Webhook) -> bytes:
    # One byte too much is enough to be refused; of a body without a length, no more is read.
    limits = (webhook.max_body_bytes + 1, request.max_content_length)
    request.max_content_length = min(each for each in limits if each is not None)
    try:
        return request.get_data()
    except RequestEntityTooLarge:
        webhook.refuse_too_large()
