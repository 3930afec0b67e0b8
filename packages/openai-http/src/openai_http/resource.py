"""What every group of operations is: a view on a client, made when it is asked for.

Decides, too, that a method or a group may be replaced, as tests and instrumentation do it:
`client.chat.completions.create = fake`, `client.chat = Mock()`. The client keeps what its groups
have of their own, and what those of `with_raw_response` have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openai_http.raw.modes import Modal, ModeT

if TYPE_CHECKING:
    from collections.abc import Callable

    from openai_http.client import AsyncOpenAI, OpenAI

if TYPE_CHECKING:
    from builtins import property as group
else:
    from openai_http.raw.modes import replaceable as group


def groups_of(kind: type[object]) -> dict[str, Callable[[object], object]]:
    """The groups below a class, by their names, and what makes each."""
    return {
        name: each.fget
        for name, each in vars(kind).items()
        if isinstance(each, group) and each.fget is not None
    }


class Keeping:
    """A client, or what takes its place: it keeps what its groups have of their own."""

    def attributes_of(self, kind: object) -> dict[str, object]:
        """What groups of a kind have of their own: all share it, also those made before.

        Args:
            kind: their class, with their mode if it is another than that of the client.
        """
        kept: dict[object, dict[str, object]] = vars(self).setdefault("_kept", {})
        return kept.setdefault(kind, {})


class _Group(Modal[ModeT]):
    """What both kinds of group have in common."""

    __slots__ = ("__dict__", "__weakref__", "_client")

    # Any: either client, or what takes its place for raw responses.
    def __init__(self, client: Any) -> None:
        self._client = client
        self.__dict__ = client.attributes_of(type(self))

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self._client,)


class Resource(_Group[ModeT]):
    """A group of operations."""

    __slots__ = ()

    if TYPE_CHECKING:
        _client: OpenAI

        def __init__(self, client: OpenAI) -> None: ...


class AsyncResource(_Group[ModeT]):
    """A group of operations, for asynchronous code."""

    __slots__ = ()

    if TYPE_CHECKING:
        _client: AsyncOpenAI

        def __init__(self, client: AsyncOpenAI) -> None: ...
