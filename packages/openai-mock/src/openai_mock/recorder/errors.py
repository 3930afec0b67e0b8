"""The errors of recording and replaying.

OpenAIError
└── TapeError               a tape cannot be recorded, read or replayed
└── TapeMismatchError   what was asked is not what was recorded
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_types.errors import OpenAIError

if TYPE_CHECKING:
    from collections.abc import Sequence


class TapeError(OpenAIError):
    """A tape cannot be recorded, read or replayed; the message says why and what helps."""


class TapeMismatchError(TapeError):
    """What was asked while a tape was replayed is not what was recorded.

    Attributes:
        unexpected: For each request that is not on the tape, how it differs from the nearest one
            that is.
        unused: Each recorded exchange that nobody asked for.
    """

    unexpected: tuple[str, ...]
    unused: tuple[str, ...]

    def __init__(
        self, message: str, *, unexpected: Sequence[str] = (), unused: Sequence[str] = ()
    ) -> None:
        super().__init__(message)
        self.unexpected = tuple(unexpected)
        self.unused = tuple(unused)
