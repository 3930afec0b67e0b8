"""Content that is read while it is sent, with every transport."""

import io
import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openai_http import (
    NOT_GIVEN,
    APIConnectionError,
    InternalServerError,
    InvalidTypeError,
    OpenAIError,
    RetryPolicy,
)

pytestmark = pytest.mark.anyio

BYTES = os.urandom(200_000)
PIECES = [BYTES[:7], b"", BYTES[7:150_000], BYTES[150_000:]]


@pytest.fixture
def kind(way: tuple[str, str]) -> str:
    return way[0]


@pytest.fixture
def anyio_backend(kind: str) -> object:
    if kind == "uvloop":
        return "asyncio", {"use_uvloop": True}
    return "trio" if kind == "trio" else "asyncio"


def file(_: Path) -> object:
    opened = io.BytesIO(b"before" + BYTES)
    opened.seek(6)
    return opened


def path(folder: Path) -> object:
    (folder / "content").write_bytes(BYTES)
    return folder / "content"


def pieces(_: Path) -> object:
    return PIECES


class Anew:
    def __init__(self, _: Path) -> None: ...

    def __iter__(self) -> Iterator[bytes]:
        return iter(PIECES)


class Awaited:
    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in PIECES:
            yield piece


async def post(on: Any, content: object) -> Any:
    retry = RetryPolicy(max_retries=1, initial_delay=0)
    async with on.client(max_retries=NOT_GIVEN, retry=retry) as client:
        return await on.do(client.post, "/x", cast_to=object, content=content)


@pytest.mark.parametrize("made", [file, path, pieces, Anew])
async def test_content_arrives_also_the_second_time(
    on: Any, server: Any, tmp_path: Path, made: Callable[[Path], object]
):
    server.play(server.json(500, {}), server.json())
    await post(on, made(tmp_path))
    assert [request.body for request in server.requests] == [BYTES] * 2
    for request in server.requests:
        assert ("content-length" in request.headers) == (made in {file, path, pieces})


async def test_iterator_is_sent_once(on: Any, server: Any):
    server.play(server.json(500, {"error": {"message": "Oh no."}}))
    with pytest.raises(InternalServerError, match="not sent again, because its content is an iter"):
        await post(on, iter(PIECES))
    (request,) = server.requests
    assert request.body == BYTES


async def test_pieces_are_awaited(on: Any, server: Any):
    server.play(server.json(500, {}), server.json())
    if on.threads or on.transport == "pyreqwest":
        with pytest.raises(InvalidTypeError, match="type Awaited, whose pieces must be awaited"):
            await post(on, Awaited())
        assert not server.requests
    else:
        await post(on, Awaited())
        assert [request.body for request in server.requests] == [BYTES] * 2


async def test_pieces_of_another_type_are_told(on: Any):
    with pytest.raises(InvalidTypeError, match="has a piece of type int"):
        await post(on, [b"x", 5])
    with pytest.raises(OpenAIError) as caught:
        await post(on, (each for each in [b"x", 5]))
    assert "has a piece of type int" in str(caught.value)


async def test_what_the_source_raises_is_the_cause(on: Any):
    def broken() -> Iterator[bytes]:
        yield b"x"
        raise LookupError("mine")

    with pytest.raises(APIConnectionError, match="mine") as caught:
        await post(on, broken())
    causes: list[BaseException | None] = [caught.value]
    while causes[-1] is not None:
        causes.append(causes[-1].__cause__)
    assert any(isinstance(cause, LookupError) for cause in causes)
