"""The end of a client's connections: nothing is sent any more, and whoever tries is told so."""

from __future__ import annotations

from openai_types.errors import OpenAIError


class Closing:
    """What may be closed, also while calls are made.

    Attributes:
        closed: nothing may be sent any more.
    """

    closed = False

    def check_open(self) -> None:
        """Refuse to go on once it is closed.

        Raises:
            OpenAIError: it is.
        """
        if self.closed:
            raise closed_error()


def closed_error() -> OpenAIError:
    """The error of a call whose client was closed before it, or during it."""
    return OpenAIError("This client is closed. Make a new one, or close it later.")
