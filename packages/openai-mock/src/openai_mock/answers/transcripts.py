"""Transcripts and translations of recordings, whole or as the events of a stream.

Is given the bytes of a recording and a request that has been checked. What is heard is decided in
`content.transcripts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from openai_mock.answers.refused import refusing
from openai_mock.content.json_values import objects_in
from openai_mock.content.logprobs import token_logprobs
from openai_mock.content.tokens import split
from openai_mock.content.transcripts import USUAL_LANGUAGE, duration, heard, transcript

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai_mock.content.json_values import Object

WHISPER = "whisper-1"  # which does not stream


class TranscriptAnswer:
    """The answer to one request.

    Args:
        request: The request.
        recording: The bytes of the recording.
        task: What is asked for: `transcribe` or `translate`.
    """

    def __init__(self, request: Object, recording: bytes, *, task: str) -> None:
        self._request = request
        self._task = task
        self._text = heard(recording)
        self._seconds = duration(recording)
        self._format = str(request.get("response_format") or "json")
        include = cast("list[str]", request.get("include") or ())
        self._with_logprobs = "logprobs" in include and self._format == "json"

    @property
    def is_streamed(self) -> bool:
        """Whether the answer is a stream."""
        return self._request.get("stream") is True and self._request.get("model") != WHISPER

    def body(self) -> str | dict[str, object]:
        """The transcript, not streamed.

        Raises:
            Refusal: There is no such format.
        """
        granularities = self._request.get("timestamp_granularities")
        language = USUAL_LANGUAGE
        if self._task == "transcribe":
            language = str(self._request.get("language") or language)
        with refusing():
            made = transcript(
                self._text,
                self._seconds,
                self._format,
                language=language,
                granularities=cast("list[str]", granularities or ["segment"]),
                task=self._task,
            )
        if isinstance(made, str):
            return made
        if self._format == "verbose_json" and self._task == "translate":
            del made["usage"]
        if self._task == "translate" and self._format == "json":
            return {"text": self._text}
        return {**made, "logprobs": self._logprobs(self._text)} if self._with_logprobs else made

    def events(self) -> Iterator[dict[str, object]]:
        """The transcript, streamed."""
        body = self.body()
        whole = body if isinstance(body, dict) else {}
        segments = objects_in(whole.get("segments")) if self._format == "diarized_json" else []
        for segment in segments:
            yield {**segment}
        for piece in split(self._text):
            told = {"logprobs": self._logprobs(piece)} if self._with_logprobs else {}
            yield {"type": "transcript.text.delta", "delta": piece, **told}
        ended = {name: whole[name] for name in ("usage", "logprobs") if name in whole}
        yield {"type": "transcript.text.done", "text": self._text, **ended}

    @staticmethod
    def _logprobs(text: str) -> list[dict[str, object]]:
        names = ("token", "logprob", "bytes")
        return [{name: each[name] for name in names} for each in token_logprobs(split(text))]
