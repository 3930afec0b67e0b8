"""Events that happened, until they are posted to those who want them.

Decides who wants an event, and what its postings are signed with. Posts nothing: `deliveries` does.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openai_mock.errors import WebhookDeliveryError
    from openai_mock.state.store import Document
    from openai_mock.world import World

ENDPOINTS = "webhook_endpoints"


@dataclass(frozen=True)
class Posting:
    """An event on its way to a receiver.

    Attributes:
        url: The receiver.
        event: The event.
        webhook_id: Identifies the posting.
        secrets: What it is signed with, each.
    """

    url: str
    event: Mapping[str, object]
    webhook_id: str
    secrets: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class Delivery:
    """An event that was posted.

    Attributes:
        url: The receiver.
        event: The event.
        webhook_id: Identifies the posting.
        status: With what the receiver answered; None if it did not.
        error: Why it did not.
    """

    url: str
    event: Mapping[str, object]
    webhook_id: str
    status: int | None
    error: WebhookDeliveryError | None = None


class _Receiver(NamedTuple):
    url: str
    secrets: tuple[str, ...]
    wanted: tuple[str, ...] | None  # types of events; None for all


class Outbox:
    """The postings that wait, and how those went that did. Threads may share it."""

    def __init__(self) -> None:
        self._waiting: deque[Posting] = deque()
        self._deliveries: list[Delivery] = []

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def put(self, posting: Posting) -> None:
        """Let a posting wait."""
        self._waiting.append(posting)

    def take(self) -> Posting | None:
        """The posting that waits longest; None if none does."""
        return self._waiting.popleft() if self._waiting else None

    def note(self, delivery: Delivery) -> None:
        """Note how a posting went."""
        self._deliveries.append(delivery)

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """How postings went, in their order."""
        return tuple(self._deliveries)


def announce(world: World, event_type: str, key: str, at: float) -> None:
    """Let all who want an event be sent it.

    Args:
        world: Knows them.
        event_type: The type of the event.
        key: The id of the object that it is about.
        at: When it happened, in seconds since the epoch.

    Raises:
        MockServerError: There is no such type.
    """
    wanting = [
        each for each in _receivers(world) if each.wanted is None or event_type in each.wanted
    ]
    if wanting:
        from openai_mock.posting.webhooks import make_event

        event = make_event(event_type, {"id": key}, ids=world.ids, created_at=int(at))
        for url, secrets, _ in wanting:
            world.outbox.put(Posting(url, event, world.ids.new("wh_"), secrets))


def announce_to(world: World, endpoint: Document, event_type: str) -> None:
    """Let one endpoint be sent an event that did not happen."""
    from openai_mock.posting.webhooks import make_event

    event = make_event(event_type, None, ids=world.ids, created_at=world.clock.seconds())
    secrets = secrets_of(world, endpoint["id"])
    world.outbox.put(Posting(endpoint["url"], event, world.ids.new("wh_"), secrets))


def has_receivers(world: World) -> bool:
    """Whether anybody wants events."""
    return next(_receivers(world), None) is not None


def add_secret(world: World, endpoint: str, secret: str, *, until: float | None = None) -> None:
    """Sign what an endpoint is sent with another secret.

    Args:
        world: Keeps it.
        endpoint: The id of the endpoint.
        secret: The secret.
        until: When earlier secrets end, in seconds since the epoch; at once if None.
    """
    place = _place(endpoint)
    kept = world.store.list(place)
    for key, earlier in zip(kept.keys, kept.documents, strict=True):
        ends = min(earlier["until"] or float("inf"), until or 0.0)
        world.store.put(place, key, {**earlier, "until": ends})
    world.store.put(place, world.ids.new("secret_"), {"secret": secret, "until": None})


def secrets_of(world: World, endpoint: str) -> tuple[str, ...]:
    """The secrets that an endpoint has now; that of the server if it was given none."""
    now = world.clock.now()
    kept = world.store.list(_place(endpoint)).documents
    secrets = (each["secret"] for each in kept if each["until"] is None or now < each["until"])
    return tuple(secrets) or (world.settings.webhook_secret,)


def _place(endpoint: str) -> str:
    """The collection of the secrets of an endpoint."""
    return f"{ENDPOINTS}/{endpoint}/secrets"


def _receivers(world: World) -> Iterator[_Receiver]:
    settings = world.settings
    if settings.webhook_url is not None:
        yield _Receiver(settings.webhook_url, (settings.webhook_secret,), None)
    for endpoint in world.store.list(ENDPOINTS).documents:
        secrets = secrets_of(world, endpoint["id"])
        yield _Receiver(endpoint["url"], secrets, tuple(endpoint["event_types"]))
