"""Streams that programs make of responses that they received: alike in both packages."""

from __future__ import annotations

import asyncio
from importlib import import_module
from types import ModuleType
from typing import Any, cast

import httpx
import openai_suite
import pytest

pytestmark = pytest.mark.peer
openai = pytest.importorskip("openai", reason="the official package is not installed here")

BODY = (
    b'data: {"id": "c", "choices": [{"index": 0, "delta": {"content": "Hi"}}]}\n\n'
    b'data: {"id": "c", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\n'
    b"data: [DONE]\n\n"
)


def answer(request: httpx.Request | None = None) -> httpx.Response:
    del request
    return httpx.Response(200, headers={"content-type": "text/event-stream"}, content=BODY)


# Any: classes of either package.
def chunk_of(package: ModuleType) -> Any:
    return import_module(f"{package.__name__}.types.chat").ChatCompletionChunk


def read(package: ModuleType, response: httpx.Response) -> list[Any]:
    client = cast("Any", package).OpenAI(api_key="sk-test")
    stream = cast("Any", package).Stream(
        cast_to=chunk_of(package), response=response, client=client
    )
    assert stream.response is response
    chunks = [chunk.to_dict() for chunk in stream]
    assert response.is_closed
    return chunks


async def read_async(package: ModuleType, response: httpx.Response) -> list[Any]:
    client = cast("Any", package).AsyncOpenAI(api_key="sk-test")
    stream = cast("Any", package).AsyncStream(
        cast_to=chunk_of(package), response=response, client=client
    )
    chunks = [chunk.to_dict() async for chunk in stream]
    assert response.is_closed
    return chunks


def test_a_response_made_by_hand_is_read():
    assert read(openai_suite, answer()) == read(openai, answer())
    assert asyncio.run(read_async(openai_suite, answer())) == read(openai_suite, answer())


def test_a_response_that_httpx_receives_is_read():
    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        received = [
            client.send(client.build_request("POST", "http://server/"), stream=True)
            for _ in range(2)
        ]
        assert read(openai_suite, received[0]) == read(openai, received[1])
