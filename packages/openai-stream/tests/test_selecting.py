from collections.abc import AsyncIterator, Iterator

import pytest
from openai_stream.selecting import AsyncSelection, Selection

pytestmark = pytest.mark.anyio


class Numbers:
    """Events of which some have several things in them, and others none; tells who left."""

    def __init__(self) -> None:
        self.begun = 0
        self.left = 0

    def __iter__(self) -> Iterator[int]:
        self.begun += 1
        try:
            yield from range(4)
        finally:
            self.left += 1

    async def __aiter__(self) -> AsyncIterator[int]:
        for each in self:
            yield each


def copies(number: int) -> list[str]:
    return [str(number)] * number


def test_it_gives_what_is_in_the_events():
    assert list(Selection(Numbers(), copies)) == ["1", "2", "2", "3", "3", "3"]


async def test_it_gives_what_is_in_the_events_of_asynchronous_code():
    found = [each async for each in AsyncSelection(Numbers(), copies)]
    assert found == ["1", "2", "2", "3", "3", "3"]


def test_a_loop_that_is_left_leaves_the_loop_over_the_events():
    numbers = Numbers()
    for _ in Selection(numbers, copies):
        assert (numbers.begun, numbers.left) == (1, 0)
        break
    assert numbers.left == 1


def test_what_is_never_iterated_never_begins():
    numbers = Numbers()
    Selection(numbers, copies)
    assert (numbers.begun, numbers.left) == (0, 0)
