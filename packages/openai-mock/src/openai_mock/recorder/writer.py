"""Writes a tape while it is recorded.

Decides when something is written: an exchange as soon as it has ended, without its secrets, to a
file beside the tape, which becomes the tape when the recording ends well. So nobody ever replays
half a recording, and what a machine that dies leaves behind can be saved.
"""

from __future__ import annotations

import logging
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from openai_mock.recorder import tape
from openai_mock.recorder.asked import written
from openai_mock.recorder.errors import TapeError
from openai_mock.recorder.exchange import Chunk, End, Exchange, Head, Message

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from openai_mock.recorder.asked import Asked
    from openai_mock.recorder.exchange import Event, Request
    from openai_mock.recorder.redaction import Redactor

logger = logging.getLogger("openai_mock.recorder")


class Take:
    """An exchange that is being recorded.

    Args:
        number: Its place on the tape.
        request: What was asked.
        clock: Gives the time in seconds.
    """

    def __init__(self, number: int, request: Request, clock: Callable[[], float]) -> None:
        self.number = number
        self.request = request
        self.events: list[Event] = []
        self._clock = clock
        self._begun = clock()

    @property
    def ended(self) -> bool:
        """Whether its end has been added."""
        return bool(self.events) and isinstance(self.events[-1], End)

    def elapsed(self) -> int:
        """Milliseconds since the request."""
        return int((self._clock() - self._begun) * 1000)

    def add(self, event: Event) -> None:
        """Add what happened next; after the end, nothing does."""
        if not self.ended:
            self.events.append(event)


class TapeWriter:
    """Writes a tape.

    Args:
        path: The tape.
        base: The path at which the API begins.
        redactor: Removes secrets.
        clock: Gives the time in seconds; only differences matter.

    Raises:
        TapeError: It cannot be written there.
    """

    def __init__(
        self,
        path: Path,
        *,
        base: str,
        redactor: Redactor,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path = path
        self._unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
        self._redactor = redactor
        self._clock = clock
        self._begun = 0
        self._failure: OSError | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._unfinished.open("wb")
            self._write(tape.first_line(base))
        except OSError as error:
            raise self._cannot_write(error) from error

    def begin(self, asked: Asked) -> Take:
        """Begin to record what follows a request."""
        self._begun += 1
        return Take(self._begun, written(asked, self._redactor), self._clock)

    def finish(self, take: Take) -> None:
        """Write an exchange that has ended."""
        events = self._redactor.events(take.events)
        try:
            self._write(tape.lines_of(Exchange(take.number, take.request, events)))
        except OSError as error:
            self._failure = error  # told when the recording ends; the client has its answer
        logger.info("%d: %s: %s", take.number, take.request, _summary(events))

    def save(self) -> None:
        """End well: make what was written the tape.

        Raises:
            TapeError: Something could not be written.
        """
        try:
            self._file.close()
            if self._failure:
                raise self._failure
            self._unfinished.replace(self._path)
        except OSError as error:
            raise self._cannot_write(error) from error

    def discard(self) -> None:
        """End badly: leave no tape."""
        with suppress(OSError):  # what could not be written is not wanted either
            self._file.close()
        self._unfinished.unlink(missing_ok=True)

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._file.flush()

    def _cannot_write(self, error: OSError) -> TapeError:
        return TapeError(
            f"The tape {self._path} cannot be written: {error}. Name a file in a folder that can "
            "be written to and has room."
        )


def _summary(events: Sequence[Event]) -> str:
    words = [str(event.status) for event in events if isinstance(event, Head)]
    for kind, name in ((Chunk, "chunks"), (Message, "messages")):
        count = sum(isinstance(event, kind) for event in events)
        words += [f"{count} {name}"] if count else []
    return ", ".join([*words, *(event.how for event in events if isinstance(event, End))])
