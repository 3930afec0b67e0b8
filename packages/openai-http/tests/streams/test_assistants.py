"""Runs of assistants as streams, against the mock server, over real sockets."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from operator import attrgetter
from typing import Any, get_type_hints

import pytest
from openai_http import APIConnectionError, AsyncOpenAI, NotFoundError, OpenAI
from openai_http.requests import CallOptions
from openai_stream import (
    AssistantEventHandler,
    AsyncAssistantEventHandler,
)
from openai_types.beta import ThreadCreateAndRunParamsBase
from openai_types.beta.threads import (
    Message,
    RunCreateParamsBase,
    RunSubmitToolOutputsParamsBase,
    TextDelta,
)
from openai_types.beta.threads import Text as MessageText
from openai_types.beta.threads.runs import ToolCall
from openai_types.errors import OpenAIError

openai_mock = pytest.importorskip("openai_mock")
pytestmark = pytest.mark.anyio

# Any: the mock server, which need not be installed.

SAID = "You wrote: Is anybody there?"
THREAD: Any = {"messages": [{"role": "user", "content": "Is anybody there?"}]}
WEATHER: Any = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}


class Noting(AssistantEventHandler):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str | None] = []
        self.said: list[str] = []
        self.calls: list[ToolCall] = []

    def on_text_delta(self, delta: TextDelta, snapshot: MessageText) -> None:
        self.pieces.append(delta.value)
        assert snapshot.value == "".join(piece or "" for piece in self.pieces)

    def on_message_done(self, message: Message) -> None:
        self.said.append(text_of(message))

    def on_tool_call_done(self, tool_call: ToolCall) -> None:
        self.calls.append(tool_call)


class AsyncNoting(AsyncAssistantEventHandler):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    async def on_message_done(self, message: Message) -> None:
        self.said.append(text_of(message))


def text_of(message: Message) -> str:
    [content] = message.content
    assert content.type == "text"
    return content.text.value


@pytest.fixture(scope="module")
def mock() -> Iterator[Any]:
    with openai_mock.serve() as server:
        yield server


@pytest.fixture
def options(mock: Any) -> dict[str, Any]:
    return {"api_key": mock.api_key, "base_url": mock.base_url, "max_retries": 0}


@pytest.fixture
def client(options: dict[str, Any]) -> Iterator[OpenAI]:
    with OpenAI(**options) as made:
        yield made


@pytest.fixture
def assistant(client: OpenAI) -> str:
    return client.beta.assistants.create(model="gpt-5.5").id


def test_a_run_is_read_through_its_hooks(client: OpenAI, assistant: str):
    thread = client.beta.threads.create(**THREAD)
    manager = client.beta.threads.runs.stream(
        thread_id=thread.id, assistant_id=assistant, event_handler=Noting()
    )
    with manager as stream:
        run = stream.get_final_run()
    assert stream.said == [SAID]
    assert len(stream.pieces) > 1
    assert stream.outcome == "complete"
    [stored] = client.beta.threads.messages.list(thread.id, run_id=run.id).data
    assert [stored] == stream.get_final_messages()
    assert (
        stream.get_final_run_steps()
        == client.beta.threads.runs.steps.list(run.id, thread_id=thread.id).data
    )
    assert client.beta.threads.runs.retrieve(run.id, thread_id=thread.id) == run


def test_a_thread_is_made_and_run_and_tools_are_answered(client: OpenAI, assistant: str):
    with client.beta.threads.create_and_run_stream(
        assistant_id=assistant,
        thread=THREAD,
        tools=[WEATHER],
        tool_choice="required",
        event_handler=Noting(),
    ) as waiting:
        run = waiting.get_final_run()
    assert run.status == "requires_action"
    [call] = waiting.calls
    assert call.type == "function"
    assert call.function.name == "weather"
    assert waiting.partial.thread is not None
    assert waiting.partial.thread.id == run.thread_id
    with client.beta.threads.runs.submit_tool_outputs_stream(
        run_id=run.id,
        thread_id=run.thread_id,
        tool_outputs=[{"tool_call_id": call.id, "output": "sunny"}],
    ) as stream:
        text = "".join(stream.text_deltas)
        assert stream.get_final_run().status == "completed"
    assert [text_of(each) for each in stream.get_final_messages()] == [text]


def test_the_older_name_is_the_same(client: OpenAI, assistant: str):
    thread = client.beta.threads.create(**THREAD)
    with client.beta.threads.runs.create_and_stream(
        thread_id=thread.id, assistant_id=assistant, idle_timeout=60
    ) as stream:
        assert "".join(stream.text_deltas) == SAID


async def test_a_run_is_read_by_asynchronous_code(options: dict[str, Any], assistant: str):
    async with AsyncOpenAI(**options) as client:
        async with client.beta.threads.create_and_run_stream(
            assistant_id=assistant, thread=THREAD, event_handler=AsyncNoting()
        ) as stream:
            run = await stream.get_final_run()
        thread = await client.beta.threads.create(**THREAD)
        async with client.beta.threads.runs.stream(
            thread_id=thread.id, assistant_id=assistant
        ) as plain:
            text = "".join([piece async for piece in plain.text_deltas])
    assert run.status == "completed"
    assert stream.said == [SAID]
    assert text == SAID


def test_there_is_no_raw_form(client: OpenAI, assistant: str):
    threads: Any = client.with_raw_response.beta.threads
    manager = threads.create_and_run_stream(assistant_id=assistant, thread=THREAD)
    with pytest.raises(OpenAIError, match=r"head of the response is in `\.response`"), manager:
        pass
    with client.beta.threads.create_and_run_stream(assistant_id=assistant, thread=THREAD) as stream:
        assert stream.response.status_code == 200


def test_nothing_is_sent_before_the_block(client: OpenAI):
    manager = client.beta.threads.runs.stream(thread_id="thread_none", assistant_id="asst_none")
    with pytest.raises(NotFoundError), manager:
        pass


def test_a_run_that_is_cut_off_is_an_error_that_has_what_came(client: OpenAI, assistant: str):
    manager = client.beta.threads.create_and_run_stream(
        assistant_id=assistant,
        thread=THREAD,
        event_handler=Noting(),
        extra_headers={"x-mock-fault": "cut:after_events=10"},
    )
    with manager as stream, pytest.raises(APIConnectionError) as caught:
        stream.until_done()
    assert stream.outcome == "truncated"
    assert caught.value.partial == stream.partial
    [message] = stream.partial.messages
    assert SAID.startswith(text_of(message))


@pytest.mark.parametrize("kind", [OpenAI, AsyncOpenAI])
@pytest.mark.parametrize(
    ("of", "name", "own", "params"),
    [
        ("threads.runs", "stream", "thread_id", RunCreateParamsBase),
        ("threads.runs", "submit_tool_outputs_stream", "run_id", RunSubmitToolOutputsParamsBase),
        ("threads", "create_and_run_stream", None, ThreadCreateAndRunParamsBase),
    ],
)
def test_signatures_say_what_is_taken(kind: Any, of: str, name: str, own: str | None, params: type):
    stream = attrgetter(f"{of}.{name}")(kind(api_key="sk-1").beta)
    first = {"event_handler"} if own is None else {own, "event_handler"}
    taken = {*get_type_hints(params), *first, *CallOptions._fields}
    assert inspect.signature(stream).parameters.keys() == taken
