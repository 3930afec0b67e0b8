"""Which hooks an assistant's event handler has called for each event of a run, and with what.

The calling, and the awaiting, is done by the handlers. What the events are together is decided in
`accumulators.runs`.
"""

from __future__ import annotations

from bisect import insort
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from openai_types.beta.threads.objects import (
    ImageFileContentBlock,
    Text,
    TextContentBlock,
    TextDelta,
)
from openai_types.errors import APIError
from openai_types.model import BaseModel

from openai_stream.accumulators.runs import MESSAGE, STEP, RunsAccumulator
from openai_stream.terminal import RUN_ENDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from openai_types.beta import AssistantStreamEvent
    from openai_types.beta.threads.objects import Message
    from openai_types.beta.threads.runs.objects import RunStep

    from openai_stream.accumulators.runs import Collection

M = TypeVar("M", bound=BaseModel)

MESSAGE_ENDS = ("completed", "incomplete")
STEP_ENDS = ("completed", "cancelled", "expired", "failed")


class HookCall(NamedTuple):
    """A hook that is to be called.

    Attributes:
        hook: the name of the method.
        arguments: makes what it is called with; for hooks that nobody has written it need not be.
    """

    hook: str
    arguments: Callable[[], tuple[object, ...]]


class _Part(NamedTuple):
    """A content of a message, or a call of a tool in a step."""

    owner: str
    place: int
    kind: object


class RunHooks:
    """The hooks of one stream, in their order.

    Attributes:
        runs: what the events are together.
        current_event: the event whose hooks are being called.
        current_step: the id of the step that is being taken.
    """

    def __init__(self) -> None:
        self.runs = RunsAccumulator()
        self.current_event: AssistantStreamEvent | None = None
        self.current_step: str | None = None
        self._is_over = False
        self._content: _Part | None = None  # in work
        self._tool_call: _Part | None = None  # in work
        # The indexes that deltas have named, by message or step. Snapshots have no others.
        self._indexes: dict[str, list[int]] = {}

    def calls(self, event: AssistantStreamEvent) -> Iterator[HookCall]:
        """The hooks of an event; each is to be called before the next is asked for."""
        self.current_event = event
        yield _call("on_event", event)
        self._take(event)
        # Any: what is in an event may be of any type, whatever is declared.
        data: Any = getattr(event, "data", None)
        name = str(event.event)
        if name.startswith(MESSAGE):
            yield from self._of_message(name.removeprefix(MESSAGE), data)
        elif name.startswith(STEP):
            yield from self._of_step(name.removeprefix(STEP), data)
        elif name in RUN_ENDS:
            yield from self._tool_call_done()
        self.current_event = None
        self._end_step(name)

    def skip(self, event: AssistantStreamEvent) -> None:
        """Take an event of which nobody wants to be told."""
        self._take(event)
        self._end_step(str(event.event))

    def _take(self, event: AssistantStreamEvent) -> None:
        self.runs.add(event)
        if str(event.event).startswith(STEP):
            self.current_step = self.runs.steps.current

    def _end_step(self, name: str) -> None:
        if name.startswith(STEP) and name.removeprefix(STEP) in STEP_ENDS:
            self.current_step = None

    def failed(self, error: BaseException) -> Iterator[HookCall]:
        """The hooks of an error that ends the iteration; one of a hook has the hook's event."""
        if not self._is_over and isinstance(error, Exception):
            if _is_timeout(error):
                yield _call("on_timeout")
            yield _call("on_exception", error)
        yield from self.ended()
        self.current_event = None

    def ended(self) -> Iterator[HookCall]:
        """The hook of the end of the iteration, which comes once."""
        if not self._is_over:
            self._is_over = True
            yield _call("on_end")

    def _of_message(self, state: str, data: Any) -> Iterator[HookCall]:
        if state == "created":
            yield _call("on_message_created", data)
        elif state == "delta":
            yield from self._of_message_delta(getattr(data, "delta", None))
        elif state in MESSAGE_ENDS:
            yield from self._content_done()
            yield _call("on_message_done", data)

    def _of_message_delta(self, delta: Any) -> Iterator[HookCall]:
        message = self.runs.messages.current or ""
        parts = _parts(message, getattr(delta, "content", None))
        for part, _ in parts:
            if self._is_new(part) and part.kind == "text":
                yield HookCall("on_text_created", partial(self._text, part))
        for part, content in parts:
            text = getattr(content, "text", None)
            if part.kind == "text" and isinstance(text, TextDelta):
                yield HookCall("on_text_delta", partial(self._text, part, text))
            if self._content != part:
                yield from self._content_done()
                self._content = part
        yield HookCall("on_message_delta", lambda: (delta, self.runs.messages.get(message)))

    def _content_done(self) -> Iterator[HookCall]:
        part, self._content = self._content, None
        if part is None:
            return
        content = self._content_at(part)
        if isinstance(content, TextContentBlock):
            yield _call("on_text_done", content.text)
        elif isinstance(content, ImageFileContentBlock):
            yield _call("on_image_file_done", content.image_file)

    def _of_step(self, state: str, data: Any) -> Iterator[HookCall]:
        step = self.runs.steps.current or ""
        if state == "created":
            yield _call("on_run_step_created", data)
        elif state == "delta":
            yield from self._of_step_delta(step, getattr(data, "delta", None))
        elif state in STEP_ENDS:
            yield from self._tool_call_done()
            yield _call("on_run_step_done", data)

    def _of_step_delta(self, step: str, delta: Any) -> Iterator[HookCall]:
        details = getattr(delta, "step_details", None)
        for part, call in _parts(step, getattr(details, "tool_calls", None)):
            self._is_new(part)
            if self._tool_call == part:
                yield HookCall("on_tool_call_delta", partial(self._call_of_tool, part, call))
            else:
                yield from self._tool_call_done()
                self._tool_call = part
                yield HookCall("on_tool_call_created", partial(self._call_of_tool, part))
        yield HookCall("on_run_step_delta", lambda: (delta, self.runs.steps.get(step)))

    def _tool_call_done(self) -> Iterator[HookCall]:
        part, self._tool_call = self._tool_call, None
        if part is not None:
            yield HookCall("on_tool_call_done", partial(self._call_of_tool, part))

    def _is_new(self, part: _Part) -> bool:
        """Whether nothing was said of it yet; from now on something is."""
        known = self._indexes.setdefault(part.owner, [])
        if part.place in known:
            return False
        insort(known, part.place)
        return True

    def _text(self, part: _Part, *before: object) -> tuple[object, ...]:
        said = self.runs.messages.part(part.owner, "content", part.place, "text")
        return (*before, Text.model_validate(said if isinstance(said, dict) else {}))

    def _content_at(self, part: _Part) -> object:
        def contents(message: Message | None) -> object:
            return getattr(message, "content", None)

        return self._at(part, self.runs.messages, contents)

    def _call_of_tool(self, part: _Part, *before: object) -> tuple[object, ...]:
        def calls(step: RunStep | None) -> object:
            return getattr(getattr(step, "step_details", None), "tool_calls", None)

        return (*before, self._at(part, self.runs.steps, calls))

    def _at(
        self, part: _Part, owners: Collection[M], items: Callable[[M | None], object]
    ) -> object:
        """What deltas have begun: as the end of its owner has it, or else as deltas have."""
        position = self._indexes[part.owner].index(part.place)
        for owner in (owners.get(part.owner), owners.grown(part.owner)):
            listed = items(owner)
            if isinstance(listed, list) and position < len(cast("list[object]", listed)):
                return cast("list[object]", listed)[position]
        return None


def _call(hook: str, *arguments: object) -> HookCall:
    return HookCall(hook, lambda: arguments)


def _parts(owner: str, items: object) -> list[tuple[_Part, object]]:
    """The parts that a delta is about, with what it says of each."""
    listed = cast("list[object]", items) if isinstance(items, list) else []
    indexes = [getattr(item, "index", None) for item in listed]
    return [
        (_Part(owner, index, getattr(item, "type", None)), item)
        for index, item in zip(indexes, listed, strict=True)
        if isinstance(index, int)
    ]


def _is_timeout(error: Exception) -> bool:
    stalled = isinstance(error, APIError) and error.ends_stream == "stalled"
    return stalled or isinstance(error, TimeoutError)
