"""The time by which everything in a server is dated, under the control of whoever runs it.

Decides what time it is, not what happens then: who waits for a moment compares with `now()`.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from openai_mock.errors import MockServerError

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock:
    """Real time plus an offset, or a moment at which it stands still. Threads may share it.

    Args:
        source: Gives the real time, in seconds since the epoch.
    """

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._offset = 0.0
        self._frozen: float | None = None
        self._changing = threading.Lock()

    def now(self) -> float:
        """The time, in seconds since the epoch."""
        frozen = self._frozen
        return self._source() + self._offset if frozen is None else frozen

    def seconds(self) -> int:
        """The time in whole seconds, as the API writes it."""
        return int(self.now())

    def advance(self, seconds: float) -> None:
        """Let time pass at once; a clock that stands still stands at the later moment.

        Raises:
            MockServerError: The number is negative: what is dated cannot be in the future.
        """
        if seconds < 0:
            raise MockServerError(
                f"The clock cannot go back by {-seconds} seconds. Freeze it at an earlier moment "
                "before anything is dated."
            )
        with self._changing:
            if self._frozen is None:
                self._offset += seconds
            else:
                self._frozen += seconds

    def freeze(self, at: float | None = None) -> None:
        """Let the clock stand still.

        Args:
            at: The moment, in seconds since the epoch; now if None.
        """
        with self._changing:
            self._frozen = self.now() if at is None else at

    def resume(self) -> None:
        """Let a clock that stands still go on from there."""
        with self._changing:
            if self._frozen is not None:
                self._offset = self._frozen - self._source()
                self._frozen = None
