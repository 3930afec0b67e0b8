from __future__ import annotations

import json
from typing import Annotated, Literal

import pydantic
import pytest
from openai_types import Decoder
from openai_types.chat import (
    ChatCompletion,
    ChatCompletionMessage,
    ChatCompletionMessageCustomToolCall,
    ChatCompletionMessageFunctionToolCall,
)
from openai_types.responses import Response, ResponseCompletedEvent, ResponseTextDeltaEvent
from pydantic import Field, TypeAdapter

ToolCall = Annotated[
    ChatCompletionMessageFunctionToolCall | ChatCompletionMessageCustomToolCall,
    Field(discriminator="type"),
]


class Ping(pydantic.BaseModel):
    type: Literal["ping"]


def test_models_are_told_apart_by_the_discriminator_of_a_model_of_someone_elses():
    class Turn(pydantic.BaseModel):
        calls: list[ToolCall]

    turn = Turn.model_validate({"calls": [{"type": "custom", "id": "a"}, {"type": "function"}]})

    assert [type(call) for call in turn.calls] == [
        ChatCompletionMessageCustomToolCall,
        ChatCompletionMessageFunctionToolCall,
    ]
    assert turn.model_dump(exclude_unset=True) == {
        "calls": [{"type": "custom", "id": "a"}, {"type": "function"}],
    }
    with pytest.raises(pydantic.ValidationError, match="union_tag_invalid"):
        Turn.model_validate({"calls": [{"type": "other"}]})


def test_and_from_a_model_that_is_none_of_ours():
    event = TypeAdapter[object](
        Annotated[
            ResponseTextDeltaEvent | ResponseCompletedEvent | Ping, Field(discriminator="type")
        ]
    )

    assert type(event.validate_python({"type": "ping"})) is Ping
    completed = event.validate_python({"type": "response.completed", "response": {"output": 1}})
    assert isinstance(completed, ResponseCompletedEvent)
    assert completed.response.output == 1


def test_models_derived_from_ours_are_told_apart_in_a_model_derived_from_ours():
    class Signed(ChatCompletionMessageFunctionToolCall):
        signature: str = ""

    class Message(ChatCompletionMessage):
        tool_calls: list[  # pyright: ignore[reportIncompatibleVariableOverride] - its type is stricter
            Annotated[Signed | ChatCompletionMessageCustomToolCall, Field(discriminator="type")]
        ] = Field(default=[])

    value = {"tool_calls": [{"type": "function", "signature": "s"}, {"type": "custom"}], "role": 1}
    message = Message.model_validate(value)

    signed, custom = message.tool_calls
    assert isinstance(signed, Signed)
    assert signed.signature == "s"
    assert isinstance(custom, ChatCompletionMessageCustomToolCall)
    assert message.to_dict() == value


@pytest.mark.parametrize("model", [ChatCompletion, Response, ResponseTextDeltaEvent])
def test_a_model_takes_any_tag_wherever_it_is(model: type[pydantic.BaseModel]):
    value: dict[str, object] = {"object": 1, "type": "other", "id": []}
    within = pydantic.create_model("Within", answer=(model, ...))

    made: list[pydantic.BaseModel] = [
        model.model_validate(value),
        TypeAdapter(model).validate_python(value),
        Decoder[pydantic.BaseModel](model)(json.dumps(value)),
        within.model_validate({"answer": value}).__dict__["answer"],
    ]

    assert [type(each) for each in made] == [model] * 4
    assert [each.model_dump() for each in made] == [value] * 4


def test_names_where_a_derived_model_is_made_are_found():
    class Part(pydantic.BaseModel):
        text: str

    class Parts(ChatCompletionMessage):
        parts: list[Part]

    assert Parts.model_validate({"parts": [{"text": "a"}]}).parts == [Part(text="a")]
    assert Parts.model_rebuild(force=True)
