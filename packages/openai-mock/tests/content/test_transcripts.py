import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock.content.audio import pcm, seconds_of, wav
from openai_mock.content.errors import MediaFormatError
from openai_mock.content.transcripts import (
    duration,
    heard,
    sentences,
    transcript,
    words,
)
from openai_types import Decoder
from openai_types.audio import Transcription, TranscriptionDiarized, TranscriptionVerbose

TEXT = "Hello world. How are you? 3.5 is fine"


def body(form: str, **options: Any) -> Any:
    return transcript(TEXT, 4.0, form, **options)


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("json", Transcription),
        ("verbose_json", TranscriptionVerbose),
        ("diarized_json", TranscriptionDiarized),
    ],
)
def test_bodies_are_those_of_the_description(form: str, kind: type[Any]):
    decoded = Decoder[Any](kind, strict=True)(json.dumps(body(form)))
    assert decoded.text == TEXT
    assert decoded.usage


def test_verbose_json_has_the_times_that_are_asked_for():
    whole = body("verbose_json", granularities=["word", "segment"], language="german")
    assert (whole["language"], whole["task"], whole["duration"]) == ("german", "transcribe", 4.0)
    assert body("verbose_json", task="translate")["task"] == "translate"
    assert [each["text"] for each in whole["segments"]] == [
        " Hello world.",
        " How are you?",
        " 3.5 is fine",
    ]
    assert [each["word"] for each in whole["words"]] == TEXT.split()
    assert "words" not in body("verbose_json")
    assert "segments" not in body("verbose_json", granularities=["word"])
    assert all(0 <= token < 200_000 for each in whole["segments"] for token in each["tokens"])


def test_subtitles():
    assert transcript("One. Two!", 5000.5, "srt") == (
        "1\n00:00:00,000 --> 00:41:40,250\nOne.\n\n2\n00:41:40,250 --> 01:23:20,500\nTwo!\n\n"
    )
    assert transcript("One. Two!", 5, "vtt") == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:02.500\nOne.\n\n00:00:02.500 --> 00:00:05.000\nTwo!\n\n"
    )
    assert transcript("One.", 1, "text") == "One.\n"
    assert transcript("", 1, "srt") == ""


def test_other_form_is_refused():
    with pytest.raises(MediaFormatError, match="'xml'") as caught:
        transcript(TEXT, 1, "xml")
    assert caught.value.place == "response_format"


@given(st.text(), st.floats(0, 10_000))
@pytest.mark.parametrize("cut", [sentences, words])
def test_parts_follow_each_other_and_say_the_text(cut: Any, text: str, seconds: float):
    parts = cut(text, seconds)
    assert " ".join(part.text for part in parts).split() == text.split()
    assert all(0 <= part.start <= part.end <= seconds + 0.01 for part in parts)
    assert all(one.end == next_.start for one, next_ in pairwise(parts))


def test_sentences_of_other_scripts_are_cut_at_their_stops():
    assert [each.text for each in sentences("你好。你好吗？", 2)] == ["你好。", "你好吗？"]  # noqa: RUF001


@given(st.text(max_size=20))
def test_what_the_mock_spoke_is_heard_again(text: str):
    samples = pcm(text)
    recording = wav(samples, text)
    assert heard(recording) == text
    assert duration(recording) == pytest.approx(seconds_of(samples))


@pytest.mark.parametrize("recording", [b"", b"RIFF", b"RIFF\0\0\0\0WAVE", bytes(8000)])
def test_other_recordings_are_estimated(recording: bytes):
    assert heard(recording) == f"This is a recording of {len(recording)} bytes."
    assert duration(recording) == len(recording) / 4000
