"""The running server: how it is begun, and what its user holds.

Decides what a server has when nothing is said. How its socket is served is in `hosting`.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from openai_mock.app import app_of, control_of
from openai_mock.control import as_faults
from openai_mock.journal import Journal
from openai_mock.routing.routes import ROOT
from openai_mock.scripts.script import Script
from openai_mock.serving.hosting import ThreadedServer, address_of, listen, running
from openai_mock.settings import (
    DEFAULT_ADMIN_API_KEY,
    DEFAULT_API_KEY,
    DEFAULT_JOB_STEP_SECONDS,
    DEFAULT_WEBHOOK_SECRET,
    Settings,
)
from openai_mock.state.clock import Clock
from openai_mock.state.ids import Identifiers
from openai_mock.state.store import IN_MEMORY, Store
from openai_mock.world import World

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from os import PathLike

    from openai_mock.control import Faults
    from openai_mock.faults import Fault
    from openai_mock.journal import Requests
    from openai_mock.posting.outbox import Delivery
    from openai_mock.scripts.paths import OperationPath


class MockServer:
    """A running server.

    Attributes:
        url: Its address, such as `http://127.0.0.1:8000`.
        base_url: The address of the API, for `OPENAI_BASE_URL`.
        api_key: The key that clients have to send.
        admin_api_key: The key for the operations of administrators.
        webhook_secret: The secret that its webhooks are signed with.
        clock: What dates everything; advance it to let time pass.
        store: What is kept; put something there that the API has no operation to create.
        requests: What it was asked and what it answered, for assertions.
        on: Where a script begins.
        script: All that is scripted.
        strict: Whether every request has to be scripted.
        faults: What is wrong with every answer.
    """

    def __init__(self, url: str, world: World, requests: Requests) -> None:
        self.url = url
        personality = world.control.personality
        self.base_url = f"{url}{personality.roots[0] if personality else ROOT}"
        self.api_key = world.settings.api_key
        self.admin_api_key = world.settings.admin_api_key
        self.webhook_secret = world.settings.webhook_secret
        self.clock = world.clock
        self.store = world.store
        self.requests = requests
        self._ids = world.ids
        self._control = world.control
        self._outbox = world.outbox

    @property
    def on(self) -> OperationPath:
        """Where a script begins: `server.on.responses.create(model="gpt-5.5").reply("Hello")`."""
        return self._control.script.on

    @property
    def strict(self) -> bool:
        """Whether every request has to be scripted; otherwise, those to scripted operations."""
        return self._control.script.strict

    @strict.setter
    def strict(self, value: bool) -> None:
        self._control.script.strict = value

    @property
    def script(self) -> Script:
        """All that is scripted."""
        return self._control.script

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with every answer."""
        return self._control.faults

    @faults.setter
    def faults(self, value: Faults | None) -> None:
        self._control.faults = as_faults(value)

    def check(self) -> None:
        """Return if the script was followed so far; `serve` does this at the end of its block.

        Raises:
            ScriptError: A call that is expected did not come, or one came that is not.
        """
        self._control.script.check()

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """How the postings of events went that it made by itself, in their order."""
        return self._outbox.deliveries

    def send_webhook(
        self,
        url: str,
        event_type: str = "response.completed",
        *,
        data: Mapping[str, object] | None = None,
        timeout: float = 10.0,
    ) -> int:
        """Post a signed event to a receiver, as OpenAI does.

        Args:
            url: The receiver.
            event_type: The type of the event.
            data: Fields of its `data`; the others are made up.
            timeout: How many seconds the receiver may take.

        Returns:
            The status with which the receiver answered. Redirects are not followed.

        Raises:
            MockServerError: There is no such type of event.
            WebhookDeliveryError: The receiver did not answer; the message says why.
        """
        from openai_mock.posting.webhooks import deliver, make_event

        event = make_event(event_type, data, ids=self._ids, created_at=self.clock.seconds())
        webhook_id = self._ids.new("wh_")
        secrets = (self.webhook_secret,)
        return deliver(url, event, secrets=secrets, webhook_id=webhook_id, timeout=timeout)

    def __repr__(self) -> str:
        return f"MockServer({self.url!r})"


@contextmanager
def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    api_key: str = DEFAULT_API_KEY,
    admin_api_key: str = DEFAULT_ADMIN_API_KEY,
    webhook_secret: str = DEFAULT_WEBHOOK_SECRET,
    webhook_url: str | None = None,
    path: str | PathLike[str] = IN_MEMORY,
    clock: Clock | None = None,
    journal: Journal | None = None,
    strict: bool = False,
    personality: str | None = None,
    fault: Faults | None = None,
    job_step_seconds: float = DEFAULT_JOB_STEP_SECONDS,
    indexing_seconds: float = 0.0,
) -> Generator[MockServer]:
    """Run the server while the block runs; a block that ends well is checked against its script.

    Args:
        host: The address to listen on; only this machine reaches the default.
        port: The port to listen on; 0 for a free one.
        api_key: The key that clients have to send.
        admin_api_key: The key for the operations of administrators.
        webhook_secret: The secret to sign webhooks with.
        webhook_url: Where all events are posted, besides to the endpoints that clients register.
        path: The file that keeps what is created; it is kept in memory by default.
        clock: What dates everything; real time by default.
        journal: Keeps what comes in and goes out; by default one of the usual bounds.
        strict: Whether every request has to be scripted.
        personality: The provider to answer like, such as `deepseek`.
        fault: What is wrong with every answer: of `openai_mock.faults`, or written `cut:100`.
        job_step_seconds: How many seconds of the clock each step of a batch, a fine-tuning job, a
            video or a run of an evaluation takes; with 0 they are ready at the first poll.
        indexing_seconds: How many seconds of the clock it takes until files are in a vector store.

    Raises:
        MockServerError: It cannot listen there, no client could send such a key, the file cannot
            be used, there is no such provider or fault, nothing can be posted to that URL, or a
            number of seconds is negative.
        ScriptError: The script was not followed.
        WebhookSecretError: The secret is empty or malformed.
    """
    settings = Settings(
        api_key, admin_api_key, webhook_secret, webhook_url, job_step_seconds, indexing_seconds
    )
    journal = Journal() if journal is None else journal
    script = Script(strict=strict)
    control = control_of(script, personality, fault)
    with closing(Store(path)) as store, listen(host, port) as listener:
        address = address_of(host, listener)
        world = World(settings, store, clock or Clock(), Identifiers(store.run), control)
        with running(ThreadedServer(app_of(world, journal)), listener):
            yield MockServer(address, world, journal.requests)
    script.check()
