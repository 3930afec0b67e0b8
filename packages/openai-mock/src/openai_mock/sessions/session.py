"""What every session is to its socket, and how a frame becomes an event that is answered.

Decides that a frame is checked by the description before anything is done, and that what is refused
is told by an event, after which the session goes on. Knows no kind of session.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openai_mock.checking.body import JsonObject, parse_object
from openai_mock.checking.validation import check_client_event
from openai_mock.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openai_mock.faults.wire import Wait
    from openai_mock.sessions.progress import Told

NORMAL_CLOSURE = 1000  # RFC 6455, section 7.4.1


@dataclass(frozen=True)
class Closing:
    """How the server ends a connection.

    Attributes:
        code: The code of the close frame.
        reason: The words of the close frame.
    """

    code: int = NORMAL_CLOSURE
    reason: str = ""


class Session(ABC):
    """One session.

    Attributes:
        client_events: The union of the events that a client may send, as the catalogue names it.
        closing: How the server ends the connection, as soon as it does.
    """

    client_events: str

    def __init__(self) -> None:
        self.closing: Closing | None = None

    def opening(self) -> Iterable[JsonObject]:
        """What the server sends before the client has sent anything."""
        return ()

    def receive(self, frame: bytes | str) -> Iterator[JsonObject]:
        """What the server answers to a frame at once. Has to be read to its end."""
        event: JsonObject = {}
        try:
            event = parse_object(frame)
            self._precheck(event)
            check_client_event(event, self.client_events)
            yield from self._answers(event)
        except Refusal as refusal:
            yield self._error(refusal, event)

    def proceed(self) -> Told | None:
        """The next event of what is in progress, or a pause; None if nothing is in progress."""
        return None

    def resume(self, wait: Wait) -> None:
        """A pause that `proceed` gave is over; until then it gives it again."""
        del wait  # where nothing is in progress, nothing pauses

    def _precheck(self, event: JsonObject) -> None:
        """Refuse an event for what is no matter of its description."""
        del event

    @abstractmethod
    def _answers(self, event: JsonObject) -> Iterator[JsonObject]:
        """What is answered to an event that is as described.

        Raises:
            Refusal: It cannot be done.
        """

    @abstractmethod
    def _error(self, refusal: Refusal, event: JsonObject) -> JsonObject:
        """The event that tells a refusal.

        Args:
            refusal: What is wrong, and what to do.
            event: What the client sent; empty if it was no JSON object.
        """
