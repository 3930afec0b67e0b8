# pyright: reportPrivateUsage=false
# The name of `_request_id` is that of the official package, and it is public there.

import copy
import json
import pickle
from typing import Any, Literal

import pytest
from openai_types import BaseModel, Decoder
from openai_types.chat import ChatCompletion, ChatCompletionChunk, ChatCompletionMessage
from openai_types.model import set_request_id
from openai_types.responses import (
    FunctionTool,
    Response,
    ResponseCompletedEvent,
    ResponseFormatTextJSONSchemaConfig,
    ResponseStreamEvent,
)
from openai_types.shared import CompletionUsage
from pydantic import TypeAdapter

# Any: JSON of any shape.

DECODE = Decoder[ChatCompletion](ChatCompletion)
SENT: dict[str, Any] = {
    "id": "c1",
    "object": None,
    "choices": [{"index": 0, "message": {"content": None, "reasoning": "why"}}, "odd"],
    "usage": {"total_tokens": 3, "details": {"cached": [1.5, None]}},
    "x_vendor": {"queue": None},
}


@pytest.fixture
def completion() -> ChatCompletion:
    return DECODE(json.dumps(SENT))


def test_dumps_give_back_what_came_in(completion: ChatCompletion):
    assert completion.model_dump() == completion.model_dump(mode="json") == SENT
    assert completion.to_dict() == completion.to_dict(mode="json") == SENT
    assert json.loads(completion.to_json()) == json.loads(completion.model_dump_json()) == SENT


def test_null_and_missing_are_told_apart(completion: ChatCompletion):
    assert completion.object is completion.model is None
    assert "object" in completion.model_fields_set
    assert "model" not in completion.model_fields_set


def test_unknown_fields_are_kept_on_every_level(completion: ChatCompletion):
    assert completion.model_extra == {"x_vendor": {"queue": None}}
    assert completion.choices[0].message.model_extra == {"reasoning": "why"}


def test_dump_with_all_fields_has_those_that_were_not_sent(completion: ChatCompletion):
    usage = {"completion_tokens": None, "prompt_tokens": None, "total_tokens": 3}
    dumped = completion.to_dict(exclude_unset=False)
    assert dumped["model"] is None
    assert usage.items() <= dumped["usage"].items()
    assert completion.model_dump(exclude_unset=False) == dumped
    assert json.loads(completion.to_json(exclude_unset=False)) == dumped
    assert json.loads(completion.model_dump_json(exclude_unset=False)) == dumped


def test_dump_without_nulls(completion: ChatCompletion):
    dumped = completion.to_dict(exclude_none=True)
    assert "object" not in dumped
    assert dumped["choices"][0] == {"index": 0, "message": {"reasoning": "why"}}
    assert json.loads(completion.to_json(exclude_none=True)) == dumped


def test_dump_without_defaults():
    message = ChatCompletionMessage.model_validate({"role": "assistant", "content": None})
    assert message.to_dict(exclude_defaults=True) == {"role": "assistant"}
    assert json.loads(message.to_json(exclude_defaults=True)) == {"role": "assistant"}


def test_dump_takes_the_options_of_pydantic(completion: ChatCompletion):
    assert completion.model_dump(include={"id"}) == {"id": "c1"}
    assert completion.model_dump_json(include={"id"}, indent=1) == '{\n "id": "c1"\n}'
    assert set(completion.model_dump(exclude={"choices": True, "usage": True})) == (
        SENT.keys() - {"choices", "usage"}
    )


def test_json_has_two_spaces_a_level_unless_told(completion: ChatCompletion):
    assert completion.to_json().startswith('{\n  "')
    assert completion.to_json(indent=None).startswith('{"')


def test_names_that_python_reserves_have_other_attributes():
    sent: dict[str, Any] = {"name": "n", "schema": {"type": "object"}, "type": "json_schema"}
    config = Decoder[ResponseFormatTextJSONSchemaConfig](ResponseFormatTextJSONSchemaConfig)(
        json.dumps(sent)
    )
    assert config.schema_ == {"type": "object"}
    assert config.to_dict() == config.model_dump() == sent
    assert json.loads(config.to_json()) == json.loads(config.model_dump_json()) == sent
    by_attribute = {"name": "n", "schema_": {"type": "object"}, "type": "json_schema"}
    assert config.to_dict(use_api_names=False) == by_attribute
    assert json.loads(config.to_json(use_api_names=False)) == by_attribute
    assert config.model_dump(by_alias=False) == by_attribute


def test_models_take_either_name_in_python():
    assert FunctionTool.model_validate({"async": True}).async_ is True
    assert FunctionTool.model_validate({"async_": True}).to_dict() == {"async": True}


@pytest.mark.parametrize(
    "name", ["model_dump", "to_dict", "model_fields", "__class__", "__dict__", "self", "copy", ""]
)
def test_field_with_the_name_of_something_else_does_no_harm(name: str):
    sent: dict[str, Any] = {name: {"a": 1}, "id": "c1"}
    completion = DECODE(json.dumps(sent))
    assert type(completion) is ChatCompletion
    assert completion.to_dict() == sent
    assert pickle.loads(pickle.dumps(completion)) == completion  # noqa: S301 - our own bytes


def test_construct_takes_anything_and_the_rest_reads_as_none():
    chunk = ChatCompletionChunk.construct(id=5, vendor="v", choices=[{"delta": {}}])
    assert (chunk.id, chunk.model, chunk.usage) == (5, None, None)
    assert chunk.to_dict() == {"id": 5, "vendor": "v", "choices": [{"delta": {}}]}
    assert ChatCompletionChunk.construct({"id"}, id="c", model="m").to_dict() == {"id": "c"}
    assert ChatCompletionChunk.model_construct(id="c") == ChatCompletionChunk.construct(id="c")


def test_construct_gives_what_decoding_gives():
    sent: dict[str, Any] = {"total_tokens": 3, "new": 1}
    decoded = Decoder[CompletionUsage](CompletionUsage)(json.dumps(sent))
    assert CompletionUsage.construct(**sent) == decoded
    assert CompletionUsage.construct(**sent).to_dict() == decoded.to_dict() == sent


def test_construct_makes_models_of_the_parts():
    completion = ChatCompletion.construct(
        choices=[{"index": "first", "message": {"content": "Hi"}}], usage="much"
    )
    assert completion.choices[0].message.content == "Hi"
    assert completion.to_dict() == {
        "choices": [{"index": "first", "message": {"content": "Hi"}}],
        "usage": "much",
    }
    message = completion.choices[0].message
    assert ChatCompletion.construct(choices=[{"message": message}]).choices[0].message is message


def test_text_of_a_model_names_its_class(completion: ChatCompletion):
    assert str(completion) == repr(completion)
    assert str(completion).startswith("ChatCompletion(")


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_json_schema_is_what_the_api_describes(mode: Literal["validation", "serialization"]):
    schema = ChatCompletion.model_json_schema(mode=mode)
    assert schema["required"] == ["choices", "created", "id", "model", "object"]
    assert schema["properties"]["created"] == {"title": "Created", "type": "integer"}
    items = {"$ref": "#/$defs/ChatCompletionChoice"}
    assert schema["properties"]["choices"] == {"items": items, "title": "Choices", "type": "array"}
    assert "message" in schema["$defs"]["ChatCompletionChoice"]["required"]
    held = TypeAdapter(list[ChatCompletion]).json_schema(mode=mode)["$defs"]["ChatCompletion"]
    assert held.items() == {k: v for k, v in schema.items() if k != "$defs"}.items()


@pytest.mark.parametrize("strict", [False, True])
def test_models_can_be_compared_copied_and_pickled(strict: bool):
    data = b'{"completion_tokens": 1, "prompt_tokens": 2, "total_tokens": 3, "new": [1]}'
    usage = Decoder[CompletionUsage](CompletionUsage, strict=strict)(data)
    set_request_id(usage, "req_1")
    for twin in (
        copy.copy(usage),
        copy.deepcopy(usage),
        usage.model_copy(),
        pickle.loads(pickle.dumps(usage)),  # noqa: S301 - our own bytes
    ):
        assert twin == usage
        assert twin is not usage
        assert twin.to_dict() == json.loads(data)
        assert twin.model_fields_set == usage.model_fields_set
        assert twin._request_id == "req_1"
    assert usage != usage.model_copy(update={"total_tokens": 4})
    assert usage != CompletionUsage.model_validate({**json.loads(data), "new": [2]})


def test_deep_copy_shares_nothing(completion: ChatCompletion):
    twin = copy.deepcopy(completion)
    twin.choices[0].message.content = "changed"
    assert completion.choices[0].message.content is None


def test_changed_field_is_dumped(completion: ChatCompletion):
    completion.model = "m"
    completion.choices[0].message.content = "Hi"
    dumped = completion.to_dict()
    assert dumped["model"] == "m"
    assert dumped["choices"][0]["message"] == {"content": "Hi", "reasoning": "why"}


def test_request_id_is_kept_beside_the_fields(completion: ChatCompletion):
    assert completion._request_id is None
    set_request_id(completion, "req_1")
    assert completion._request_id == "req_1"
    assert completion.to_dict(warnings=True) == SENT
    assert completion == DECODE(json.dumps(SENT))
    assert "req_1" not in repr(completion)


def test_request_id_does_not_disturb_the_dump_of_what_holds_the_model():
    response = Response.construct(id="r1")
    set_request_id(response, "req_1")
    event = ResponseCompletedEvent.construct(response=response)
    assert event.to_dict(mode="json", warnings=True) == {"response": {"id": "r1"}}


@pytest.mark.parametrize("request_id", [None, ""])
def test_request_id_that_is_none_is_not_noted(completion: ChatCompletion, request_id: str | None):
    set_request_id(completion, request_id)
    assert completion._request_id is None


@pytest.mark.parametrize("value", [None, "text", b"bytes", [], {}, 5])
def test_request_id_of_what_is_no_model_is_ignored(value: object):
    set_request_id(value, "req_1")


def test_request_id_in_a_body_is_a_field_like_others():
    completion = DECODE(b'{"_request_id": "body"}')
    assert completion._request_id is None
    set_request_id(completion, "header")
    assert completion._request_id == "header"
    assert completion.to_dict() == {"_request_id": "body"}


def test_model_of_an_event_that_was_decoded_can_be_used_alone():
    sent = {"output": [{"type": "message"}], "new": 1}
    data = json.dumps({"type": "response.completed", "response": sent})
    event = Decoder[ResponseStreamEvent](ResponseStreamEvent)(data)
    assert isinstance(event, ResponseCompletedEvent)
    assert event.response.output[0].to_dict() == {"type": "message"}
    assert event.response.to_dict() == sent
    assert isinstance(event, BaseModel)
