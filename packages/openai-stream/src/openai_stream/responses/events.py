"""The events of `client.responses.stream(...)`: those of the API, some of which know more.

Decides what four of them know beside what was sent: the text so far, and what it was parsed into.
Each is an event of the API, too, with all its fields. Reading costs; making one does not. One that
is made by hand, or read back from a dump, knows what it was made with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar, cast

from openai_types import responses as wire
from openai_types.model import BaseModel
from pydantic import computed_field

from openai_stream.parsing.text_buffer import TextBuffer
from openai_stream.responses.recasting import become

if TYPE_CHECKING:
    from openai_types.responses import ParsedResponse
    from pydantic import JsonValue

    from openai_stream.parsing.parsed_text import ParsedText

T = TypeVar("T")
E = TypeVar("E", bound="BaseModel")

# Where an event keeps what it knows: beside its fields, as functools.cached_property does.
_SO_FAR, _PARSED, _FORMAT = "_so_far", "_parsed", "_format"


class _Growing(BaseModel):
    """What the pieces of a text know."""

    def model_post_init(self, context: object, /) -> None:
        """Take the text so far that an event is made with."""
        del context
        told = (self.model_extra or {}).pop("snapshot", vars(self).get("delta"))
        text = TextBuffer(told if isinstance(told, str) else "")
        vars(self)[_SO_FAR] = text, len(text)

    @computed_field  # so that dumps have it, as those of the official package do
    @property
    def snapshot(self) -> str:
        """The whole text so far; joined when it is read."""
        text, pieces = cast("tuple[TextBuffer, int]", vars(self)[_SO_FAR])
        return text.text(pieces)


class ResponseTextDeltaEvent(_Growing, wire.ResponseTextDeltaEvent):
    """A piece of text: `delta`, and all of it so far: `snapshot`."""

    @property
    def parsed(self) -> JsonValue:
        """What is known of a structured output, which nobody validated; None without a type."""
        parsed = cast("ParsedText[object] | None", vars(self).get(_PARSED))
        if parsed is None:
            return None
        return parsed.partial(cast("tuple[TextBuffer, int]", vars(self)[_SO_FAR])[1])


class ResponseTextDoneEvent(wire.ResponseTextDoneEvent, Generic[T]):
    """A text is whole."""

    def model_post_init(self, context: object, /) -> None:
        """Take the value that an event is made with."""
        del context
        vars(self)[_FORMAT] = None
        vars(self)[_PARSED] = (self.model_extra or {}).pop("parsed", None)

    @property
    def parsed(self) -> T | None:
        """The text as the type that was asked for; None without one.

        Raises:
            StructuredOutputError: it does not fit, or was cut off.
        """
        type_ = cast("type[T] | None", vars(self)[_FORMAT])
        if type_ is not None and _PARSED not in vars(self):
            from openai_stream.responses.parsing import parsed_text

            vars(self)[_PARSED] = parsed_text(type_, str(self.text))
        return cast("T | None", vars(self).get(_PARSED))


class ResponseFunctionCallArgumentsDeltaEvent(
    _Growing, wire.ResponseFunctionCallArgumentsDeltaEvent
):
    """A piece of the arguments of a call: `delta`, and all of them so far: `snapshot`."""


class ResponseCompletedEvent(wire.ResponseCompletedEvent, Generic[T]):
    """The response is whole; its texts are parsed if a type was asked for."""

    if TYPE_CHECKING:
        response: ParsedResponse[T]  # type: ignore[assignment]

    def model_post_init(self, context: object, /) -> None:
        """Take the response that an event is made with as one that nobody parsed."""
        from openai_stream.responses.parsing import ResponseParser

        del context
        response = vars(self).get("response")
        if isinstance(response, wire.Response) and not isinstance(response, wire.ParsedResponse):
            vars(self)["response"], _ = ResponseParser[object](None).parsed(response)


ResponseStreamEvent: TypeAlias = (
    ResponseTextDeltaEvent
    | ResponseTextDoneEvent[T]
    | ResponseFunctionCallArgumentsDeltaEvent
    | ResponseCompletedEvent[T]
    | wire.ResponseAudioDeltaEvent
    | wire.ResponseAudioDoneEvent
    | wire.ResponseAudioTranscriptDeltaEvent
    | wire.ResponseAudioTranscriptDoneEvent
    | wire.ResponseCodeInterpreterCallCodeDeltaEvent
    | wire.ResponseCodeInterpreterCallCodeDoneEvent
    | wire.ResponseCodeInterpreterCallCompletedEvent
    | wire.ResponseCodeInterpreterCallInProgressEvent
    | wire.ResponseCodeInterpreterCallInterpretingEvent
    | wire.ResponseCompactionCompactingEvent
    | wire.ResponseContentPartAddedEvent
    | wire.ResponseContentPartDoneEvent
    | wire.ResponseCreatedEvent
    | wire.ResponseCustomToolCallInputDeltaEvent
    | wire.ResponseCustomToolCallInputDoneEvent
    | wire.ResponseErrorEvent
    | wire.ResponseFailedEvent
    | wire.ResponseFileSearchCallCompletedEvent
    | wire.ResponseFileSearchCallInProgressEvent
    | wire.ResponseFileSearchCallSearchingEvent
    | wire.ResponseFunctionCallArgumentsDoneEvent
    | wire.ResponseImageGenCallCompletedEvent
    | wire.ResponseImageGenCallGeneratingEvent
    | wire.ResponseImageGenCallInProgressEvent
    | wire.ResponseImageGenCallPartialImageEvent
    | wire.ResponseInProgressEvent
    | wire.ResponseIncompleteEvent
    | wire.ResponseMcpCallArgumentsDeltaEvent
    | wire.ResponseMcpCallArgumentsDoneEvent
    | wire.ResponseMcpCallCompletedEvent
    | wire.ResponseMcpCallFailedEvent
    | wire.ResponseMcpCallInProgressEvent
    | wire.ResponseMcpListToolsCompletedEvent
    | wire.ResponseMcpListToolsFailedEvent
    | wire.ResponseMcpListToolsInProgressEvent
    | wire.ResponseOutputItemAddedEvent
    | wire.ResponseOutputItemDoneEvent
    | wire.ResponseOutputTextAnnotationAddedEvent
    | wire.ResponseQueuedEvent
    | wire.ResponseReasoningSummaryPartAddedEvent
    | wire.ResponseReasoningSummaryPartDoneEvent
    | wire.ResponseReasoningSummaryTextDeltaEvent
    | wire.ResponseReasoningSummaryTextDoneEvent
    | wire.ResponseReasoningTextDeltaEvent
    | wire.ResponseReasoningTextDoneEvent
    | wire.ResponseRefusalDeltaEvent
    | wire.ResponseRefusalDoneEvent
    | wire.ResponseShellCallCommandAddedEvent
    | wire.ResponseShellCallCommandDeltaEvent
    | wire.ResponseShellCallCommandDoneEvent
    | wire.ResponseShellCallOutputContentDeltaEvent
    | wire.ResponseShellCallOutputContentDoneEvent
    | wire.ResponseWebSearchCallCompletedEvent
    | wire.ResponseWebSearchCallInProgressEvent
    | wire.ResponseWebSearchCallSearchingEvent
    | wire.UnknownResponseStreamEvent
)
"""An event of `client.responses.stream(...)`."""


def growing(
    kind: type[E], event: BaseModel, text: TextBuffer, parsed: ParsedText[object] | None = None
) -> E:
    """An event that knows the text to which it adds, as it is now."""
    made = become(kind, event)
    known = vars(made)
    known[_SO_FAR] = text, len(text)
    if parsed is not None:
        known[_PARSED] = parsed
    return made


def parsing(kind: type[E], event: BaseModel, text_format: type | None) -> E:
    """An event that parses its text when it is asked for what it is."""
    made = become(kind, event)
    vars(made)[_FORMAT] = text_format
    return made
