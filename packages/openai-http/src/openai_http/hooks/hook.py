"""What a hook is, and which hooks a client can have.

A hook is a function that is given the events of every call: `OpenAI(hooks=[hook])`. What they are
is in `hooks.events`, and who tells it, and what becomes of its own errors, in `hooks.observation`.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, TypeAlias, cast

from openai_types.errors import InvalidTypeError
from openai_types.functions import is_coroutine_function, name_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence

    from openai_http.hooks.events import CallEvent
    from openai_http.steps import Tell

Hook: TypeAlias = "Callable[[CallEvent], None]"
"""A hook of `OpenAI`: a function, or an object that can be called like one."""

AsyncHook: TypeAlias = "Callable[[CallEvent], Awaitable[None] | None]"
"""A hook of `AsyncOpenAI`: a coroutine function, which is awaited, or one of the other kind."""


class Audience:
    """The hooks of a client.

    Attributes:
        hooks: in the order in which they are told.
        missed: calls whose end is still to be told, because their streams were just dropped, maybe
            by the garbage collector, from where nothing can be told. The next call does it.
    """

    __slots__ = ("hooks", "missed")

    def __init__(self, hooks: Sequence[AsyncHook]) -> None:
        self.hooks = tuple(hooks)
        self.missed: deque[Callable[[], Iterable[Tell]]] = deque()

    def take_missed(self) -> Iterator[Tell]:
        """What is still to be told, once, whichever threads ask for it."""
        while self.missed:
            try:
                endings = self.missed.popleft()
            except IndexError:
                return  # another thread was faster
            yield from endings()


def audience_of(hooks: object, *, asynchronous: bool) -> Audience | None:
    """The hooks that a client was given; None if there are none.

    Raises:
        InvalidArgumentError: one of them cannot be called, or would have to be awaited.
    """
    if not isinstance(hooks, list | tuple):
        raise InvalidTypeError(
            f"hooks is {_what(hooks)}. Pass a list of functions of one argument."
        )
    given = cast("Sequence[object]", hooks)
    for hook in given:
        if not callable(hook):
            raise InvalidTypeError(f"A hook is {_what(hook)}. Pass functions of one argument.")
        if not asynchronous and is_coroutine_function(hook):
            raise InvalidTypeError(
                f"The hook {name_of(hook)} is a coroutine function, which OpenAI cannot await. Pass"
                " a plain function, or take AsyncOpenAI."
            )
    return Audience(cast("Sequence[AsyncHook]", given)) if given else None


def _what(value: object) -> str:
    return f"of type {type(value).__name__}"
