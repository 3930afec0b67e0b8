"""The streams of `client.responses.stream(...)`: events that know the text so far, and the end.

Decides what is derived from an event of the API, and what the final response is. What the events
are together is in `accumulators.responses`, what is parsed in `responses.parsing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from openai_types import responses as wire
from openai_types.errors import APIError, OpenAIError

from openai_stream.accumulators.responses import ResponseAccumulator
from openai_stream.derived import AsyncDerivedStream, DerivedStream
from openai_stream.errors import StreamTruncatedError
from openai_stream.managers import AsyncStreamManager, StreamManager
from openai_stream.parsing.parsed_text import ParsedText
from openai_stream.parsing.text_buffer import TextBuffer
from openai_stream.responses.events import (
    ResponseCompletedEvent,
    ResponseFunctionCallArgumentsDeltaEvent,
    ResponseTextDeltaEvent,
    ResponseTextDoneEvent,
    growing,
    parsing,
)
from openai_stream.responses.parsing import ResponseParser
from openai_stream.responses.recasting import become
from openai_stream.responses.selections import Calls, Parts, Texts, Told
from openai_stream.selecting import AsyncSelection, Selection

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator

    from openai_types.responses import ParsedResponse, ParsedResponseFunctionToolCall, ResponseUsage

    from openai_stream.parsing.structured import CompletedPart
    from openai_stream.responses.events import ResponseStreamEvent
    from openai_stream.stream import AsyncStream, Stream

T = TypeVar("T")

# At run time the classes have no type parameters to look up for each event.
_DONE: type[ResponseTextDoneEvent[Any]] = ResponseTextDoneEvent
_COMPLETED: type[ResponseCompletedEvent[Any]] = ResponseCompletedEvent


class ResponseStreamState(Generic[T]):
    """A response while it is streamed; sans-I/O, for events that come from anywhere.

    Args:
        text_format: what texts are to be; None if they are only text.
        input_tools: the tools of the request. Arguments are parsed of the functions that are
            strict, and of those that a pydantic model was made a tool of.
        starting_after: the sequence number of the last event that is not wanted again: it is
            taken, but derives nothing.
    """

    def __init__(
        self,
        *,
        text_format: type[T] | None = None,
        input_tools: Iterable[object] = (),
        starting_after: int | None = None,
    ) -> None:
        self._accumulator = ResponseAccumulator()
        self._parser = ResponseParser(text_format, input_tools)
        self._starting_after = starting_after
        self._told = Told()
        self._texts: dict[TextBuffer, ParsedText[T]] = {}
        self._error: wire.ResponseErrorEvent | None = None

    def handle_event(self, event: wire.ResponseStreamEvent) -> list[ResponseStreamEvent[T]]:
        """Take the next event; gives what it means, nothing if it came before.

        The event is taken over: it becomes the one that is given.
        """
        accumulator = self._accumulator
        accumulator.add(event)
        if accumulator.repeated:
            return []
        self._told.note(event, accumulator.growing)
        if self._starting_after is not None and self._is_unwanted(event):
            return []
        return [self._derived(event)]

    derive = handle_event

    def finish(self) -> list[ResponseStreamEvent[T]]:
        """The end of the stream means nothing more."""
        return []

    @property
    def snapshot(self) -> ParsedResponse[T]:
        """The response so far; its texts are parsed where they are whole."""
        return self._parser.parsed(self._accumulator.snapshot())[0]

    @property
    def usage(self) -> ResponseUsage | None:
        """The tokens that were used; None as long as no event told."""
        usage = getattr(self._accumulator.latest, "usage", None)
        return usage if isinstance(usage, wire.ResponseUsage) else None

    def final(self) -> ParsedResponse[T]:
        """The response at the end of its stream, parsed.

        Raises:
            APIError: an error ended the stream, or it has not ended.
            StructuredOutputError: the response is complete, but a text, or the arguments of a call,
                are not what they should be.
        """
        response, problem = self._parser.parsed(self._accumulator.snapshot())
        if not self._accumulator.ended:
            raise self._failure(response)
        if problem is not None and response.status == "completed":
            raise problem
        return response

    def texts(self) -> Callable[[object], Iterable[str]]:
        """What gives the pieces of texts that events tell."""
        return Texts(self._told)

    def calls(self) -> Callable[[object], Iterable[ParsedResponseFunctionToolCall]]:
        """What gives the calls of functions that events complete."""
        return Calls(self._told, self._parser)

    def parts(self) -> Callable[[object], Iterable[CompletedPart]]:
        """What gives the parts of a structured output that events complete.

        Raises:
            OpenAIError: no type was asked for.
        """
        type_ = self._parser.text_format
        if type_ is None:
            raise OpenAIError(
                "The stream has no parsed parts: its texts are only text. Ask for a type with"
                " text_format=, such as a pydantic model."
            )
        return Parts(self._told, type_)

    def _is_unwanted(self, event: object) -> bool:
        number, last = getattr(event, "sequence_number", None), self._starting_after
        return isinstance(number, int) and last is not None and number <= last

    def _derived(self, event: wire.ResponseStreamEvent) -> ResponseStreamEvent[T]:
        # By the type's name: isinstance of models takes as long as all else of an event together.
        if event.type == "response.output_text.delta":
            text = self._accumulator.growing or TextBuffer()
            return growing(ResponseTextDeltaEvent, event, text, self._parsed(text))
        if event.type == "response.function_call_arguments.delta":
            text = self._accumulator.growing or TextBuffer()
            return growing(ResponseFunctionCallArgumentsDeltaEvent, event, text)
        if event.type == "response.output_text.done":
            return parsing(_DONE, event, self._parser.text_format)
        if event.type == "response.completed":
            completed = become(_COMPLETED, event)
            completed.response = self.snapshot
            return completed
        if event.type == "error":
            self._error = event
        return event

    def _parsed(self, text: TextBuffer) -> ParsedText[T] | None:
        """What parses a text while it grows."""
        type_ = self._parser.text_format
        if type_ is None:
            return None
        if text not in self._texts:
            self._texts[text] = ParsedText(type_, text)
        return self._texts[text]

    def _failure(self, response: ParsedResponse[T]) -> APIError:
        """Why there is no final response."""
        told = self._error
        if told is None:
            failure: APIError = StreamTruncatedError(
                "The stream was left before the event that ends a response, so there is no final"
                " one. What arrived is in .partial; read the stream to its end for all of it."
            )
        else:
            failure = APIError(
                "The server ended the response with an error. What arrived before is in .partial."
                f" It says: {told.message}"
            )
            failure.body = told.to_dict()
            failure.code, failure.param, failure.type = told.code, told.param, told.type
        failure.partial = response
        return failure


class _Told(Generic[T]):
    """What both kinds of stream know of the response."""

    _state: ResponseStreamState[T]

    @property
    def partial(self) -> ParsedResponse[T]:
        """The response as far as it has come."""
        return self._state.snapshot

    current_response_snapshot = partial
    """Another name of `partial`."""

    @property
    def usage(self) -> ResponseUsage | None:
        """The tokens that were used; None until the server tells."""
        return self._state.usage


class ResponseStream(
    _Told[T], DerivedStream[wire.ResponseStreamEvent, "ResponseStreamEvent[T]"], Generic[T]
):
    """The events of a response, of which texts and arguments know all that came before.

    Args:
        stream: of the API's events.
        state: makes the events of this one.
    """

    def __init__(
        self, stream: Stream[wire.ResponseStreamEvent], state: ResponseStreamState[T]
    ) -> None:
        super().__init__(stream, state)
        self._state = state

    def get_final_response(self) -> ParsedResponse[T]:
        """Read on to the end, and give the whole response.

        It is what the server says that it is: look at `status`, which may be "completed",
        "incomplete" or "failed".

        Raises:
            StructuredOutputError: the response is complete, but a text does not fit `text_format`.
            APIError: the stream failed; `partial` of the error has what came before.
        """
        self.until_done()
        return self._state.final()

    def text(self) -> Iterator[str]:
        """The pieces of the texts, as they arrive; of all messages of the output.

        What only the last event tells, because the stream was lost before, comes with it.
        """
        return Selection(self, self._state.texts())

    @property
    def text_stream(self) -> Iterator[str]:
        """The same as a property."""
        return self.text()

    def parsed_parts(self) -> Iterator[CompletedPart]:
        """The parts of a structured output, each validated once, as soon as it is whole.

        They are the objects inside the answer and the elements of its lists, inner ones first. A
        part that does not fit says so in its `error`.

        Raises:
            OpenAIError: no type was asked for.
        """
        return Selection(self, self._state.parts())

    def tool_calls(self) -> Iterator[ParsedResponseFunctionToolCall]:
        """The calls of functions, each as soon as it is whole."""
        return Selection(self, self._state.calls())


class AsyncResponseStream(
    _Told[T], AsyncDerivedStream[wire.ResponseStreamEvent, "ResponseStreamEvent[T]"], Generic[T]
):
    """The same for asynchronous code.

    Args:
        stream: of the API's events.
        state: makes the events of this one.
    """

    def __init__(
        self, stream: AsyncStream[wire.ResponseStreamEvent], state: ResponseStreamState[T]
    ) -> None:
        super().__init__(stream, state)
        self._state = state

    async def get_final_response(self) -> ParsedResponse[T]:
        """Read on to the end, and give the whole response; see `ResponseStream`.

        Raises:
            StructuredOutputError: the response is complete, but a text does not fit `text_format`.
            APIError: the stream failed; `partial` of the error has what came before.
        """
        await self.until_done()
        return self._state.final()

    def text(self) -> AsyncIterator[str]:
        """The pieces of the texts, as they arrive; of all messages of the output."""
        return AsyncSelection(self, self._state.texts())

    @property
    def text_stream(self) -> AsyncIterator[str]:
        """The same as a property."""
        return self.text()

    def parsed_parts(self) -> AsyncIterator[CompletedPart]:
        """The parts of a structured output, as soon as they are whole; see `ResponseStream`.

        Raises:
            OpenAIError: no type was asked for.
        """
        return AsyncSelection(self, self._state.parts())

    def tool_calls(self) -> AsyncIterator[ParsedResponseFunctionToolCall]:
        """The calls of functions, each as soon as it is whole."""
        return AsyncSelection(self, self._state.calls())


class ResponseStreamManager(StreamManager[ResponseStream[T]], Generic[T]):
    """What `client.responses.stream(...)` gives: `with` sends the request and opens the stream."""


class AsyncResponseStreamManager(AsyncStreamManager[AsyncResponseStream[T]], Generic[T]):
    """The same for asynchronous code: `async with`."""
