"""The errors of whoever runs the mock server. What its clients are told is in `refusals`."""

from __future__ import annotations

from openai_types.errors import OpenAIError
from openai_webhooks.errors import WebhookDeliveryError

__all__ = [
    "MockServerError",
    "NetworkForbiddenError",
    "RequestsTimeoutError",
    "ScriptError",
    "UnknownOperationError",
    "WebhookDeliveryError",
]


class MockServerError(OpenAIError):
    """The server cannot run as it was asked to; the message says why and what helps."""


class RequestsTimeoutError(OpenAIError, TimeoutError):
    """Requests that were waited for did not come in time; the message says what came."""


class ScriptError(MockServerError, AssertionError):
    """A script was not followed: a call that it expects did not come, or one that it does not.

    Attributes:
        unused: What was expected and not asked for, in words.
        unexpected: What was asked for and not expected, and why, in words.
    """

    unused: tuple[str, ...]
    unexpected: tuple[str, ...]

    def __init__(
        self, message: str, *, unused: tuple[str, ...] = (), unexpected: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.unused = unused
        self.unexpected = unexpected


class UnknownOperationError(MockServerError, AttributeError):
    """The API has no operation of this name; the message has the nearest one."""


class NetworkForbiddenError(MockServerError):
    """Code under test wanted to connect to another machine, which this test run forbids."""
