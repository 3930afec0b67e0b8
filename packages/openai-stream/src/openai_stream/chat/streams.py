"""The streams of `client.chat.completions.stream(...)`: events, and the completion in the end.

Decides what can be asked of such a stream. Which events there are, and what they are together, is
in `chat.state`; the reading and the releasing is in the stream below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic

from openai_types.chat import ChatCompletionChunk
from openai_types.errors import OpenAIError

from openai_stream.chat.events import (
    ChatCompletionStreamEvent,
    ContentDeltaEvent,
    FunctionToolCallArgumentsDoneEvent,
)
from openai_stream.chat.state import ChatCompletionStreamState
from openai_stream.derived import AsyncDerivedStream, DerivedStream
from openai_stream.errors import StreamTruncatedError
from openai_stream.managers import AsyncStreamManager, StreamManager
from openai_stream.parsing.structured import StructuredOutput
from openai_stream.selecting import AsyncSelection, Selection

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping

    from openai_types.chat import ParsedFunctionToolCall
    from openai_types.parsed_chat import ParsedChatCompletion
    from openai_types.shared import CompletionUsage
    from typing_extensions import TypeVar

    from openai_stream.outcomes import Outcome
    from openai_stream.parsing.structured import CompletedPart
    from openai_stream.stream import AsyncStream, Stream

    T = TypeVar("T", default=None)
else:
    from typing import TypeVar

    T = TypeVar("T")


class _Known(Generic[T]):
    """What both kinds of stream know of the completion, without waiting."""

    _state: ChatCompletionStreamState[T]

    if TYPE_CHECKING:

        @property
        def outcome(self) -> Outcome | None: ...

    @property
    def current_completion_snapshot(self) -> ParsedChatCompletion[T]:
        """The completion as far as it has come; costs its size.

        `parsed` and `parsed_arguments` are of their types where the text is whole and fits; of what
        is being written, they are what is known of it, as JSON that nobody validated.
        """
        return self._state.snapshot()

    @property
    def partial(self) -> ParsedChatCompletion[T]:
        """The same as `current_completion_snapshot`; every stream has it."""
        return self._state.snapshot()

    @property
    def usage(self) -> CompletionUsage | None:
        """How many tokens it took; None as long as the server has not said so.

        Many servers say so only where `stream_options={"include_usage": True}` asks for it.
        """
        return self._state.usage

    def _parts(self) -> Callable[[object], Iterable[CompletedPart]]:
        """What gives the parts of a structured output that events complete."""
        type_ = self._state.content_type
        if type_ is None:
            raise OpenAIError(
                "The stream has no parsed parts: its content is only text. Ask for a type with"
                " response_format=, such as a pydantic model."
            )
        text, output = _text_of_one_choice(), StructuredOutput(type_)

        def parts(event: object) -> Iterable[CompletedPart]:
            for piece in text(event):
                output.feed(piece)
            return output.completed()

        return parts

    def _final(self) -> ParsedChatCompletion[T]:
        if self.outcome != "complete":
            error = StreamTruncatedError(
                "The stream was left before its end, so there is no final completion. What arrived"
                " is in .partial; read the stream to its end for the rest."
            )
            error.partial = self.partial
            raise error
        return self._state.get_final_completion()


class ChatCompletionStream(
    _Known[T], DerivedStream[ChatCompletionChunk, ChatCompletionStreamEvent[T]], Generic[T]
):
    """A chat completion as typed events; iterate it, or its `text()` or `tool_calls()`, once.

    What was asked to be parsed and is cut at the token limit or by a content filter ends the
    iteration with a `LengthFinishReasonError` or a `ContentFilterFinishReasonError`.

    Args:
        raw_stream: of the chunks.
        response_format: the type that the content is to be, if it is to be parsed.
        input_tools: the tools of the request, for the arguments that are to be parsed.
    """

    def __init__(
        self,
        *,
        raw_stream: Stream[ChatCompletionChunk],
        response_format: type[T] | Mapping[str, object] | None = None,
        input_tools: Iterable[object] | None = None,
    ) -> None:
        self._state = ChatCompletionStreamState[T](
            response_format=response_format, input_tools=input_tools
        )
        super().__init__(raw_stream, self._state)

    def get_final_completion(self) -> ParsedChatCompletion[T]:
        """Read on to the end, and give the whole completion with what was parsed.

        Raises:
            LengthFinishReasonError: what was to be parsed was cut at the token limit.
            ContentFilterFinishReasonError: what was to be parsed was stopped by a content filter.
            StructuredOutputError: a text does not fit its type. The text is on the error.
            NothingInStreamError: the stream is whole, and no chunk was in it.
            APIError: the stream failed or was left; what came before is in `partial` of the error.
        """
        self.until_done()
        return self._final()

    def text(self) -> Iterator[str]:
        """The pieces of the text, as they come; of the first choice, if there are several."""
        return Selection(self, _text_of_one_choice())

    @property
    def text_stream(self) -> Iterator[str]:
        """The same as a property."""
        return self.text()

    def parsed_parts(self) -> Iterator[CompletedPart]:
        """The parts of a structured output, each validated once, as soon as it is whole.

        They are the objects inside the answer and the elements of its lists, inner ones first; of
        the first choice, if there are several. A part that does not fit says so in its `error`.

        Raises:
            OpenAIError: no type was asked for.
        """
        return Selection(self, self._parts())

    def tool_calls(self) -> Iterator[ParsedFunctionToolCall]:
        """The calls of functions, each as soon as it is whole, with parsed arguments.

        The arguments are of the tool's pydantic model, or else JSON; None if they are no JSON and
        the function is not strict. What calls custom tools is in the final completion only.

        Raises:
            StructuredOutputError: the arguments of a strict function do not fit.
        """
        return Selection(self, _tool_calls)


class AsyncChatCompletionStream(
    _Known[T], AsyncDerivedStream[ChatCompletionChunk, ChatCompletionStreamEvent[T]], Generic[T]
):
    """The same as `ChatCompletionStream`, for asynchronous code.

    Args:
        raw_stream: of the chunks.
        response_format: the type that the content is to be, if it is to be parsed.
        input_tools: the tools of the request, for the arguments that are to be parsed.
    """

    def __init__(
        self,
        *,
        raw_stream: AsyncStream[ChatCompletionChunk],
        response_format: type[T] | Mapping[str, object] | None = None,
        input_tools: Iterable[object] | None = None,
    ) -> None:
        self._state = ChatCompletionStreamState[T](
            response_format=response_format, input_tools=input_tools
        )
        super().__init__(raw_stream, self._state)

    async def get_final_completion(self) -> ParsedChatCompletion[T]:
        """Read on to the end, and give the whole completion with what was parsed.

        Raises:
            LengthFinishReasonError: what was to be parsed was cut at the token limit.
            ContentFilterFinishReasonError: what was to be parsed was stopped by a content filter.
            StructuredOutputError: a text does not fit its type. The text is on the error.
            NothingInStreamError: the stream is whole, and no chunk was in it.
            APIError: the stream failed or was left; what came before is in `partial` of the error.
        """
        await self.until_done()
        return self._final()

    def text(self) -> AsyncIterator[str]:
        """The pieces of the text, as they come; of the first choice, if there are several."""
        return AsyncSelection(self, _text_of_one_choice())

    @property
    def text_stream(self) -> AsyncIterator[str]:
        """The same as a property."""
        return self.text()

    def parsed_parts(self) -> AsyncIterator[CompletedPart]:
        """The parts of a structured output, as soon as they are whole; see `ChatCompletionStream`.

        Raises:
            OpenAIError: no type was asked for.
        """
        return AsyncSelection(self, self._parts())

    def tool_calls(self) -> AsyncIterator[ParsedFunctionToolCall]:
        """The calls of functions, each as soon as it is whole; see `ChatCompletionStream`.

        Raises:
            StructuredOutputError: the arguments of a strict function do not fit.
        """
        return AsyncSelection(self, _tool_calls)


class ChatCompletionStreamManager(StreamManager[ChatCompletionStream[T]], Generic[T]):
    """What `client.chat.completions.stream(...)` gives: `with` sends the request.

    Args:
        api_request: sends it, and gives the stream of the chunks.
        response_format: the type that the content is to be, if it is to be parsed.
        input_tools: the tools of the request, for the arguments that are to be parsed.
    """

    def __init__(
        self,
        api_request: Callable[[], Stream[ChatCompletionChunk]],
        *,
        response_format: type[T] | Mapping[str, object] | None = None,
        input_tools: Iterable[object] | None = None,
    ) -> None:
        def opened() -> ChatCompletionStream[T]:
            return ChatCompletionStream(
                raw_stream=api_request(), response_format=response_format, input_tools=input_tools
            )

        super().__init__(opened)


class AsyncChatCompletionStreamManager(
    AsyncStreamManager[AsyncChatCompletionStream[T]], Generic[T]
):
    """The same for asynchronous code: `async with`.

    Args:
        api_request: sends the request, and gives the stream of the chunks when it is awaited.
        response_format: the type that the content is to be, if it is to be parsed.
        input_tools: the tools of the request, for the arguments that are to be parsed.
    """

    def __init__(
        self,
        api_request: Callable[[], Awaitable[AsyncStream[ChatCompletionChunk]]],
        *,
        response_format: type[T] | Mapping[str, object] | None = None,
        input_tools: Iterable[object] | None = None,
    ) -> None:
        async def opened() -> AsyncChatCompletionStream[T]:
            return AsyncChatCompletionStream(
                raw_stream=await api_request(),
                response_format=response_format,
                input_tools=input_tools,
            )

        super().__init__(opened)


def _text_of_one_choice() -> Callable[[object], Iterable[str]]:
    """What gives the text of the choice that speaks first: some servers number from 1."""
    first: int | None = None

    def text(event: object) -> Iterable[str]:
        nonlocal first
        if not isinstance(event, ContentDeltaEvent) or not event.delta:
            return ()
        if first is None:
            first = event.choice_index
        return (event.delta,) if event.choice_index == first else ()

    return text


def _tool_calls(event: object) -> Iterable[ParsedFunctionToolCall]:
    is_call = isinstance(event, FunctionToolCallArgumentsDoneEvent)
    return (event.tool_call,) if is_call else ()
