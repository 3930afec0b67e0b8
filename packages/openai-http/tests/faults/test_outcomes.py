"""Every outcome is a result or a documented error: servers that reset, cut and lie."""

import json
import socket
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from openai_http import (
    NOT_GIVEN,
    APIConnectionError,
    APIError,
    APIStatusError,
    InternalServerError,
    RetryPolicy,
    StreamTruncatedError,
)

pytestmark = pytest.mark.anyio

AT_ONCE = RetryPolicy(max_retries=2, initial_delay=0)
QUICK: dict[str, Any] = {"max_retries": NOT_GIVEN, "retry": AT_ONCE}

EVENT = b'data: {"choices": [{"index": 0, "delta": {"content": "Hello"}}]}\n\n'


FAILURES: dict[str, Callable[[Any], Any]] = {
    "reset before the head": lambda server: server.reset,
    "closed before the head": lambda server: server.close,
    "closed in the head": lambda server: (b"HTTP/1.1 200 OK\r\ncontent-le", server.close),
    "reset in the body": lambda server: (server.answer(200, b"{", length=10), server.reset),
    "closed in the body": lambda server: (server.answer(200, b"{", length=10), server.close),
    "closed in the chunks": lambda server: (
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\n{",
        server.close,
    ),
    "not HTTP": lambda server: (b"SSH-2.0-OpenSSH_9.6\r\n", server.close),
    "busy": lambda server: server.json(503, {}),
    "too early": lambda server: server.json(429, {}, retry_after="0"),
    "busy and cut": lambda server: (server.answer(503, b"{", length=10), server.close),
}
ANSWERED = ("busy", "too early")


@pytest.mark.parametrize("failure", FAILURES)
async def test_failure_that_passes_is_not_noticed(failure: str, caller: Any, server: Any):
    server.play(FAILURES[failure](server), server.json())
    async with caller.client(**QUICK) as client:
        raw = await caller.do(
            client.chat.completions.with_raw_response.create, model="m", messages=[]
        )
    assert raw.parse().id == "chatcmpl-1"
    assert raw.retries_taken == 1
    first, second = raw.attempts
    assert (first.outcome == "answered", second.status) == (failure in ANSWERED, 200)
    assert len({request.body for request in server.requests}) == 1


@pytest.mark.parametrize("failure", FAILURES)
async def test_failure_that_stays_is_a_documented_error(failure: str, caller: Any, server: Any):
    server.play(*[FAILURES[failure](server)] * 3)
    with pytest.raises((APIConnectionError, APIStatusError), match="3 attempts in") as caught:
        await caller.call(**QUICK)
    assert [attempt.number for attempt in caught.value.attempts] == [1, 2, 3]


@pytest.mark.parametrize("failure", [name for name in FAILURES if name not in ANSWERED])
async def test_row_38_unknown_outcome_is_not_risked_twice(failure: str, caller: Any, server: Any):
    """Demand row 38: who does not want to pay twice is told that nobody knows."""
    server.play(FAILURES[failure](server), server.json())
    with pytest.raises(APIConnectionError) as caught:
        await caller.call(max_retries=NOT_GIVEN, retry=RetryPolicy(resend_unknown=False))
    assert [attempt.outcome for attempt in caught.value.attempts] == ["unknown"]
    assert len(server.requests) == 1


@pytest.fixture
def unused_port() -> Iterator[int]:
    with socket.socket() as bound:  # and not listening
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


async def test_what_was_never_sent_is_risked_again(caller: Any, unused_port: int):
    policy = RetryPolicy(max_retries=2, initial_delay=0, resend_unknown=False)
    with pytest.raises(APIConnectionError, match="3 attempts") as caught:
        await caller.call(
            base_url=f"http://127.0.0.1:{unused_port}", max_retries=NOT_GIVEN, retry=policy
        )
    assert {attempt.outcome for attempt in caught.value.attempts} == {"never_sent"}


async def test_row_38_idempotency_key_is_that_of_the_call(caller: Any, server: Any):
    """Demand row 38: the key is sent, and is the same for all attempts of a call."""
    server.play(server.json(503, {}), server.json(), server.json(), server.json(200, {"data": []}))
    async with caller.client(**QUICK, idempotency_keys=True) as client:
        await caller.chat(client)
        await caller.chat(client, idempotency_key="mine")
        await caller.do(client.models.list)
    first, again, own, listed = [each.headers.get("idempotency-key") for each in server.requests]
    assert first == again
    assert UUID(first)
    assert (own, listed) == ("mine", None)


async def test_no_idempotency_key_is_sent_unasked(caller: Any, server: Any):
    server.play(server.json(), server.json())
    async with caller.client() as client:
        await caller.chat(client)
        await caller.chat(client, idempotency_key="mine", extra_headers={"idempotency-key": "x"})
    keys = [request.headers.get("idempotency-key") for request in server.requests]
    assert keys == [None, "x"]


async def test_call_has_a_policy_of_its_own(caller: Any, server: Any):
    server.play(*[server.json(503, {})] * 2, *[server.json(503, {})] * 3, server.json())
    async with caller.client() as client:
        with pytest.raises(InternalServerError):
            await caller.chat(client, retry=RetryPolicy(max_retries=1, initial_delay=0))
        assert (await caller.chat(client, retry=RetryPolicy(3, initial_delay=0))).id
        patient = client.with_options(retry=AT_ONCE)
        assert patient.with_options(max_retries=7).retry == RetryPolicy(7, initial_delay=0)
        with pytest.raises(Exception, match="not both"):
            client.with_options(max_retries=1, retry=AT_ONCE)


CUTS: dict[str, Callable[[Any], Any]] = {
    "reset": lambda server: (server.events(), server.reset),
    "closed": lambda server: (server.events(), server.close),
    "closed after keep-alives": lambda server: (
        server.events(b": ping\n\n", b"data:\n\n"),
        server.close,
    ),
    "closed in the first event": lambda server: (server.events(EVENT[:20]), server.close),
    "closed in a byte order mark": lambda server: (server.events(b"\xef\xbb"), server.close),
}


@pytest.mark.parametrize("cut", CUTS)
async def test_row_12_stream_that_dies_before_its_first_event_is_retried(
    cut: str, caller: Any, server: Any
):
    """Demand row 12: nobody has seen any of it, so nothing is lost by another attempt."""
    server.play(CUTS[cut](server), CUTS[cut](server), server.whole_stream())
    received: list[Any] = []
    async with caller.client(**QUICK) as client:
        stream = await caller.chat(client, stream=True)
        await caller.collect(stream, received)
    assert len(received) == 2
    assert stream.response.retries_taken == 2
    assert len({request.body for request in server.requests}) == 1


@pytest.mark.parametrize("cut", CUTS)
async def test_stream_that_dies_each_time_is_an_error(cut: str, caller: Any, server: Any):
    server.play(*[CUTS[cut](server)] * 3)
    with pytest.raises((APIConnectionError, StreamTruncatedError), match="3 attempts") as caught:
        await caller.stream([], **QUICK)
    assert [attempt.outcome for attempt in caught.value.attempts] == ["unknown"] * 3
    assert caught.value.events == []


@pytest.mark.parametrize("end", ["reset", "close"])
async def test_row_12_stream_that_dies_after_its_first_event_is_an_error(
    end: str, caller: Any, server: Any
):
    """Demand row 1: half an answer is never taken for a whole one, and is on the error."""
    server.play((server.events(EVENT), getattr(server, end)), server.whole_stream())
    received: list[Any] = []
    with pytest.raises((APIConnectionError, StreamTruncatedError)) as caught:
        await caller.stream(received, **QUICK)
    assert len(received) <= 1  # a reset may overtake what was sent before it
    if received:
        assert caught.value.events == received
        assert len(server.requests) == 1


def reported(code: object) -> bytes:
    return b'data: {"error": {"message": "No", "code": %b}}\n\n' % json.dumps(code).encode()


@pytest.mark.parametrize("code", [502, "429", 503, "server_error", "rate_limit_exceeded"])
async def test_error_before_the_first_event_is_retried_if_it_may_pass(
    code: object, caller: Any, server: Any
):
    """Demand row 10: errors inside of a 200 that name a status are treated as such."""
    server.play((server.events(reported(code)), server.close), server.whole_stream())
    received: list[Any] = []
    await caller.stream(received, **QUICK)
    assert len(received) == 2


@pytest.mark.parametrize("code", [None, "odd_error", "invalid_request_error", 401, "400", 1113])
async def test_other_errors_in_a_stream_are_not_retried(code: object, caller: Any, server: Any):
    server.play((server.events(reported(code)), server.close), server.whole_stream())
    with pytest.raises(APIError, match="No"):
        await caller.stream([], **QUICK)
    assert len(server.requests) == 1


async def test_error_after_the_first_event_is_not_retried(caller: Any, server: Any):
    server.play((server.events(EVENT, reported(502)), server.close), server.whole_stream())
    received: list[Any] = []
    with pytest.raises(APIError, match="No"):
        await caller.stream(received, **QUICK)
    assert (len(received), len(server.requests)) == (1, 1)


async def test_stream_without_retries_is_not_retried(caller: Any, server: Any):
    server.play((server.events(), server.close), server.whole_stream())
    with pytest.raises(StreamTruncatedError, match="before its first event"):
        await caller.stream([], max_retries=0)
    assert len(server.requests) == 1


async def test_raw_stream_is_not_retried_because_its_head_was_seen(caller: Any, server: Any):
    server.play((server.events(), server.close), server.whole_stream())
    async with caller.client(**QUICK) as client:
        raw = await caller.do(
            client.chat.completions.with_raw_response.create, model="m", messages=[], stream=True
        )
        with pytest.raises(StreamTruncatedError):
            await caller.collect(raw.parse(), [])
    assert len(server.requests) == 1
