"""Streams of responses that break off and go on: real sockets, and each kind of client."""

import json
from typing import Any

import pytest
from openai_http import RetryPolicy
from openai_http.errors import (
    APIConnectionError,
    APIResponseValidationError,
    BadRequestError,
    DeadlineExceededError,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
)
from openai_http.hooks.events import CallBegan
from openai_http.sentinels import NOT_GIVEN
from openai_http.streams.resumption_tokens import Place, make_token
from openai_stream import StreamTruncatedError
from openai_types.errors import APIError, InvalidArgumentError, OpenAIError

pytestmark = pytest.mark.anyio

ID = "resp_1"
AT = {"output_index": 0, "content_index": 0, "item_id": "msg_1"}
QUICK: dict[str, Any] = {
    "max_retries": NOT_GIVEN,
    "retry": RetryPolicy(max_retries=2, initial_delay=0),
}


def response(status: str, text: str = "", **more: Any) -> dict[str, Any]:
    part: dict[str, Any] = {"type": "output_text", "text": text, "annotations": []}
    said = {"type": "message", "id": "msg_1", "role": "assistant", "content": [part]}
    output = [said] if text else list[Any]()
    return {"id": ID, "status": status, "background": True, "output": output, **more}


def told(number: int, kind: str, **fields: Any) -> bytes:
    event = {"type": f"response.{kind}", "sequence_number": number, **fields}
    return f"data: {json.dumps(event)}\n\n".encode()


WHOLE = response("completed", "Hello")
CREATED = told(0, "created", response=response("queued"))
HEL = told(1, "output_text.delta", **AT, delta="Hel", logprobs=[])
LO = told(2, "output_text.delta", **AT, delta="lo", logprobs=[])
END = told(3, "completed", response=WHOLE)
EVENTS = (CREATED, HEL, LO, END)


async def begin(caller: Any, client: Any, **params: Any) -> Any:
    given = {"model": "m", "input": "Hi", "background": True, **params}
    return await caller.do(client.responses.create, stream=True, **given)


async def rest(caller: Any, stream: Any) -> list[int]:
    """The numbers of the events that are left."""
    received: list[Any] = []
    await caller.collect(stream, received)
    return [event.sequence_number for event in received]


async def one(caller: Any, stream: Any) -> Any:
    return await caller.do(stream.__next__ if caller.threads else stream.__anext__)


def paths(server: Any) -> list[str]:
    return [
        f"{each.method} {each.target.removeprefix('/v1/responses')}" for each in server.requests
    ]


@pytest.mark.parametrize("cut", ["close", "reset"])
@pytest.mark.parametrize("number", [1, 2, 3])
async def test_row_25_a_stream_that_breaks_off_goes_on_after_its_last_event(
    number: int, cut: str, caller: Any, server: Any
):
    begun = server.events(*EVENTS[:number], EVENTS[number][:9])
    server.play((begun, getattr(server, cut)), (server.events(*EVENTS[number:]), server.close))
    async with caller.client(**QUICK) as client:
        stream = await begin(caller, client)
        numbers = await rest(caller, stream)
    # A reset may take away what was not read yet: then less came, and more is asked for.
    assert numbers == sorted({*numbers, 3})
    after = paths(server)[1].rpartition("=")[2]
    assert paths(server)[1] == f"GET /{ID}?stream=true&starting_after={after}"
    if cut == "close":
        assert (numbers, after) == ([0, 1, 2, 3], str(number - 1))
    assert stream.outcome == "complete"
    assert stream.partial.output_text == "Hello"
    assert stream.response.retries_taken == 1


async def test_the_rest_is_asked_for_with_another_key_of_the_function(caller: Any, server: Any):
    keys = iter(["sk-1", "sk-2"])
    server.play((server.events(CREATED, HEL), server.close), (server.events(LO, END), server.close))
    async with caller.client(**QUICK, api_key=lambda: next(keys)) as client:
        assert await rest(caller, await begin(caller, client)) == [0, 1, 2, 3]
    sent = [each.headers["authorization"] for each in server.requests]
    assert sent == ["Bearer sk-1", "Bearer sk-2"]


async def test_the_last_event_before_a_cut_is_not_lost(caller: Any, server: Any):
    begun = server.events(CREATED, HEL.rstrip())  # the blank line after it did not come
    server.play((begun, server.close), (server.events(LO, END), server.close))
    async with caller.client(**QUICK) as client:
        assert await rest(caller, await begin(caller, client)) == [0, 1, 2, 3]
    assert paths(server)[1].endswith("starting_after=1")


async def test_events_that_a_server_sends_again_come_once(caller: Any, server: Any):
    server.play((server.events(CREATED, HEL), server.close), (server.events(*EVENTS), server.close))
    async with caller.client(**QUICK) as client:
        stream = await begin(caller, client)
        assert await rest(caller, stream) == [0, 1, 2, 3]
    assert stream.partial.output_text == "Hello"


async def test_attempts_count_from_the_last_event_that_came(caller: Any, server: Any):
    refused = server.answer(503)
    server.play((server.events(CREATED), server.close), refused)
    server.play((server.events(HEL), server.close), refused)
    server.play((server.events(LO), server.close), refused, (server.events(END), server.close))
    async with caller.client(**QUICK) as client:
        stream = await begin(caller, client)
        assert await rest(caller, stream) == [0, 1, 2, 3]
    assert stream.response.retries_taken == 6


async def test_a_stream_that_gets_nowhere_is_given_up(caller: Any, server: Any):
    server.play((server.events(CREATED, HEL), server.close))
    server.play((server.events(), server.close), (server.events(), server.close))
    async with caller.client(**QUICK) as client:
        stream = await begin(caller, client)
        with pytest.raises(StreamTruncatedError, match=r"3 attempts.*resp_1 goes on") as caught:
            await rest(caller, stream)
    assert stream.outcome == "truncated"
    partial: Any = caught.value.partial
    assert partial.output_text == "Hel"
    assert len(caught.value.events) == 2
    assert len(caught.value.attempts) == 3


async def test_what_asking_for_the_rest_fails_with_says_why_it_was_asked_for(
    caller: Any, server: Any
):
    server.play((server.events(CREATED, HEL), server.close), server.json(403, {"error": {}}))
    async with caller.client(**QUICK) as client:
        stream = await begin(caller, client)
        with pytest.raises(PermissionDeniedError) as caught:
            await rest(caller, stream)
    assert isinstance(caught.value.__cause__, StreamTruncatedError)
    partial: Any = caught.value.partial
    assert partial.output_text == "Hel"
    assert stream.outcome == "truncated"


async def test_without_retries_nothing_is_asked_for(caller: Any, server: Any):
    server.play((server.events(CREATED), server.close))
    async with caller.client(max_retries=0) as client:
        with pytest.raises(StreamTruncatedError):
            await rest(caller, await begin(caller, client))
    assert len(server.requests) == 1


async def test_an_error_in_the_stream_that_may_pass_is_no_end(caller: Any, server: Any):
    error = b'data: {"error": {"message": "Try later.", "code": 502}}\n\n'
    server.play((server.events(CREATED, error), server.close))
    server.play((server.events(HEL, LO, END), server.close))
    async with caller.client(**QUICK) as client:
        assert await rest(caller, await begin(caller, client)) == [0, 1, 2, 3]


async def test_an_event_that_is_none_ends_the_stream(caller: Any, server: Any):
    server.play((server.events(CREATED, b"data: {no\n\n"), server.close))
    async with caller.client(**QUICK) as client:
        with pytest.raises(APIError, match="Event 2"):
            await rest(caller, await begin(caller, client))
    assert len(server.requests) == 1


async def test_a_stream_that_stalls_goes_on(caller: Any, server: Any):
    gate = server.gate()
    server.play((server.events(CREATED), gate), (server.events(HEL, LO, END), server.close))
    async with caller.client(**QUICK, idle_timeout=0.05) as client:
        assert await rest(caller, await begin(caller, client)) == [0, 1, 2, 3]


async def test_what_was_asked_of_the_stream_is_asked_of_its_rest(caller: Any, server: Any):
    server.play((server.events(CREATED), server.close), (server.events(END), server.close))
    params: dict[str, Any] = {
        "include": ["reasoning.encrypted_content"],
        "stream_options": {"include_obfuscation": False},
        "extra_headers": {"x-tenant": "a"},
        "extra_query": {"tenant": "a"},
        "extra_body": {"more": 1},
        "idempotency_key": "key",
    }
    async with caller.client(**QUICK) as client:
        await rest(caller, await begin(caller, client, **params))
    asked = server.requests[1]
    query = set(asked.target.partition("?")[2].split("&"))
    assert query == {
        *("include%5B%5D=reasoning.encrypted_content", "include_obfuscation=false"),
        *("stream=true", "starting_after=0", "tenant=a"),
    }
    assert asked.headers["x-tenant"] == "a"
    assert "idempotency-key" not in asked.headers
    assert asked.body == b""


@pytest.mark.parametrize("refusal", [400, 404, 405])
async def test_a_closed_window_is_waited_for(refusal: int, caller: Any, server: Any):
    """OpenAI streams a response again for some minutes; then there is only the response."""
    server.play((server.events(CREATED, HEL), server.close), server.json(refusal, {"error": {}}))
    server.play(server.json(200, response("in_progress"), openai_poll_after_ms="0"))
    server.play(server.json(200, response("in_progress")), server.json(200, WHOLE))
    async with caller.client(**QUICK) as client:
        stream = await begin(caller, client)
        received: list[Any] = []
        await caller.collect(stream, received)
    assert [each.type for each in received] == [
        "response.created",
        "response.output_text.delta",
        "response.completed",
    ]
    assert received[-1].sequence_number == 2
    assert received[-1].response.to_dict() == WHOLE
    assert paths(server)[-3:] == [f"GET /{ID}"] * 3
    assert stream.outcome == "complete"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("completed", "response.completed"),
        ("failed", "response.failed"),
        ("incomplete", "response.incomplete"),
        ("cancelled", "response.incomplete"),
    ],
)
async def test_a_server_that_answers_instead_of_streaming(
    status: str, kind: str, caller: Any, server: Any
):
    whole = json.dumps(response(status, "Hello\nyou", cost=0.1), indent=2)
    server.play((server.events(CREATED), server.close))
    server.play(server.answer(200, whole, content_type="application/json"))
    async with caller.client(**QUICK) as client:
        received: list[Any] = []
        await caller.collect(await begin(caller, client), received)
    assert received[-1].type == kind
    assert received[-1].response.to_dict() == json.loads(whole)


async def test_a_server_that_answers_with_something_else(caller: Any, server: Any):
    server.play((server.events(CREATED), server.close))
    server.play(server.answer(200, "[1]", content_type="application/json"))
    async with caller.client(**QUICK) as client:
        stream = await begin(caller, client)
        with pytest.raises(APIResponseValidationError, match="something else than a response"):
            await rest(caller, stream)


async def test_a_response_that_is_gone(caller: Any, server: Any):
    gone = server.json(404, {"error": {"message": "No such response."}})
    server.play((server.events(CREATED), server.close), gone, gone)
    async with caller.client(**QUICK) as client:
        stream = await begin(caller, client)
        with pytest.raises(NotFoundError, match="resp_1 is not stored any more"):
            await rest(caller, stream)


async def test_waiting_ends_at_the_deadline(caller: Any, server: Any):
    server.play((server.events(CREATED), server.close), server.json(400, {"error": {}}))
    server.play(server.json(200, response("in_progress"), openai_poll_after_ms="100000"))
    async with caller.client(**QUICK) as client:
        stream = await begin(caller, client, deadline=50)
        with pytest.raises(DeadlineExceededError):
            await rest(caller, stream)


async def test_a_retrieved_stream_goes_on(caller: Any, server: Any):
    server.play((server.events(LO), server.close), (server.events(END), server.close))
    async with caller.client(**QUICK) as client:
        stream = await caller.do(
            client.responses.retrieve, ID, stream=True, starting_after=1, include=[]
        )
        assert await rest(caller, stream) == [2, 3]
    assert paths(server)[1] == f"GET /{ID}?stream=true&starting_after=2"


async def test_a_beta_stream_goes_on(caller: Any, server: Any):
    server.play((server.events(CREATED, HEL), server.close), (server.events(LO, END), server.close))
    async with caller.client(**QUICK) as client:
        stream = await caller.do(
            client.beta.responses.create, model="m", background=True, stream=True, betas=["b"]
        )
        assert await rest(caller, stream) == [0, 1, 2, 3]
        assert stream.token.startswith("resume1:beta.responses:")
    assert paths(server)[1] == f"GET /{ID}?beta=true&stream=true&starting_after=1"
    assert server.requests[1].headers["openai-beta"] == "b"


@pytest.mark.parametrize("number", [None, 0])
async def test_a_server_that_does_not_number_its_events(
    number: int | None, caller: Any, server: Any
):
    events = [told(0, "created", response=response("queued")), told(0, "in_progress", response={})]
    given = b"" if number is None else b'"sequence_number": 0, '
    events = [each.replace(b'"sequence_number": 0, ', given) for each in events]
    server.play((server.events(*events), server.close))
    async with caller.client(**QUICK) as client:
        stream = await caller.do(client.responses.retrieve, ID, stream=True, starting_after=7)
        with pytest.raises(StreamTruncatedError):
            await rest(caller, stream)
        with pytest.raises(OpenAIError, match="does not number its events"):
            _ = stream.token


@pytest.mark.parametrize("told_by", ["parameters", "response"])
async def test_a_response_that_is_not_made_in_the_background_is_cut_off(
    told_by: str, caller: Any, server: Any
):
    head = response("queued")
    head["background"] = told_by == "parameters"
    background = told_by == "response"
    if told_by == "parameters":
        del head["background"]
    server.play((server.events(told(0, "created", response=head)), server.close))
    async with caller.client(**QUICK) as client:
        stream = await begin(caller, client, background=background)
        with pytest.raises(StreamTruncatedError):
            await rest(caller, stream)
        with pytest.raises(OpenAIError, match=r"not made in the background.*background=True"):
            _ = stream.token
    assert len(server.requests) == 1


async def test_a_stream_that_is_handed_over(caller: Any, server: Any):
    server.play((server.events(*EVENTS), server.close), (server.events(LO, END), server.close))
    async with caller.client(**QUICK) as client, caller.client(**QUICK) as other:
        stream = await begin(caller, client)
        for _ in range(2):
            await one(caller, stream)
        token = stream.token
        await caller.do(stream.close)
        assert stream.token == token  # what was decoded and nobody took is not lost
        resumed = await caller.do(other.resume, token)
        assert await rest(caller, resumed) == [2, 3]
        assert resumed.token == token.replace(":1:", ":3!:")
    assert paths(server)[1] == f"GET /{ID}?stream=true&starting_after=1"


async def test_after_the_end_there_is_nothing_to_hand_over(caller: Any, server: Any):
    server.play((server.events(*EVENTS), server.close), server.json(200, WHOLE))
    async with caller.client(**QUICK) as client:
        stream = await begin(caller, client)
        assert await rest(caller, stream) == [0, 1, 2, 3]
        resumed = await caller.do(client.resume, stream.token)
        assert await rest(caller, resumed) == []
    assert resumed.outcome == "complete"
    assert paths(server)[1] == f"GET /{ID}"


async def test_a_stream_is_handed_over_before_its_first_event_was_taken(caller: Any, server: Any):
    head = (server.events(CREATED + HEL), server.close)
    server.play(head, (server.events(*EVENTS), server.close))
    async with caller.client(**QUICK) as client:
        stream = await begin(caller, client)
        with pytest.raises(OpenAIError, match="no event has told the id"):
            _ = stream.token
        received = [await one(caller, stream)]
        assert received[0].sequence_number == 0
        assert stream.token.split(":")[2:4] == [ID, "0"]
        await caller.do(stream.close)


async def test_a_resumed_stream_breaks_off_and_goes_on(caller: Any, server: Any):
    server.play((server.events(HEL), server.close), server.answer(503))
    server.play((server.events(LO, END), server.close))
    async with caller.client(**QUICK) as client:
        stream = await caller.do(client.resume, token_at(client, 0))
        assert await rest(caller, stream) == [1, 2, 3]


async def test_a_resumed_stream_whose_window_has_closed(caller: Any, server: Any):
    async with caller.client(**QUICK) as client:
        token = token_at(client, 1)
        server.play(server.json(400, {"error": {}}), server.json(200, WHOLE))
        stream = await caller.do(client.resume, token, timeout=5)
        assert await rest(caller, stream) == [2]
        assert stream.partial.output_text == "Hello"


async def test_a_resumed_stream_whose_window_closes_before_its_first_event(
    caller: Any, server: Any
):
    async with caller.client(**QUICK) as client:
        server.play((server.events(b": wait\n\n"), server.close))
        server.play(server.json(400, {"error": {}}), server.json(200, WHOLE))
        stream = await caller.do(client.resume, token_at(client, 1))
        assert await rest(caller, stream) == [2]
    assert paths(server)[2] == f"GET /{ID}"


async def test_a_resumed_stream_of_a_server_that_sends_all_of_it(caller: Any, server: Any):
    server.play((server.events(*EVENTS), server.close))
    async with caller.client(**QUICK) as client:
        stream = await caller.do(client.resume, token_at(client, 1))
        assert await rest(caller, stream) == [2, 3]


async def test_a_resumed_stream_that_is_gone_or_not_allowed(caller: Any, server: Any):
    async with caller.client(**QUICK) as client:
        token = token_at(client, 1)
        server.play(server.json(404, {"error": {}}), server.json(404, {"error": {}}))
        with pytest.raises(NotFoundError, match="there is nothing to resume"):
            await caller.do(client.resume, token)
        server.play(server.json(500, {"error": {}}), server.close, server.json(500, {"error": {}}))
        with pytest.raises(InternalServerError):
            await caller.do(client.resume, token)
        with pytest.raises(InvalidArgumentError, match="no token"):
            await caller.do(client.resume, "garbage")


async def test_a_refusal_of_a_retrieved_stream_is_the_user_s(caller: Any, server: Any):
    server.play(server.json(400, {"error": {"message": "Not in the background."}}))
    async with caller.client(**QUICK) as client:
        with pytest.raises(BadRequestError, match="Not in the background"):
            await caller.do(client.responses.retrieve, ID, stream=True)


async def test_hooks_see_one_call_whose_headers_are_sent_each_time(caller: Any, server: Any):
    seen: list[Any] = []

    def hook(event: Any) -> None:
        seen.append(event)
        if isinstance(event, CallBegan):
            event.headers["x-trace"] = "1"

    server.play((server.events(CREATED, HEL), server.close), (server.events(LO, END), server.close))
    server.play((server.events(END), server.close))
    async with caller.client(**QUICK, hooks=[hook]) as client:
        stream = await begin(caller, client)
        assert await rest(caller, stream) == [0, 1, 2, 3]
        resumed = await caller.do(client.resume, token_at(client, 2))
        assert await rest(caller, resumed) == [3]
    assert [each.headers["x-trace"] for each in server.requests] == ["1", "1", "1"]
    names = [type(event).__name__ for event in seen]
    assert names.count("CallBegan") == names.count("CallEnded") == 2
    ended = next(event for event in seen if type(event).__name__ == "CallEnded")
    assert ended.outcome == "complete"
    assert ended.result.output_text == "Hello"
    assert len(ended.attempts) == 2


async def test_streams_of_other_operations_do_not_go_on(caller: Any, server: Any):
    chunk = b'data: {"choices": [{"index": 0, "delta": {"content": "Hello"}}]}\n\n'
    server.play((server.events(chunk), server.close))
    async with caller.client(**QUICK) as client:
        stream = await caller.chat(client, stream=True)
        received: list[Any] = []
        with pytest.raises((StreamTruncatedError, APIConnectionError)):
            await caller.collect(stream, received)
        with pytest.raises(OpenAIError, match="no response's"):
            _ = stream.token
    assert len(server.requests) == 1


def token_at(client: Any, number: int) -> str:
    return make_token(Place("responses", ID, number), str(client.base_url))
