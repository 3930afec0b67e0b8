from base64 import b64encode
from typing import Any

import pytest
from openai_mock.content.audio import spoken_mark
from openai_mock.refusals import Refusal
from openai_mock.sessions.realtime_items import Items
from openai_mock.sessions.sound import SoundFormat
from openai_mock.state.ids import Identifiers

USUAL = SoundFormat()
SOUND = spoken_mark("Hi there") + bytes(4800)


def message(*parts: Any, role: str = "user") -> dict[str, Any]:
    return {"type": "message", "role": role, "content": list(parts)}


def heard(text: str) -> dict[str, str]:
    return {"type": "input_audio", "audio": b64encode(spoken_mark(text)).decode()}


@pytest.fixture
def items() -> Items:
    return Items(Identifiers())


def test_sound_is_apart_from_the_item(items: Items):
    given = message({"type": "input_text", "text": "a"}, heard("b"), heard("c"))
    item, sounds = items.create(given, USUAL, "item")
    assert [part["type"] for part in item["content"]] == ["input_text", *["input_audio"] * 2]
    assert not any("audio" in part for part in item["content"])
    assert [sound and sound[0] for sound in sounds] == [None, spoken_mark("b"), spoken_mark("c")]
    items.conversation.add(item, None)
    items.keep_sounds(item["id"], *sounds)
    (read,) = items.read(items.conversation)
    assert [part.get("transcript") for part in read["content"]] == [None, "b", "c"]
    retrieved = items.retrieved(item["id"])
    assert retrieved["content"][1]["audio"] == given["content"][1]["audio"]


def test_speech_of_the_model_is_read_by_its_transcript(items: Items):
    part = {"type": "output_audio", "transcript": "said"}
    items.keep_sounds("item_1", (SOUND, USUAL))
    item = {**message(part, role="assistant"), "id": "item_1"}
    assert items.read([item]) == [item]
    assert items.milliseconds([item, {"id": "item_2"}]) == len(SOUND) // 48


def test_speech_of_the_model_cannot_be_sent(items: Items):
    with pytest.raises(Refusal) as caught:
        items.create(message({"type": "output_audio"}, role="assistant"), USUAL, "item")
    assert caught.value.param == "item.content[0]"


def test_output_belongs_to_a_call(items: Items):
    output = {"type": "function_call_output", "call_id": "call_1", "output": "x"}
    with pytest.raises(Refusal) as caught:
        items.check_output(output, "item")
    assert caught.value.param == "item.call_id"
    call = {"id": "a", "type": "function_call", "call_id": "call_1"}
    items.conversation.add(call, None)
    items.check_output(output, "item")
    items.check_output(message(), "item")


def test_items_of_other_types_are_taken(items: Items):
    item, sounds = items.create({"type": "mcp_list_tools", "id": "mine"}, USUAL, "item")
    assert (item["id"], "content" in item, sounds) == ("mine", False, [])
