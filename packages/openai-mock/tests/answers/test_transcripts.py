import json
from typing import Any

import pytest
from openai_mock.answers.transcripts import TranscriptAnswer
from openai_mock.content.media import speech
from openai_types import Decoder
from openai_types.audio import (
    Transcription,
    TranscriptionDiarized,
    TranscriptionStreamEvent,
    TranscriptionVerbose,
    Translation,
    TranslationVerbose,
)

decode_event = Decoder[Any](TranscriptionStreamEvent, strict=True)  # Any: a union of events
SPOKEN = "Hello there. How are you?"
RECORDING = speech(SPOKEN, "wav")


def answer(task: str = "transcribe", **request: Any) -> TranscriptAnswer:
    return TranscriptAnswer({"model": "gpt-4o-transcribe", **request}, RECORDING, task=task)


@pytest.mark.parametrize(
    ("task", "format_", "type_"),
    [
        ("transcribe", "json", Transcription),
        ("transcribe", "verbose_json", TranscriptionVerbose),
        ("transcribe", "diarized_json", TranscriptionDiarized),
        ("translate", "json", Translation),
        ("translate", "verbose_json", TranslationVerbose),
    ],
)
def test_what_was_spoken_is_written_as_described(task: str, format_: str, type_: Any):
    body = answer(task, response_format=format_).body()
    assert Decoder[Any](type_, strict=True)(json.dumps(body)).text == SPOKEN


@pytest.mark.parametrize("format_", ["text", "srt", "vtt"])
def test_plain_formats_are_text(format_: str):
    body = answer(response_format=format_).body()
    assert isinstance(body, str)
    assert "Hello there." in body


def test_words_are_timed_if_asked_for():
    body: Any = answer(response_format="verbose_json", timestamp_granularities=["word"]).body()
    assert [each["word"] for each in body["words"]] == SPOKEN.split()
    assert "segments" not in body


def test_events_make_up_the_text():
    made = answer(stream=True, include=["logprobs"])
    assert made.is_streamed
    events = [decode_event(json.dumps(event)) for event in made.events()]
    assert "".join(event.delta for event in events[:-1]) == SPOKEN == events[-1].text
    assert events[-1].usage.total_tokens > 0
    tokens = [each.token for event in events[:-1] for each in event.logprobs]
    assert tokens == [each.token for each in events[-1].logprobs]


def test_speakers_come_as_segments():
    events = [
        decode_event(json.dumps(event))
        for event in answer(response_format="diarized_json").events()
    ]
    segments = [event for event in events if event.type == "transcript.text.segment"]
    assert [segment.text for segment in segments] == ["Hello there.", "How are you?"]


def test_whisper_does_not_stream():
    assert not answer(stream=True, model="whisper-1").is_streamed
