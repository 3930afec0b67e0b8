import dataclasses
import json
from typing import Any

import pytest
from openai_stream import StructuredOutputError
from openai_stream.chat.state import ChatCompletionStreamState
from openai_types import Decoder
from openai_types.chat import ChatCompletionChunk
from pydantic import BaseModel
from pydantic_core import to_json

# Any: JSON, and events of every kind.

decode = Decoder[ChatCompletionChunk](ChatCompletionChunk)
TOKEN: Any = {"token": "é", "logprob": -1.0, "bytes": None, "top_logprobs": []}
CHUNKS: list[Any] = [
    {
        "id": "chatcmpl-1",
        "choices": [
            {
                "index": 0,
                "delta": {"content": '{"name":"é"}'},
                "logprobs": {"content": [TOKEN]},
                "finish_reason": None,
            }
        ],
    },
    {"id": "chatcmpl-1", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
]


class City(BaseModel):
    name: str
    people: int | None = None


@dataclasses.dataclass
class Place:
    name: str


def events(type_: type) -> dict[str, Any]:
    """The events of a completion, the last one of each kind."""
    state = ChatCompletionStreamState[Any](response_format=type_)
    made = [event for chunk in CHUNKS for event in state.handle_chunk(decode(to_json(chunk)))]
    return {event.type: event for event in made}


def test_models_in_an_event_are_dumped_with_it():
    made = events(City)

    assert made["content.done"].model_dump() == {
        "type": "content.done",
        "content": '{"name":"é"}',
        "parsed": {"name": "é", "people": None},
        "choice_index": 0,
    }
    assert made["content.done"].to_dict()["parsed"] == {"name": "é"}
    assert made["chunk"].model_dump(include={"chunk"}) == {"chunk": CHUNKS[1]}
    assert made["logprobs.content.done"].to_dict()["content"] == [TOKEN]
    without = made["logprobs.content.done"].to_dict(exclude_none=True)["content"][0]
    assert "bytes" not in without


def test_what_is_none_or_excluded_is_left_out():
    delta = events(City)["content.delta"]

    assert delta.model_dump(exclude={"snapshot", "parsed"}) == {
        "type": "content.delta",
        "delta": '{"name":"é"}',
        "choice_index": 0,
    }
    assert delta.to_dict(worked_out=False) == delta.model_dump(exclude={"snapshot", "parsed"})
    empty = ChatCompletionStreamState[None]().handle_chunk(decode(to_json(CHUNKS[0])))[1]
    assert "parsed" in empty.model_dump()
    assert "parsed" not in empty.model_dump(exclude_none=True)


@pytest.mark.parametrize("type_", [City, Place])
def test_events_are_json(type_: type):
    for event in events(type_).values():
        line = event.model_dump_json(exclude_unset=True)
        assert json.loads(line) == event.model_dump(mode="json", exclude_unset=True)
        assert json.loads(event.to_json()) == json.loads(line)
        assert "\n" not in line
        assert event.to_json().count("\n") > 1
        assert "\\u" not in line


def test_a_dataclass_stays_one_unless_it_is_json():
    done = events(Place)["content.done"]

    assert done.model_dump()["parsed"] == Place("é")
    assert done.model_dump(mode="json")["parsed"] == {"name": "é"}


def test_what_does_not_fit_is_no_dump():
    state = ChatCompletionStreamState[Any](response_format=City)
    state.handle_chunk(decode(to_json(CHUNKS[0]).replace(b"name", b"nom")))
    done = next(
        event
        for event in state.handle_chunk(decode(to_json(CHUNKS[1])))
        if event.type == "content.done"
    )

    with pytest.raises(StructuredOutputError):
        done.model_dump()
    assert done.to_dict(worked_out=False)["content"] == '{"nom":"é"}'
