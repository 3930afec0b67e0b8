"""A Realtime session: its settings, its items, what it refuses, and that for transcripts."""

from typing import Any

import pytest
from openai_mock.sessions.realtime import RealtimeSession
from openai_mock.world import World

from .realtime_events import RESPOND, WEATHER, append, item, kinds, update


def test_session_opens_with_its_id_and_model(realtime: Any, world: World):
    (event,) = realtime.opening
    assert event.type == "session.created"
    assert event.session.model == "gpt-realtime"
    assert event.session.output_modalities == ["audio"]
    assert event.session.audio.input.turn_detection.type == "server_vad"
    told = event.session.to_dict()
    assert told["id"].startswith("sess_")
    assert told["expires_at"] == world.clock.seconds() + 3600


def test_update_is_merged_into_the_session(realtime: Any):
    realtime.send(update(audio={"input": {"noise_reduction": {"type": "near_field"}}}))
    (updated,) = realtime.send(
        update(
            model="gpt-realtime",
            instructions="Be brief.",
            audio={"input": {"transcription": {"language": "en"}, "turn_detection": None}},
        )
    )
    assert updated.type == "session.updated"
    assert updated.session.instructions == "Be brief."
    assert updated.session.audio.input.noise_reduction.type == "near_field"
    assert updated.session.audio.input.transcription.language == "en"
    assert updated.session.audio.input.turn_detection is None


def test_every_field_of_a_session_can_be_updated(realtime: Any):
    changes: dict[str, Any] = {
        "audio": {
            "input": {
                "format": {"type": "audio/pcmu"},
                "noise_reduction": {"type": "far_field"},
                "transcription": {"model": "whisper-1", "language": "de", "prompt": "p"},
                "turn_detection": {"type": "semantic_vad", "eagerness": "high"},
            },
            "output": {"format": {"type": "audio/pcma"}, "speed": 1.2, "voice": "cedar"},
        },
        "include": ["item.input_audio_transcription.logprobs"],
        "instructions": "Be brief.",
        "max_output_tokens": 5,
        "output_modalities": ["text"],
        "parallel_tool_calls": False,
        "prompt": {"id": "pmpt_1"},
        "reasoning": {"effort": "low"},
        "tool_choice": "none",
        "tools": [WEATHER],
        "tracing": {"workflow_name": "w"},
        "truncation": {"type": "retention_ratio", "retention_ratio": 0.5},
    }
    (updated,) = realtime.send(update(**changes))
    told = updated.session.to_dict()
    assert {name: told[name] for name in changes} == changes


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"type": "transcription"}, "session.type"),
        ({"model": "gpt-realtime-mini"}, "session.model"),
        ({"output_modalities": ["text", "audio"]}, "session.output_modalities"),
        ({"max_output_tokens": 0}, "session.max_output_tokens"),
        ({"audio": {"output": {"speed": 2.0}}}, "session.audio.output.speed"),
        ({"voice": "alloy"}, "session.voice"),
    ],
)
def test_update_that_cannot_be_is_an_error(realtime: Any, changes: Any, param: str):
    (error,) = realtime.send({**update(**changes), "event_id": "mine"})
    assert error.type == "error"
    assert (error.error.param, error.error.event_id) == (param, "mine")


def test_voice_stays_once_it_was_heard(realtime: Any):
    assert realtime.send(update(audio={"output": {"voice": "cedar"}}))[0].type == "session.updated"
    realtime.send(item("Hi"), RESPOND)
    assert realtime.code(update(audio={"output": {"voice": "ash"}})) == "cannot_update_voice"


def test_session_ends_after_an_hour_of_the_clock(realtime: Any, world: World):
    world.clock.advance(3600)
    assert realtime.code(item("Hi")) == "session_expired"
    assert realtime.session.closing is not None


def test_item_is_added_and_done(realtime: Any):
    added, done = realtime.send(item("Hello", id="item_1"))
    assert (added.type, done.type) == ("conversation.item.added", "conversation.item.done")
    assert (added.item.id, added.item.status) == ("item_1", "completed")
    (after, _) = realtime.send(item("again"))
    assert after.previous_item_id == "item_1"
    assert after.item.id.startswith("item_")


def test_items_are_retrieved_and_deleted(realtime: Any):
    realtime.send(item("Hello", id="item_1"))
    (retrieved,) = realtime.send({"type": "conversation.item.retrieve", "item_id": "item_1"})
    assert retrieved.item.content[0].text == "Hello"
    delete = {"type": "conversation.item.delete", "item_id": "item_1"}
    assert realtime.send(delete)[0].item_id == "item_1"
    assert realtime.code(delete) == "item_not_found"


@pytest.mark.parametrize(
    ("event", "param"),
    [
        ({"type": "session.destroy"}, "type"),
        ({"type": "conversation.item.create", "item": {"type": "x"}}, "item.type"),
        (item("x", id="a") | {"previous_item_id": "b"}, "previous_item_id"),
        ({"type": "input_audio_buffer.append", "audio": "*"}, "audio"),
        (item("x", content=[{"type": "input_audio", "audio": "*"}]), "item.content[0].audio"),
        (
            {**RESPOND, "response": {"output_modalities": ["text", "audio"]}},
            "response.output_modalities",
        ),
    ],
)
def test_what_cannot_be_answered_is_an_error_event(realtime: Any, event: Any, param: str):
    (error,) = realtime.send(event)
    assert (error.error.type, error.error.param) == ("invalid_request_error", param)
    assert realtime.send(item("still here"))[0].type == "conversation.item.added"


@pytest.fixture
def transcribing(talk: Any, world: World) -> Any:
    return talk(RealtimeSession("", world, kind="transcription"))


def test_session_for_transcripts_only_writes_down(transcribing: Any, speech: Any):
    (created,) = transcribing.opening
    assert created.session.type == "transcription"
    audio = {"input": {"transcription": {"model": "gpt-4o-transcribe"}}}
    session = {"type": "transcription", "audio": audio}
    (updated,) = transcribing.send({"type": "session.update", "session": session})
    assert updated.session.audio.input.transcription.model == "gpt-4o-transcribe"
    events = transcribing.send(append(speech("Hello there")))
    assert kinds(events)[-1] == "conversation.item.input_audio_transcription.completed"
    assert events[-1].transcript == "Hello there"


@pytest.mark.parametrize("kind", ["response.create", "conversation.item.create", 5])
def test_session_for_transcripts_does_nothing_else(transcribing: Any, kind: object):
    (error,) = transcribing.send({"type": kind})
    assert error.error.param == "type"


def test_session_for_transcripts_cannot_talk(transcribing: Any):
    (error,) = transcribing.send(update())
    assert error.error.param == "session.type"
