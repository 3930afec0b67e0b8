"""The events of a Realtime session, told to the accumulator that reads those of streams."""

import json
from typing import Any

from openai_stream.accumulators.realtime_responses import RealtimeResponseAccumulator
from openai_types import Decoder
from openai_types.realtime import RealtimeResponse, RealtimeServerEvent

decode = Decoder[RealtimeServerEvent](RealtimeServerEvent)
PLACE = {"response_id": "resp_1", "item_id": "item_1", "output_index": 0, "content_index": 0}
EVENTS: list[dict[str, Any]] = [
    {"type": "session.created", "session": {"type": "realtime"}},
    {"type": "response.created", "response": {"id": "resp_1", "status": "in_progress"}},
    {"type": "rate_limits.updated", "rate_limits": []},
    {
        "type": "response.output_item.added",
        "output_index": 0,
        "response_id": "resp_1",
        "item": {"type": "message", "role": "assistant", "id": "item_1", "content": []},
    },
    {
        "type": "conversation.item.added",
        "item": {"type": "message", "role": "assistant", "id": "item_1", "content": []},
    },
    {"type": "response.content_part.added", **PLACE, "part": {"type": "audio", "transcript": ""}},
    {"type": "response.output_audio_transcript.delta", **PLACE, "delta": "Hel"},
    {"type": "response.output_audio.delta", **PLACE, "delta": "AA=="},
    {"type": "response.output_audio.delta", **PLACE, "delta": "AQ=="},
    {"type": "response.output_audio_transcript.delta", **PLACE, "delta": "lo"},
    {"type": "error", "error": {"message": "Of the session.", "type": "x"}, "event_id": "e"},
]


def told(*events: dict[str, Any]) -> RealtimeResponse:
    accumulator = RealtimeResponseAccumulator()
    for event in events:
        accumulator.add(decode(json.dumps(event)))
    return accumulator.snapshot()


def test_sound_and_its_transcript_are_in_their_part():
    response = told(*EVENTS)

    assert response.output is not None
    assert response.output[0].to_dict()["content"] == [
        {"type": "audio", "transcript": "Hello", "audio": "AAE="}
    ]


def test_the_response_of_the_last_event_is_the_truth():
    done: dict[str, Any] = {
        "id": "resp_1",
        "status": "cancelled",
        "output": [],
        "usage": {"total_tokens": 3},
    }
    other = {**PLACE, "response_id": "resp_2", "delta": "lost"}

    response = told(
        *EVENTS,
        {"type": "response.output_text.delta", **other, "item_id": "item_9", "output_index": 1},
        {"type": "response.done", "response": done},
    )

    assert response.to_dict() == done
