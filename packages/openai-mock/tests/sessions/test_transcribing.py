import json
from typing import Any

import pytest
from openai_mock.content.audio import spoken_mark
from openai_mock.sessions.sound import SoundFormat
from openai_mock.sessions.transcribing import transcript_events
from openai_types import Decoder
from openai_types.realtime import RealtimeServerEvent

decode = Decoder[RealtimeServerEvent](RealtimeServerEvent, strict=True)
SOUND = spoken_mark("Hello there. Who is it?") + bytes(48_000)


def events(with_logprobs: bool = False, **settings: Any) -> list[Any]:
    place = {"item_id": "item_1", "content_index": 0, "event_id": "event_1"}
    told = transcript_events(SOUND, SoundFormat(), settings, place, with_logprobs=with_logprobs)
    return [decode(json.dumps(event)) for event in told]


@pytest.mark.parametrize("model", [None, "gpt-4o-mini-transcribe", "gpt-transcribe"])
def test_transcript_comes_in_pieces_and_whole(model: str | None):
    *deltas, completed = events(model=model)
    assert len(deltas) > 3
    assert "".join(delta.delta for delta in deltas) == completed.transcript
    assert completed.transcript == "Hello there. Who is it?"
    assert completed.usage.type == "tokens"
    assert completed.logprobs is None


def test_whisper_gives_it_at_once_and_counts_seconds():
    delta, completed = events(model="whisper-1", with_logprobs=True)
    assert delta.delta == completed.transcript
    assert completed.usage.type == "duration"
    assert completed.usage.seconds == pytest.approx(1.0, abs=0.01)


def test_speakers_are_told_apart():
    told = events(model="gpt-4o-transcribe-diarize")
    segments = [event for event in told if event.type.endswith("segment")]
    assert [each.text for each in segments] == ["Hello there.", "Who is it?"]
    assert {each.speaker for each in segments} == {"A"}


def test_how_sure_it_is_is_told_if_asked_for():
    *deltas, completed = events(with_logprobs=True)
    assert [each.token for each in completed.logprobs] == [delta.delta for delta in deltas]
    assert all(delta.logprobs[0].logprob < 0 for delta in deltas)
