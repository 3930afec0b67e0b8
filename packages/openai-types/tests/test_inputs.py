import json
from typing import Any, assert_type

import pytest
from openai_types import Decoder
from openai_types.chat import (
    ChatCompletionAssistantMessageParam,
    ChatCompletionMessage,
    ParsedChatCompletion,
)
from openai_types.conversations import ConversationItemList
from openai_types.responses import (
    ParsedResponse,
    Response,
    ResponseInputItemParam,
    ResponseOutputMessage,
    ResponseOutputMessageParam,
)

# Any: JSON of any shape.

REASONING: dict[str, Any] = {
    "type": "reasoning",
    "id": "rs_1",
    "summary": [],
    "encrypted_content": "x",
    "status": None,
}
TEXT: dict[str, Any] = {"type": "output_text", "text": "Hi", "annotations": []}
MESSAGE: dict[str, Any] = {
    "type": "message",
    "id": "msg_1",
    "role": "assistant",
    "status": "completed",
    "content": [TEXT],
}
CALL: dict[str, Any] = {
    "type": "function_call",
    "call_id": "call_1",
    "name": "f",
    "arguments": "{}",
    "status": None,
}


def response(*output: Any) -> Response:
    return Decoder[Response](Response)(json.dumps({"id": "resp_1", "output": output}))


def message(**sent: Any) -> ChatCompletionMessage:
    return Decoder[ChatCompletionMessage](ChatCompletionMessage)(json.dumps(sent))


def without(sent: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in sent.items() if key not in keys}


def test_items_go_back_in_order_without_what_input_refuses():
    given = response(REASONING, MESSAGE, CALL).to_input()
    assert_type(given, list[ResponseInputItemParam])
    assert given == [without(REASONING, "status"), MESSAGE, without(CALL, "status")]


def test_keys_that_only_output_has_are_left_out_on_every_level():
    shell: dict[str, Any] = {"type": "shell_call_output", "id": "sh_1", "call_id": "c"}
    part = {"stdout": "", "stderr": "", "outcome": {"type": "timeout"}}
    sent = shell | {"created_by": "me", "output": [part | {"created_by": "me"}]}
    assert response(sent).to_input() == [shell | {"output": [part]}]


def test_value_that_input_refuses_is_left_out():
    sent = {"type": "computer_call_output", "call_id": "c", "output": {"type": "odd"}}
    assert response(sent | {"status": "failed"}).to_input() == [sent]
    assert response(sent | {"status": "completed"}).to_input() == [sent | {"status": "completed"}]


def test_unknown_item_is_given_as_it_came():
    sent = {"type": "of_tomorrow", "created_by": "me", "status": None, "parts": [{"a": None}]}
    for vendor in (True, False):
        assert response(sent, MESSAGE).to_input(vendor=vendor) == [sent, MESSAGE]


def test_vendor_fields_go_back_to_the_server_that_sent_them_only():
    text = TEXT | {"vendor": {"a": 1}}
    sent = MESSAGE | {"reasoning_content": "why", "content": [text]}
    given = response(sent).output[0]
    assert given.to_input() == sent
    assert given.to_input(vendor=False) == MESSAGE


@pytest.mark.parametrize("output", [None, 5, "text", {}, [None, 5, "text"]])
def test_output_that_is_odd_has_no_items(output: Any):
    sent = json.dumps({"output": output})
    assert Decoder[Response](Response)(sent).to_input() == []


def test_items_that_are_odd_go_back_as_they_came():
    odd = {"type": "message", "content": "text", "role": ["assistant"], "status": 5}
    assert response(odd, {}).to_input() == [odd, {}]


def test_message_of_a_chat():
    call: dict[str, Any] = {
        "id": "c1",
        "type": "function",
        "function": {"name": "f", "arguments": "{}"},
        "extra_content": {"google": {"thought_signature": "s"}},
    }
    sent: dict[str, Any] = {"role": "assistant", "content": None, "refusal": None}
    vendor = {"reasoning_content": "why"}
    came = message(**sent, **vendor, annotations=[], tool_calls=[call])
    given = came.to_input()
    assert_type(given, ChatCompletionAssistantMessageParam)
    assert given == {**sent, **vendor, "tool_calls": [call]}
    assert came.to_input(vendor=False) == {**sent, "tool_calls": [without(call, "extra_content")]}
    assert message(role="assistant", content="Hi", tool_calls=None).to_input() == {
        "role": "assistant",
        "content": "Hi",
    }


def test_a_message_without_tool_calls_has_no_list_of_them():
    message = ChatCompletionMessage.construct(role="assistant", content="Hi", tool_calls=[])
    assert message.to_input() == {"role": "assistant", "content": "Hi"}
    assert message.to_dict()["tool_calls"] == []


def test_audio_goes_back_as_its_id():
    audio = {"id": "audio_1", "data": "UklG", "expires_at": 1, "transcript": "Hi"}
    given = message(role="assistant", audio=audio).to_input()
    assert given == {"role": "assistant", "audio": {"id": "audio_1"}}


def test_content_that_is_a_list_goes_back_as_it_came():
    content = [{"type": "thinking", "thinking": [{"type": "text", "text": "t"}]}]
    given = message(role="assistant", content=content).to_input(vendor=False)
    assert given == {"role": "assistant", "content": content}


def test_messages_of_a_conversation_go_back_by_their_role():
    item = {"type": "message", "id": "m", "status": "completed"}
    user = item | {"role": "user", "content": [{"type": "input_text", "text": "Hi"}]}
    assistant = item | {"role": "assistant", "content": [TEXT]}
    page = Decoder[ConversationItemList](ConversationItemList)(
        json.dumps({"object": "list", "data": [user, assistant]})
    )
    assert page.to_input() == [without(user, "id"), assistant]


def test_what_was_parsed_stays_here():
    part = TEXT | {"parsed": {"city": "Paris"}}
    call: dict[str, Any] = without(CALL, "status") | {"parsed_arguments": {}}
    sent: dict[str, Any] = {"output": [MESSAGE | {"content": [part]}, call]}
    parsed = ParsedResponse[dict[str, str]].model_validate(sent)
    assert parsed.to_input() == [MESSAGE, without(CALL, "status")]
    completion = ParsedChatCompletion[dict[str, str]].model_validate(
        {"choices": [{"message": {"role": "assistant", "content": "{}", "parsed": {"a": "b"}}}]}
    )
    given = completion.choices[0].message.to_input()
    assert given == {"role": "assistant", "content": "{}"}


def test_what_was_parsed_stays_here_also_after_its_dump_was_read_as_something_else():
    message = ChatCompletionMessage.model_validate(
        {"role": "assistant", "content": "{}", "parsed": {"a": "b"}, "reasoning_content": "hm"}
    )

    assert message.to_input() == {"role": "assistant", "content": "{}", "reasoning_content": "hm"}


def test_what_goes_back_is_a_copy():
    came = response(MESSAGE)
    item = came.output[0]
    assert isinstance(item, ResponseOutputMessage)
    given = item.to_input()
    assert_type(given, ResponseOutputMessageParam)
    given["content"] = []
    assert came.to_input() == [MESSAGE]


def test_field_with_another_attribute_has_its_name_on_the_wire():
    sent = without(CALL, "status") | {"async": True}
    assert response(sent).to_input() == [sent]
