"""What makes one value of the events of a stream: the interfaces, and where each API's is.

An accumulator takes events and gives, at any moment, what they are together. A deriver makes the
events of a high-level stream. Neither does I/O, and neither raises for what a server sent.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

E_contra = TypeVar("E_contra", contravariant=True)
S_co = TypeVar("S_co", covariant=True)
D = TypeVar("D")  # not covariant, as lists of them are given


class Accumulator(Protocol[E_contra, S_co]):
    """Puts the events of one stream together."""

    def add(self, event: E_contra) -> None:
        """Take the next event, in constant time; whatever it is, this does not raise."""
        ...

    def snapshot(self) -> S_co:
        """What all events so far are together; made when it is asked for."""
        ...


class Deriver(Protocol[E_contra, D]):
    """Makes the events of a high-level stream of those of the API."""

    def derive(self, event: E_contra) -> list[D]:
        """The events that one of the API's means."""
        ...

    def finish(self) -> list[D]:
        """Those that the end of the whole stream means."""
        ...


# By the type of the events, as operations name it: the module of `accumulators`, which is loaded
# when somebody asks for a snapshot, and the class.
_ACCUMULATORS = {
    "openai_types.audio:SpeechStreamEvent": "speech:SpeechAccumulator",
    "openai_types.audio:TranscriptionStreamEvent": "transcriptions:TranscriptionsAccumulator",
    "openai_types.beta:AssistantStreamEvent": "runs:RunsAccumulator",
    "openai_types.beta:BetaResponseStreamEvent": "beta_responses:BetaResponseAccumulator",
    "openai_types.chat:ChatCompletionChunk": "chat:ChatAccumulator",
    "openai_types.responses:ResponseStreamEvent": "responses:ResponseAccumulator",
    "openai_types.shared:Completion": "completions:CompletionsAccumulator",
    "openai_types.shared:ImageEditStreamEvent": "images:ImagesAccumulator",
    "openai_types.shared:ImageGenStreamEvent": "images:ImagesAccumulator",
}


def accumulator_of(events: str) -> Callable[[], Accumulator[object, object]] | None:
    """What makes an accumulator for a type of events, like "openai_types.chat:ChatCompletionChunk".

    None for events that are nothing together.
    """
    place = _ACCUMULATORS.get(events)
    if place is None:
        return None

    def made() -> Accumulator[object, object]:
        module, _, name = place.partition(":")
        return getattr(import_module(f"openai_stream.accumulators.{module}"), name)()

    return made
