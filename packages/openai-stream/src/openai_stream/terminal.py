"""When a stream may end: each API has its rule, and a stream that ends otherwise was cut off.

A contract looks at typed events and never at bytes. It lives as long as one stream.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar, cast

if TYPE_CHECKING:
    from openai_types.chat import ChatCompletionChunk

E_contra = TypeVar("E_contra", contravariant=True)


class TerminalContract(Protocol[E_contra]):
    """Decides from a stream's events whether its end is the end of the answer."""

    @property
    def awaits(self) -> str:
        """What has to come before the end, in words that complete "the stream ended without"."""
        ...

    def observe(self, event: E_contra) -> bool:
        """Take note of an event; True if the API sends nothing after it."""
        ...

    def complete(self, *, done_marker: bool) -> bool:
        """Whether the answer is whole if the stream ends now.

        Args:
            done_marker: the stream ended itself with `data: [DONE]`.
        """
        ...


def chat_completions() -> TerminalContract[ChatCompletionChunk]:
    """Chat completions: `[DONE]`, or a finish reason for every choice that was begun."""
    return _ChatCompletions()


def responses() -> TerminalContract[object]:
    """Responses: the event `response.completed`, `.failed` or `.incomplete`, or an error event."""
    return _Responses()


def any_end() -> TerminalContract[object]:
    """Streams whose API has no rule, and servers that do not keep to it."""
    return _AnyEnd()


class _ChatCompletions:
    awaits = "[DONE] or a finish_reason for every choice"

    def __init__(self) -> None:
        self._open: set[int] = set()
        self._finished: set[int] = set()

    def observe(self, event: ChatCompletionChunk) -> bool:
        # Null, missing or anything else at some servers, whatever the type says.
        choices = cast("object", event.choices)
        if isinstance(choices, list):
            self._note(cast("list[object]", choices))
        return False  # usage and [DONE] come after the last finish reason

    def _note(self, choices: list[object]) -> None:
        for position, choice in enumerate(choices):
            index = getattr(choice, "index", None)
            key = index if isinstance(index, int) else position
            if getattr(choice, "finish_reason", None):  # some servers send "" until the end
                self._finished.add(key)
                self._open.discard(key)
            elif key not in self._finished:  # filter results may follow the finish reason
                self._open.add(key)

    def complete(self, *, done_marker: bool) -> bool:
        return done_marker or bool(self._finished and not self._open)


class _Responses:
    awaits = "response.completed, response.failed, response.incomplete or an error event"
    terminal = frozenset({"response.completed", "response.failed", "response.incomplete", "error"})

    def __init__(self) -> None:
        self._ended = False

    def observe(self, event: object) -> bool:
        kind = getattr(event, "type", None)
        self._ended = isinstance(kind, str) and kind in self.terminal
        return self._ended

    def complete(self, *, done_marker: bool) -> bool:
        """The API has no `[DONE]` here: a proxy that adds it does not know of the response."""
        del done_marker
        return self._ended


class _AnyEnd:
    awaits = "anything in particular"

    def observe(self, event: object) -> bool:
        del event
        return False

    def complete(self, *, done_marker: bool) -> bool:
        del done_marker
        return True
