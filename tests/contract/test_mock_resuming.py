"""Streams of the mock server that break off, and go on: here, in another client, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from openai_http import AsyncOpenAI, OpenAI, RetryPolicy
from openai_mock import MockServer, faults, serve

GIVEN: dict[str, Any] = {"model": "gpt-5.5", "input": "Hello there you", "background": True}
AT_ONCE = RetryPolicy(initial_delay=0)


@pytest.fixture
def server() -> Iterator[MockServer]:
    with serve(job_step_seconds=0) as running:
        yield running


def settings(server: MockServer) -> dict[str, Any]:
    return {"base_url": server.base_url, "api_key": server.api_key, "retry": AT_ONCE}


def cut(server: MockServer, events: int) -> None:
    """Let the next response break off after so many events, and then hold it back no more."""
    server.on.responses.create().fault(faults.cut(after_events=events))


def seen(events: list[Any]) -> list[tuple[str, int]]:
    return [(event.type, event.sequence_number) for event in events]


def test_a_stream_that_is_cut_after_any_event_has_every_event_once(server: MockServer):
    with OpenAI(**settings(server)) as client:
        whole = seen(list(client.responses.create(**GIVEN, stream=True)))
        for number in range(1, len(whole)):
            cut(server, number)
            stream = client.responses.create(**GIVEN, stream=True)
            assert seen(list(stream)) == whole
            assert stream.partial.output_text == "You wrote: Hello there you"


def test_high_level_streams_go_on_too(server: MockServer):
    async def streamed() -> list[str]:
        async with (
            AsyncOpenAI(**settings(server)) as client,
            client.responses.stream(**GIVEN) as stream,
        ):
            snapshots = [
                event.snapshot
                async for event in stream
                if event.type == "response.output_text.delta"
            ]
            final = await stream.get_final_response()
            assert final.output_text == snapshots[-1]
            return snapshots

    whole = asyncio.run(streamed())
    for number in (5, 8):
        cut(server, number)
        assert asyncio.run(streamed()) == whole


def test_a_token_is_good_in_another_client_at_every_event(server: MockServer):
    with OpenAI(**settings(server)) as client, OpenAI(**settings(server)) as other:
        whole = seen(list(client.responses.create(**GIVEN, stream=True)))
        for number in (1, 6, len(whole)):
            with client.responses.create(**GIVEN, stream=True) as stream:
                first = [next(stream) for _ in range(number)]
            rest = list(other.resume(stream.token))
            assert seen(first + rest) == whole


def test_where_the_stream_is_no_more_there_is_the_response(server: MockServer):
    refuse = server.on.responses.retrieve(stream=True)
    refuse.error(400, code="invalid_request_error").always()
    server.on.responses.retrieve().always()
    server.on.responses.create().fault(faults.cut(after_events=6))
    with OpenAI(**settings(server)) as client:
        events = list(client.responses.create(**GIVEN, stream=True))
    end: Any = events[-1]
    assert [event.type for event in events[-2:]] == [
        "response.output_text.delta",
        "response.completed",
    ]
    assert end.sequence_number == 6
    assert end.response.output_text == "You wrote: Hello there you"
