"""What may follow what on a tape, so that all that is read can be replayed.

Decides on events alone; that each is well formed is decided in `lines`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai_mock.recorder.exchange import (
    WEBSOCKET,
    Accepted,
    Chunk,
    End,
    Event,
    Head,
    Message,
    Request,
)
from openai_mock.recorder.lines import LineError

if TYPE_CHECKING:
    from collections.abc import Sequence

_WITHOUT_A_BODY = (204, 304)


def check_order(request: Request, before: Sequence[Event], event: Event) -> None:
    """Return if an event can follow those before it.

    Raises:
        LineError: It cannot.
    """
    first = before[0] if before else None
    match first, event:
        case None, Head() | End("cut" | "reset" | "timeout" | "abandoned"):
            return
        case None, Accepted() if request.method == WEBSOCKET:
            return
        case Head(), Chunk() | End():
            _check_answer(request, first, [*before, event])
        case Accepted(), Message() | End("closed" | "cut" | "reset" | "abandoned"):
            return
        case _:
            raise LineError(_expected(request, first))


def _expected(request: Request, first: Event | None) -> str:
    if first is None:
        socket = ", an accepted WebSocket" if request.method == WEBSOCKET else ""
        return f"how {request} was answered: a status{socket} or an end without an answer"
    if isinstance(first, Head):
        return "a chunk of an answer or its end"
    return "a message on a WebSocket or its end"


def _check_answer(request: Request, head: Head, events: Sequence[Event]) -> None:
    end = events[-1]
    if isinstance(end, End) and end.how == "closed":
        raise LineError("the end of an answer; only a WebSocket is closed")
    lengths = [value for name, value in head.headers if name == "content-length"]
    if not lengths or request.method == "HEAD" or head.status in _WITHOUT_A_BODY:
        return
    length = sum(len(event.data) for event in events if isinstance(event, Chunk))
    is_whole = isinstance(end, End) and end.how == "complete"
    if str(length) != lengths[0].strip() and (is_whole or length > _number(lengths[0])):
        raise LineError(
            f"right where it is: the content-length is {lengths[0]}, and the chunks have {length} "
            "bytes. Correct the header or delete it"
        )


def _number(text: str) -> int:
    return int(text) if text.strip().isdecimal() else 0
