"""Every operation, raw and streamed, gives what it gives by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from operator import attrgetter
from typing import Any, cast

import anyio
import pytest
from openai_http import AsyncOpenAI, AsyncStream, HttpxBinaryResponseContent, OpenAI, Stream
from openai_types import BaseModel
from openai_types.catalogue import Operation, operations

from .described_answers import answers_to
from .described_values import Call, calls
from .recording_server import RecordingServer, recording

# Any: what hundreds of methods take and give, each of another type.

SETTINGS: dict[str, Any] = {
    "api_key": "sk-test",
    "admin_api_key": "sk-admin",
    "max_retries": 0,
    "_strict_response_validation": True,
}
CONTENT = b"\0 any bytes"
NAMES = sorted(operations())


@pytest.fixture(scope="module")
def server() -> Iterator[RecordingServer]:
    with recording() as running:
        yield running


@pytest.fixture(scope="module")
def client(server: RecordingServer) -> Iterator[OpenAI]:
    with OpenAI(base_url=server.base_url, **SETTINGS) as made:
        yield made


def in_mode(operation: Operation, mode: str) -> attrgetter[Any]:
    """The method of an operation in a mode, as an attribute of the client."""
    group, _, name = operation.name.rpartition(".")
    return attrgetter(f"{group}.{mode}.{name}")


def content(result: Any) -> Any:
    """What a result holds, as plain data."""
    if isinstance(result, HttpxBinaryResponseContent):
        return result.content
    if isinstance(result, Stream):
        return [content(each) for each in cast("Stream[Any]", result)]
    return result.to_dict() if isinstance(result, BaseModel) else json.loads(json.dumps(result))


async def content_async(result: Any) -> Any:
    if isinstance(result, AsyncStream):
        return [content(each) async for each in cast("AsyncStream[Any]", result)]
    return content(result)


def expect(server: RecordingServer, operation: Operation, given: Call) -> None:
    server.expect(answers_to(operation, given, CONTENT)[0])


@pytest.mark.parametrize("name", NAMES)
def test_both_modes(name: str, client: OpenAI, server: RecordingServer):
    operation = operations()[name]
    for given in calls(operation):
        expect(server, operation, given)
        plain = content(attrgetter(name)(client)(**given.params))
        [sent] = server.requests
        expect(server, operation, given)
        raw = in_mode(operation, "with_raw_response")(client)(**given.params)
        assert content(raw.parse()) == plain
        [again] = server.requests
        assert (again.method, again.path, again.query) == (sent.method, sent.path, sent.query)
        expect(server, operation, given)
        with in_mode(operation, "with_streaming_response")(client)(**given.params) as streamed:
            assert content(streamed.parse()) == plain


@pytest.mark.parametrize("name", NAMES)
def test_both_asynchronous_modes(name: str, client: OpenAI, server: RecordingServer):
    operation = operations()[name]

    async def run() -> None:
        async with AsyncOpenAI(base_url=server.base_url, **SETTINGS) as other:
            for given in calls(operation):
                expect(server, operation, given)
                plain = content(attrgetter(name)(client)(**given.params))
                expect(server, operation, given)
                raw = await in_mode(operation, "with_raw_response")(other)(**given.params)
                assert await content_async(raw.parse()) == plain
                expect(server, operation, given)
                call = in_mode(operation, "with_streaming_response")(other)(**given.params)
                async with call as streamed:
                    assert await content_async(await streamed.parse()) == plain

    anyio.run(run)
