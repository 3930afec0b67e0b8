from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock.content.audio import pcm
from openai_mock.sessions.listening import (
    Heard,
    Idle,
    InputSound,
    SpeechBegins,
    SpeechEnds,
    TurnDetection,
)
from openai_mock.sessions.sound import PCMU, SoundFormat

SECOND = 48_000
SPEECH = pcm("hello")


def heard_in(
    pieces: Iterable[bytes],
    detection: TurnDetection | None = TurnDetection(),  # noqa: B008 - it is frozen
    sound: InputSound | None = None,
) -> list[Heard]:
    sound = sound or InputSound(SoundFormat())
    return [each for piece in pieces for each in sound.append(piece, detection)]


def test_speech_begins_and_ends():
    begins, ends = heard_in([bytes(SECOND), SPEECH, bytes(SECOND)])
    assert begins == SpeechBegins(700)  # a second, less what belongs to it before
    assert isinstance(ends, SpeechEnds)
    assert SPEECH.strip(b"\0") in ends.sound
    assert ends.at_ms - 700 == SoundFormat().milliseconds(ends.sound)


def test_speech_is_known_while_it_lasts():
    sound = InputSound(SoundFormat())
    assert not sound.is_speech
    heard_in([SPEECH], sound=sound)
    assert sound.is_speech
    heard_in([bytes(SECOND)], sound=sound)
    assert not sound.is_speech


def test_silence_is_no_speech():
    assert heard_in([bytes(SECOND)] * 5) == []


def test_nothing_is_looked_for_without_detection():
    sound = InputSound(SoundFormat())
    assert heard_in([SPEECH, bytes(SECOND)], None, sound) == []
    assert sound.take() == SPEECH + bytes(SECOND)
    assert sound.milliseconds == 0
    assert sound.end_ms == SoundFormat().milliseconds(SPEECH) + 1000


@given(st.lists(st.integers(1, 5000), max_size=8))
def test_it_does_not_matter_in_which_pieces_sound_comes(sizes: list[int]):
    whole = bytes(SECOND // 2) + SPEECH + bytes(SECOND) + SPEECH + bytes(SECOND)
    pieces: list[bytes] = []
    rest = whole
    for size in sizes:
        pieces.append(rest[:size])
        rest = rest[size:]
    assert heard_in([*pieces, rest]) == heard_in([whole])


@pytest.mark.parametrize(("threshold", "count"), [(0.0, 2), (1.0, 2), (100.0, 0)])
def test_threshold_says_how_loud_speech_is(threshold: float, count: int):
    assert len(heard_in([SPEECH, bytes(SECOND)], TurnDetection(threshold))) == count


def test_silence_that_ends_a_turn_can_be_longer():
    long = TurnDetection(silence_ms=1500)
    assert len(heard_in([SPEECH, bytes(SECOND)], long)) == 1
    assert len(heard_in([SPEECH, bytes(2 * SECOND)], long)) == 2


def test_user_who_says_nothing_is_idle():
    first, second = heard_in([bytes(2 * SECOND)], TurnDetection(idle_ms=1000))
    assert isinstance(first, Idle)
    assert (first.from_ms, first.until_ms, len(first.sound)) == (0, 1000, SECOND)
    assert isinstance(second, Idle)
    assert (second.from_ms, second.until_ms) == (1000, 2000)


def test_telephony_is_heard_too():
    telephone = SoundFormat(PCMU, 8000)
    silence = b"\xff" * 8000
    told = heard_in([telephone.spoken("hello"), silence], sound=InputSound(telephone))
    assert [type(each) for each in told] == [SpeechBegins, SpeechEnds]


def test_detection_is_read_from_settings():
    assert TurnDetection.of(None) is None
    assert TurnDetection.of({"type": "semantic_vad"}) == TurnDetection()
    described = {
        "threshold": 0.1, "prefix_padding_ms": 1, "silence_duration_ms": 2, "idle_timeout_ms": 3,
    }  # fmt: skip
    assert TurnDetection.of(described) == TurnDetection(0.1, 1, 2, 3)
