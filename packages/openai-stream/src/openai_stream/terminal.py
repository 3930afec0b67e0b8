"""When a stream may end: each API has its rule, and a stream that ends otherwise was cut off.

A contract looks at typed events and never at bytes. It lives as long as one stream.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openai_types.chat import ChatCompletionChunk

RUN_ENDS = frozenset(
    {
        "thread.run.completed",
        "thread.run.incomplete",
        "thread.run.failed",
        "thread.run.cancelled",
        "thread.run.expired",
        "thread.run.requires_action",
    }
)
"""The events by which a run is over, or waits for the outputs of tools."""

E_contra = TypeVar("E_contra", contravariant=True)


class TerminalContract(Protocol[E_contra]):
    """Decides from a stream's events whether its end is the end of the answer."""

    @property
    def awaits(self) -> str:
        """What has to come before the end, in words that complete "the stream ended without"."""
        ...

    @property
    def is_strict(self) -> bool:
        """Whether the events tell that the answer is whole, not only the stream's end."""
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


def runs() -> TerminalContract[object]:
    """Runs of assistants: the run is over, or waits for the outputs of tools; or `[DONE]`."""
    return _Runs()


def images() -> TerminalContract[object]:
    """Images: each one that was begun is completed, and one is at least."""
    return _Images()


def speech() -> TerminalContract[object]:
    """Speech: the event `speech.audio.done`."""
    return _LastEvent("speech.audio.done")


def transcriptions() -> TerminalContract[object]:
    """Transcripts: the event `transcript.text.done`."""
    return _LastEvent("transcript.text.done")


def any_end() -> TerminalContract[object]:
    """Streams whose API has no rule, and servers that do not keep to it."""
    return _AnyEnd()


_NOTHING: Mapping[str, object] = {}


class _ChatCompletions:
    awaits = "[DONE] or a finish_reason for every choice"
    is_strict = True

    def __init__(self) -> None:
        self._open: set[int] = set()
        self._finished: set[int] = set()

    def observe(self, event: ChatCompletionChunk) -> bool:
        # Null, missing or anything else at some servers, whatever the type says.
        choices: Sequence[object] | None = event.__dict__.get("choices")
        if isinstance(choices, list):
            for position, choice in enumerate(choices):
                fields = getattr(choice, "__dict__", _NOTHING)
                index = fields.get("index")
                key = index if isinstance(index, int) else position
                if fields.get("finish_reason"):  # some servers send "" until the end
                    self._finished.add(key)
                    self._open.discard(key)
                elif key not in self._finished:  # filter results may follow the finish reason
                    self._open.add(key)
        return False  # usage and [DONE] come after the last finish reason

    def complete(self, *, done_marker: bool) -> bool:
        return done_marker or bool(self._finished and not self._open)


class _Responses:
    awaits = "response.completed, response.failed, response.incomplete or an error event"
    is_strict = True
    terminal = frozenset({"response.completed", "response.failed", "response.incomplete", "error"})
    failures = frozenset({"response.failed", "error"})

    def __init__(self) -> None:
        self._ended = False
        self.has_failed = False

    def observe(self, event: object) -> bool:
        kind = getattr(event, "type", None)
        self._ended = isinstance(kind, str) and kind in self.terminal
        self.has_failed = self._ended and kind in self.failures
        return self._ended

    def complete(self, *, done_marker: bool) -> bool:
        """The API has no `[DONE]` here: a proxy that adds it does not know of the response."""
        del done_marker
        return self._ended


class _Runs:
    awaits = "an event by which the run is over or requires an action"
    is_strict = True

    def __init__(self) -> None:
        self._ended = False

    def observe(self, event: object) -> bool:
        name = getattr(event, "event", None)
        self._ended = self._ended or (isinstance(name, str) and name in RUN_ENDS)
        return False  # [DONE] comes after it

    def complete(self, *, done_marker: bool) -> bool:
        return done_marker or self._ended


class _Images:
    awaits = "image_generation.completed or image_edit.completed for the image in work"
    is_strict = True

    def __init__(self) -> None:
        self._in_work = True

    def observe(self, event: object) -> bool:
        kind = str(getattr(event, "type", None))
        if kind.endswith(".partial_image"):
            self._in_work = True
        elif kind.endswith(".completed"):
            self._in_work = False
        return False  # there may be more images

    def complete(self, *, done_marker: bool) -> bool:
        del done_marker
        return not self._in_work


class _LastEvent:
    is_strict = True

    def __init__(self, kind: str) -> None:
        self.awaits = kind
        self._ended = False

    def observe(self, event: object) -> bool:
        self._ended = getattr(event, "type", None) == self.awaits
        return self._ended

    def complete(self, *, done_marker: bool) -> bool:
        del done_marker
        return self._ended


class _AnyEnd:
    awaits = "anything in particular"
    is_strict = False

    def observe(self, event: object) -> bool:
        del event
        return False

    def complete(self, *, done_marker: bool) -> bool:
        del done_marker
        return True
