"""Verification and typed events for OpenAI webhooks, installable alone.

`Webhook` checks that a request came from OpenAI and turns its body into a typed event; `sign`
makes the headers of such a request, for tests. Nothing here does I/O.
"""

from typing import TYPE_CHECKING

from openai_types.lazy import lazy_exports

from openai_webhooks.version import __version__

if TYPE_CHECKING:
    from openai_webhooks.errors import InvalidWebhookSignatureError as InvalidWebhookSignatureError
    from openai_webhooks.errors import WebhookPayloadError as WebhookPayloadError
    from openai_webhooks.errors import WebhookSecretError as WebhookSecretError
    from openai_webhooks.headers import HeadersLike as HeadersLike
    from openai_webhooks.signature import sign as sign
    from openai_webhooks.webhook import Webhook as Webhook

__all__ = [
    "HeadersLike",
    "InvalidWebhookSignatureError",
    "Webhook",
    "WebhookPayloadError",
    "WebhookSecretError",
    "__version__",
    "sign",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "HeadersLike": "openai_webhooks.headers",
        "InvalidWebhookSignatureError": "openai_webhooks.errors",
        "Webhook": "openai_webhooks.webhook",
        "WebhookPayloadError": "openai_webhooks.errors",
        "WebhookSecretError": "openai_webhooks.errors",
        "sign": "openai_webhooks.signature",
    },
)
