"""The checks of `client.webhooks`: they verify requests that others send, and send none.

The package openai-webhooks does it. It is loaded when a request is verified, and need not be
installed for anything else.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Protocol

from openai_types.errors import OpenAIError

from openai_http.raw.modes import ModeT
from openai_http.resource import AsyncResource, Resource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openai_types.webhooks import UnwrapWebhookEvent
    from openai_webhooks import HeadersLike, Webhook

DEFAULT_TOLERANCE = 300  # seconds, as in openai-webhooks and in the official package


class _HasSecret(Protocol):
    """A client, as far as it matters here."""

    @property
    def webhook_secret(self) -> str | None: ...


class _OfClient(Protocol):
    """A group of operations, as far as it matters here."""

    @property
    def _client(self) -> _HasSecret: ...


class _Verification:
    """What both clients do alike: nothing here waits."""

    __slots__ = ()

    def unwrap(
        self: _OfClient,
        payload: str | bytes,
        headers: HeadersLike,
        *,
        secret: str | Sequence[str] | None = None,
    ) -> UnwrapWebhookEvent:
        """Verify a webhook's request and give its event.

        Args:
            payload: The raw body as received, not parsed and serialised again.
            headers: The request's headers: any mapping, or pairs.
            secret: The signing secret, or several while one rotates; by default the client's.

        Raises:
            InvalidWebhookSignatureError: The request is not proven to come from OpenAI.
            WebhookPayloadError: It is, but its body is not a JSON object.
            WebhookTooLargeError: The body is far larger than any event.
            WebhookSecretError: There is no secret, or it is malformed.
            OpenAIError: The package openai-webhooks is not installed.
        """
        return _webhook(self._client, secret, DEFAULT_TOLERANCE, "unwrap").unwrap(payload, headers)

    def verify_signature(
        self: _OfClient,
        payload: str | bytes,
        headers: HeadersLike,
        *,
        secret: str | Sequence[str] | None = None,
        tolerance: float = DEFAULT_TOLERANCE,
    ) -> None:
        """Return if a webhook's request is proven to come from OpenAI, raise otherwise.

        Args:
            payload: The raw body as received, not parsed and serialised again.
            headers: The request's headers: any mapping, or pairs.
            secret: The signing secret, or several while one rotates; by default the client's.
            tolerance: How far the timestamp may be from the clock, in seconds, both ways.

        Raises:
            InvalidWebhookSignatureError: It is not; the message says which check failed.
            WebhookTooLargeError: The body is far larger than any event.
            WebhookSecretError: There is no secret, or it is malformed.
            ValueError: The tolerance is negative.
            OpenAIError: The package openai-webhooks is not installed.
        """
        _webhook(self._client, secret, tolerance, "verify_signature").verify(payload, headers)


class WebhookVerification(_Verification, Resource[ModeT]):
    """`unwrap` and `verify_signature` of `client.webhooks`."""

    __slots__ = ()


class AsyncWebhookVerification(_Verification, AsyncResource[ModeT]):
    """`unwrap` and `verify_signature` of `client.webhooks`, which need no `await`."""

    __slots__ = ()


def _webhook(
    client: _HasSecret, secret: str | Sequence[str] | None, tolerance: float, method: str
) -> Webhook:
    secret = client.webhook_secret if secret is None else secret
    try:
        from openai_webhooks import Webhook
    except ModuleNotFoundError as error:
        raise OpenAIError(
            f"client.webhooks.{method} needs the package openai-webhooks. Install it from where"
            " this package came from; docs/installing.md has the lines."
        ) from error
    if secret is None:
        return Webhook(tolerance=tolerance)  # it says what is missing
    return _prepared(Webhook, secret if isinstance(secret, str) else (*secret,), tolerance)


# Preparing a secret takes a third of the time of a whole verification. Few are in use at a time.
@functools.lru_cache(maxsize=8)
def _prepared(kind: type[Webhook], secret: str | tuple[str, ...], tolerance: float) -> Webhook:
    return kind(secret, tolerance=tolerance)
