"""Answers from a tape.

Decides how a tape is followed: which exchange answers is up to the shelf, and its events reach the
client in their order, at once or at the recorded times. Opens no connection to anywhere.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from openai_mock.recorder.asked import written
from openai_mock.recorder.exchange import End, Message
from openai_mock.recorder.shelf import NotOnTapeError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from openai_mock.recorder.client import Client
    from openai_mock.recorder.exchange import Event, Exchange
    from openai_mock.recorder.redaction import Redactor
    from openai_mock.recorder.shelf import Shelf

    Sleep = Callable[[float], Awaitable[object]]

# A client's mistake, because those are not tried again.
NOT_ON_TAPE = 400
POLICY_VIOLATION = 1008  # RFC 6455, section 7.4.1
LONGEST_REASON = 123  # bytes, the same


class Replaying:
    """Answers each request with what was recorded for it.

    Args:
        shelf: The exchanges.
        redactor: Removes the secrets of what is asked, as they were from what was recorded.
        speed: How many times as fast as it was recorded; None for as fast as it goes.
        sleep: Waits for a number of seconds.
    """

    def __init__(
        self,
        shelf: Shelf,
        *,
        redactor: Redactor,
        speed: float | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._shelf = shelf
        self._redactor = redactor
        self._speed = speed
        self._sleep = sleep

    async def __call__(self, client: Client) -> None:
        """Answer one request."""
        request = written(await client.asked(), self._redactor)
        try:
            exchange = self._shelf.take(request)
        except NotOnTapeError as error:
            await client.refuse(NOT_ON_TAPE, str(error), code="not_on_tape")
            return
        try:
            await self._follow(client, exchange)
        except NotOnTapeError as error:
            reason = str(error).encode()[:LONGEST_REASON].decode(errors="ignore")
            await client.play(End("closed", 0, "server", POLICY_VIOLATION, reason))

    async def _follow(self, client: Client, exchange: Exchange) -> None:
        passed = 0
        for place, event in enumerate(exchange.events):
            if self._speed is not None:
                await self._sleep(max(0, event.ms - passed) / 1000 / self._speed)
            passed = event.ms
            if isinstance(event, Message) and event.sender == "client":
                await self._expect(client, exchange, place, event)
            elif isinstance(event, End) and event.how == "closed" and event.by == "client":
                await self._expect_close(client, exchange)
            else:
                await client.play(event)

    async def _expect(
        self, client: Client, exchange: Exchange, place: int, recorded: Message
    ) -> None:
        data = await client.message()
        if isinstance(data, End):
            raise self._shelf.ended_early(exchange, _messages_of_client(exchange.events[place:]))
        data = self._redactor.removed_from_message(data)
        self._shelf.check_message(exchange, recorded, data)

    async def _expect_close(self, client: Client, exchange: Exchange) -> None:
        if not isinstance(await client.message(), End):
            raise self._shelf.sent_more(exchange)


def _messages_of_client(events: tuple[Event, ...]) -> int:
    return sum(isinstance(event, Message) and event.sender == "client" for event in events)
