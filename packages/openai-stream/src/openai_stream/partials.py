"""`stream.partial`: of which type it is, by the type of the stream's events."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from typing import Any, Protocol, TypeVar, overload

    from openai_types import Completion, ImagesResponse
    from openai_types.audio import (
        SpeechStreamEvent,
        Transcription,
        TranscriptionDiarized,
        TranscriptionStreamEvent,
    )
    from openai_types.beta import AssistantStreamEvent, BetaResponse, BetaResponseStreamEvent
    from openai_types.chat import ChatCompletion, ChatCompletionChunk
    from openai_types.responses import Response, ResponseStreamEvent
    from openai_types.shared import ImageEditStreamEvent, ImageGenStreamEvent

    from openai_stream.accumulators.runs import RunSnapshot
    from openai_stream.reader import EventReader

    ImageEvent = ImageEditStreamEvent | ImageGenStreamEvent

    T_co = TypeVar("T_co", covariant=True)

    class Reads(Protocol[T_co]):
        """A stream of events of one type."""

        def _reads(self) -> T_co: ...


class Partial:
    """The attribute `partial` of streams."""

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: object) -> Partial: ...
        @overload
        def __get__(
            self, instance: Reads[ChatCompletionChunk], owner: object
        ) -> ChatCompletion: ...
        @overload
        def __get__(self, instance: Reads[Completion], owner: object) -> Completion: ...
        @overload
        def __get__(self, instance: Reads[AssistantStreamEvent], owner: object) -> RunSnapshot: ...
        @overload
        def __get__(self, instance: Reads[ImageEvent], owner: object) -> ImagesResponse: ...
        @overload
        def __get__(self, instance: Reads[SpeechStreamEvent], owner: object) -> bytes: ...
        @overload
        def __get__(
            self, instance: Reads[TranscriptionStreamEvent], owner: object
        ) -> Transcription | TranscriptionDiarized: ...
        @overload
        def __get__(self, instance: Reads[ResponseStreamEvent], owner: object) -> Response: ...
        @overload
        def __get__(
            self, instance: Reads[BetaResponseStreamEvent], owner: object
        ) -> BetaResponse: ...
        @overload
        def __get__(self, instance: object, owner: object) -> object: ...

    def __get__(self, instance: object, owner: object) -> object:
        if instance is None:
            return self
        # Any: whatever the events are, the reader knows what they are together.
        reader = cast("EventReader[Any]", vars(instance)["_reader"])
        return reader.partial()
