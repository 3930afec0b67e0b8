"""What `client.responses.stream` sends, and what it gives; with each kind of client."""

import inspect
import json
from typing import Any, get_type_hints

import pytest
from openai_http import AsyncOpenAI, OpenAI
from openai_http.requests import CallOptions
from openai_stream import StreamTruncatedError
from openai_stream.responses.events import ResponseTextDeltaEvent
from openai_tools import pydantic_function_tool
from openai_types.errors import OpenAIError
from openai_types.responses import ResponseCreateParamsBase, ResponseTextConfig
from pydantic import BaseModel

pytestmark = pytest.mark.anyio

TEXT = '{"city": "Paris"}'
AT = {"output_index": 0, "content_index": 0, "item_id": "msg_1"}
PART: dict[str, Any] = {"type": "output_text", "text": TEXT, "annotations": []}
MESSAGE: dict[str, Any] = {
    "type": "message",
    "id": "msg_1",
    "role": "assistant",
    "status": "completed",
    "content": [PART],
}
CALL: dict[str, Any] = {
    "type": "function_call",
    "id": "fc_1",
    "call_id": "c",
    "name": "f",
    "arguments": '{"x": 1}',
}
RESPONSE: dict[str, Any] = {"id": "resp_1", "status": "completed", "output": [MESSAGE, CALL]}
TOOL: dict[str, Any] = {"type": "function", "name": "f", "strict": True, "parameters": {}}
EVENTS: list[dict[str, Any]] = [
    {"type": "response.output_text.delta", **AT, "delta": TEXT[:9], "logprobs": []},
    {"type": "response.output_text.delta", **AT, "delta": TEXT[9:], "logprobs": []},
    {"type": "response.output_text.done", **AT, "text": TEXT, "logprobs": []},
    {"type": "response.completed", "response": RESPONSE},
]


class Answer(BaseModel):
    city: str


class Arguments(BaseModel):
    x: int


def play(server: Any, events: list[dict[str, Any]] = EVENTS) -> None:
    numbered = ({**event, "sequence_number": number} for number, event in enumerate(events))
    lines = [f"data: {json.dumps(event)}\n\n".encode() for event in numbered]
    server.play((server.events(*lines), server.close))


async def run(caller: Any, client: Any, method: str, **params: Any) -> tuple[list[Any], Any]:
    """The events of a stream and what its method gives in the end."""
    received: list[Any] = []
    manager = client.responses.stream(**params)
    if caller.threads:
        with manager as stream:
            received.extend(stream)
            return received, getattr(stream, method)()
    async with manager as stream:
        received = [event async for event in stream]
        return received, await getattr(stream, method)()


@pytest.mark.parametrize(
    "text", [{"verbosity": "low"}, ResponseTextConfig.model_validate({"verbosity": "low"})]
)
async def test_events_and_the_final_response(text: Any, caller: Any, server: Any):
    play(server)
    async with caller.client() as client:
        events, final = await run(
            caller,
            client,
            "get_final_response",
            model="m",
            input="Hi",
            text_format=Answer,
            text=text,
            tools=[TOOL],
            extra_headers={"x-tenant": "a"},
        )
    assert isinstance(events[1], ResponseTextDeltaEvent)
    assert events[1].snapshot == TEXT
    assert events[2].parsed == Answer(city="Paris")
    assert final.output_parsed == Answer(city="Paris")
    assert final.output[1].parsed_arguments == {"x": 1}
    sent = server.requests[0]
    assert sent.headers["x-tenant"] == "a"
    body = sent.json()
    assert body.pop("text") == {
        "verbosity": "low",
        "format": {
            "type": "json_schema",
            "name": "Answer",
            "strict": True,
            "schema": {
                "title": "Answer",
                "type": "object",
                "properties": {"city": {"title": "City", "type": "string"}},
                "required": ["city"],
                "additionalProperties": False,
            },
        },
    }
    assert body == {"model": "m", "input": "Hi", "tools": [TOOL], "stream": True}


async def test_nothing_is_sent_before_the_block_begins(caller: Any, server: Any):
    async with caller.client() as client:
        client.responses.stream(model="m", input="Hi")
    assert server.requests == []


async def test_a_response_that_exists_is_streamed_again(caller: Any, server: Any):
    """All of it is asked for, so that the events know the text from its beginning."""
    play(server)
    async with caller.client() as client:
        events, final = await run(
            caller,
            client,
            "get_final_response",
            response_id="resp_1",
            starting_after=0,
            text_format=Answer,
            tools=[TOOL],
        )
    assert [event.sequence_number for event in events] == [1, 2, 3]
    assert events[0].snapshot == TEXT
    assert final.output[1].parsed_arguments == {"x": 1}
    assert server.requests[0].target == "/v1/responses/resp_1?stream=true"


async def test_a_stream_that_is_cut_off_is_none(caller: Any, server: Any):
    play(server, EVENTS[:2])
    async with caller.client() as client:
        with pytest.raises(StreamTruncatedError) as caught:
            await run(caller, client, "until_done", model="m", input="Hi")
    partial: Any = caught.value.partial
    assert partial.output_text == TEXT


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"starting_after": 1, "model": "m"}, "only with a response_id"),
        ({"response_id": "resp_1", "model": "m", "input": "Hi"}, "does not take input, model"),
        ({"text_format": Answer, "text": {"format": {"type": "text"}}}, "not both"),
        ({"modell": "m"}, "did you mean 'model'"),
    ],
)
async def test_parameters_that_do_not_go_together(
    params: dict[str, Any], message: str, caller: Any
):
    async with caller.client() as client:
        with pytest.raises(TypeError, match=message):
            client.responses.stream(**params)


async def test_there_is_no_raw_response_of_events(caller: Any):
    async with caller.client() as client:
        with pytest.raises(TypeError, match=r"leave with_raw_response .* out"):
            client.responses.with_raw_response.stream(model="m", input="Hi")
        received = client.responses.with_streaming_response.stream(model="m", input="Hi")
        with pytest.raises(TypeError, match=r"stream\.response"):
            await caller.do(received.__enter__ if caller.threads else received.__aenter__)


async def test_a_type_that_is_no_strict_schema(caller: Any):
    class Open(BaseModel):
        anything: dict[str, Any]

    async with caller.client() as client:
        with pytest.raises(OpenAIError, match="anything"):
            client.responses.stream(model="m", input="Hi", text_format=Open)


@pytest.mark.parametrize("kind", [OpenAI, AsyncOpenAI])
def test_its_signature_says_what_it_takes(kind: Any):
    stream = kind(api_key="sk-1").responses.stream
    own = ("response_id", "text_format", "starting_after")
    taken = {*get_type_hints(ResponseCreateParamsBase), *own, *CallOptions._fields}
    assert inspect.signature(stream).parameters.keys() == taken


async def test_tools_of_models_are_sent_as_this_api_takes_them_and_parse_arguments(
    caller: Any, server: Any
):
    play(server)
    tool = pydantic_function_tool(Arguments, name="f")
    async with caller.client() as client:
        _, final = await run(
            caller, client, "get_final_response", model="m", input="Hi", tools=[tool]
        )

    assert json.loads(server.requests[0].body)["tools"] == [
        {"type": "function", **tool["function"]}
    ]
    assert final.output[1].parsed_arguments == Arguments(x=1)
