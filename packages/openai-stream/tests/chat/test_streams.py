"""Chat streams over bodies in memory."""

from __future__ import annotations

import gc
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import anyio.lowlevel
import pytest
from openai_stream import (
    AsyncChatCompletionStream,
    AsyncChatCompletionStreamManager,
    AsyncStream,
    ChatCompletionStream,
    ChatCompletionStreamManager,
    EventReader,
    LengthFinishReasonError,
    Stream,
    StreamTruncatedError,
)
from openai_stream.accumulating import accumulator_of
from openai_stream.terminal import chat_completions
from openai_types import Decoder
from openai_types.chat import ChatCompletionChunk
from openai_types.errors import OpenAIError
from openai_types.parsed_chat import ParsedChatCompletion
from openai_types.wire import ResponseLike
from pydantic import BaseModel

pytestmark = pytest.mark.anyio

# Any: JSON.

CHUNKS = "openai_types.chat:ChatCompletionChunk"
DONE = b"data: [DONE]\n\n"


class City(BaseModel):
    name: str


def sent(**fields: Any) -> bytes:
    return b"data: %b\n\n" % json.dumps({"choices": [], **fields}).encode()


def choice(index: int = 0, **fields: Any) -> bytes:
    return sent(choices=[{"index": index, **fields}])


def says(content: str, index: int = 0) -> bytes:
    return choice(index, delta={"content": content})


def ends(reason: str = "stop") -> bytes:
    return choice(finish_reason=reason)


def calls(index: int, id: str, arguments: str) -> bytes:
    function = {"name": "City", "arguments": arguments}
    return choice(delta={"tool_calls": [{"index": index, "id": id, "function": function}]})


USAGE = sent(usage={"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3})
HELLO = [says(""), says("Hel"), says("lo"), ends(), USAGE, DONE]
STRICT: Any = {"type": "function", "function": {"name": "City", "strict": True}}


class Body:
    """Pieces that are received, and whether they were let go of."""

    def __init__(self, response: ResponseLike, pieces: list[bytes]) -> None:
        self.response = response
        self.pieces = pieces
        self.released = 0

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.pieces)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for each in self.pieces:
            await anyio.lowlevel.checkpoint()
            yield each

    def close(self) -> None:
        self.released += 1

    async def aclose(self) -> None:
        self.close()

    def abort(self) -> None:
        self.close()

    def abandon(self, chunks: object) -> None:
        del chunks
        self.close()


def reader() -> EventReader[ChatCompletionChunk]:
    decode = Decoder[ChatCompletionChunk](ChatCompletionChunk)
    return EventReader(decode, chat_completions(), accumulator=accumulator_of(CHUNKS))


@pytest.fixture
def stream(response: ResponseLike) -> Any:
    """What opens a stream of pieces."""

    def opened(*pieces: bytes, **options: Any) -> ChatCompletionStream[Any]:
        raw = Stream(Body(response, [*pieces]), reader())
        return ChatCompletionStream[Any](raw_stream=raw, **options)

    return opened


@pytest.fixture
def async_stream(response: ResponseLike) -> Any:
    def opened(*pieces: bytes, **options: Any) -> AsyncChatCompletionStream[Any]:
        raw = AsyncStream(Body(response, [*pieces]), reader())
        return AsyncChatCompletionStream[Any](raw_stream=raw, **options)

    return opened


def test_its_text_is_that_of_the_first_choice(stream: Any):
    both = [says("H"), says("x", 1), says(""), says("i"), says("y", 1), DONE]
    assert list(stream(*both).text()) == ["H", "i"]
    assert list(stream(*both).text_stream) == ["H", "i"]


async def test_its_text_is_that_of_the_first_choice_async(async_stream: Any):
    assert [piece async for piece in async_stream(*HELLO).text()] == ["Hel", "lo"]
    assert [piece async for piece in async_stream(*HELLO).text_stream] == ["Hel", "lo"]


def test_its_calls_come_when_they_are_whole(stream: Any):
    one, other = calls(0, "a", '{"name":"Paris"}'), calls(1, "b", '{"name":"Rome"}')
    running = stream(one, other, ends("tool_calls"), DONE, input_tools=[STRICT])
    found = running.tool_calls()
    assert next(found).id == "a"
    assert running.outcome is None  # and the other one has not come yet
    assert [each.function.parsed_arguments for each in found] == [{"name": "Rome"}]
    assert running.outcome == "complete"


async def test_its_calls_come_when_they_are_whole_async(async_stream: Any):
    running = async_stream(calls(0, "a", "{}"), ends("tool_calls"), DONE)
    found = [each async for each in running.tool_calls()]
    assert [(each.id, each.function.parsed_arguments) for each in found] == [("a", {})]


class Plan(BaseModel):
    cities: list[City]


PLAN = '{"cities":[{"name":"Paris"},{"nam', 'e":"Rome"},{"name":5}', "]}"


def test_its_parts_come_when_they_are_whole(stream: Any):
    running = stream(*map(says, PLAN), says("{", 1), ends(), DONE, response_format=Plan)
    parts = running.parsed_parts()
    assert next(parts).value == City(name="Paris")
    assert running.partial.choices[0].message.content == PLAN[0]
    rest = list(parts)
    assert [part.path for part in rest] == [("cities", 1), ("cities", 2)]
    assert rest[0].value == City(name="Rome")
    assert rest[1].error is not None
    with pytest.raises(OpenAIError, match="response_format="):
        stream(*HELLO).parsed_parts()


async def test_its_parts_come_when_they_are_whole_async(async_stream: Any):
    running = async_stream(*map(says, PLAN), ends(), DONE, response_format=Plan)
    found = [part.value async for part in running.parsed_parts()]
    assert found[:2] == [City(name="Paris"), City(name="Rome")]


def test_what_it_is_in_the_end(stream: Any):
    running: ChatCompletionStream[None] = stream(*HELLO)
    assert running.usage is None
    final = running.get_final_completion()
    assert type(final) is ParsedChatCompletion
    assert final.choices[0].message.content == "Hello"
    assert final.usage is not None
    assert final.usage.total_tokens == 3
    assert running.usage == final.usage
    assert running.get_final_completion() == final == running.partial


async def test_what_it_is_in_the_end_async(async_stream: Any):
    running = async_stream(*HELLO)
    final = await running.get_final_completion()
    assert final.choices[0].message.content == "Hello"
    assert (await running.until_done()).current_completion_snapshot == final


def test_what_arrived_can_be_asked_for_at_any_time(stream: Any):
    running = stream(*HELLO)
    seen = [running.current_completion_snapshot.choices[0].message.content for _ in running]
    assert seen[0] == ""
    assert seen[-1] == "Hello"


def test_a_stream_that_was_cut_is_an_error_with_what_arrived(stream: Any):
    running = stream(says('{"name":"Par'), response_format=City)
    with pytest.raises(StreamTruncatedError) as caught:
        running.get_final_completion()
    partial: Any = caught.value.partial
    assert partial.choices[0].message.content == '{"name":"Par'
    assert running.outcome == "truncated"
    with pytest.raises(StreamTruncatedError) as again:
        running.get_final_completion()
    assert again.value.partial == running.partial


def test_a_stream_that_was_left_has_no_final_completion(stream: Any):
    running = stream(says("Hel"), says("lo"), ends(), DONE)
    for event in running:
        if event.type == "content.delta":
            break
    with pytest.raises(OpenAIError, match="left before its end"):
        running.get_final_completion()
    assert running.partial.choices[0].message.content == "Hel"


async def test_a_stream_that_was_closed_has_no_final_completion_async(async_stream: Any):
    running = async_stream(*HELLO)
    await running.close()
    with pytest.raises(StreamTruncatedError, match="left before its end"):
        await running.get_final_completion()


def test_what_was_to_be_parsed_and_is_cut_ends_the_iteration(stream: Any):
    running = stream(says('{"name":"'), ends("length"), USAGE, DONE, response_format=City)
    with pytest.raises(LengthFinishReasonError, match="2 tokens") as caught:
        list(running)
    assert caught.value.completion.choices[0].message.content == '{"name":"'
    with pytest.raises(LengthFinishReasonError):
        running.get_final_completion()


def test_a_manager_opens_and_closes(response: ResponseLike):
    bodies: list[Body] = []

    def request() -> Stream[ChatCompletionChunk]:
        bodies.append(Body(response, [*HELLO]))
        return Stream(bodies[-1], reader())

    manager = ChatCompletionStreamManager[City](request, response_format=City)
    assert bodies == []  # nothing is sent yet
    with manager as running:
        assert next(running).type == "chunk"
    assert bodies[0].released == 1


def test_a_manager_that_was_never_entered_has_nothing_to_close(async_stream: Any):
    ChatCompletionStreamManager[City](async_stream).__exit__(None, None, None)
    closing = AsyncChatCompletionStreamManager[City](async_stream).__aexit__(None, None, None)
    with pytest.raises(StopIteration):
        closing.send(None)


async def test_a_manager_opens_and_closes_async(response: ResponseLike):
    body = Body(response, [*HELLO])

    async def request() -> AsyncStream[ChatCompletionChunk]:
        return AsyncStream(body, reader())

    async with AsyncChatCompletionStreamManager[City](request, input_tools=[STRICT]) as running:
        assert (await anext(running)).type == "chunk"
    assert body.released == 1


def test_a_loop_over_its_text_that_is_left_lets_go(response: ResponseLike):
    body = Body(response, [*HELLO])
    running = ChatCompletionStream[None](raw_stream=Stream(body, reader()))
    for _ in running.text():
        break
    gc.collect()
    assert body.released == 1
    assert running.outcome == "cancelled"
