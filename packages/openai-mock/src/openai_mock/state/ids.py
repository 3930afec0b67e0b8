"""Identifiers that look like the API's and come out the same in every run.

Decides nothing from the clock or from chance: each is made from its prefix and a running number.
"""

from __future__ import annotations

import itertools
from hashlib import sha256

LENGTH = 32


class Identifiers:
    """Gives identifiers, each only once.

    Args:
        run: How many others gave identifiers for the same store before; none of theirs come again.
    """

    __slots__ = ("_numbers", "_run")

    def __init__(self, run: int = 0) -> None:
        self._numbers = itertools.count(1)  # next() on it is atomic, so threads may share it
        self._run = f"{run}." if run else ""

    def new(self, prefix: str) -> str:
        """An identifier with this prefix, such as `resp_`."""
        number = next(self._numbers)
        return prefix + sha256(f"{prefix}{self._run}{number}".encode()).hexdigest()[:LENGTH]
