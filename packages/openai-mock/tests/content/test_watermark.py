import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock.content.watermark import marked, texts_in

TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)


@given(text=TEXTS, before=st.integers(0, 99), sample_bytes=st.sampled_from([1, 2]))
def test_text_is_found_after_anything(text: str, before: int, sample_bytes: int):
    noise = random.Random(text).randbytes(4000)  # noqa: S311 - not for secrets
    sound = marked(noise, text, sample_bytes)
    assert len(sound) == len(noise)
    assert texts_in(noise[:before] + sound) == [text]


@given(TEXTS)
def test_nobody_hears_it(text: str):
    sound = bytes(range(256)) * 20
    changed = marked(sound, text, 2)
    assert changed[1::2] == sound[1::2]
    assert all(abs(one - other) <= 1 for one, other in zip(changed, sound, strict=True))


def test_several_texts_are_found_in_their_order():
    first, second = (marked(bytes(4000), text, 2) for text in ("one", "two"))
    assert texts_in(first + bytes(100) + second) == ["one", "two"]


@pytest.mark.parametrize("sound", [b"", b"\0", bytes(10_000), b"\xff" * 10_000])
def test_other_sound_has_no_text(sound: bytes):
    assert texts_in(sound) == []


def test_sound_that_is_too_short_stays_as_it_is():
    assert marked(bytes(100), "text", 2) == bytes(100)


def test_text_that_was_cut_off_is_not_found():
    sound = marked(bytes(4000), "text", 2)
    assert texts_in(sound[:220]) == []


def test_half_a_character_is_a_question_mark():
    assert texts_in(marked(bytes(4000), "a\ud800", 2)) == ["a?"]
