"""What every group of operations is: a view on a client, made when it is asked for.

Decides, too, that a method or a group may be replaced, as tests and instrumentation do it:
`client.chat.completions.create = fake`, `client.chat = Mock()`. The client keeps a group with
something of its own, and gives it from then on; so for those of `with_raw_response`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from openai_http.raw.modes import Modal, ModeT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Self

    from openai_http.client import AsyncOpenAI, OpenAI

_put = object.__setattr__  # for what is no replacement

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
    """A client, or what takes its place: it keeps groups that have something of their own."""

    _kept_groups: Mapping[tuple[type, bool | None], object] | None = None
    """By their class, and by whether they stream the body; None for those that decode it."""

    _streamed: bool | None = None


class _Group(Modal[ModeT]):
    """What both kinds of group have in common."""

    __slots__ = ("__dict__", "__weakref__", "_client")

    # Any: either client, or what takes its place for raw responses.
    def __new__(cls, client: Any) -> Self:
        kept: dict[object, Self] | None = client._kept_groups  # noqa: SLF001 - ours
        if kept is not None and (found := kept.get((cls, client._streamed))) is not None:  # noqa: SLF001 - ours
            return found
        made = object.__new__(cls)
        _put(made, "_client", client)
        return made

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self._client,)

    if not TYPE_CHECKING:  # pragma: no branch - type checkers refuse names that are none

        def __setattr__(self, name: str, value: object) -> None:
            super().__setattr__(name, value)
            client = cast("Any", self._client)
            kept = client._kept_groups or {}  # noqa: SLF001 - ours
            client._kept_groups = {**kept, (type(self), client._streamed): self}  # noqa: SLF001


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
