from base64 import b64decode
from typing import Any

import pytest
from openai_mock.sessions.translation import TranslationSession
from openai_mock.world import World


@pytest.fixture
def translating(talk: Any, world: World) -> Any:
    return talk(TranslationSession("gpt-realtime-translate", world))


def append(sound: str) -> dict[str, str]:
    return {"type": "session.input_audio_buffer.append", "audio": sound}


def words(events: list[Any], kind: str) -> str:
    return "".join(event.delta for event in events if event.type == f"session.{kind}.delta")


def test_session_opens_and_is_updated(translating: Any):
    (created,) = translating.opening
    assert (created.type, created.session.model) == ("session.created", "gpt-realtime-translate")
    audio = {"output": {"language": "de"}}
    (updated,) = translating.send({"type": "session.update", "session": {"audio": audio}})
    assert updated.session.audio.output.language == "de"


def test_turn_is_translated_into_words_and_sound(translating: Any, speech: Any):
    audio = {"input": {"transcription": {"model": "whisper-1"}}, "output": {"language": "de"}}
    translating.send({"type": "session.update", "session": {"audio": audio}})
    events = translating.send(append(speech("Hello there")))
    assert words(events, "input_transcript") == "Hello there"
    assert words(events, "output_transcript") == "[de] Hello there"
    assert b64decode(events[-1].delta)
    assert events[-1].elapsed_ms > 0


def test_what_was_said_is_written_down_only_if_that_is_wanted(translating: Any, speech: Any):
    events = translating.send(append(speech("Hello")))
    assert words(events, "input_transcript") == ""
    assert words(events, "output_transcript") == "[en] Hello"


def test_what_is_left_is_translated_before_the_end(translating: Any, speech: Any):
    translating.send(append(speech("Hello")[:8000]))
    *told, closed = translating.send({"type": "session.close"})
    assert words(told, "output_transcript").startswith("[en]")
    assert closed.type == "session.closed"
    assert translating.session.closing.code == 1000


def test_silence_is_not_translated(translating: Any, speech: Any):
    translating.send(append(speech("Hello")))
    (closed,) = translating.send({"type": "session.close"})
    assert closed.type == "session.closed"


def test_wrong_sound_is_told(translating: Any):
    (error,) = translating.send({**append("*"), "event_id": "mine"})
    assert (error.error.param, error.error.event_id) == ("audio", "mine")
