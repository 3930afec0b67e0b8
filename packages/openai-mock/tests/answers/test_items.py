import json
from typing import Any

import pytest
from openai_mock.answers.items import kept_items, new_id, with_id
from openai_mock.state.ids import Identifiers
from openai_types import Decoder
from openai_types.conversations import ConversationItem
from openai_types.responses import ResponseItem

decode_listed = Decoder[Any](ResponseItem, strict=True)  # Any: a union of all items
decode_kept = Decoder[Any](ConversationItem, strict=True)

SENT: list[dict[str, Any]] = [
    {"role": "user", "content": "Hi"},
    {"type": "message", "role": "developer", "content": [{"type": "input_text", "text": "Hi"}]},
    {"role": "user", "content": [{"type": "input_image", "image_url": "https://example.com/"}]},
    {"role": "user", "content": [{"type": "input_file", "file_id": "file-1"}]},
    {"role": "assistant", "content": "Hello"},
    {"role": "assistant", "content": [{"type": "output_text", "text": "Hello"}]},
    {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}", "id": None},
    {"type": "function_call_output", "call_id": "c", "output": "1"},
    {"type": "custom_tool_call", "call_id": "c", "name": "f", "input": "i"},
    {"type": "custom_tool_call_output", "call_id": "c", "output": "1"},
    {"type": "reasoning", "summary": []},
    {"type": "computer_call_output", "call_id": "c", "output": {"type": "computer_screenshot"}},
    {"type": "shell_call_output", "call_id": "c", "output": []},
    {"type": "apply_patch_call_output", "call_id": "c", "status": "failed"},
    {"type": "local_shell_call_output", "id": "lsho_1", "output": "1"},
    {"type": "mcp_approval_response", "approval_request_id": "a", "approve": True},
    {"type": "compaction", "encrypted_content": "e"},
]


@pytest.mark.parametrize("sent", SENT)
def test_what_is_sent_is_kept_as_it_is_listed(ids: Identifiers, sent: dict[str, Any]):
    (item,) = kept_items([sent], ids)
    decode_listed(json.dumps(item))
    decode_kept(json.dumps(item))
    unchanged = {name: value for name, value in sent.items() if value is not None}
    unchanged.pop("content", None)
    assert item.items() >= unchanged.items()


def test_text_is_what_the_user_says(ids: Identifiers):
    (item,) = kept_items("Hi", ids)
    assert (item["role"], item["content"]) == ("user", [{"type": "input_text", "text": "Hi"}])
    assert str(item["id"]).startswith("msg_")


def test_nothing_is_no_item(ids: Identifiers):
    assert kept_items(None, ids) == []


def test_reference_stays_one(ids: Identifiers):
    assert kept_items([{"id": "msg_1"}], ids) == [{"id": "msg_1", "type": "item_reference"}]


def test_ids_tell_the_type(ids: Identifiers):
    assert new_id("web_search_call", ids).startswith("ws_")
    assert new_id("something_new", ids).startswith("item_")


def test_item_is_found_by_its_id():
    items = [{"id": "a"}, {"id": "b"}]
    assert with_id(items, "b") == {"id": "b"}
    assert with_id(items, "c") is None
