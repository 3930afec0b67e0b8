"""Streams of assistants' runs: event handlers, whose hooks are called while the stream is read.

Decides when hooks are called, and that an error reaches them before it is raised. Which hooks an
event has is decided in `runs.events`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, cast

from openai_types.errors import InvalidTypeError, OpenAIError

from openai_stream.errors import NothingInStreamError
from openai_stream.iterating import AsyncIteration, Iteration, Ready
from openai_stream.managers import AsyncStreamManager, StreamManager
from openai_stream.relay.outgoing import AsyncRelay, Relay, Relayable
from openai_stream.runs.events import RunHooks
from openai_stream.selecting import AsyncSelection, Selection
from openai_stream.stream import AsyncStream, Stream

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
    from typing import Self

    from openai_types.beta import AssistantStreamEvent
    from openai_types.beta.threads import (
        ImageFile,
        Message,
        MessageDelta,
        Run,
        Text,
        TextDelta,
    )
    from openai_types.beta.threads.runs import RunStep, RunStepDelta, ToolCall, ToolCallDelta
    from openai_types.wire import ResponseLike

    from openai_stream.accumulators.runs import RunSnapshot
    from openai_stream.outcomes import Outcome
    from openai_stream.runs.events import HookCall


class _Below(Protocol):
    """What both kinds of stream have."""

    @property
    def response(self) -> ResponseLike: ...
    @property
    def outcome(self) -> Outcome | None: ...
    def cancel(self) -> None: ...


T = TypeVar("T")
B = TypeVar("B", bound=_Below)


class _Handler(Ready["AssistantStreamEvent"], Generic[B]):
    """What both kinds of handler share: all but the reading and the calling."""

    def __init__(self) -> None:
        super().__init__()
        self._hooks = RunHooks()
        self._stream: B | None = None
        self._has_begun = False
        self._written = set[str]()  # the hooks that do anything, for which arguments are made

    def _begin(self, stream: B) -> Self:
        """Take the stream that is to be read."""
        if self._stream is not None:
            raise OpenAIError(
                f"This {type(self).__name__} has read a stream already, and holds what came in it."
                " Make a new one for each stream."
            )
        self._stream = stream
        self._written = {hook for hook in HOOKS if _is_written(self, hook)}
        return self

    @property
    def _begun(self) -> B:
        if self._stream is None:
            raise OpenAIError(
                f"This {type(self).__name__} has no stream yet. Give it to a call as"
                " event_handler=..., and open what the call gives in a `with` block."
            )
        return self._stream

    @property
    def response(self) -> ResponseLike:
        """The head of the response."""
        return self._begun.response

    @property
    def outcome(self) -> Outcome | None:
        """How the stream ended; None as long as it has not."""
        return self._stream.outcome if self._stream else None

    @property
    def partial(self) -> RunSnapshot:
        """What came so far: the run, its steps and its messages."""
        return self._hooks.runs.snapshot()

    @property
    def current_event(self) -> AssistantStreamEvent | None:
        """The event whose hooks are being called; None outside of hooks."""
        return self._hooks.current_event

    @property
    def current_run(self) -> Run | None:
        """The run, as the last event about it had it."""
        return self._hooks.runs.run

    @property
    def current_run_step_snapshot(self) -> RunStep | None:
        """The step that is being taken, as far as it is."""
        return self._hooks.runs.steps.get(self._hooks.current_step)

    @property
    def current_message_snapshot(self) -> Message | None:
        """The last message, as far as it is."""
        messages = self._hooks.runs.messages
        return messages.get(messages.current)

    def cancel(self) -> None:
        """End the stream at once, from any thread or task, also while it is being read."""
        self._abandon()

    def _is_marked(self) -> bool:
        """As the API ends its streams of runs."""
        return self.outcome == "complete"

    def _abandon(self) -> None:
        self._ended = True
        if self._stream is not None:
            self._stream.cancel()

    def _final_run(self) -> Run:
        if self.current_run is None:
            raise NothingInStreamError("run", "thread.run.created")
        return self.current_run

    def _final_run_steps(self) -> list[RunStep]:
        steps = self._hooks.runs.steps.all()
        if not steps:
            raise NothingInStreamError("step of the run", "thread.run.step.created")
        return steps

    def _final_messages(self) -> list[Message]:
        messages = self._hooks.runs.messages.all()
        if not messages:
            raise NothingInStreamError("message", "thread.message.created")
        return messages


class AssistantEventHandler(
    _Handler["Stream[AssistantStreamEvent]"], Relayable["AssistantStreamEvent", Relay]
):
    """A run of an assistant: iterate it for its events; write hooks for what they mean.

    Derive from it, write the hooks that matter, and give an instance to a call as `event_handler`.
    Each instance reads one stream. The hooks are called while the stream is read: by a loop over
    it, by `until_done()` and by the `get_final_...` methods.

    A hook that fails ends the iteration, which raises what the hook did.
    """

    _relay = Relay

    def __iter__(self) -> Iteration[AssistantStreamEvent]:
        self._check_not_left()
        return Iteration(self.__next__, self._leave)

    def __next__(self) -> AssistantStreamEvent:
        stream = self._begun
        self._has_begun = True
        try:
            event = next(stream, None)
            if event is not None and self._written:
                self._call(self._hooks.calls(event))
            elif event is not None:
                self._hooks.skip(event)
        except BaseException as error:
            self._ended = True
            try:
                self._call(self._hooks.failed(error))
            finally:
                stream.close()
            raise
        if event is None:
            self._ended = True
            self._call(self._hooks.ended())
            raise StopIteration
        return event

    def _call(self, calls: Iterator[HookCall]) -> None:
        for call in calls:
            if call.hook in self._written:
                getattr(self, call.hook)(*call.arguments())

    @property
    def text_deltas(self) -> Iterable[str]:
        """The text of the messages, as it comes; reads the stream."""
        return Selection(self, _texts)

    def until_done(self) -> None:
        """Read the stream to its end.

        Raises:
            APIError: it failed; what came before is in `partial`.
        """
        for _ in self:
            pass

    def get_final_run(self) -> Run:
        """Read the stream to its end and give the run.

        Raises:
            APIError: the stream failed.
            NothingInStreamError: there was no run in it.
        """
        self.until_done()
        return self._final_run()

    def get_final_run_steps(self) -> list[RunStep]:
        """Read the stream to its end and give the steps of the run.

        Raises:
            APIError: the stream failed.
            NothingInStreamError: there was no step in it.
        """
        self.until_done()
        return self._final_run_steps()

    def get_final_messages(self) -> list[Message]:
        """Read the stream to its end and give the messages that the run made.

        Raises:
            APIError: the stream failed.
            NothingInStreamError: there was no message in it.
        """
        self.until_done()
        return self._final_messages()

    def close(self) -> None:
        """Release the connection and end the iteration; closing twice is harmless."""
        self._ended = True
        if self._stream is not None:
            self._stream.close()
        if self._has_begun:
            self._call(self._hooks.ended())

    def on_event(self, event: AssistantStreamEvent) -> None:
        """Every event of the API, before all other hooks."""

    def on_run_step_created(self, run_step: RunStep) -> None:
        """A step of the run begins."""

    def on_run_step_delta(self, delta: RunStepDelta, snapshot: RunStep) -> None:
        """A step goes on; `snapshot` is all of it so far."""

    def on_run_step_done(self, run_step: RunStep) -> None:
        """A step is over; its `status` says how."""

    def on_tool_call_created(self, tool_call: ToolCall) -> None:
        """A call of a tool begins."""

    def on_tool_call_delta(self, delta: ToolCallDelta, snapshot: ToolCall) -> None:
        """A call of a tool goes on; `snapshot` is all of it so far."""

    def on_tool_call_done(self, tool_call: ToolCall) -> None:
        """A call of a tool is whole."""

    def on_message_created(self, message: Message) -> None:
        """A message begins."""

    def on_message_delta(self, delta: MessageDelta, snapshot: Message) -> None:
        """A message goes on; `snapshot` is all of it so far."""

    def on_message_done(self, message: Message) -> None:
        """A message is whole."""

    def on_text_created(self, text: Text) -> None:
        """A text inside a message begins."""

    def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        """A text goes on; `snapshot` is all of it so far."""

    def on_text_done(self, text: Text) -> None:
        """A text inside a message is whole."""

    def on_image_file_done(self, image_file: ImageFile) -> None:
        """An image inside a message is whole."""

    def on_exception(self, exception: Exception) -> None:
        """The stream or a hook failed; the iteration raises the same."""

    def on_timeout(self) -> None:
        """Nothing came in time; `on_exception` follows."""

    def on_end(self) -> None:
        """The iteration is over, whatever ended it; the last hook of all."""


class AsyncAssistantEventHandler(
    _Handler["AsyncStream[AssistantStreamEvent]"], Relayable["AssistantStreamEvent", AsyncRelay]
):
    """A run of an assistant, for asynchronous code; its hooks are coroutines.

    Derive from it, write the hooks that matter, and give an instance to a call as `event_handler`.
    Each instance reads one stream. The hooks are called while the stream is read: by a loop over
    it, by `until_done()` and by the `get_final_...` methods.

    A hook that fails ends the iteration, which raises what the hook did.
    """

    _relay = AsyncRelay

    def __aiter__(self) -> AsyncIteration[AssistantStreamEvent]:
        self._check_not_left()
        return AsyncIteration(self.__anext__, self._leave)

    async def __anext__(self) -> AssistantStreamEvent:
        stream = self._begun
        self._has_begun = True
        try:
            event = await anext(stream, None)
            if event is not None and self._written:
                await self._call(self._hooks.calls(event))
            elif event is not None:
                self._hooks.skip(event)
        except BaseException as error:
            self._ended = True
            try:
                await self._call(self._hooks.failed(error))
            finally:
                await stream.close()
            raise
        if event is None:
            self._ended = True
            await self._call(self._hooks.ended())
            raise StopAsyncIteration
        return event

    async def _call(self, calls: Iterator[HookCall]) -> None:
        for call in calls:
            if call.hook in self._written:
                await getattr(self, call.hook)(*call.arguments())

    @property
    def text_deltas(self) -> AsyncIterator[str]:
        """The text of the messages, as it comes; reads the stream."""
        return AsyncSelection(self, _texts)

    async def until_done(self) -> None:
        """Read the stream to its end.

        Raises:
            APIError: it failed; what came before is in `partial`.
        """
        async for _ in self:
            pass

    async def get_final_run(self) -> Run:
        """Read the stream to its end and give the run.

        Raises:
            APIError: the stream failed.
            NothingInStreamError: there was no run in it.
        """
        await self.until_done()
        return self._final_run()

    async def get_final_run_steps(self) -> list[RunStep]:
        """Read the stream to its end and give the steps of the run.

        Raises:
            APIError: the stream failed.
            NothingInStreamError: there was no step in it.
        """
        await self.until_done()
        return self._final_run_steps()

    async def get_final_messages(self) -> list[Message]:
        """Read the stream to its end and give the messages that the run made.

        Raises:
            APIError: the stream failed.
            NothingInStreamError: there was no message in it.
        """
        await self.until_done()
        return self._final_messages()

    async def close(self) -> None:
        """Release the connection and end the iteration; closing twice is harmless."""
        self._ended = True
        if self._stream is not None:
            await self._stream.close()
        if self._has_begun:
            await self._call(self._hooks.ended())

    async def on_event(self, event: AssistantStreamEvent) -> None:
        """Every event of the API, before all other hooks."""

    async def on_run_step_created(self, run_step: RunStep) -> None:
        """A step of the run begins."""

    async def on_run_step_delta(self, delta: RunStepDelta, snapshot: RunStep) -> None:
        """A step goes on; `snapshot` is all of it so far."""

    async def on_run_step_done(self, run_step: RunStep) -> None:
        """A step is over; its `status` says how."""

    async def on_tool_call_created(self, tool_call: ToolCall) -> None:
        """A call of a tool begins."""

    async def on_tool_call_delta(self, delta: ToolCallDelta, snapshot: ToolCall) -> None:
        """A call of a tool goes on; `snapshot` is all of it so far."""

    async def on_tool_call_done(self, tool_call: ToolCall) -> None:
        """A call of a tool is whole."""

    async def on_message_created(self, message: Message) -> None:
        """A message begins."""

    async def on_message_delta(self, delta: MessageDelta, snapshot: Message) -> None:
        """A message goes on; `snapshot` is all of it so far."""

    async def on_message_done(self, message: Message) -> None:
        """A message is whole."""

    async def on_text_created(self, text: Text) -> None:
        """A text inside a message begins."""

    async def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        """A text goes on; `snapshot` is all of it so far."""

    async def on_text_done(self, text: Text) -> None:
        """A text inside a message is whole."""

    async def on_image_file_done(self, image_file: ImageFile) -> None:
        """An image inside a message is whole."""

    async def on_exception(self, exception: Exception) -> None:
        """The stream or a hook failed; the iteration raises the same."""

    async def on_timeout(self) -> None:
        """Nothing came in time; `on_exception` follows."""

    async def on_end(self) -> None:
        """The iteration is over, whatever ended it; the last hook of all."""


H = TypeVar("H", bound=AssistantEventHandler)
AH = TypeVar("AH", bound=AsyncAssistantEventHandler)


class AssistantStreamManager(StreamManager[H]):
    """Sends the request when its `with` block begins, which gives the event handler.

    Args:
        api_request: sends the request and gives its stream.
        event_handler: what reads the stream.
    """

    def __init__(
        self, api_request: Callable[[], Stream[AssistantStreamEvent]], *, event_handler: H
    ) -> None:
        _check_handler(event_handler, AssistantEventHandler)

        def opened() -> H:
            stream = _checked(api_request(), Stream)
            return event_handler._begin(stream)  # noqa: SLF001 - of the same module

        super().__init__(opened)


class AsyncAssistantStreamManager(AsyncStreamManager[AH]):
    """The same for asynchronous code.

    Args:
        api_request: sends the request and gives its stream.
        event_handler: what reads the stream.
    """

    def __init__(
        self,
        api_request: Callable[[], Awaitable[AsyncStream[AssistantStreamEvent]]],
        *,
        event_handler: AH,
    ) -> None:
        _check_handler(event_handler, AsyncAssistantEventHandler)

        async def opened() -> AH:
            stream = _checked(await api_request(), AsyncStream)
            return event_handler._begin(stream)  # noqa: SLF001 - of the same module

        super().__init__(opened)


def _check_handler(handler: object, kind: type[object]) -> None:
    if not isinstance(handler, kind):
        given = handler.__name__ if isinstance(handler, type) else f"a {type(handler).__name__}"
        raise InvalidTypeError(
            f"event_handler takes an instance of a class derived from {kind.__name__}, not {given}."
        )


def _checked(stream: T, kind: type[object]) -> T:
    if not isinstance(stream, kind):
        raise OpenAIError(
            f"An event handler reads a {kind.__name__}, and was given a {type(stream).__name__}."
            " There is no raw form of this call: the head of the response is in `.response` of the"
            " handler."
        )
    return stream


HOOKS = [name for name in vars(AssistantEventHandler) if name.startswith("on_")]
_EMPTY = {
    getattr(base, hook)
    for base in (AssistantEventHandler, AsyncAssistantEventHandler)
    for hook in HOOKS
}


def _is_written(handler: object, hook: str) -> bool:
    return getattr(getattr(handler, hook), "__func__", None) not in _EMPTY


def _texts(event: AssistantStreamEvent) -> Iterator[str]:
    if event.event != "thread.message.delta":
        return
    delta = getattr(event.data, "delta", None)
    contents: object = getattr(delta, "content", None)
    for content in cast("list[object]", contents) if isinstance(contents, list) else ():
        value = getattr(getattr(content, "text", None), "value", None)
        if value and isinstance(value, str):
            yield value
