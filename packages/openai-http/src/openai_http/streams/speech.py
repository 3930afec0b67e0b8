"""`client.audio.speech.stream(...)`: speech as typed events, which the API sends on demand.

`create` gives the sound itself, as in the official package, which knows nothing of these events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openai_http.raw.modes import ModeT, async_method, method
from openai_http.requests import CallOptions
from openai_http.resource import AsyncResource, Resource

if TYPE_CHECKING:
    from typing import Unpack

    from openai_stream import AsyncStream, Stream
    from openai_types import audio

    from openai_http.operations import Operation
    from openai_http.requests import StreamOptionsParams

    class SpeechStreamCall(audio.SpeechCreateParams, StreamOptionsParams):
        """The parameters of `create`, and the options."""


EVENTS = "openai_types.audio:SpeechStreamEvent"


class SpeechStreaming(Resource[ModeT]):
    """`stream` of `client.audio.speech`."""

    __slots__ = ()

    @method
    def stream(self, **params: Unpack[SpeechStreamCall]) -> Stream[audio.SpeechStreamEvent]:
        """Turn text into speech, and give the sound as it is made.

        The events have pieces of the sound in base64; `stream.partial` is the sound so far, in
        bytes.

        Args:
            params: those of `create`, and the options of every call.

        Raises:
            APIError: as `create` does; and of the stream, while it is read.
        """
        operation, given, options = _prepared(params)
        return self._client.stream(operation, given, options)


class AsyncSpeechStreaming(AsyncResource[ModeT]):
    """`stream` of `client.audio.speech`, for asynchronous code."""

    __slots__ = ()

    @async_method
    async def stream(
        self, **params: Unpack[SpeechStreamCall]
    ) -> AsyncStream[audio.SpeechStreamEvent]:
        """Turn text into speech, and give the sound as it is made.

        Arguments and errors are those of the synchronous method.
        """
        operation, given, options = _prepared(params)
        return await self._client.stream(operation, given, options)


def _prepared(
    params: SpeechStreamCall,
) -> tuple[Operation[Any, Any], dict[str, object], CallOptions]:
    from openai_http.resources.audio import AUDIO_SPEECH_CREATE

    given: dict[str, object] = {**params, "stream_format": "sse"}
    # Any: each has its own type, which type checkers know of the parameters. And of the operation:
    # type checkers cannot know the type of the events by its name.
    chosen: dict[str, Any] = {n: given.pop(n) for n in CallOptions._fields if n in given}
    operation = AUDIO_SPEECH_CREATE.streamed(EVENTS, ends="speech")
    return operation, given, CallOptions(**chosen)
