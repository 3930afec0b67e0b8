"""A chat completion while it is streamed: which events its chunks mean, and what it is in the end.

Decides when each event comes, and which completions count as answers. Does no I/O: chunks may come
from anywhere. How chunks are put together is in `accumulators.chat`, what is parsed in
`chat.parsing`.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Generic, cast

from openai_types.chat import ParsedFunctionToolCall
from openai_types.parsed_chat import ParsedChatCompletion

from openai_stream.accumulators.chat import ChatAccumulator, typed_calls
from openai_stream.accumulators.deltas import list_of
from openai_stream.chat.events import (
    ChunkEvent,
    ContentDeltaEvent,
    ContentDoneEvent,
    FunctionToolCallArgumentsDeltaEvent,
    FunctionToolCallArgumentsDoneEvent,
    LogprobsContentDeltaEvent,
    LogprobsContentDoneEvent,
    LogprobsRefusalDeltaEvent,
    LogprobsRefusalDoneEvent,
    RefusalDeltaEvent,
    RefusalDoneEvent,
)
from openai_stream.chat.parsing import ChatParsing, arguments
from openai_stream.errors import (
    ContentFilterFinishReasonError,
    LengthFinishReasonError,
    NothingInStreamError,
    StructuredOutputError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from openai_types.chat import ChatCompletionChunk, ChatCompletionTokenLogprob
    from openai_types.shared import CompletionUsage
    from typing_extensions import TypeVar

    from openai_stream.accumulators.chat import Addition, ChoiceSoFar, ToolCallSoFar
    from openai_stream.accumulators.deltas import Node
    from openai_stream.chat.events import ChatCompletionStreamEvent
    from openai_stream.parsing.parsed_text import ParsedText

    T = TypeVar("T", default=None)
else:
    from typing import TypeVar

    T = TypeVar("T")

_CUT_SHORT = frozenset({"length", "content_filter"})


class ChatCompletionStreamState(Generic[T]):
    """Makes events of chunks, and a completion of all of them.

    For chunks that do not come by `client.chat.completions.stream(...)`, which has one of its own.

    Args:
        input_tools: the tools of the request. Arguments are parsed of functions that are strict, or
            made of pydantic models.
        response_format: the type that the content is to be; what else a request has there asks for
            no parsing.
    """

    def __init__(
        self,
        *,
        input_tools: Iterable[object] | None = None,
        response_format: type[T] | Mapping[str, object] | None = None,
    ) -> None:
        self._accumulator = ChatAccumulator()
        self._parsing: ChatParsing[T] = ChatParsing(response_format, input_tools)
        self._choices: dict[int, _ChoiceEvents[T]] = {}
        self._begun = False

    def handle_chunk(self, chunk: ChatCompletionChunk) -> list[ChatCompletionStreamEvent[T]]:
        """Take the next chunk; gives the events that it means."""
        return self.derive(chunk)

    def derive(self, event: ChatCompletionChunk) -> list[ChatCompletionStreamEvent[T]]:
        """The same, by the name that it has for all streams."""
        self._begun = True
        events: list[ChatCompletionStreamEvent[T]] = [ChunkEvent(event, self)]
        for addition in self._accumulator.additions(event):
            choice = addition.choice
            told = self._choices.get(choice.index)
            if told is None:
                told = self._choices[choice.index] = _ChoiceEvents(choice, self._parsing)
            told.add(addition, events)
        return events

    def finish(self) -> list[ChatCompletionStreamEvent[T]]:
        """Take the end of a stream that is whole; gives the events that it completes.

        Raises:
            LengthFinishReasonError: something was to be parsed that ended at the token limit.
            ContentFilterFinishReasonError: the same, at a content filter.
        """
        events: list[ChatCompletionStreamEvent[T]] = []
        for told in self._choices.values():
            told.finish(events)
        self._check_whole()
        return events

    @property
    def content_type(self) -> type[T] | None:
        """The type that the content is to be; None if it is only text."""
        return self._parsing.content_type

    @property
    def usage(self) -> CompletionUsage | None:
        """How many tokens the completion took; None while the server has not said so."""
        return self._accumulator.usage

    def snapshot(self) -> ParsedChatCompletion[T]:
        """The completion so far; costs its size.

        `parsed` and `parsed_arguments` are of their types where the text is whole and fits; of what
        is being written, they are what is known of it, as JSON that nobody validated.
        """
        return self._completion(final=False)

    @property
    def current_completion_snapshot(self) -> ParsedChatCompletion[T]:
        """The completion so far, as `snapshot` gives it."""
        return self.snapshot()

    def get_final_completion(self) -> ParsedChatCompletion[T]:
        """The completion, parsed; to be asked for when all chunks were taken.

        Raises:
            LengthFinishReasonError: something was to be parsed that ended at the token limit.
            ContentFilterFinishReasonError: the same, at a content filter.
            StructuredOutputError: a text does not fit its type. The text is on the error.
            NothingInStreamError: no chunk was taken.
        """
        if not self._begun:
            raise NothingInStreamError("completion", "chat.completion.chunk")
        self._check_whole()
        return self._completion(final=True)

    def _completion(self, *, final: bool) -> ParsedChatCompletion[T]:
        made = self._accumulator.plain()
        for plain, choice in zip(
            cast("list[Node]", made["choices"]), self._accumulator.choices, strict=True
        ):
            self._choices[choice.index].add_parsed(cast("Node", plain["message"]), final=final)
        # Any type: what was parsed is there already, and pydantic leaves it as it is.
        return cast(
            "ParsedChatCompletion[T]", ParsedChatCompletion.model_validate(typed_calls(made))
        )

    def _check_whole(self) -> None:
        if not self._parsing.asked:
            return
        reasons = {choice.finish_reason for choice in self._accumulator.choices}
        if "length" in reasons:
            raise LengthFinishReasonError(completion=self.snapshot())
        if "content_filter" in reasons:
            raise ContentFilterFinishReasonError(completion=self.snapshot())


class _ChoiceEvents(Generic[T]):
    """What was told of one choice, and what its texts are parsed into."""

    def __init__(self, choice: ChoiceSoFar, parsing: ChatParsing[T]) -> None:
        self._choice = choice
        self._parsing = parsing
        self._parsed = parsing.content(choice.content)
        self._calls: dict[ToolCallSoFar, _CallEvents] = {}
        self._current: _CallEvents | None = None
        self._content_told = -1  # characters
        self._refusal_told = -1
        self._logprobs_told: set[str] = set()

    def add(self, addition: Addition, events: list[ChatCompletionStreamEvent[T]]) -> None:
        """Append the events of what a chunk added."""
        choice = self._choice
        if addition.content is not None:
            events.append(
                ContentDeltaEvent(choice.index, addition.content, choice.content, self._parsed)
            )
        if addition.refusal is not None and choice.refusal is not None:
            events.append(RefusalDeltaEvent(choice.index, addition.refusal, choice.refusal))
        for call, piece in addition.calls:
            if call.is_function:
                events.append(self._events_of(call).piece(piece))
        if addition.logprobs:
            self._add_logprobs(addition, events)
        if choice.finish_reason and self._may_be_whole:
            self._tell_content(events)
            for each in self._calls.values():
                if each.seems_whole:
                    each.tell(events)
        for call, _ in addition.calls:
            self._change_to(call, events)

    def finish(self, events: list[ChatCompletionStreamEvent[T]]) -> None:
        """Append the events of the end; again where more came after the end was told."""
        if not self._may_be_whole:
            return
        content, refusal = self._choice.content, self._choice.refusal
        if len(content.text()) > self._content_told:
            self._content_told = -1
        if refusal is not None and len(refusal.text()) > self._refusal_told:
            self._refusal_told = -1
        self._tell_content(events)
        for call in self._calls.values():
            call.tell(events)

    @property
    def _may_be_whole(self) -> bool:
        """Whether what came is an answer, and not the beginning of one that was to be parsed."""
        return not (self._parsing.asked and self._choice.finish_reason in _CUT_SHORT)

    def _events_of(self, call: ToolCallSoFar) -> _CallEvents:
        found = self._calls.get(call)
        if found is None:
            found = self._calls[call] = _CallEvents(self._choice.index, call, self._parsing)
        return found

    def _change_to(self, call: ToolCallSoFar, events: list[ChatCompletionStreamEvent[T]]) -> None:
        """Take note of the call that is being written: the one before it may be whole."""
        if self._current is not None and self._current.call is call:
            return
        self._tell_content(events)
        before, self._current = self._current, self._events_of(call)
        if before is not None and before.call.has_all_arguments():
            before.tell(events)

    def _tell_content(self, events: list[ChatCompletionStreamEvent[T]]) -> None:
        choice = self._choice
        if self._content_told < 0 and choice.content.text():
            self._content_told = len(choice.content.text())
            parsed = None if self._refused else self._parsed
            events.append(ContentDoneEvent(choice.index, choice.content, parsed))
        if self._refusal_told < 0 and choice.refusal is not None:
            self._refusal_told = len(choice.refusal.text())
            events.append(RefusalDoneEvent(choice.index, choice.refusal.text()))
        for name, made in (
            ("content", LogprobsContentDoneEvent),
            ("refusal", LogprobsRefusalDoneEvent),
        ):
            tokens = choice.logprobs.get(name)
            if isinstance(tokens, list) and name not in self._logprobs_told:
                self._logprobs_told.add(name)
                events.append(made(choice.index, cast("list[ChatCompletionTokenLogprob]", tokens)))

    def _add_logprobs(self, addition: Addition, events: list[ChatCompletionStreamEvent[T]]) -> None:
        for name, made in (
            ("content", LogprobsContentDeltaEvent),
            ("refusal", LogprobsRefusalDeltaEvent),
        ):
            fresh = addition.logprobs.get(name)
            if fresh:
                tokens = cast("list[ChatCompletionTokenLogprob]", fresh)
                together = cast("list[ChatCompletionTokenLogprob]", self._choice.logprobs[name])
                events.append(made(self._choice.index, tokens, together))

    @property
    def _refused(self) -> bool:
        refusal = self._choice.refusal
        return refusal is not None and bool(refusal.text())

    def add_parsed(self, message: Node, *, final: bool) -> None:
        """Set what the texts of a plain message are parsed into.

        Raises:
            StructuredOutputError: the message is final, and a text does not fit.
        """
        if self._parsed is not None and self._choice.content.text() and not self._refused:
            message["parsed"] = self._parsed.whole() if final else self._parsed.known()
        calls = self._choice.tool_calls
        if calls is not None:
            for call, plain in zip(calls.in_order(), list_of(message["tool_calls"]), strict=True):
                self._events_of(call).add_parsed(cast("Node", plain), final=final)


class _CallEvents:
    """What was told of one tool call, and what its arguments are parsed into."""

    def __init__(self, choice_index: int, call: ToolCallSoFar, parsing: ChatParsing[T]) -> None:
        self.call = call
        self._choice_index = choice_index
        self._arguments = parsing.arguments
        self._parsed: ParsedText[object] | None = None
        self._told = -1  # characters

    @property
    def _parsed_arguments(self) -> ParsedText[object] | None:
        """What parses the arguments: known as soon as the name is."""
        if self._parsed is None:
            self._parsed = self._arguments(self.call.name, self.call.arguments)
        return self._parsed

    def piece(self, piece: str) -> FunctionToolCallArgumentsDeltaEvent:
        """The event of a piece of the arguments."""
        return FunctionToolCallArgumentsDeltaEvent(
            self._choice_index, piece, self.call, self._parsed_arguments
        )

    @property
    def seems_whole(self) -> bool:
        """Whether the arguments are whole, if the server says that the choice is at its end."""
        return self._told < 0 and (not len(self.call.arguments) or self.call.has_all_arguments())

    def tell(self, events: list[ChatCompletionStreamEvent[T]]) -> None:
        """Append the event that the arguments are whole, if they are of a function.

        It is told once, and again if more came afterwards.
        """
        length = len(self.call.arguments.text())
        if self.call.is_function and self._told < length:
            self._told = length
            parsed = self._parsed_arguments
            events.append(
                FunctionToolCallArgumentsDoneEvent(
                    self._choice_index, self.call, parsed, self._whole
                )
            )

    def _whole(self) -> ParsedFunctionToolCall:
        made = self.call.plain()
        self.add_parsed(made, final=True)
        if self._parsed_arguments is None:
            with suppress(StructuredOutputError):
                parsed = arguments(self.call.arguments).whole()
                cast("Node", made["function"])["parsed_arguments"] = parsed
        return ParsedFunctionToolCall.model_validate(made)

    def add_parsed(self, plain: Node, *, final: bool) -> None:
        """Set what the arguments of a plain call are parsed into.

        Raises:
            StructuredOutputError: the call is final, and they do not fit.
        """
        parsed = self._parsed_arguments
        if parsed is not None and self.call.is_function:
            function = cast("Node", plain["function"])
            function["parsed_arguments"] = parsed.whole() if final else parsed.known()
