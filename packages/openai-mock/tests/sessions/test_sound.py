from array import array
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock.content.audio import pcm
from openai_mock.content.transcripts import heard
from openai_mock.refusals import Refusal
from openai_mock.sessions.sound import (
    LARGEST_PIECE,
    PCM,
    PCMA,
    PCMU,
    SoundFormat,
    sound_of,
)

ALL = [SoundFormat(), SoundFormat(PCM, 16_000), SoundFormat(PCMU, 8000), SoundFormat(PCMA, 8000)]


def test_format_is_read_from_settings():
    assert SoundFormat.of({}) == SoundFormat(PCM, 24_000)
    assert SoundFormat.of({"type": PCM, "rate": 16_000}) == SoundFormat(PCM, 16_000)
    assert SoundFormat.of({"type": PCMA, "rate": 24_000}) == SoundFormat(PCMA, 8000)


@pytest.mark.parametrize("sound_format", ALL)
def test_speech_is_as_long_in_every_format(sound_format: SoundFormat):
    spoken = sound_format.spoken("Some words, spoken.")
    usual = SoundFormat().milliseconds(pcm("Some words, spoken."))
    assert abs(sound_format.milliseconds(spoken) - usual) <= 1
    assert b"".join(sound_format.pieces(spoken)) == spoken
    assert all(
        sound_format.milliseconds(piece) == 200 for piece in [*sound_format.pieces(spoken)][:-1]
    )


@pytest.mark.parametrize("sound_format", ALL)
def test_speech_is_understood_again(sound_format: SoundFormat):
    assert heard(sound_format.spoken("Some words, spoken.")) == "Some words, spoken."


@pytest.mark.parametrize("sound_format", ALL)
def test_no_text_is_no_sound(sound_format: SoundFormat):
    assert sound_format.spoken("") == b""


@pytest.mark.parametrize(
    ("kind", "samples"),
    [
        # The ends of the tables in ITU-T G.711, in 16 bits.
        (PCMU, {0xFF: 0, 0x80: 32_124, 0x00: -32_124, 0xFE: 8, 0x7E: -8}),
        (PCMA, {0xD5: 8, 0x55: -8, 0xAA: 32_256, 0x2A: -32_256}),
    ],
)
def test_companded_codes_are_those_of_the_standard(kind: str, samples: dict[int, int]):
    found = SoundFormat(kind, 8000).samples(bytes(samples))
    assert list(found) == list(samples.values())


@pytest.mark.parametrize("sound_format", ALL[2:])
def test_companding_keeps_how_loud_it_is(sound_format: SoundFormat):
    spoken = sound_format.samples(sound_format.spoken("loud"))
    usual = array("h", pcm("loud"))
    assert abs(max(spoken) - max(usual)) < max(usual) / 16
    assert min(map(abs, spoken[-100:])) <= 8  # the silence after a word


@given(st.binary(max_size=9))
def test_half_a_sample_is_left_out(sound: bytes):
    assert len(SoundFormat().samples(sound)) == len(sound) // 2


def test_sound_is_base64_and_not_too_much():
    assert sound_of(b64encode(b"\1\2").decode(), "audio") == b"\1\2"
    for wrong in ("*", "A", "ä", "AA==AA"):
        with pytest.raises(Refusal, match="base64") as caught:
            sound_of(wrong, "audio")
        assert (caught.value.code, caught.value.param) == ("invalid_value", "audio")
    with pytest.raises(Refusal, match="no more than"):
        sound_of(b64encode(bytes(LARGEST_PIECE + 1)).decode(), "audio")
