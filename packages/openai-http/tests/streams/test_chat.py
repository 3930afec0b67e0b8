"""`client.chat.completions.stream` against the mock server, over real sockets."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any, get_args, get_type_hints

import pytest
from openai_http import AsyncOpenAI, OpenAI
from openai_http.requests import CallOptions
from openai_http.streams.chat import ChatStreamParams
from openai_stream import (
    ChatCompletionStreamManager,
    LengthFinishReasonError,
)
from openai_tools import StrictSchemaError, pydantic_function_tool
from openai_types.chat import ChatCompletionUserMessageParam, CompletionCreateParamsBase
from openai_types.errors import APIError
from pydantic import BaseModel

openai_mock = pytest.importorskip("openai_mock")
pytestmark = pytest.mark.anyio

MODEL = "gpt-5.5"
USER: list[ChatCompletionUserMessageParam] = [{"role": "user", "content": "Is anybody there?"}]
SAID = "You wrote: Is anybody there?"


class Person(BaseModel):
    name: str
    age: int


@pytest.fixture(scope="module")
def mock() -> Iterator[Any]:
    with openai_mock.serve() as server:
        yield server


@pytest.fixture
def client(mock: Any) -> Iterator[OpenAI]:
    with OpenAI(api_key=mock.api_key, base_url=mock.base_url, max_retries=0) as made:
        yield made


@pytest.fixture
async def async_client(mock: Any) -> AsyncIterator[AsyncOpenAI]:
    made = AsyncOpenAI(api_key=mock.api_key, base_url=mock.base_url, max_retries=0)
    async with made:
        yield made


def test_row_19_text_comes_in_pieces(client: OpenAI):
    with client.chat.completions.stream(model=MODEL, messages=USER) as stream:
        pieces = list(stream.text())
        assert len(pieces) > 1
        assert "".join(pieces) == SAID
        assert stream.usage is None
        assert stream.get_final_completion().choices[0].message.content == SAID


async def test_text_comes_in_pieces_async(async_client: AsyncOpenAI):
    asked: Any = {"include_usage": True}
    manager = async_client.beta.chat.completions.stream(
        model=MODEL, messages=USER, stream_options=asked
    )
    async with manager as stream:
        assert "".join([piece async for piece in stream.text()]) == SAID
        assert stream.usage is not None
        assert stream.usage.completion_tokens > 1


def test_a_type_is_sent_as_its_schema_and_comes_back(client: OpenAI):
    completions = client.chat.completions
    with completions.stream(model=MODEL, messages=USER, response_format=Person) as stream:
        parsed = stream.get_final_completion().choices[0].message.parsed
    assert type(parsed) is Person
    assert parsed.name  # which only a server writes that was sent the schema


async def test_a_tool_is_called_with_its_model(async_client: AsyncOpenAI):
    tools = (tool for tool in [pydantic_function_tool(Person)])  # which can be read once
    asked: Any = {"type": "function", "function": {"name": "Person"}}
    async with async_client.chat.completions.stream(
        model=MODEL, messages=USER, tools=tools, tool_choice=asked
    ) as stream:
        calls = [call async for call in stream.tool_calls()]
    assert [type(call.function.parsed_arguments) for call in calls] == [Person]


def test_what_the_api_takes_is_sent_as_it_is(client: OpenAI):
    with client.chat.completions.stream(
        model=MODEL, messages=USER, response_format={"type": "json_object"}
    ) as stream:
        message = stream.get_final_completion().choices[0].message
    assert message.parsed is None
    assert json.loads(message.content or "") is not None


def test_an_answer_that_is_cut_is_an_error(client: OpenAI):
    with (
        client.chat.completions.stream(
            model=MODEL, messages=USER, response_format=Person, max_completion_tokens=3
        ) as stream,
        pytest.raises(LengthFinishReasonError),
    ):
        stream.until_done()


def test_a_stream_that_breaks_off_has_what_arrived(client: OpenAI):
    fault = {"x-mock-fault": "cut:after_events=3"}
    with client.chat.completions.stream(model=MODEL, messages=USER, extra_headers=fault) as stream:
        with pytest.raises(APIError) as caught:
            stream.until_done()
        assert stream.outcome == "truncated"
    partial: Any = caught.value.partial
    assert SAID.startswith(partial.choices[0].message.content)


def test_wrong_parameters_are_refused_before_anything_is_sent(client: OpenAI):
    stream: Any = client.chat.completions.stream
    with pytest.raises(TypeError, match="did you mean 'model'"):
        stream(modle=MODEL, messages=USER)
    with pytest.raises(TypeError, match="missing 'messages'"):
        stream(model=MODEL)
    with pytest.raises(StrictSchemaError):
        stream(model=MODEL, messages=USER, response_format=dict)


def test_there_is_no_raw_response_of_events(client: OpenAI):
    raw: Any = client.chat.completions.with_raw_response
    with pytest.raises(TypeError, match=r"leave with_raw_response .* out"):
        raw.stream(model=MODEL, messages=USER)
    received: Any = client.chat.completions.with_streaming_response
    with pytest.raises(TypeError, match=r"stream\.response"):
        received.stream(model=MODEL, messages=USER).__enter__()


def test_its_parameters_are_those_of_create():
    wanted = get_type_hints(CompletionCreateParamsBase, include_extras=True)
    response_format = wanted.pop("response_format")
    assert get_type_hints(ChatStreamParams, include_extras=True) == wanted
    for made in (OpenAI(api_key="k"), AsyncOpenAI(api_key="k")):
        taken = inspect.signature(made.chat.completions.stream).parameters
        assert taken.keys() == {*wanted, "response_format", *CallOptions._fields}
        found = get_args(taken["response_format"].annotation)
        assert set(get_args(response_format)) <= set(found)


def test_nothing_is_sent_before_the_block():
    nobody = OpenAI(api_key="k", base_url="http://127.0.0.1:9/v1", max_retries=0)
    manager = nobody.chat.completions.stream(model=MODEL, messages=USER)
    assert isinstance(manager, ChatCompletionStreamManager)


def test_the_group_loads_no_streams_before_they_are_used():
    code = (
        "import sys, openai_http; openai_http.OpenAI(api_key='k').chat.completions;"
        " print(sorted({'openai_stream.chat.streams', 'openai_tools'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
