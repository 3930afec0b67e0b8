"""The errors of the inbox: a store that cannot be used, a setting or handler that cannot be right.

A receiver lets `InboxStoreError` become an answer of the 5xx kind: nothing was stored, and OpenAI
delivers again. No message holds a credential of a store.
"""

from __future__ import annotations

from openai_types.errors import OpenAIError


class InboxError(OpenAIError):
    """Any error of the inbox."""


class InboxStoreError(InboxError):
    """The store cannot be opened, reached or written; the driver's own error is the cause."""


class InboxConfigurationError(InboxError, ValueError):
    """A setting, a store's URL or the registration of a handler cannot be right."""


class InboxEventError(InboxError, LookupError):
    """An event is not in the inbox, or is not in a state in which this can be done with it."""
