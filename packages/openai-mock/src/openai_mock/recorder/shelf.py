"""Which recorded exchange answers a request, and what is left in the end.

Each exchange answers once; the same request asked again gets the next one that was recorded for
it. Knows no sockets.
"""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING

from openai_mock.recorder.comparison import (
    comparable,
    comparable_message,
    differences,
    key_of,
    nearest,
)
from openai_mock.recorder.errors import TapeMismatchError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from openai_mock.recorder.exchange import Exchange, Message, Request
    from openai_mock.recorder.tape import Tape


class NotOnTapeError(Exception):
    """What was asked is not what was recorded."""


class Shelf:
    """The exchanges of a tape, to be taken.

    Args:
        tape: The tape.
        ignore: Names of fields and of query parameters that may differ.
    """

    def __init__(self, tape: Tape, ignore: Collection[str] = ()) -> None:
        self._tape = tape
        self._ignore = frozenset(ignore)
        self._left: dict[str, deque[Exchange]] = defaultdict(deque)
        for exchange in tape.exchanges:
            self._left[self._key(exchange.request)].append(exchange)
        self._recorded = {key: len(exchanges) for key, exchanges in self._left.items()}
        self._unexpected: list[str] = []

    def take(self, request: Request) -> Exchange:
        """The next exchange of this request.

        Raises:
            NotOnTapeError: There is none, or none any more.
        """
        key = self._key(request)
        if self._left.get(key):
            return self._left[key].popleft()
        raise self._not_on_tape(
            self._used_up(request, self._recorded[key])
            if key in self._recorded
            else self._unknown(request)
        )

    def check_message(self, exchange: Exchange, recorded: Message, data: str | bytes) -> None:
        """Return if a client sent on a WebSocket what was recorded.

        Raises:
            NotOnTapeError: It did not.
        """
        expected = comparable_message(recorded.data, self._ignore)
        got = comparable_message(data, self._ignore)
        if type(recorded.data) is type(data) and key_of(expected) == key_of(got):
            return
        found = list(differences(expected, got, "message")) or ["text and bytes are not the same"]
        raise self._not_on_tape(
            f"On the WebSocket {exchange}, another message was recorded:" + _listed(found)
        )

    def ended_early(self, exchange: Exchange, missing: int) -> NotOnTapeError:
        """A client left a WebSocket before it had sent all that was recorded."""
        return self._not_on_tape(
            f"The client left the WebSocket {exchange}, before it had sent {missing} more "
            f"{'message' if missing == 1 else 'messages'} that were recorded."
        )

    def sent_more(self, exchange: Exchange) -> NotOnTapeError:
        """A client sent something on a WebSocket where it closed it when it was recorded."""
        return self._not_on_tape(
            f"On the WebSocket {exchange}, the client sent one more message than was recorded; "
            "then it had closed it."
        )

    def mismatch(self, *, allow_unused: bool) -> TapeMismatchError | None:
        """What has gone otherwise than it was recorded, if anything has."""
        left = [each for exchanges in self._left.values() for each in exchanges]
        unused = [] if allow_unused else sorted(left, key=lambda each: each.number)
        if not self._unexpected and not unused:
            return None
        parts = [f"The replay of {self._tape.path} went otherwise than it was recorded."]
        if self._unexpected:
            parts.append("What is not on the tape:" + _listed(self._unexpected))
        if unused:
            parts.append("What was recorded but not asked for:" + _listed(map(str, unused)))
        parts.append(
            "If the program is right, delete the tape and record it anew; fields that differ every "
            "time can be ignored, and exchanges that need not be asked for be allowed."
        )
        return TapeMismatchError(
            "\n".join(parts), unexpected=self._unexpected, unused=[str(each) for each in unused]
        )

    def _key(self, request: Request) -> str:
        return key_of(comparable(request, self._ignore))

    def _not_on_tape(self, message: str) -> NotOnTapeError:
        self._unexpected.append(message)
        return NotOnTapeError(message)

    def _used_up(self, request: Request, times: int) -> str:
        recorded = "once" if times == 1 else f"{times} times"
        return (
            f"{request} is on the tape {self._tape.path} {recorded}, and has been asked for more "
            "often."
        )

    def _unknown(self, request: Request) -> str:
        found = nearest(request, self._tape.exchanges, self._ignore)
        if found is None:
            return f"{request} is not on the tape {self._tape.path}; nothing is."
        exchange, lines = found
        return (
            f"{request} is not on the tape {self._tape.path}. What is most like it is {exchange}, "
            "and differs:" + _listed(lines)
        )


def _listed(lines: Iterable[str]) -> str:
    return "".join("\n- " + line.replace("\n", "\n  ") for line in lines)
