"""Deliveries for an inbox, and what it tells of them."""

from collections.abc import Callable

from openai_webhooks import sign
from openai_webhooks.inbox import Inbox, Receipt, Retries, State

NOW = 1_760_000_000
SECRET = "whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IQ=="
AT_ONCE = Retries(attempts=3, first_delay=0)

NewInbox = Callable[..., Inbox]


def body(number: int = 1, type: str = "response.completed") -> bytes:
    return (
        f'{{"id": "evt_{number}", "object": "event", "created_at": 1, "type": "{type}", '
        f'"data": {{"id": "resp_{number}"}}}}'
    ).encode()


def headers(payload: bytes, id: str) -> dict[str, str]:
    return sign(payload, secret=SECRET, webhook_id=id, timestamp=NOW)


def receive(inbox: Inbox, number: int = 1, type: str = "response.completed") -> Receipt:
    payload = body(number, type)
    return inbox.receive(payload, headers(payload, f"wh_{number}"))


def settled(inbox: Inbox, number: int = 1) -> State:
    record = inbox.get(f"wh_{number}")
    assert record is not None
    return record.state


class Counts:
    """Metrics, as they were told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, ...]] = []

    def stored(self, type: str) -> None:
        self.told.append(("stored", type))

    def duplicate(self, type: str) -> None:
        self.told.append(("duplicate", type))

    def handled(self, type: str, handler: str, seconds: float) -> None:
        assert seconds >= 0
        self.told.append(("handled", type, handler))

    def failed(self, type: str, handler: str, seconds: float) -> None:
        assert seconds >= 0
        self.told.append(("failed", type, handler))

    def dead(self, type: str) -> None:
        self.told.append(("dead", type))
        raise RuntimeError("metrics that fail harm nothing")
