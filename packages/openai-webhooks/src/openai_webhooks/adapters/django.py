"""Webhooks as an argument of a view of Django.

    @webhook_event()
    def receive(request: HttpRequest, event: UnwrapWebhookEvent) -> None: ...

    urlpatterns = [path("webhook", receive)]

Decides how a request is read, refused and answered.
"""

from __future__ import annotations

import functools
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeAlias, cast

from asgiref.sync import async_to_sync
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from openai_webhooks.adapters.receiving import REFUSALS, answer_to
from openai_webhooks.webhook import Webhook

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase
    from openai_types.webhooks import UnwrapWebhookEvent

    P = ParamSpec("P")
    Answer: TypeAlias = HttpResponseBase | None
    EventView: TypeAlias = Callable[
        Concatenate[HttpRequest, UnwrapWebhookEvent, P], Answer | Awaitable[Answer]
    ]
    View: TypeAlias = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def webhook_event(webhook: Webhook | None = None) -> Callable[[EventView[P]], View[P]]:
    """Make a decorator: the view is given the event of the verified request.

    A request is refused with 400 if it is not proven to come from OpenAI or unreadable, with 413
    if its body is too large, and with 405 if it is no POST; the view is not called then. A view
    that returns None answers with 204. It may be asynchronous. No CSRF token is asked for: the
    signature does more.

    Args:
        webhook: Verifies the requests; by default with the secret of OPENAI_WEBHOOK_SECRET.

    Raises:
        WebhookSecretError: There is no secret, or it is malformed.
    """
    checked = webhook or Webhook()

    def decorate(view: EventView[P]) -> View[P]:
        called = _synchronous(view)

        @csrf_exempt
        @require_POST
        @functools.wraps(view)
        def receive(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            try:
                event = checked.unwrap(_read(request, checked), request.headers)
            except REFUSALS as refusal:
                status, text = answer_to(refusal)
                return HttpResponse(text, status=status, content_type="text/plain")
            answer = called(request, event, *args, **kwargs)
            return HttpResponse(status=204) if answer is None else answer

        return receive

    return decorate


def _synchronous(
    view: EventView[P],
) -> Callable[Concatenate[HttpRequest, UnwrapWebhookEvent, P], Answer]:
    """The view for synchronous callers, so that there is one way through this module."""
    if iscoroutinefunction(view):
        return async_to_sync(view)
    return cast("Callable[Concatenate[HttpRequest, UnwrapWebhookEvent, P], Answer]", view)


def _read(request: HttpRequest, webhook: Webhook) -> bytes:
    try:
        claimed = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:  # Django fails when such a body is read; without it nothing is verified
        return b""
    if claimed > webhook.max_body_bytes:
        webhook.refuse_too_large()
    try:
        return request.body
    except RequestDataTooBig:
        webhook.refuse_too_large()
