"""What a fault is: changes of an answer, made one after the other.

Decides the order: first what changes the answer itself, then what changes it on the wire.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from openai_mock.faults.wire import Wire
    from openai_mock.replies import Reply


@dataclass(frozen=True)
class SocketClose:
    """How a WebSocket is closed.

    Attributes:
        code: The status code of the close frame.
        after_events: How many events the client gets before.
        reason: The words of the close frame.
    """

    code: int
    after_events: int
    reason: str


@dataclass(frozen=True, repr=False)
class Fault:
    """Something that goes wrong with an answer. Made by the functions of `openai_mock.faults`.

    Attributes:
        name: How it was asked for, such as `cut(after_bytes=100)`.
        on_reply: Changes what is answered.
        on_wire: Changes how it goes over the wire.
        on_socket: Closes a WebSocket.
    """

    name: str
    on_reply: Callable[[Reply], Reply] | None = None
    on_wire: Callable[[Wire], Wire] | None = None
    on_socket: SocketClose | None = None

    def __repr__(self) -> str:
        return f"Fault({self.name})"


def changed(reply: Reply, faults: Iterable[Fault]) -> Reply:
    """A reply with what faults change in it."""
    for fault in faults:
        if fault.on_reply:
            reply = fault.on_reply(reply)
    return reply


def disturbed(wire: Wire, faults: Iterable[Fault]) -> Wire:
    """An answer on the wire with what faults do to it there."""
    for fault in faults:
        if fault.on_wire:
            wire = fault.on_wire(wire)
    return wire
