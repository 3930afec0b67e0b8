"""What a Realtime session says and hears in sound, and whose turn it is."""

from base64 import b64decode
from typing import Any

from openai_mock.sessions.realtime import RealtimeSession
from openai_mock.world import World

from .realtime_events import RESPOND, TEXT, append, item, kinds, only, update


def test_response_in_speech_has_sound_and_its_transcript(realtime: Any):
    realtime.send(item("Are you there?"))
    events = realtime.send(RESPOND)
    assert kinds(events) == [
        "response.created",
        "rate_limits.updated",
        "response.output_item.added",
        "conversation.item.added",
        "response.content_part.added",
        "response.output_audio_transcript.delta",
        "response.output_audio.delta",
        "response.output_audio.done",
        "response.output_audio_transcript.done",
        "response.content_part.done",
        "conversation.item.done",
        "response.output_item.done",
        "response.done",
    ]
    sound = b"".join(
        b64decode(event.delta) for event in events if event.type == "response.output_audio.delta"
    )
    done = events[-1].response
    assert done.output[0].content[0].transcript == "You wrote: Are you there?"
    assert done.output[0].content[0].audio is None  # deltas alone carry sound
    retrieve = {"type": "conversation.item.retrieve", "item_id": done.output[0].id}
    (retrieved,) = realtime.send(retrieve)
    assert b64decode(retrieved.item.content[0].audio) == sound
    details = done.usage.output_token_details
    assert (details.text_tokens, details.audio_tokens) == (7, len(sound) // 48 // 50)
    assert done.usage.output_tokens == details.text_tokens + details.audio_tokens


def test_speech_that_was_not_heard_is_cut_off(realtime: Any):
    realtime.send(item("Are you there?"))
    spoken = realtime.send(RESPOND)[-1].response.output[0].id
    truncate = {"type": "conversation.item.truncate", "item_id": spoken, "content_index": 0}
    (truncated,) = realtime.send({**truncate, "audio_end_ms": 100})
    assert (truncated.item_id, truncated.audio_end_ms) == (spoken, 100)
    (retrieved,) = realtime.send({"type": "conversation.item.retrieve", "item_id": spoken})
    (part,) = retrieved.item.content
    assert (part.transcript, len(b64decode(part.audio))) == ("", 4800)
    for wrong in ({"audio_end_ms": 101}, {"audio_end_ms": -1}, {"content_index": 1}):
        assert realtime.code({**truncate, "audio_end_ms": 1, **wrong}) == "invalid_value"
    realtime.send(item("text", id="mine"))
    assert realtime.code({**truncate, "item_id": "mine", "audio_end_ms": 1}) == "invalid_value"


def test_call_has_its_sound_elsewhere_and_it_can_be_cleared(talk: Any, world: World):
    calling = talk(RealtimeSession("gpt-realtime", world, is_call=True))
    calling.send(item("one two three"))
    events = calling.send(RESPOND)
    assert "response.output_audio.delta" not in kinds(events)
    assert kinds(events)[6:9] == [
        "output_audio_buffer.started",
        "response.output_audio.done",
        "output_audio_buffer.stopped",
    ]
    clear = {"type": "output_audio_buffer.clear"}
    assert calling.code(clear) == "output_audio_buffer_empty"
    calling.at_once(RESPOND)
    while calling.next()[0].type != "output_audio_buffer.started":
        pass
    assert calling.at_once(clear)[0].type == "output_audio_buffer.cleared"
    assert "output_audio_buffer.stopped" not in kinds(calling.rest())


def test_buffer_of_output_is_one_of_calls(realtime: Any):
    assert realtime.code({"type": "output_audio_buffer.clear"}) == "invalid_value"


def test_turn_is_heard_written_down_and_answered(realtime: Any, speech: Any):
    transcription = {"model": "gpt-4o-transcribe"}
    realtime.send(
        update(output_modalities=["text"], audio={"input": {"transcription": transcription}})
    )
    events = realtime.send(append(speech("Hello there")))
    assert kinds(events) == [
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        "conversation.item.added",
        "conversation.item.done",
        "conversation.item.input_audio_transcription.delta",
        "conversation.item.input_audio_transcription.completed",
        *(kind for kind in TEXT if not kind.startswith("conversation")),
    ]
    named = {event.item_id for event in events[:3]} | {events[3].item.id}
    assert len(named) == 1
    completed = only(events, "conversation.item.input_audio_transcription.completed")
    assert completed.transcript == "Hello there"
    assert completed.usage.input_tokens > 0
    done = events[-1].response
    assert done.output[0].content[0].text == "You wrote: Hello there"
    assert done.usage.input_token_details.audio_tokens > 0


def test_turns_may_be_left_without_an_answer(realtime: Any, speech: Any):
    detection = {"type": "server_vad", "create_response": False}
    realtime.send(update(audio={"input": {"turn_detection": detection}}))
    events = realtime.send(append(speech("Hello")))
    assert kinds(events)[-1] == "conversation.item.done"


def test_user_who_speaks_interrupts_the_model(realtime: Any, speech: Any):
    realtime.send(item("one two three four"))
    realtime.at_once(RESPOND)
    realtime.next(8)
    events = realtime.at_once(append(speech("Stop it")))
    cancelled = only(events, "response.done").response
    assert cancelled.status_details.reason == "turn_detected"
    assert kinds(events)[0] == "input_audio_buffer.speech_started"
    assert realtime.rest()[-1].response.output[0].content[0].transcript == "You wrote: Stop it"


def test_user_may_be_let_speak_beside_the_model(realtime: Any, speech: Any):
    detection = {"type": "server_vad", "interrupt_response": False}
    realtime.send(update(audio={"input": {"turn_detection": detection}}), item("one two three"))
    realtime.at_once(RESPOND)
    realtime.next(8)
    events = realtime.at_once(append(speech("Go on")))
    assert "response.done" not in kinds(events)
    assert [e.response.status for e in realtime.rest() if e.type == "response.done"] == [
        "completed"
    ]


def test_user_who_says_nothing_is_asked(realtime: Any):
    detection = {"type": "server_vad", "idle_timeout_ms": 1000}
    realtime.send(update(audio={"input": {"turn_detection": detection}}))
    events = realtime.send(append(bytes(48_000)))
    assert (events[0].type, events[0].audio_end_ms) == (
        "input_audio_buffer.timeout_triggered",
        1000,
    )
    assert events[-1].type == "response.done"


def test_sound_is_committed_by_hand(realtime: Any):
    commit = {"type": "input_audio_buffer.commit"}
    realtime.send(update(audio={"input": {"turn_detection": None}}))
    assert realtime.send(append(bytes(4798))) == []
    assert realtime.code(commit) == "input_audio_buffer_commit_empty"
    realtime.send(append(b"\1\0"))
    committed, added, done = realtime.send(commit)
    assert (committed.type, committed.previous_item_id) == ("input_audio_buffer.committed", None)
    assert added.item.id == done.item.id == committed.item_id
    retrieve = {"type": "conversation.item.retrieve", "item_id": committed.item_id}
    (retrieved,) = realtime.send(retrieve)
    assert b64decode(retrieved.item.content[0].audio) == bytes(4798) + b"\1\0"
    assert realtime.code(commit) == "input_audio_buffer_commit_empty"


def test_sound_is_thrown_away(realtime: Any):
    realtime.send(update(audio={"input": {"turn_detection": None}}), append(bytes(9600)))
    (cleared,) = realtime.send({"type": "input_audio_buffer.clear"})
    assert cleared.type == "input_audio_buffer.cleared"
    assert realtime.code({"type": "input_audio_buffer.commit"}) == "input_audio_buffer_commit_empty"


def test_telephony_both_ways(realtime: Any):
    pcmu = {"format": {"type": "audio/pcmu"}}
    realtime.send(update(audio={"input": {**pcmu, "turn_detection": None}, "output": pcmu}))
    realtime.send(append(b"\xff" * 800))
    committed, *_ = realtime.send({"type": "input_audio_buffer.commit"})
    assert committed.type == "input_audio_buffer.committed"
    events = realtime.send(RESPOND)
    sounds = [len(b64decode(e.delta)) for e in events if e.type == "response.output_audio.delta"]
    assert sounds[0] == 1600  # 200 milliseconds
    assert events[-1].response.audio.output.format.type == "audio/pcmu"


def test_message_may_have_sound(texting: Any, speech: Any):
    parts = [{"type": "input_audio", "audio": speech("Hi")}, {"type": "input_text", "text": "you"}]
    message = {"type": "message", "role": "user", "content": parts, "id": "mine"}
    added, _ = texting.send({"type": "conversation.item.create", "item": message})
    assert (added.item.content[0].audio, added.item.content[1].text) == (None, "you")
    (retrieved,) = texting.send({"type": "conversation.item.retrieve", "item_id": "mine"})
    assert retrieved.item.content[0].audio == parts[0]["audio"]
    done = texting.send(RESPOND)[-1].response
    assert done.output[0].content[0].text == "You wrote: Hi\nyou"
