"""Responses as they came: their heads, the ways to read them, and what releases them."""

import pickle
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai_http import (
    APIConnectionError,
    APIResponseValidationError,
    BadRequestError,
    OpenAI,
    OpenAIError,
    Response,
)
from openai_types.chat import ChatCompletion
from openai_types.errors import DecodeError

COMPLETION: dict[str, Any] = {"id": "chatcmpl-1", "object": "chat.completion", "choices": []}
# Any: one test for both clients.

CALL: dict[str, Any] = {"model": "gpt-test", "messages": []}
TEXT = "f\u00fcr\none\r\ntwo".encode()


async def raw(caller: Any, client: Any, **params: Any) -> Any:
    return await caller.do(client.chat.completions.with_raw_response.create, **CALL, **params)


class Opened:
    """A `with` or an `async with` block, and what is done inside of it, for both clients."""

    def __init__(self, caller: Any, client: Any, **params: Any) -> None:
        self._caller = caller
        self._manager = client.chat.completions.with_streaming_response.create(**CALL, **params)

    async def __aenter__(self) -> Any:
        if not self._caller.threads:
            return await self._manager.__aenter__()
        return await self._caller.do(self._manager.__enter__)

    async def __aexit__(self, *error: object) -> None:
        if not self._caller.threads:
            await self._manager.__aexit__(*error)
        else:
            await self._caller.do(self._manager.__exit__, *error)


@pytest.mark.anyio
async def test_raw_response_has_its_head_and_the_result(server: Any, caller: Any):
    server.play(server.json(200, x_request_id="req_1", X_Own="1"))
    async with caller.client() as client:
        response = await raw(caller, client)

    assert (response.status_code, response.method, response.http_version) == (
        200,
        "POST",
        "HTTP/1.1",
    )
    assert response.url == f"{server.url}/chat/completions"
    assert response.headers["x-own"] == "1"
    assert response.request_id == "req_1"
    assert response.retries_taken == 0
    assert response.elapsed > timedelta(0)
    assert response.is_closed
    result = response.parse()
    assert isinstance(result, ChatCompletion)
    assert result is response.parse()
    assert result._request_id == "req_1"
    assert result.to_dict() == COMPLETION


@pytest.mark.anyio
async def test_time_stands_still_once_the_body_is_read(server: Any, caller: Any):
    server.play(server.json())
    async with caller.client() as client:
        response = await raw(caller, client)

    assert response.elapsed == response.elapsed


@pytest.mark.anyio
async def test_retries_are_counted(server: Any, caller: Any):
    again = server.json(503, {}, retry_after_ms="0")
    server.play(again, again, server.json())
    async with caller.client(max_retries=2) as client:
        response = await raw(caller, client)

    assert response.retries_taken == 2
    assert [attempt.status for attempt in response.attempts] == [503, 503, 200]


@pytest.mark.anyio
async def test_body_as_another_type(server: Any, caller: Any):
    server.play(server.json())
    async with caller.client() as client:
        response = await raw(caller, client)

    assert response.parse(to=dict) == COMPLETION
    assert response.parse(to=str) == response.text
    assert response.parse(to=bytes) == response.content
    assert response.parse(to=Response) is response.http_response
    assert response.parse(to=httpx.Response).json() == COMPLETION
    with pytest.raises(APIResponseValidationError, match="chat/completions"):
        response.parse(to=int)


@pytest.mark.anyio
async def test_raw_stream_is_parsed_as_it_comes(server: Any, caller: Any):
    server.play(server.whole_stream())
    async with caller.client() as client:
        response = await raw(caller, client, stream=True)
        assert not response.is_closed
        with pytest.raises(OpenAIError, match="streamed"):
            _ = response.content
        events: list[Any] = []
        await caller.collect(response.parse(), events)

    assert [each.choices[0].delta.content for each in events] == ["Hello", None]


@pytest.mark.anyio
async def test_errors_are_those_of_the_call(server: Any, caller: Any):
    refusal = server.json(400, {"error": {"message": "no"}})
    server.play(refusal, refusal)
    async with caller.client() as client:
        with pytest.raises(BadRequestError, match="no"):
            await raw(caller, client)
        with pytest.raises(BadRequestError, match="no"):
            async with Opened(caller, client):
                pass


@pytest.mark.anyio
async def test_nothing_is_sent_before_the_block(server: Any, caller: Any):
    server.play(server.json())
    async with caller.client() as client:
        opened = Opened(caller, client)
        assert server.requests == []
        async with opened as response:
            assert len(server.requests) == 1
            assert (await caller.do(response.parse)).to_dict() == COMPLETION


@pytest.mark.anyio
async def test_ways_to_read_a_body(server: Any, caller: Any):
    server.play(*[server.answer(200, TEXT)] * 6)
    async with caller.client() as client:
        async with Opened(caller, client) as response:
            assert await caller.do(response.read) == TEXT
            assert await caller.do(response.text) == TEXT.decode()
            assert await collected(caller, response.iter_bytes(4)) == [
                TEXT[start : start + 4] for start in range(0, len(TEXT), 4)
            ]
        async with Opened(caller, client) as response:
            assert b"".join(await collected(caller, response.iter_bytes())) == TEXT
            assert response.is_closed
        async with Opened(caller, client) as response:
            assert await collected(caller, response.iter_lines()) == ["f\u00fcr", "one", "two"]
        async with Opened(caller, client) as response:
            assert await collected(caller, response.iter_text(8)) == ["f\u00fcr\none\r", "\ntwo"]
        async with Opened(caller, client) as response:
            with pytest.raises(DecodeError):
                await caller.do(response.json)
        async with Opened(caller, client) as response:
            assert await caller.do(response.parse, to=str) == TEXT.decode()


@pytest.mark.anyio
async def test_files_are_written_as_the_body_arrives(server: Any, caller: Any, tmp_path: Path):
    server.play(server.answer(200, TEXT), server.answer(200, TEXT))
    target = tmp_path / "body"
    async with caller.client() as client:
        async with Opened(caller, client) as response:
            await caller.do(response.stream_to_file, target, chunk_size=3)
        assert target.read_bytes() == TEXT
        async with Opened(caller, client) as response:
            await caller.do(response.write_to_file, str(target))
    assert target.read_bytes() == TEXT


@pytest.mark.anyio
async def test_what_was_read_piece_by_piece_is_gone(server: Any, caller: Any):
    server.play(server.answer(200, TEXT))
    async with caller.client() as client, Opened(caller, client) as response:
        await collected(caller, response.iter_bytes())
        with pytest.raises(OpenAIError, match="read piece by piece"):
            await caller.do(response.read)


@pytest.mark.anyio
async def test_block_that_reads_nothing_releases_the_connection(server: Any, caller: Any):
    server.play((server.answer(200, length=10), server.until_gone))
    async with caller.client() as client:
        async with Opened(caller, client) as response:
            assert not response.is_closed
        assert response.is_closed
        with pytest.raises(OpenAIError, match="closed"):
            await caller.do(response.read)
        assert server.gone.wait(60)


@pytest.mark.anyio
async def test_body_that_breaks_off_is_a_connection_error(server: Any, caller: Any):
    server.play((server.answer(200, b"12345", length=10), server.close))
    async with caller.client() as client, Opened(caller, client) as response:
        with pytest.raises(APIConnectionError):
            await caller.do(response.read)


@pytest.mark.anyio
async def test_stream_in_a_block(server: Any, caller: Any):
    server.play(server.whole_stream())
    async with caller.client() as client, Opened(caller, client, stream=True) as response:
        events: list[Any] = []
        await caller.collect(await caller.do(response.parse), events)

    assert len(events) == 2


async def collected(caller: Any, pieces: Any) -> list[Any]:
    into: list[Any] = []
    await caller.collect(pieces, into)
    return into


def raw_of(client: Any) -> Any:
    return client.chat.completions.with_raw_response.create(**CALL)


def test_no_secret_leaves_with_a_response(server: Any):
    server.play(server.json())
    key = "sk-test-0123456789"
    with OpenAI(api_key=key, base_url=server.url) as client:
        response = raw_of(client)

    assert key not in repr(response) + repr(response.http_request) + repr(response.headers)
    with pytest.raises(TypeError, match="http_response"):
        pickle.dumps(response)
    pickled = pickle.dumps(response.http_response)
    assert key.encode() not in pickled
    copied = pickle.loads(pickled)  # noqa: S301 - our own
    assert (copied.retries_taken, copied.elapsed) == (0, response.elapsed)
