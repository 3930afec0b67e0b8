import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

from openai_mock import Journal
from openai_mock.page.feed import Feed

PATIENCE = 30.0  # seconds; reached only when something is broken


def ask(journal: Journal, path: str = "/v1/files") -> None:
    recording = journal.begin("GET", path, b"", [], whole=True)
    journal.responded(recording, 200, [])
    journal.sent(recording, b"{}", more=False)


class Reader:
    """Reads the frames of a feed."""

    def __init__(self, frames: AsyncIterator[bytes]) -> None:
        self._frames = frames
        self.last_id: str | None = None

    async def next(self) -> tuple[str, Any]:  # Any: JSON
        """The name and the data of the next event; a comment has neither."""
        frame = await asyncio.wait_for(anext(self._frames), PATIENCE)
        assert frame.endswith(b"\n\n")
        fields = dict(line.split(": ", 1) for line in frame.decode().strip().split("\n"))
        self.last_id = fields.get("id", self.last_id)
        return fields.get("event", ""), json.loads(fields.get("data", "null"))

    async def numbers(self) -> list[int]:
        """The numbers that the next event tells of."""
        name, data = await self.next()
        assert name == "changes"
        return [each["number"] for each in data["exchanges"]]

    async def begin(self) -> list[int]:
        """Pass what a page that knows nothing is told first; gives the numbers after it."""
        assert await self.next() == ("server", {"version": "1"})
        assert await self.next() == ("reset", {})
        return await self.numbers()


def read(
    use: Callable[[Reader], Any], journal: Journal, last_id: str | None = None, **options: float
) -> None:
    feed = Feed(journal, {"version": "1"}, **{"pace": 0, **options})

    async def run() -> None:
        frames = feed.frames(last_id)
        await use(Reader(frames))
        await frames.aclose()  # type: ignore[attr-defined]

    asyncio.run(run())
    assert journal._listeners == ()


def test_new_page_is_told_of_all_that_is_kept_even_if_it_is_nothing():
    journal = Journal(keep=2)

    async def use(reader: Reader) -> None:
        assert await reader.begin() == []

    read(use, journal)
    for _ in range(3):
        ask(journal)

    async def use_more(reader: Reader) -> None:
        assert await reader.begin() == [2, 3]

    read(use_more, journal)


def test_many_changes_are_one_event_and_each_is_told_once():
    journal = Journal()

    async def use(reader: Reader) -> None:
        await reader.begin()
        for _ in range(50):
            ask(journal)
        assert await reader.numbers() == list(range(1, 51))
        ask(journal)
        assert await reader.numbers() == [51]

    read(use, journal)


def test_page_that_comes_back_is_told_what_it_missed():
    journal = Journal()
    ask(journal)
    feed = Feed(journal, {"version": "1"}, pace=0)

    async def run() -> None:
        reader = Reader(feed.frames(None))
        assert await reader.begin() == [1]
        ask(journal)
        back = Reader(feed.frames(reader.last_id))
        assert (await back.next())[0] == "server"
        assert await back.numbers() == [2]

    asyncio.run(run())


def test_page_of_another_run_or_with_a_strange_id_begins_again():
    journal = Journal()
    ask(journal)

    async def use(reader: Reader) -> None:
        assert await reader.begin() == [1]

    for last_id in ("0.0.1", "", "x.y", f"{'0' * 32}.0.1"):
        read(use, journal, last_id)


def test_page_that_missed_a_clear_begins_again():
    journal = Journal()
    ask(journal)
    feed = Feed(journal, {"version": "1"}, pace=0)

    async def run() -> None:
        reader = Reader(feed.frames(None))
        await reader.begin()
        journal.clear()
        ask(journal)
        assert await reader.next() == ("reset", {})
        assert await reader.numbers() == [2]
        journal.clear()
        back = Reader(feed.frames(reader.last_id))
        assert await back.begin() == []

    asyncio.run(run())


def test_page_is_woken_from_another_thread():
    journal = Journal()

    async def use(reader: Reader) -> None:
        await reader.begin()
        waiting = asyncio.create_task(reader.numbers())
        await asyncio.sleep(0)  # so that it waits
        thread = threading.Thread(target=ask, args=(journal,))
        thread.start()
        assert await waiting == [1]
        await asyncio.to_thread(thread.join)

    read(use, journal)


def test_page_hears_something_when_nothing_is_new():
    async def use(reader: Reader) -> None:
        await reader.begin()
        assert await reader.next() == ("", None)

    read(use, Journal(), keep_alive=0)
