import json
from typing import Any

from openai_mock.ids import Identifiers
from openai_mock.realtime_response import RealtimeAnswer
from openai_types import Decoder
from openai_types.realtime import RealtimeServerEvent

decode = Decoder[RealtimeServerEvent](RealtimeServerEvent, strict=True)
SESSION: dict[str, Any] = {"output_modalities": ["text"], "max_output_tokens": "inf"}


def asked(**wanted: Any) -> list[Any]:
    said = {"role": "user", "content": [{"type": "input_text", "text": "one two three"}]}
    answer = RealtimeAnswer(
        wanted,
        session=SESSION,
        conversation=[said],
        conversation_id="conv_1",
        ids=Identifiers(),
    )
    events = ({**event, "event_id": "event_1"} for event in answer.events("item_0"))
    return [decode(json.dumps(event)) for event in events]


def test_response_is_in_progress_until_it_is_done():
    created, *_, done = asked()
    assert (created.response.status, created.response.output) == ("in_progress", [])
    assert created.response.usage is None
    assert (done.response.status, done.response.conversation_id) == ("completed", "conv_1")
    assert done.response.usage.total_tokens == (
        done.response.usage.input_tokens + done.response.usage.output_tokens
    )


def test_item_has_its_place_in_the_conversation():
    places = [event.previous_item_id for event in asked() if "conversation" in event.type]
    assert places == ["item_0", "item_0"]


def test_limit_makes_it_incomplete():
    *_, done = asked(max_output_tokens=3)
    assert done.response.status == "incomplete"
    assert done.response.status_details.reason == "max_output_tokens"
    assert done.response.output[0].content[0].text == "You wrote: one"
    assert done.response.usage.output_tokens == 3
