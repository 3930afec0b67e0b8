"""What hooks are told of streams, and of bodies that are left to be read."""

from operator import methodcaller
from typing import Any

import pytest
from openai_http import APIConnectionError, RetryPolicy, StreamStalledError, StreamTruncatedError
from openai_http.hooks.events import CallEnded, FirstEvent
from openai_http.hooks.usage import Usage

pytestmark = pytest.mark.anyio

CHUNK = b'data: {"choices": [{"index": 0, "delta": {"content": "Hello"}}]}\n\n'
LAST = b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\n'
USAGE = b'data: {"choices": [], "usage": {"prompt_tokens": 3, "total_tokens": 9}}\n\n'
DONE = b"data: [DONE]\n\n"
ATTEMPT = ["AttemptBegan", "AttemptAnswered"]


async def next_of(caller: Any, stream: Any) -> Any:
    if caller.threads:
        return await caller.do(lambda: next(stream))
    return await anext(stream)


async def test_row_21_stream_is_told_to_its_end(caller: Any, server: Any, told: Any):
    server.play((server.events(CHUNK, LAST, USAGE, DONE), server.close))
    received: list[Any] = []
    async with caller.client(hooks=[told]) as client:
        stream = await caller.chat(client, stream=True)
        assert told.names == ["CallBegan", *ATTEMPT]
        received.append(await next_of(caller, stream))
        assert told.names[3:] == ["FirstEvent"]
        await caller.collect(stream, received)
        assert told.names[4:] == ["CallEnded"]
        await caller.do(stream.close)
    assert told.names[4:] == ["CallEnded"]
    first, ended = told.only(FirstEvent), told.only(CallEnded)
    assert first.event is received[0]
    assert 0 <= first.seconds <= ended.seconds
    assert (ended.outcome, ended.error, ended.result) == ("complete", None, stream.partial)
    assert ended.usage == Usage(input_tokens=3, total_tokens=9)
    assert ended.call.streamed
    assert [each.status for each in ended.attempts] == [200]


async def test_stream_that_breaks_off_is_told(caller: Any, server: Any, told: Any):
    server.play((server.events(CHUNK), server.close))
    with pytest.raises(StreamTruncatedError) as caught:
        await caller.stream([], hooks=[told])
    ended = told.only(CallEnded)
    assert (ended.outcome, ended.error) == ("truncated", caught.value)
    assert ended.result == caught.value.partial


async def test_stream_that_stalls_is_told(caller: Any, server: Any, told: Any):
    server.play((server.events(CHUNK), server.gate()))
    with pytest.raises(StreamStalledError):
        await caller.stream([], hooks=[told], idle_timeout=0.05)
    assert told.only(CallEnded).outcome == "stalled"


async def test_attempts_of_a_stream_that_began_anew_are_told(caller: Any, server: Any, told: Any):
    server.play((server.events(b": ping\n\n"), server.close), server.whole_stream())
    received: list[Any] = []
    async with caller.client(hooks=[told]) as client:
        retry = RetryPolicy(initial_delay=0)
        await caller.collect(await caller.chat(client, stream=True, retry=retry), received)
    names = ["CallBegan", *ATTEMPT, "AttemptFailed", *ATTEMPT, "FirstEvent", "CallEnded"]
    assert told.names == names
    errors = [each.error for each in told.only(CallEnded).attempts]
    assert errors == ["StreamTruncatedError", None]


async def test_stream_that_cannot_begin_is_told(caller: Any, server: Any, told: Any):
    server.play(server.reset)
    with pytest.raises(APIConnectionError):
        await caller.stream([], hooks=[told])
    assert told.names == ["CallBegan", "AttemptBegan", "AttemptFailed", "CallEnded"]


async def test_stream_that_is_closed_early_is_cancelled(caller: Any, server: Any, told: Any):
    server.play((server.events(CHUNK, CHUNK), server.until_gone))
    async with caller.client(hooks=[told]) as client:
        stream = await caller.chat(client, stream=True)
        await next_of(caller, stream)
        await caller.do(stream.close)
        await caller.do(stream.close)
    ended = told.only(CallEnded)
    assert (ended.outcome, ended.error) == ("cancelled", None)


async def test_stream_that_was_left_with_all_of_its_answer_is_complete(
    caller: Any, server: Any, told: Any
):
    server.play((server.events(CHUNK, LAST), server.until_gone))
    async with caller.client(hooks=[told]) as client:
        stream = await caller.chat(client, stream=True)
        await next_of(caller, stream)
        await next_of(caller, stream)
        await caller.do(stream.close)
    assert told.only(CallEnded).outcome == stream.outcome


def first_of(stream: Any) -> Any:
    for event in stream:
        return event
    raise AssertionError("There is none.")


async def first_of_async(stream: Any) -> Any:
    async for event in stream:
        return event
    raise AssertionError("There is none.")


async def leave(caller: Any, stream: Any) -> None:
    if caller.threads:
        await caller.do(first_of, stream)
    else:
        await first_of_async(stream)


@pytest.mark.parametrize("then", ["another call", "the end of the client", "the block"])
async def test_loop_that_is_left_is_told_by_what_comes_next(
    caller: Any, server: Any, told: Any, then: str
):
    """Nothing can be awaited where it is noticed, which may be in the garbage collector."""
    server.play((server.events(CHUNK), server.until_gone), server.json())
    async with caller.client(hooks=[told]) as client:
        stream = await caller.chat(client, stream=True)
        await leave(caller, stream)
        assert told.names == ["CallBegan", *ATTEMPT, "FirstEvent"]
        if then == "another call":
            await caller.chat(client)
            assert told.names[4:] == ["CallEnded", "CallBegan", *ATTEMPT, "CallEnded"]
        elif then == "the block":
            await caller.do(stream.close)
            assert told.names[4:] == ["CallEnded"]
    left = next(event for event in told if isinstance(event, CallEnded))
    assert (left.outcome, left.call) == ("cancelled", told[0].call)
    ends = [event for event in told if isinstance(event, CallEnded) and event.call is left.call]
    assert ends == [left]


async def test_stream_that_is_dropped_is_told_by_what_comes_next(
    caller: Any, server: Any, told: Any
):
    server.play((server.events(CHUNK), server.until_gone))
    async with caller.client(hooks=[told]) as client:
        await caller.chat(client, stream=True)
        assert told.names == ["CallBegan", *ATTEMPT]
    assert told.only(CallEnded).outcome == "cancelled"


async def test_stream_that_is_cancelled_is_told(caller: Any, server: Any, told: Any):
    server.play((server.events(CHUNK), server.until_gone))
    async with caller.client(hooks=[told]) as client:
        stream = await caller.chat(client, stream=True)
        await next_of(caller, stream)
        stream.cancel()
        await caller.collect(stream, [])
    assert told.only(CallEnded).outcome == "cancelled"


async def test_raw_stream_is_told(caller: Any, server: Any, told: Any):
    server.play((server.events(CHUNK, LAST, USAGE, DONE), server.close))
    async with caller.client(hooks=[told]) as client:
        create = client.chat.completions.with_raw_response.create
        response = await caller.do(create, model="m", messages=[], stream=True)
        received: list[Any] = []
        await caller.collect(response.parse(), received)
    assert told.names == ["CallBegan", *ATTEMPT, "FirstEvent", "CallEnded"]
    assert told.only(CallEnded).usage == Usage(input_tokens=3, total_tokens=9)


async def read_in_block(caller: Any, manager: Any, read: Any) -> Any:
    """What is read of a response within its block."""
    if caller.threads:

        def block() -> Any:
            with manager as response:
                return read(response)

        return await caller.do(block)
    async with manager as response:
        return await read(response)


async def test_body_that_is_left_to_be_read_is_told(caller: Any, server: Any, told: Any):
    server.play(server.json(), server.json(), (server.answer(length=9), server.close))
    async with caller.client(hooks=[told]) as client:
        create = client.chat.completions.with_streaming_response.create

        def manager() -> Any:
            return create(model="m", messages=[])

        await read_in_block(caller, manager(), methodcaller("read"))
        assert told.only(CallEnded).outcome == "complete"
        told.clear()
        await read_in_block(caller, manager(), methodcaller("close"))
        assert told.only(CallEnded).outcome == "cancelled"
        told.clear()
        with pytest.raises(APIConnectionError) as caught:
            await read_in_block(caller, manager(), methodcaller("read"))
    assert told.only(CallEnded).error is caught.value


async def test_stream_in_a_block_is_told_once(caller: Any, server: Any, told: Any):
    server.play((server.events(CHUNK, LAST, DONE), server.close))
    received: list[Any] = []

    def in_threads(response: Any) -> None:
        received.extend(response.parse())

    async def in_tasks(response: Any) -> None:
        await caller.collect(await response.parse(), received)

    async with caller.client(hooks=[told]) as client:
        create = client.chat.completions.with_streaming_response.create
        manager = create(model="m", messages=[], stream=True)
        await read_in_block(caller, manager, in_threads if caller.threads else in_tasks)
    assert told.names == ["CallBegan", *ATTEMPT, "FirstEvent", "CallEnded"]
    assert told.only(CallEnded).outcome == "complete"


async def test_high_level_stream_is_told_as_one_call(caller: Any, server: Any, told: Any):
    server.play((server.events(CHUNK, LAST, USAGE, DONE), server.close))

    def in_threads(stream: Any) -> Any:
        return stream.get_final_completion()

    async with caller.client(hooks=[told]) as client:
        manager = client.chat.completions.stream(model="m", messages=[])
        completion = await read_in_block(caller, manager, in_threads)
    assert told.names == ["CallBegan", *ATTEMPT, "FirstEvent", "CallEnded"]
    ended = told.only(CallEnded)
    assert ended.usage == Usage(input_tokens=3, total_tokens=9)
    assert ended.outcome == "complete"
    assert ended.result.choices[0].message.content == "Hello"
    assert completion.choices[0].message.content == "Hello"


async def test_high_level_stream_that_is_left_is_told_once(caller: Any, server: Any, told: Any):
    server.play((server.events(CHUNK), server.until_gone))
    async with caller.client(hooks=[told]) as client:
        manager = client.chat.completions.stream(model="m", messages=[])
        await read_in_block(caller, manager, first_of if caller.threads else first_of_async)
    assert told.names == ["CallBegan", *ATTEMPT, "FirstEvent", "CallEnded"]
    assert told.only(CallEnded).outcome == "cancelled"


async def test_stream_that_goes_on_after_a_lost_connection_is_one_call(
    caller: Any, server: Any, told: Any
):
    def event(kind: str, number: int) -> bytes:
        response = '{"id": "resp_1", "object": "response", "background": true}'
        body = f'{{"type": "{kind}", "sequence_number": {number}, "response": {response}}}'
        return b"data: %b\n\n" % body.encode()

    server.play(
        (server.events(event("response.created", 0)), server.close),
        (server.events(event("response.completed", 1)), server.close),
    )
    received: list[Any] = []
    async with caller.client(hooks=[told]) as client:
        stream = await caller.do(
            client.responses.create,
            model="m",
            input="i",
            stream=True,
            background=True,
            retry=RetryPolicy(initial_delay=0),
        )
        await caller.collect(stream, received)
    assert [each.type for each in received] == ["response.created", "response.completed"]
    names = ["CallBegan", *ATTEMPT, "FirstEvent", "AttemptFailed", *ATTEMPT, "CallEnded"]
    assert told.names == names
    assert [each.error for each in told.only(CallEnded).attempts] == ["StreamTruncatedError", None]
