import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock.sessions.realtime_response import RealtimeAnswer
from openai_mock.sessions.realtime_settings import begun
from openai_mock.state.ids import Identifiers
from openai_types import Decoder
from openai_types.realtime import RealtimeServerEvent

decode = Decoder[RealtimeServerEvent](RealtimeServerEvent, strict=True)
SESSION = begun("realtime", "gpt-realtime", {}, session_id="sess_1", expires_at=1)


def answered(said: str = "one two three", **wanted: Any) -> RealtimeAnswer:
    content = [{"type": "input_text", "text": said}]
    return RealtimeAnswer(
        wanted,
        session=SESSION,
        read=[{"type": "message", "role": "user", "content": content}],
        conversation_id="conv_1",
        heard_ms=1000,
        ids=Identifiers(),
    )


def told(answer: RealtimeAnswer) -> list[Any]:
    events = ({"event_id": "event_1", **event} for event in answer.events())
    return [decode(json.dumps(event)) for event in events]


def test_response_is_in_progress_until_it_is_done():
    answer = answered()
    created, *_, done = told(answer)
    assert (created.response.status, created.response.output) == ("in_progress", [])
    assert created.response.usage is None
    assert (done.response.status, done.response.conversation_id) == ("completed", "conv_1")
    assert answer.is_done


def test_sound_that_was_heard_is_counted():
    usage = told(answered())[-1].response.usage
    assert usage.input_token_details.audio_tokens == 10
    assert usage.input_tokens == usage.input_token_details.text_tokens + 10
    assert usage.total_tokens == usage.input_tokens + usage.output_tokens


def test_images_are_counted_apart():
    image = {"type": "input_image", "image_url": "https://example.com/a.png", "detail": "low"}
    answer = RealtimeAnswer(
        {},
        session=SESSION,
        read=[{"type": "message", "role": "user", "content": [image]}],
        conversation_id=None,
        heard_ms=0,
        ids=Identifiers(),
    )
    details = told(answer)[-1].response.usage.input_token_details
    assert (details.image_tokens, details.text_tokens < 10) == (85, True)


@given(limit=st.integers(1, 200), spoken=st.booleans())
def test_limit_of_tokens_holds(limit: int, spoken: bool):
    modality = "audio" if spoken else "text"
    answer = answered("one " * 20, max_output_tokens=limit, output_modalities=[modality])
    response = told(answer)[-1].response
    usage = response.usage
    assert usage.output_tokens <= limit
    if response.status == "incomplete":
        assert response.status_details.reason == "max_output_tokens"
        assert response.output[0].status == "incomplete"
    else:
        assert response.status == "completed"


@pytest.mark.parametrize("count", range(1, 14))
def test_stopped_anywhere_it_tells_what_was_said(count: int):
    answer = answered(output_modalities=["text"])
    events = answer.events()
    before = [next(events) for _ in range(count)]
    answer.stop("turn_detected")
    after = list(events)
    if before[-1]["type"] == "response.done":
        assert after == []
        return
    done = after[-1]["response"]
    said = "".join(event["delta"] for event in before if "delta" in event)
    texts = [part["text"] for item in done["output"] for part in item["content"]]
    assert "".join(texts) == said
    assert done["status"] == "cancelled"
    added = [event["item"]["id"] for event in before + after if event["type"].endswith("m.added")]
    ended = [event["item"]["id"] for event in before + after if event["type"].endswith("m.done")]
    assert sorted(added) == sorted(ended)  # whatever begins comes to an end


def test_speed_makes_speech_shorter():
    slow, fast = answered(), answered(audio={"output": {"speed": 1.5}})
    told(slow)
    told(fast)
    assert sum(map(len, slow.sounds.values())) > sum(map(len, fast.sounds.values()))


def test_voice_of_ones_own_is_told_by_its_id():
    done = told(answered(audio={"output": {"voice": {"id": "voice_1"}}}))[-1]
    assert done.response.audio.output.voice == "voice_1"
