"""Which events of a stream came before, by the numbers that the server gave them."""

from __future__ import annotations

from bisect import bisect_right
from math import inf


class EventNumbers:
    """Tells which events came already, by their sequence numbers.

    Runs of numbers without a gap cost no memory. Servers that give different events the same number
    are found out, and their numbers ignored from then on.

    Attributes:
        last: the highest number so far; None if there was none, or if they mean nothing.
    """

    def __init__(self) -> None:
        self.last: int | None = None
        self._first = self._next = 0  # of the run that goes on
        self._runs: list[tuple[int, float]] = []  # those before it, in order
        self._late: set[int] = set()  # numbers that came after higher ones
        self._kind: object = None  # of the event with the last number
        self._mean_nothing = False

    def is_new(self, number: object, kind: object) -> bool:
        """Take note of an event; False if it came already."""
        if type(number) is not int or self._mean_nothing:
            return True
        if self.last is None:
            self._first = self._next = number
        if number >= self._next:
            if number > self._next:
                self._runs.append((self._first, self._next))
                self._first = number
            self._next = number + 1
            self.last, self._kind = number, kind
            return True
        if not self._came(number):
            self._late.add(number)
            return True
        if number != self.last or kind == self._kind:
            return False
        self._mean_nothing, self.last = True, None
        return True

    def _came(self, number: int) -> bool:
        """Whether a number that is not the highest came before."""
        if number >= self._first or number in self._late:
            return True
        place = bisect_right(self._runs, (number, inf)) - 1
        return place >= 0 and number < self._runs[place][1]
