from collections.abc import Callable
from typing import Any

import pytest
from openai_realtime.resources import RealtimeResources


class Recorder(RealtimeResources[Any]):
    """A connection whose `send` gives back the event."""

    def send(self, event: object) -> object:
        return event


CALLS: list[tuple[Callable[[Recorder], Any], dict[str, object]]] = [
    (
        lambda c: c.session.update(session={"type": "realtime"}),
        {"type": "session.update", "session": {"type": "realtime"}},
    ),
    (lambda c: c.response.create(), {"type": "response.create"}),
    (
        lambda c: c.response.create(response={"instructions": "Be short."}),
        {"type": "response.create", "response": {"instructions": "Be short."}},
    ),
    (lambda c: c.response.cancel(), {"type": "response.cancel"}),
    (
        lambda c: c.response.cancel(response_id="resp_1"),
        {"type": "response.cancel", "response_id": "resp_1"},
    ),
    (
        lambda c: c.conversation.item.create(
            item={"type": "function_call_output", "call_id": "call_1", "output": ""},
            previous_item_id="root",
        ),
        {
            "type": "conversation.item.create",
            "item": {"type": "function_call_output", "call_id": "call_1", "output": ""},
            "previous_item_id": "root",
        },
    ),
    (
        lambda c: c.conversation.item.delete(item_id="item_1"),
        {"type": "conversation.item.delete", "item_id": "item_1"},
    ),
    (
        lambda c: c.conversation.item.retrieve(item_id="item_1"),
        {"type": "conversation.item.retrieve", "item_id": "item_1"},
    ),
    (
        lambda c: c.conversation.item.truncate(item_id="i", content_index=0, audio_end_ms=0),
        {
            "type": "conversation.item.truncate",
            "item_id": "i",
            "content_index": 0,
            "audio_end_ms": 0,
        },
    ),
    (
        lambda c: c.input_audio_buffer.append(audio=""),
        {"type": "input_audio_buffer.append", "audio": ""},
    ),
    (lambda c: c.input_audio_buffer.commit(), {"type": "input_audio_buffer.commit"}),
    (lambda c: c.input_audio_buffer.clear(), {"type": "input_audio_buffer.clear"}),
    (
        lambda c: c.output_audio_buffer.clear(event_id="event_1"),
        {"type": "output_audio_buffer.clear", "event_id": "event_1"},
    ),
]


@pytest.mark.parametrize(("call", "event"), CALLS, ids=[str(e["type"]) for _, e in CALLS])
def test_call_makes_the_event(call: Callable[[Recorder], Any], event: dict[str, object]):
    assert call(Recorder()) == event
