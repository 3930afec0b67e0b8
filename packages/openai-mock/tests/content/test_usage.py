import json
import struct
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock.content.tokens import count
from openai_mock.content.usage import (
    OF_A_MESSAGE,
    OF_A_NAME,
    OF_AN_ANSWER,
    OF_AN_IMAGE,
    chat_prompt_tokens,
    chat_usage,
    image_tokens,
    response_input_tokens,
    response_usage,
)
from openai_types import Decoder
from openai_types.responses import ResponseUsage
from openai_types.shared import CompletionUsage

USER = {"role": "user", "content": "Hello world"}


def png(width: int, height: int) -> str:
    head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height) + b"\x08\x02\0\0\0"
    return "data:image/png;base64," + b64encode(head).decode()


def test_messages_have_their_text_and_a_frame():
    assert chat_prompt_tokens({"messages": [USER]}) == 2 + OF_A_MESSAGE + OF_AN_ANSWER
    named = {**USER, "name": "Ann"}
    assert chat_prompt_tokens({"messages": [USER, named]}) == (
        2 * (2 + OF_A_MESSAGE) + count("Ann") + OF_A_NAME + OF_AN_ANSWER
    )
    assert chat_prompt_tokens({}) == OF_AN_ANSWER


def test_response_counts_items_and_instructions():
    assert response_input_tokens({}, "Hello world") == 2 + OF_A_MESSAGE + OF_AN_ANSWER
    assert response_input_tokens({"instructions": "Be brief."}, [USER]) == (
        2 + count("Be brief.") + 2 * OF_A_MESSAGE + OF_AN_ANSWER
    )
    call = {"type": "function_call", "name": "f", "arguments": '{"a":1}', "call_id": "c"}
    result = {"type": "function_call_output", "output": "done", "call_id": "c"}
    parts = {"role": "user", "content": [{"type": "input_text", "text": "Hello world"}]}
    assert response_input_tokens({}, [call, result, parts]) == (
        count("f") + count('{"a":1}') + 1 + 2 + 3 * OF_A_MESSAGE + OF_AN_ANSWER
    )
    assert response_input_tokens({}, None) == OF_AN_ANSWER


TOOL = {"type": "function", "name": "f", "parameters": {"type": "object"}}
FORMAT = {"type": "json_schema", "name": "n", "schema": {"type": "object"}}


@pytest.mark.parametrize(
    ("request_", "more"), [({"tools": [TOOL]}, [TOOL]), ({"text": {"format": FORMAT}}, FORMAT)]
)
def test_tools_and_schemas_are_counted(request_: dict[str, Any], more: object):
    assert response_input_tokens(request_, "Hi") == (
        response_input_tokens({}, "Hi") + count(json.dumps(more))
    )


def test_calls_in_a_chat_are_counted():
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": '{"a":1}'}}
    with_call = {"role": "assistant", "content": None, "tool_calls": [call]}
    without = {"role": "assistant", "content": None}
    assert chat_prompt_tokens({"messages": [with_call]}) > chat_prompt_tokens(
        {"messages": [without]}
    ) + count('{"a":1}')


@pytest.mark.parametrize(
    ("image", "detail", "tokens"),
    [
        ("https://example.com/a.png", None, 765),
        ("https://example.com/a.png", "low", 85),
        (png(512, 512), "auto", 255),
        (png(1024, 1024), "high", 765),
        (png(2048, 4096), "high", 1105),
        (png(1, 1), None, 255),
        (png(0, 0), None, 255),
        ("data:image/png;base64,????", None, 765),
        ("data:image/png;base64,AAAA", None, 765),
        ("data:image/jpeg;base64,AAAA", None, 765),
    ],
)
def test_images_have_the_tokens_of_their_tiles(image: str, detail: str | None, tokens: int):
    assert image_tokens(image, detail) == tokens


def test_parts_that_are_no_text_are_counted_in_both_shapes():
    def chat(part: dict[str, object]) -> int:
        empty = chat_prompt_tokens({"messages": [{"role": "user", "content": ""}]})
        return chat_prompt_tokens({"messages": [{"role": "user", "content": [part]}]}) - empty

    sound = b64encode(bytes(48_000)).decode()  # a second
    assert chat({"type": "image_url", "image_url": {"url": png(1, 1), "detail": "low"}}) == 85
    assert chat({"type": "input_image", "image_url": png(1, 1), "detail": "low"}) == OF_AN_IMAGE
    assert chat({"type": "input_audio", "input_audio": {"data": sound, "format": "wav"}}) == 10
    file = "data:text/plain;base64," + b64encode(bytes(400)).decode()
    assert chat({"type": "file", "file": {"file_data": file}}) == pytest.approx(100, abs=1)
    assert chat({"type": "input_file", "file_data": file}) == pytest.approx(100, abs=1)
    assert chat({"type": "input_file", "file_id": "file-1"}) == 0
    assert chat({"type": "refusal", "refusal": "No"}) == 1


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_usage_is_that_of_the_description(read: int, written: int):
    decode_chat = Decoder[CompletionUsage](CompletionUsage, strict=True)
    decode_response = Decoder[ResponseUsage](ResponseUsage, strict=True)
    chat = decode_chat(json.dumps(chat_usage(read, written)))
    response = decode_response(json.dumps(response_usage(read, written)))
    assert chat.total_tokens == response.total_tokens == read + written
    assert (chat.prompt_tokens, response.output_tokens) == (read, written)
