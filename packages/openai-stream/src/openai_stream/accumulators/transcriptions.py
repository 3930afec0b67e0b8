"""A transcript from its events: text, the parts that speakers say, and the whole at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from openai_stream.accumulators.growing import dumped, sent_fields

if TYPE_CHECKING:
    from openai_types.audio import (
        Transcription,
        TranscriptionDiarized,
        TranscriptionStreamEvent,
    )

DELTA = "transcript.text.delta"
SEGMENT = "transcript.text.segment"
DONE = "transcript.text.done"


class TranscriptionsAccumulator:
    """Puts the answer together that a request without a stream would have had."""

    __slots__ = ("_end", "_logprobs", "_pieces", "_segments")

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._logprobs: list[object] = []
        self._segments: list[dict[str, object]] = []
        self._end: dict[str, object] = {}

    def add(self, event: TranscriptionStreamEvent) -> None:
        """Take the next event. It raises nothing, whatever the server sent."""
        fields = dict(sent_fields(dumped(event)) or {})
        kind = fields.get("type")
        if kind == SEGMENT:
            self._segments.append(fields)
        elif kind == DELTA:
            if isinstance(text := fields.get("delta"), str):
                self._pieces.append(text)
            if isinstance(logprobs := fields.get("logprobs"), list):
                self._logprobs += cast("list[object]", logprobs)
        elif kind == DONE:
            del fields["type"]
            self._end = fields

    def snapshot(self) -> Transcription | TranscriptionDiarized:
        """The transcript so far; with speakers, if there are any."""
        from openai_types.audio import Transcription, TranscriptionDiarized

        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        fields: dict[str, object] = {"text": "".join(self._pieces)}
        if self._logprobs:
            fields["logprobs"] = self._logprobs
        fields |= self._end
        if self._segments:
            return TranscriptionDiarized.model_validate({**fields, "segments": self._segments})
        return Transcription.model_validate(fields)
