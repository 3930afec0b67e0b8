from typing import Any

import pytest
from openai_mock.replies import DONE
from openai_mock.scripts.streams import STREAMED


def test_unknown_parts_and_items_are_passed_on():
    body: dict[str, Any] = {
        "status": "incomplete",
        "output": [
            {"type": "of_the_future", "x": 1},
            {"type": "message", "content": [{"type": "refusal", "refusal": "No way."}, {"y": 2}]},
        ],
    }
    events: list[Any] = [data for _, data in STREAMED["responses.create"](body, {})]
    kinds = [each["type"] for each in events]
    assert kinds[-1] == "response.incomplete"
    assert kinds.count("response.output_item.done") == 2
    assert {"response.refusal.delta", "response.refusal.done"} <= set(kinds)
    assert kinds.count("response.content_part.added") == 2


def test_fields_of_others_are_in_the_first_chunk():
    message = {"content": [{"type": "text"}], "reasoning": "hm"}
    body: dict[str, Any] = {"provider": "x", "choices": [{"message": message}]}
    frames = list(STREAMED["chat.completions.create"](body, {}))
    first: Any = frames[0][1]
    assert first["provider"] == "x"
    assert first["choices"][0]["delta"] == {"role": "assistant", **message}
    assert frames[-1] == DONE


@pytest.mark.parametrize("name", STREAMED)
def test_empty_body_is_a_stream_nevertheless(name: str):
    assert list(STREAMED[name]({}, {}))
