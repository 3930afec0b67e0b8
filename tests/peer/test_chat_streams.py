"""The same chats streamed by both packages: the same events, and the same completion in the end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, cast

import openai_suite
import pydantic
import pytest
from openai_mock import MockServer, serve
from openai_stream import ChatCompletionStreamState
from openai_suite import Decoder
from openai_types.chat import ChatCompletionChunk

pytestmark = pytest.mark.peer
openai = pytest.importorskip("openai", reason="the official package is not installed here")
streaming = pytest.importorskip("openai.lib.streaming.chat")

# Any: the classes of the official package, which is not there in every session of nox.

ID, CREATED = "chatcmpl-1", 1


class Person(pydantic.BaseModel):
    """Somebody."""

    name: str
    age: int
    friends: list[str]


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with serve() as server:
        yield server


def text(package: ModuleType) -> dict[str, Any]:
    del package
    return {"stream_options": {"include_usage": True}}


def logprobs(package: ModuleType) -> dict[str, Any]:
    del package
    return {"logprobs": True, "top_logprobs": 2}


def json_object(package: ModuleType) -> dict[str, Any]:
    del package
    return {"response_format": {"type": "json_object"}}


def structured(package: ModuleType) -> dict[str, Any]:
    del package
    return {"response_format": Person}


def model_tool(package: ModuleType) -> dict[str, Any]:
    tool = package.pydantic_function_tool(Person)
    return {"tools": [tool], "tool_choice": "required"}


def loose_tool(package: ModuleType) -> dict[str, Any]:
    del package
    function: dict[str, Any] = {"name": "log", "parameters": {"type": "object", "properties": {}}}
    return {"tools": [{"type": "function", "function": function}], "tool_choice": "required"}


KINDS = [text, logprobs, json_object, structured, model_tool, loose_tool]
Kind = Callable[[ModuleType], dict[str, Any]]


def asked(package: ModuleType, kind: Kind) -> dict[str, Any]:
    messages = [{"role": "user", "content": "Is anybody there?"}]
    return {"model": "gpt-5.5", "messages": messages, **kind(package)}


def plain(value: Any) -> Any:
    """A value of either package without what only one of them has: nulls, and choice_index."""
    if isinstance(value, pydantic.BaseModel):
        return plain(dict(value)) | plain(value.model_extra or {})
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        new = str(fields.get("id")).startswith("call_")  # of a call: another one in each answer
        said = {n: plain(each) for n, each in fields.items() if not (new and n == "id")}
        return {name: each for name, each in said.items() if each is not None}
    if isinstance(value, list):
        return [plain(each) for each in cast("list[Any]", value)]
    return value


def told(event: Any) -> Any:
    """What an event says, whichever package it is of."""
    if event.type == "chunk":
        return event.type, [plain(choice.delta) for choice in event.chunk.choices]
    names = ("delta", "content", "refusal", "parsed", "arguments", "arguments_delta", "name")
    names += ("index", "parsed_arguments", "snapshot")
    said = {name: plain(getattr(event, name, None)) for name in names}
    if event.type.endswith(".delta"):  # a number that is cut is none here, and one there
        said |= {"parsed": None, "parsed_arguments": None}
    return event.type, {name: value for name, value in said.items() if value is not None}


def completed(completion: Any) -> Any:
    """A completion without what is new in each answer."""
    made = plain(completion)
    for choice in made["choices"]:
        for call in choice["message"].get("tool_calls", ()):
            call.pop("index", None)  # that of the deltas, which the official package leaves there
    return {**made, "id": ID, "created": CREATED}


def client(package: Any, mock: MockServer, kind: str = "OpenAI") -> Any:
    made = getattr(package, kind)
    return made(api_key=mock.api_key, base_url=mock.base_url, max_retries=0)


def seen(package: Any, mock: MockServer, kind: Kind) -> tuple[list[Any], Any]:
    with (
        client(package, mock) as caller,
        caller.chat.completions.stream(**asked(package, kind)) as stream,
    ):
        # An event is looked at when it comes: the official package goes on to change its parts.
        events = [told(event) for event in stream]
        return events, completed(stream.get_final_completion())


async def seen_async(package: Any, mock: MockServer, kind: Kind) -> tuple[list[Any], Any]:
    async with (
        client(package, mock, "AsyncOpenAI") as caller,
        caller.chat.completions.stream(**asked(package, kind)) as stream,
    ):
        events = [told(event) async for event in stream]
        return events, completed(await stream.get_final_completion())


@pytest.mark.parametrize("kind", KINDS)
def test_streams_tell_the_same(mock: MockServer, kind: Kind):
    official = seen(openai, mock, kind)
    assert seen(openai_suite, mock, kind) == official


def test_asynchronous_streams_tell_the_same(mock: MockServer):
    official = asyncio.run(seen_async(openai, mock, structured))
    assert asyncio.run(seen_async(openai_suite, mock, structured)) == official


TOKEN: dict[str, Any] = {"token": "a", "logprob": -1.0, "bytes": None, "top_logprobs": []}


def deltas(*deltas: dict[str, Any], **others: Any) -> list[dict[str, Any]]:
    return [{"delta": delta, **others} for delta in deltas]


def call(index: int, arguments: str, **head: Any) -> dict[str, Any]:
    name = head.pop("name", None)
    function = {"arguments": arguments, **({"name": name} if name else {})}
    return {"tool_calls": [{"index": index, **head, "function": function}]}


TRANSCRIPTS: dict[str, list[dict[str, Any]]] = {
    "refusal": [
        *deltas({"role": "assistant", "refusal": ""}, {"refusal": "I can"}, {"refusal": "not."}),
        {"delta": {}, "finish_reason": "stop"},
    ],
    "refusal with logprobs": [
        *deltas(
            {"role": "assistant", "refusal": "No"},
            {"refusal": "."},
            logprobs={"refusal": [TOKEN], "content": None},
        ),
        {"delta": {}, "finish_reason": "stop"},
    ],
    "two calls after text": [
        *deltas(
            {"role": "assistant", "content": "Let me "},
            {"content": "see."},
            call(0, "", id="a", type="function", name="Person"),
            call(0, '{"name": "A", "age"'),
            call(0, ': 5, "friends": []}'),
            call(1, "", id="b", type="function", name="log"),
            call(1, "{}"),
        ),
        {"delta": {}, "finish_reason": "tool_calls"},
    ],
    "two choices": [
        {"index": 0, "delta": {"role": "assistant", "content": "A"}},
        {"index": 1, "delta": {"role": "assistant", "content": "B"}},
        {"index": 1, "delta": {}, "finish_reason": "stop"},
        {"index": 0, "delta": {"content": "a"}},
        {"index": 0, "delta": {}, "finish_reason": "stop"},
    ],
}


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_states_tell_the_same(name: str):
    official = streaming.ChatCompletionStreamState(
        input_tools=[openai.pydantic_function_tool(Person)]
    )
    ours = ChatCompletionStreamState[None](
        input_tools=[openai_suite.pydantic_function_tool(Person)]
    )
    for choice in TRANSCRIPTS[name]:
        whole = {"index": 0, "logprobs": None, "finish_reason": None, **choice}
        chunk = {"id": ID, "created": CREATED, "model": "gpt", "choices": [whole]}
        chunk["object"] = "chat.completion.chunk"
        theirs = openai.types.chat.ChatCompletionChunk.model_validate(chunk)
        mine = Decoder[ChatCompletionChunk](ChatCompletionChunk)(json.dumps(chunk))
        assert [told(each) for each in ours.handle_chunk(mine)] == [
            told(each) for each in official.handle_chunk(theirs)
        ]
        assert completed(ours.current_completion_snapshot) == completed(
            official.current_completion_snapshot
        )
    assert ours.finish() == []
    assert completed(ours.get_final_completion()) == completed(official.get_final_completion())
