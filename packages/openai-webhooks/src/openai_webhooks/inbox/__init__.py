"""The durable inbox: at-least-once delivery made safe.

`Inbox` stores a webhook before it is answered, drops duplicates and handles each event in the
background, with retries, until every handler has finished. Loaded on demand: `openai_webhooks`
itself does without threads and databases.
"""

from typing import TYPE_CHECKING

from openai_types.lazy import lazy_exports

if TYPE_CHECKING:
    from openai_webhooks.inbox.errors import InboxConfigurationError as InboxConfigurationError
    from openai_webhooks.inbox.errors import InboxError as InboxError
    from openai_webhooks.inbox.errors import InboxEventError as InboxEventError
    from openai_webhooks.inbox.errors import InboxStoreError as InboxStoreError
    from openai_webhooks.inbox.inbox import Inbox as Inbox
    from openai_webhooks.inbox.inbox import Receipt as Receipt
    from openai_webhooks.inbox.metrics import InboxMetrics as InboxMetrics
    from openai_webhooks.inbox.policy import Retention as Retention
    from openai_webhooks.inbox.policy import Retries as Retries
    from openai_webhooks.inbox.records import Record as Record
    from openai_webhooks.inbox.records import State as State
    from openai_webhooks.inbox.store import Store as Store
    from openai_webhooks.inbox.store import open_store as open_store
    from openai_webhooks.inbox.upkeep import Pruned as Pruned

_TABLE = {
    "Inbox": "openai_webhooks.inbox.inbox",
    "InboxConfigurationError": "openai_webhooks.inbox.errors",
    "InboxError": "openai_webhooks.inbox.errors",
    "InboxEventError": "openai_webhooks.inbox.errors",
    "InboxMetrics": "openai_webhooks.inbox.metrics",
    "InboxStoreError": "openai_webhooks.inbox.errors",
    "Pruned": "openai_webhooks.inbox.upkeep",
    "Receipt": "openai_webhooks.inbox.inbox",
    "Record": "openai_webhooks.inbox.records",
    "Retention": "openai_webhooks.inbox.policy",
    "Retries": "openai_webhooks.inbox.policy",
    "State": "openai_webhooks.inbox.records",
    "Store": "openai_webhooks.inbox.store",
    "open_store": "openai_webhooks.inbox.store",
}
if not TYPE_CHECKING:  # pragma: no branch - type checkers see the names above
    __getattr__, __dir__ = lazy_exports(__name__, _TABLE)
