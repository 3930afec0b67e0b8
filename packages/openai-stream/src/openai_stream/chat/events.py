"""The events of `client.chat.completions.stream(...)`.

Decides what an event holds, and what it works out when it is asked: texts so far are joined and
values parsed when they are read, so that what nobody reads costs next to nothing. When which event
comes is decided in `chat.state`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeAlias, TypeVar

from openai_stream.chat.dumping import Dumped

if TYPE_CHECKING:
    from collections.abc import Callable

    from openai_types.chat import (
        ChatCompletionChunk,
        ChatCompletionTokenLogprob,
        ParsedFunctionToolCall,
    )
    from openai_types.parsed_chat import (
        ParsedChatCompletion,
        ParsedChatCompletionMessage,
        ParsedChoice,
    )

    from openai_stream.accumulators.chat import ToolCallSoFar
    from openai_stream.chat.state import ChatCompletionStreamState
    from openai_stream.parsing.parsed_text import ParsedText
    from openai_stream.parsing.text_buffer import TextBuffer

T = TypeVar("T")


class _Event(Dumped):
    """What all events have."""

    __slots__ = ()

    def __repr__(self) -> str:
        first = self._shown[0]  # which is there already, and cannot fail
        return f"{type(self).__name__}({first}={getattr(self, first)!r}, ...)"


class ChunkEvent(_Event):
    """A chunk came, as the API sent it; the events that it means follow.

    Attributes:
        chunk: the chunk.
    """

    __slots__ = ("_state", "chunk")
    _shown = ("chunk", "snapshot")
    type: ClassVar[Literal["chunk"]] = "chunk"

    def __init__(self, chunk: ChatCompletionChunk, state: ChatCompletionStreamState[Any]) -> None:
        self.chunk = chunk
        self._state = state  # Any: of whatever type the content is to be

    @property
    def snapshot(self) -> ParsedChatCompletion[object]:
        """The completion as far as it has come when this is read; costs its size."""
        return self._state.snapshot()


class _OfChoice(_Event):
    """Tells of one choice.

    Attributes:
        choice_index: of which; 0 unless the request asked for several.
    """

    __slots__ = ("choice_index",)

    def __init__(self, choice_index: int) -> None:
        self.choice_index = choice_index


class _Piece(_OfChoice):
    """A piece of a text."""

    __slots__ = ("_length", "_text", "delta")

    def __init__(self, choice_index: int, delta: str, text: TextBuffer) -> None:
        self.choice_index = choice_index
        self.delta = delta
        self._text = text
        self._length = len(text)

    @property
    def snapshot(self) -> str:
        """The text up to this piece and with it."""
        return self._text.text(self._length)


class ContentDeltaEvent(_Piece):
    """A piece of the message's text.

    Attributes:
        delta: the piece.
    """

    __slots__ = ("_parsed",)
    _shown = ("delta", "snapshot", "parsed", "choice_index")
    type: ClassVar[Literal["content.delta"]] = "content.delta"

    def __init__(
        self, choice_index: int, delta: str, text: TextBuffer, parsed: ParsedText[object] | None
    ) -> None:
        super().__init__(choice_index, delta, text)
        self._parsed = parsed

    @property
    def parsed(self) -> object | None:
        """What is known of the structured output, as JSON that nobody validated.

        Strings, numbers and keywords are left out as long as they are not whole. None if no type
        was asked for, or nothing is known.
        """
        return None if self._parsed is None else self._parsed.partial(self._length)


class RefusalDeltaEvent(_Piece):
    """A piece of the text with which the model refuses.

    Attributes:
        delta: the piece.
    """

    __slots__ = ()
    _shown = ("delta", "snapshot", "choice_index")
    type: ClassVar[Literal["refusal.delta"]] = "refusal.delta"


class ContentDoneEvent(_OfChoice, Generic[T]):
    """The message's text is whole.

    Attributes:
        content: the text.
    """

    __slots__ = ("_length", "_parsed", "content")
    _shown = ("content", "parsed", "choice_index")
    type: ClassVar[Literal["content.done"]] = "content.done"

    def __init__(self, choice_index: int, text: TextBuffer, parsed: ParsedText[T] | None) -> None:
        super().__init__(choice_index)
        self.content = text.text()
        self._length = len(text)
        self._parsed = parsed

    @property
    def parsed(self) -> T | None:
        """The text as the type that was asked for; None if none was, or if the model refused.

        Raises:
            StructuredOutputError: it does not fit; the text is on the error.
        """
        return None if self._parsed is None else self._parsed.whole(self._length)


class RefusalDoneEvent(_OfChoice):
    """The text with which the model refuses is whole.

    Attributes:
        refusal: the text.
    """

    __slots__ = ("refusal",)
    _shown = ("refusal", "choice_index")
    type: ClassVar[Literal["refusal.done"]] = "refusal.done"

    def __init__(self, choice_index: int, refusal: str) -> None:
        super().__init__(choice_index)
        self.refusal = refusal


class FunctionToolCallArgumentsDeltaEvent(_OfChoice):
    """A piece of the arguments of a function that the model calls.

    Attributes:
        name: of the function; empty while the server has not told.
        index: of the call, among those of the choice.
        arguments_delta: the piece.
    """

    __slots__ = ("_length", "_parsed", "_text", "arguments_delta", "index", "name")
    _shown = (
        *("arguments_delta", "name", "index", "arguments", "parsed_arguments", "choice_index"),
    )
    type: ClassVar[Literal["tool_calls.function.arguments.delta"]] = (
        "tool_calls.function.arguments.delta"
    )

    def __init__(
        self,
        choice_index: int,
        delta: str,
        call: ToolCallSoFar,
        parsed: ParsedText[object] | None,
    ) -> None:
        super().__init__(choice_index)
        self.name = call.name
        self.index = call.index
        self.arguments_delta = delta
        self._text = call.arguments
        self._length = len(call.arguments)
        self._parsed = parsed

    @property
    def arguments(self) -> str:
        """The arguments up to this piece and with it, a JSON text that was cut."""
        return self._text.text(self._length)

    @property
    def parsed_arguments(self) -> object | None:
        """What is known of the arguments, as JSON that nobody validated.

        Strings, numbers and keywords are left out as long as they are not whole. None if the
        function is not strict, or nothing is known.
        """
        return None if self._parsed is None else self._parsed.partial(self._length)


class FunctionToolCallArgumentsDoneEvent(_OfChoice):
    """The arguments of a function that the model calls are whole.

    Attributes:
        name: of the function.
        index: of the call, among those of the choice.
        arguments: the arguments, a JSON text.
    """

    __slots__ = ("_length", "_parsed", "_whole", "arguments", "index", "name")
    _shown = ("arguments", "name", "index", "parsed_arguments", "choice_index")
    type: ClassVar[Literal["tool_calls.function.arguments.done"]] = (
        "tool_calls.function.arguments.done"
    )

    def __init__(
        self,
        choice_index: int,
        call: ToolCallSoFar,
        parsed: ParsedText[object] | None,
        whole: Callable[[], ParsedFunctionToolCall],
    ) -> None:
        super().__init__(choice_index)
        self.name = call.name
        self.index = call.index
        self.arguments = call.arguments.text()
        self._length = len(call.arguments)
        self._parsed = parsed
        self._whole = whole

    @property
    def parsed_arguments(self) -> object | None:
        """The arguments as the tool's pydantic model, or as JSON; None if it is not strict.

        Raises:
            StructuredOutputError: they do not fit; the text is on the error.
        """
        return None if self._parsed is None else self._parsed.whole(self._length)

    @property
    def tool_call(self) -> ParsedFunctionToolCall:
        """The whole call, with its id; with parsed arguments also if the function is not strict.

        Raises:
            StructuredOutputError: its arguments do not fit; the text is on the error.
        """
        return self._whole()


class _Tokens(_OfChoice):
    """Log probabilities of tokens, of which a list grows."""

    __slots__ = ("_all", "_count")

    def __init__(self, choice_index: int, all_tokens: list[ChatCompletionTokenLogprob]) -> None:
        super().__init__(choice_index)
        self._all = all_tokens
        self._count = len(all_tokens)

    @property
    def snapshot(self) -> list[ChatCompletionTokenLogprob]:
        """Those up to these and with them."""
        return self._all[: self._count]


class LogprobsContentDeltaEvent(_Tokens):
    """The log probabilities of tokens of the message's text.

    Attributes:
        content: those of the tokens that came.
    """

    __slots__ = ("content",)
    _shown = ("content", "snapshot", "choice_index")
    type: ClassVar[Literal["logprobs.content.delta"]] = "logprobs.content.delta"

    def __init__(
        self,
        choice_index: int,
        content: list[ChatCompletionTokenLogprob],
        all_tokens: list[ChatCompletionTokenLogprob],
    ) -> None:
        super().__init__(choice_index, all_tokens)
        self.content = content


class LogprobsRefusalDeltaEvent(_Tokens):
    """The log probabilities of tokens of the refusal.

    Attributes:
        refusal: those of the tokens that came.
    """

    __slots__ = ("refusal",)
    _shown = ("refusal", "snapshot", "choice_index")
    type: ClassVar[Literal["logprobs.refusal.delta"]] = "logprobs.refusal.delta"

    def __init__(
        self,
        choice_index: int,
        refusal: list[ChatCompletionTokenLogprob],
        all_tokens: list[ChatCompletionTokenLogprob],
    ) -> None:
        super().__init__(choice_index, all_tokens)
        self.refusal = refusal


class LogprobsContentDoneEvent(_OfChoice):
    """The log probabilities of all tokens of the message's text are there.

    Attributes:
        content: they.
    """

    __slots__ = ("content",)
    _shown = ("content", "choice_index")
    type: ClassVar[Literal["logprobs.content.done"]] = "logprobs.content.done"

    def __init__(self, choice_index: int, content: list[ChatCompletionTokenLogprob]) -> None:
        super().__init__(choice_index)
        self.content = content


class LogprobsRefusalDoneEvent(_OfChoice):
    """The log probabilities of all tokens of the refusal are there.

    Attributes:
        refusal: they.
    """

    __slots__ = ("refusal",)
    _shown = ("refusal", "choice_index")
    type: ClassVar[Literal["logprobs.refusal.done"]] = "logprobs.refusal.done"

    def __init__(self, choice_index: int, refusal: list[ChatCompletionTokenLogprob]) -> None:
        super().__init__(choice_index)
        self.refusal = refusal


ChatCompletionStreamEvent: TypeAlias = (
    ChunkEvent
    | ContentDeltaEvent
    | ContentDoneEvent[T]
    | RefusalDeltaEvent
    | RefusalDoneEvent
    | FunctionToolCallArgumentsDeltaEvent
    | FunctionToolCallArgumentsDoneEvent
    | LogprobsContentDeltaEvent
    | LogprobsContentDoneEvent
    | LogprobsRefusalDeltaEvent
    | LogprobsRefusalDoneEvent
)
"""Any event of a streamed chat completion."""

ParsedChatCompletionSnapshot: TypeAlias = "ParsedChatCompletion[object]"
"""What a completion is before its end."""
ParsedChoiceSnapshot: TypeAlias = "ParsedChoice[object]"
"""What a choice is before its end."""
ParsedChatCompletionMessageSnapshot: TypeAlias = "ParsedChatCompletionMessage[object]"
"""What a message is before its end."""
