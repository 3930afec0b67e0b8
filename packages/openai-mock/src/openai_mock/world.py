"""What all handlers of a server share."""

from __future__ import annotations

from dataclasses import dataclass, field

from openai_mock.control import Control
from openai_mock.posting.outbox import Outbox
from openai_mock.settings import Settings
from openai_mock.state.clock import Clock
from openai_mock.state.ids import Identifiers
from openai_mock.state.store import Store


@dataclass(frozen=True)
class World:
    """What all handlers of a server share.

    Attributes:
        settings: The keys and secrets, and how fast things progress.
        store: What is kept.
        clock: What dates everything.
        ids: Gives new identifiers.
        control: What whoever runs the server lets it do otherwise.
        outbox: The events that wait for being posted.
    """

    settings: Settings = field(default_factory=Settings)
    store: Store = field(default_factory=Store)
    clock: Clock = field(default_factory=Clock)
    ids: Identifiers = field(default_factory=Identifiers)
    control: Control = field(default_factory=Control)
    outbox: Outbox = field(default_factory=Outbox)
