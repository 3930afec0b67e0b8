"""`client.responses.stream` beside the official one: the same responses, told to both."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, cast

import pytest
from openai_http import AsyncOpenAI, OpenAI
from openai_mock import MockServer, serve
from pydantic import BaseModel

official = pytest.importorskip("openai", reason="the official package is not installed here")

FUNCTION: dict[str, Any] = {
    "type": "function",
    "name": "weather",
    "strict": True,
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
}


class Answer(BaseModel):
    city: str
    degrees: int


SCHEMA = {
    "type": "json_schema",
    "name": "Answer",
    "strict": True,
    "schema": {**Answer.model_json_schema(), "additionalProperties": False},
}
CASES: dict[str, dict[str, Any]] = {
    "text": {},
    "structured": {"text": {"format": SCHEMA}},
    "call": {"tools": [FUNCTION], "tool_choice": "required"},
    "reasoning": {"model": "o4-mini", "reasoning": {"effort": "high", "summary": "auto"}},
    "search": {"tools": [{"type": "web_search"}], "tool_choice": "required"},
    "code": {
        "tools": [{"type": "code_interpreter", "container": {"type": "auto"}}],
        "tool_choice": "required",
    },
    "image": {
        "tools": [{"type": "image_generation", "partial_images": 1}],
        "tool_choice": "required",
    },
}


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with serve(job_step_seconds=0) as running:
        yield running


def response_of(mock: MockServer, params: dict[str, Any]) -> str:
    """A response that is kept, so that both packages are told the same."""
    given: dict[str, Any] = {"model": "gpt-5.5", "input": "Is it warm?", "background": True}
    given.update(params)
    with OpenAI(base_url=mock.base_url, api_key=mock.api_key) as client:
        create: Any = client.responses.create
        return str(create(**given).id)


def arguments(case: str, id: str) -> dict[str, Any]:
    more: dict[str, Any] = {"tools": [FUNCTION]} if case == "call" else {}
    if case == "structured":
        more["text_format"] = Answer
    return {"response_id": id, **more}


def told(client: Any, given: dict[str, Any]) -> tuple[list[Any], Any]:
    with client.responses.stream(**given) as stream:
        return list(stream), stream.get_final_response()


async def told_async(client: Any, given: dict[str, Any]) -> tuple[list[Any], Any]:
    async with client, client.responses.stream(**given) as stream:
        return [event async for event in stream], await stream.get_final_response()


def plain(value: Any) -> Any:
    """A value without what the official package puts into dumps of what was parsed."""
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        return {k: plain(v) for k, v in fields.items() if k not in {"parsed", "parsed_arguments"}}
    if isinstance(value, list):
        items = cast("list[Any]", value)
        return [plain(each) for each in items]
    return value


def parsed(response: Any) -> list[Any]:
    """What was parsed of a response, in order."""
    found: list[Any] = []
    for item in response.output:
        if item.type == "function_call":
            found.append(item.parsed_arguments)
        if item.type == "message":
            found += [getattr(part, "parsed", None) for part in item.content]
    return found


def assert_same(ours: tuple[list[Any], Any], theirs: tuple[list[Any], Any]) -> None:
    our_events, our_final = ours
    their_events, their_final = theirs
    assert [plain(event.to_dict(warnings=False)) for event in our_events] == [
        plain(event.to_dict(warnings=False)) for event in their_events
    ]
    for our, their in zip(our_events, their_events, strict=True):
        assert type(our).__name__ == type(their).__name__.partition("[")[0]
        assert getattr(our, "snapshot", None) == getattr(their, "snapshot", None)
        if our.type == "response.output_text.done":
            assert our.parsed == their.parsed
    assert plain(our_final.to_dict(warnings=False)) == plain(their_final.to_dict(warnings=False))
    assert our_final.output_text == their_final.output_text
    assert our_final.output_parsed == their_final.output_parsed
    assert parsed(our_final) == parsed(their_final)


@pytest.mark.parametrize("case", CASES)
def test_events_and_final_responses_are_the_same(case: str, mock: MockServer):
    settings: dict[str, Any] = {"base_url": mock.base_url, "api_key": mock.api_key}
    given = arguments(case, response_of(mock, CASES[case]))

    with OpenAI(**settings) as client, official.OpenAI(**settings) as peer:
        ours, theirs = told(client, given), told(peer, given)

    assert len(ours[0]) > 3
    assert_same(ours, theirs)


def test_asynchronous_streams_are_the_same_and_begin_in_the_middle(mock: MockServer):
    settings: dict[str, Any] = {"base_url": mock.base_url, "api_key": mock.api_key}
    given = arguments("structured", response_of(mock, CASES["structured"]))
    given["starting_after"] = 6

    ours = asyncio.run(told_async(AsyncOpenAI(**settings), given))
    theirs = asyncio.run(told_async(official.AsyncOpenAI(**settings), given))

    assert ours[0][0].sequence_number == 7
    assert_same(ours, theirs)


def test_the_same_is_sent(mock: MockServer):
    settings: dict[str, Any] = {"base_url": mock.base_url, "api_key": mock.api_key}
    given: dict[str, Any] = {
        "model": "gpt-5.5",
        "input": "Is it warm in Paris?",
        "text_format": Answer,
        "text": {"verbosity": "low"},
        "tools": [FUNCTION],
        "tool_choice": "none",
    }
    with OpenAI(**settings) as client, official.OpenAI(**settings) as peer:
        told(client, given)
        told(peer, given)

    ours, theirs = (exchange.request for exchange in mock.requests.to("responses.create")[-2:])
    assert ours.json() == theirs.json()
