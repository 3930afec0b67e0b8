"""Identifiers that look like the API's and come out the same in every run.

Decides nothing from the clock or from chance: each is made from its prefix and a running number.
"""

from __future__ import annotations

import itertools
from hashlib import sha256

LENGTH = 32


class Identifiers:
    """Gives identifiers, each only once."""

    __slots__ = ("_numbers",)

    def __init__(self) -> None:
        self._numbers = itertools.count(1)  # next() on it is atomic, so threads may share it

    def new(self, prefix: str) -> str:
        """An identifier with this prefix, such as `resp_`."""
        number = next(self._numbers)
        return prefix + sha256(f"{prefix}{number}".encode()).hexdigest()[:LENGTH]
