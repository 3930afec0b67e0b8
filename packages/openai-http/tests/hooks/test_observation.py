"""What hooks are told of calls, on real sockets: in which order, once, and without harm."""

from typing import Any
from weakref import WeakKeyDictionary

import pytest
from openai_http import (
    APIConnectionError,
    APIResponseValidationError,
    InternalServerError,
    NotFoundError,
    RetryPolicy,
)
from openai_http.hooks.events import (
    AttemptAnswered,
    AttemptBegan,
    AttemptFailed,
    Call,
    CallBegan,
    CallEnded,
    CallEvent,
)
from openai_http.hooks.usage import Usage
from openai_types.errors import OpenAIError

pytestmark = pytest.mark.anyio

USAGE = {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}
COMPLETION: dict[str, Any] = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "choices": [],
    "usage": USAGE,
}
ATTEMPT = ["AttemptBegan", "AttemptAnswered"]


async def test_row_21_call_is_told_from_beginning_to_end(caller: Any, server: Any, told: Any):
    server.play(server.json(200, COMPLETION, x_request_id="req_1"))
    async with caller.client(hooks=[told]) as client:
        result = await caller.chat(client, user="u")
    assert told.names == ["CallBegan", *ATTEMPT, "CallEnded"]
    call = told.only(CallBegan).call
    assert {id(event.call) for event in told} == {id(call)}
    assert (call.operation, call.method, call.model) == (
        "chat.completions.create",
        "POST",
        "gpt-test",
    )
    assert call.url == f"{server.url}/chat/completions"
    assert call.params == {"model": "gpt-test", "messages": [], "user": "u"}
    assert not call.streamed
    answered = told.only(AttemptAnswered)
    assert (answered.number, answered.response.request_id) == (1, "req_1")
    ended = told.only(CallEnded)
    assert (ended.outcome, ended.error, ended.result) == ("complete", None, result)
    assert ended.usage == Usage(input_tokens=3, output_tokens=4, total_tokens=7)
    assert [(each.number, each.status) for each in ended.attempts] == [(1, 200)]
    assert ended.seconds >= ended.attempts[0].seconds


async def test_row_21_each_attempt_is_told(caller: Any, server: Any, told: Any):
    server.play(server.answer(500, retry_after_ms="0"), server.reset, server.json(200, COMPLETION))
    async with caller.client(hooks=[told]) as client:
        await caller.chat(client, retry=RetryPolicy(initial_delay=0))
    assert told.names == [
        "CallBegan",
        *ATTEMPT,
        "AttemptFailed",
        "AttemptBegan",
        "AttemptFailed",
        *ATTEMPT,
        "CallEnded",
    ]
    failed = [event for event in told if isinstance(event, AttemptFailed)]
    assert [type(event.error) for event in failed] == [InternalServerError, APIConnectionError]
    assert [event.wait == event.attempt.waited for event in failed] == [True, True]
    assert [event.number for event in told if isinstance(event, AttemptBegan)] == [1, 2, 3]
    assert [each.status for each in told.only(CallEnded).attempts] == [500, None, 200]


async def test_row_21_error_is_told(caller: Any, server: Any, told: Any):
    server.play(server.json(404, {"error": {"message": "No"}}))
    with pytest.raises(NotFoundError) as caught:
        await caller.call(hooks=[told])
    assert told.names == ["CallBegan", *ATTEMPT, "AttemptFailed", "CallEnded"]
    assert told.only(AttemptFailed).wait is None
    ended = told.only(CallEnded)
    assert (ended.outcome, ended.error, ended.usage) == ("errored", caught.value, None)
    assert tuple(ended.attempts) == caught.value.attempts


async def test_answer_that_is_no_result_is_an_error(caller: Any, server: Any, told: Any):
    server.play(server.answer(200, "<html>", content_type="text/html"))
    with pytest.raises(APIResponseValidationError) as caught:
        await caller.call(hooks=[told])
    assert told.names == ["CallBegan", *ATTEMPT, "CallEnded"]
    assert told.only(CallEnded).error is caught.value


async def test_nothing_is_told_of_a_call_that_cannot_be_made(caller: Any, told: Any):
    async with caller.client(hooks=[told]) as client:
        with pytest.raises(TypeError):
            await caller.do(client.chat.completions.create, wrong=1)
    assert told == []


async def test_pages_and_files_are_calls(caller: Any, server: Any, told: Any):
    server.play(
        server.json(200, {"data": [], "object": "list"}),
        server.answer(200, b"ID3", content_type="audio/mpeg"),
    )
    async with caller.client(hooks=[told]) as client:
        page = await caller.do(client.models.list) if caller.threads else await client.models.list()
        speech = await caller.do(client.audio.speech.create, model="m", voice="v", input="i")
    ended = [event for event in told if isinstance(event, CallEnded)]
    assert [event.result for event in ended] == [page, speech]
    assert [event.call.operation for event in ended] == ["models.list", "audio.speech.create"]


async def test_raw_responses_are_told_with_their_result(caller: Any, server: Any, told: Any):
    server.play(server.json(200, COMPLETION), server.answer(200, "no"))
    async with caller.client(hooks=[told]) as client:
        raw = client.chat.completions.with_raw_response
        response = await caller.do(raw.create, model="m", messages=[])
        assert told.only(CallEnded).result is response.parse()
        assert told.only(CallEnded).usage is not None
        told.clear()
        wrong = await caller.do(raw.create, model="m", messages=[])
        assert told.only(CallEnded).outcome == "errored"
        with pytest.raises(APIResponseValidationError):
            wrong.parse()


async def test_hooks_are_replaced_in_a_copy(caller: Any, server: Any, told: Any):
    server.play(*[server.json()] * 3)
    other = type(told)()
    async with caller.client(hooks=[told]) as client:
        await caller.chat(client.with_options(hooks=[other]))
        await caller.chat(client.with_options(hooks=[]))
        assert told == []
        await caller.chat(client.with_key("sk-of-a-tenant"))
    assert told.names == other.names == ["CallBegan", *ATTEMPT, "CallEnded"]


async def test_headers_of_a_hook_are_sent_with_each_attempt(caller: Any, server: Any):
    def trace(event: CallEvent) -> None:
        if isinstance(event, CallBegan):
            event.headers["Traceparent"] = f"00-{event.call.operation}"

    server.play(server.answer(500, retry_after_ms="0"), server.json())
    await caller.call(hooks=[trace], max_retries=1)
    for request in server.requests:
        assert request.headers["traceparent"] == "00-chat.completions.create"


@pytest.mark.parametrize("value", ["a\r\nb: c", 5])
async def test_header_that_cannot_be_sent_is_left_out(
    caller: Any, server: Any, value: Any, caplog: pytest.LogCaptureFixture
):
    def wrong(event: CallEvent) -> None:
        if isinstance(event, CallBegan):
            event.headers.update({"x-wrong": value, "x-right": "1"})

    server.play(server.json())
    await caller.call(hooks=[wrong])
    assert "x-wrong" not in server.requests[0].headers
    assert server.requests[0].headers["x-right"] == "1"
    assert "A hook added the header 'x-wrong', which cannot be sent" in caplog.text


async def test_calls_are_keys_for_what_a_hook_keeps(caller: Any, server: Any):
    spans: WeakKeyDictionary[Call, str] = WeakKeyDictionary()

    def span(event: CallEvent) -> None:
        if isinstance(event, CallBegan):
            spans[event.call] = "open"
        elif isinstance(event, CallEnded):
            assert spans.pop(event.call) == "open"

    server.play(server.json(), server.json())
    async with caller.client(hooks=[span]) as client:
        await caller.chat(client)
        await caller.chat(client)
    assert not spans


async def test_policy_that_fails_ends_the_call(caller: Any, server: Any, told: Any):
    class Wrong(RetryPolicy):
        def decide(self, attempts: Any) -> float | None:
            return -1.0 * len(attempts)

    server.play(server.answer(500))
    async with caller.client(hooks=[told]) as client:
        with pytest.raises(OpenAIError, match="retry policy decided"):
            await caller.chat(client.with_options(retry=Wrong()))
    assert told.only(CallEnded).outcome == "errored"
