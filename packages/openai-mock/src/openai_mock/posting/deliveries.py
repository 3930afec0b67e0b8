"""Posts events to their receivers, and lets jobs go on while nobody asks for anything.

The API does what is due before it answers a request. Where somebody waits for an event instead,
nobody may ask; so time is looked at here as long as there are receivers and something is due.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from openai_mock.errors import MockServerError, WebhookDeliveryError
from openai_mock.faults.sending import TICK
from openai_mock.posting.outbox import Delivery, has_receivers
from openai_mock.work.jobs import catch_up

if TYPE_CHECKING:
    from openai_mock.posting.outbox import Posting
    from openai_mock.world import World

TIMEOUT = 5.0  # seconds that a receiver may take, because the end of the server waits for it

logger = logging.getLogger("openai_mock.posting.webhooks")


class Deliveries:
    """Posts what happens in a world, one after another.

    Args:
        world: Where it happens.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._posting: asyncio.Task[None] | None = None
        self._waiting: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Begin with what there is to do, on the event loop that runs; called after a request."""
        if self._world.outbox and _is_over(self._posting):
            self._posting = asyncio.ensure_future(self._post())
        if _is_over(self._waiting) and self._world.store.has_due() and has_receivers(self._world):
            self._waiting = asyncio.ensure_future(self._wait())

    async def _post(self) -> None:
        while (posting := self._world.outbox.take()) is not None:
            await asyncio.to_thread(_posted, posting, self._world)

    async def _wait(self) -> None:
        going_on = True
        try:
            while going_on:
                await asyncio.sleep(TICK)
                catch_up(self._world)
                self.begin()
                going_on = self._world.store.has_due()
        except MockServerError as failure:  # requests are told the same, and begin again
            logger.warning("%s", failure)


def _is_over(task: asyncio.Task[None] | None) -> bool:
    return task is None or task.done()


def _posted(posting: Posting, world: World) -> None:
    """Post an event, and note how that went; nobody may be there any more who could be told."""
    from openai_mock.posting.webhooks import deliver

    status = error = None
    try:
        status = deliver(
            posting.url,
            posting.event,
            secrets=posting.secrets,
            webhook_id=posting.webhook_id,
            timeout=TIMEOUT,
        )
    except WebhookDeliveryError as failure:
        error = failure
        logger.warning("%s", failure)
    world.outbox.note(Delivery(posting.url, posting.event, posting.webhook_id, status, error))
