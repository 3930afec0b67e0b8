"""Verification and typed events for OpenAI webhooks, installable alone.

`Webhook` checks that a request came from OpenAI and turns its body into a typed event; `sign`
makes the headers of such a request and `deliver` sends it, for tests. Importing this package
imports nothing heavy.
"""

from typing import TYPE_CHECKING

from openai_types.lazy import lazy_exports

from openai_webhooks.version import __version__

if TYPE_CHECKING:
    from openai_webhooks.delivery import DeliveryAttempt as DeliveryAttempt
    from openai_webhooks.delivery import WebhookDelivery as WebhookDelivery
    from openai_webhooks.delivery import deliver as deliver
    from openai_webhooks.delivery import exponential_backoff as exponential_backoff
    from openai_webhooks.errors import InvalidWebhookSignatureError as InvalidWebhookSignatureError
    from openai_webhooks.errors import WebhookDeliveryError as WebhookDeliveryError
    from openai_webhooks.errors import WebhookPayloadError as WebhookPayloadError
    from openai_webhooks.errors import WebhookSecretError as WebhookSecretError
    from openai_webhooks.errors import WebhookTooLargeError as WebhookTooLargeError
    from openai_webhooks.headers import HeadersLike as HeadersLike
    from openai_webhooks.metrics import WebhookMetrics as WebhookMetrics
    from openai_webhooks.signing import sign as sign
    from openai_webhooks.webhook import VerifiedWebhook as VerifiedWebhook
    from openai_webhooks.webhook import Webhook as Webhook

__all__ = [
    "DeliveryAttempt",
    "HeadersLike",
    "InvalidWebhookSignatureError",
    "VerifiedWebhook",
    "Webhook",
    "WebhookDelivery",
    "WebhookDeliveryError",
    "WebhookMetrics",
    "WebhookPayloadError",
    "WebhookSecretError",
    "WebhookTooLargeError",
    "__version__",
    "deliver",
    "exponential_backoff",
    "sign",
]

if not TYPE_CHECKING:  # pragma: no branch - type checkers see the names above
    __getattr__, __dir__ = lazy_exports(
        __name__,
        {
            "DeliveryAttempt": "openai_webhooks.delivery",
            "HeadersLike": "openai_webhooks.headers",
            "InvalidWebhookSignatureError": "openai_webhooks.errors",
            "VerifiedWebhook": "openai_webhooks.webhook",
            "Webhook": "openai_webhooks.webhook",
            "WebhookDelivery": "openai_webhooks.delivery",
            "WebhookDeliveryError": "openai_webhooks.errors",
            "WebhookMetrics": "openai_webhooks.metrics",
            "WebhookPayloadError": "openai_webhooks.errors",
            "WebhookSecretError": "openai_webhooks.errors",
            "WebhookTooLargeError": "openai_webhooks.errors",
            "deliver": "openai_webhooks.delivery",
            "exponential_backoff": "openai_webhooks.delivery",
            "sign": "openai_webhooks.signing",
        },
    )
