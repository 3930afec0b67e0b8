"""What is new in the journal, told as server-sent events while it happens.

An event has no content of its own: it is what changed since the last one. So a page that comes
back is sent what it missed, and many changes in a short time are one event. Decides the pace.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

from pydantic_core import to_json

from openai_mock.page.views import summary

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator, Mapping

    from openai_mock.journal import Journal

PACE = 0.1  # seconds between two events: as often as people see, and no load to the server
KEEP_ALIVE = 15.0  # seconds; a page that is gone is noticed then
RECONNECT = 1000  # milliseconds


class Feed:
    """Tells pages what is new.

    Args:
        journal: What they are told of.
        server: What they are told of the server, once.
        pace: Seconds between two events.
        keep_alive: Seconds after which a comment is sent when nothing is new.
    """

    def __init__(
        self,
        journal: Journal,
        server: Mapping[str, str | None],
        *,
        pace: float = PACE,
        keep_alive: float = KEEP_ALIVE,
    ) -> None:
        self._journal, self._server = journal, server
        self._pace, self._keep_alive = pace, keep_alive
        self._run = uuid4().hex  # another run of the server counts from the start again

    async def frames(self, last_event_id: str | None) -> AsyncIterator[bytes]:
        """The events after one that a page has, without end.

        Args:
            last_event_id: The id of that event, if it has one.
        """
        yield b"retry: %d\nevent: server\ndata: %b\n\n" % (RECONNECT, to_json(self._server))
        clears, revision = self._position(last_event_id)
        with _woken(self._journal) as woken:
            while True:
                woken.clear()
                changes = self._journal.changes(revision)
                if changes.clears != clears:
                    clears, changes = changes.clears, self._journal.changes()
                    yield b"event: reset\ndata: {}\n\n"
                if changes.revision != revision or not revision:
                    revision = changes.revision
                    data = {
                        "exchanges": [summary(each) for each in changes.recordings],
                        "oldest": changes.oldest,
                        "dropped": changes.dropped,
                    }
                    place = f"{self._run}.{clears}.{revision}".encode()
                    yield b"event: changes\nid: %b\ndata: %b\n\n" % (place, to_json(data))
                    await asyncio.sleep(self._pace)
                try:
                    await asyncio.wait_for(woken.wait(), self._keep_alive)
                except TimeoutError:
                    yield b": nothing new\n\n"

    def _position(self, last_event_id: str | None) -> tuple[int, int]:
        """How often the journal was cleared, and its revision, when an event was told."""
        run, _, place = (last_event_id or "").partition(".")
        clears, _, revision = place.partition(".")
        if run != self._run or not (clears.isdecimal() and revision.isdecimal()):
            return -1, 0
        return int(clears), int(revision)


@contextmanager
def _woken(journal: Journal) -> Generator[asyncio.Event]:
    """An event that is set when the journal changes, in whatever thread it does."""
    woken, loop = asyncio.Event(), asyncio.get_running_loop()

    def wake() -> None:
        if not woken.is_set():  # otherwise each of many changes would wake the loop
            loop.call_soon_threadsafe(woken.set)

    with journal.listened(wake):
        yield woken
