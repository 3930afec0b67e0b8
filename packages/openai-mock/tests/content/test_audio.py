"""What FFmpeg reads in the files is what was written."""

import hashlib
import io
import wave
from collections.abc import Callable
from itertools import pairwise

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai_mock.content.audio import (
    MOST_SECONDS,
    flac,
    pcm,
    seconds_of,
    spoken_mark,
    spoken_text,
    wav,
)

TEXT = "Hello world; this is grüße 🎉"


def decoded(file: bytes) -> bytes:
    with av.open(io.BytesIO(file), "r") as container:
        frames = list(container.decode(audio=0))
        assert {(each.sample_rate, each.format.name) for each in frames} == {(24_000, "s16")}
        return b"".join(bytes(each.planes[0])[: 2 * each.samples] for each in frames)


@pytest.mark.parametrize("form", [wav, flac])
@pytest.mark.parametrize("text", [TEXT, "", "one"])
def test_files_have_the_samples(form: Callable[[bytes, str], bytes], text: str):
    samples = pcm(text)
    assert decoded(form(samples, text)) == samples


def test_wav_is_read_by_the_standard_library():
    samples = pcm(TEXT)
    with wave.open(io.BytesIO(wav(samples, TEXT))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 24_000)
        assert file.readframes(file.getnframes()) == samples


def test_flac_names_the_number_and_the_digest_of_its_samples():
    samples = pcm(TEXT)
    file = flac(samples)
    assert hashlib.md5(samples, usedforsecurity=False).digest() == file[26:42]
    assert int.from_bytes(file[18:26]) & (1 << 36) - 1 == len(samples) // 2


@settings(max_examples=20)
@given(st.text(max_size=30))
def test_speech_is_the_same_each_time_and_has_a_sound(text: str):
    samples = pcm(text)
    assert samples == pcm(text)
    assert len(set(samples)) > 10


def test_speech_is_as_long_as_its_text_and_its_speed():
    lengths = [seconds_of(pcm(text)) for text in ("a", "a longer text", "a much longer text yet")]
    assert all(one < next_ for one, next_ in pairwise(lengths))
    assert seconds_of(pcm(TEXT, speed=2)) == pytest.approx(seconds_of(pcm(TEXT)) / 2, rel=0.01)
    assert seconds_of(pcm("word " * 5000)) == MOST_SECONDS


def test_words_have_their_own_tones():
    assert pcm("one") != pcm("two")
    high = slice(1, None, 2)  # the low bytes have the texts in them
    assert pcm("one two")[high].startswith(pcm("one")[high])


@given(st.text(), st.binary(max_size=20))
def test_text_is_found_in_the_file_again(text: str, before: bytes):
    assert spoken_text(before + spoken_mark(text) + before) == text
    assert spoken_text(before) is None
