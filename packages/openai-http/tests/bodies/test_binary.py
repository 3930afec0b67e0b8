"""Answers that are files: given whole, in pieces, and written down."""

import os
from pathlib import Path
from typing import Any

import pytest
from openai_http import InvalidArgumentError
from openai_http.bodies.binary import HttpxBinaryResponseContent
from openai_http.messages import Request, Response
from openai_types.errors import DecodeError


def content(data: bytes, kind: str = "audio/mpeg") -> HttpxBinaryResponseContent:
    response = Response(200, [(b"content-type", kind.encode())], Request("GET", "http://h/", {}))
    response.content = data
    return HttpxBinaryResponseContent(response)


@pytest.mark.anyio
async def test_all_ways_to_read_give_the_same():
    file = content("één\ntwo".encode(), "text/plain; charset=utf-8")
    assert file.content == file.read() == await file.aread() == "één\ntwo".encode()
    assert file.text == "één\ntwo"
    assert list(file.iter_lines()) == ["één", "two"]
    assert [each async for each in file.aiter_lines()] == ["één", "two"]
    assert file.encoding == file.charset_encoding == "utf-8"


@pytest.mark.anyio
async def test_pieces_have_the_size_that_was_asked_for():
    file = content(b"abcde")
    assert list(file.iter_bytes(2)) == list(file.iter_raw(2)) == [b"ab", b"cd", b"e"]
    assert [each async for each in file.aiter_bytes(2)] == [b"ab", b"cd", b"e"]
    assert [each async for each in file.aiter_raw(2)] == [b"ab", b"cd", b"e"]
    assert [each async for each in await file.aiter_bytes(2)] == [b"ab", b"cd", b"e"]  # official
    assert list(file.iter_text(4)) == ["abcd", "e"]
    assert [each async for each in file.aiter_text(4)] == ["abcd", "e"]
    assert list(content(b"").iter_bytes()) == []


@pytest.mark.parametrize("size", [-1, 1.5, "2"])
def test_size_of_pieces_that_is_none_is_refused(size: Any):
    file = content(b"abcde")
    for pieces in (file.iter_bytes(size), file.iter_raw(size), file.iter_text(size)):
        with pytest.raises(InvalidArgumentError, match=r"chunk_size is .*\. Pass 1 or more"):
            next(iter(pieces))


@pytest.mark.anyio
async def test_files_are_written_and_replaced(tmp_path: Path):
    file, data = tmp_path / "speech.mp3", os.urandom(200_000)
    file.write_bytes(b"old")
    content(data).write_to_file(file)
    assert file.read_bytes() == data
    content(b"new").stream_to_file(str(file), chunk_size=1)
    assert file.read_bytes() == b"new"
    await content(data).astream_to_file(file)
    assert file.read_bytes() == data


@pytest.mark.anyio
async def test_closing_is_harmless():
    file = content(b"a")
    file.close()
    await file.aclose()
    assert file.content == b"a"


def test_json_is_read_or_refused_with_the_data():
    assert content(b'{"a": 1.5}').json(parse_float=str) == {"a": "1.5"}
    with pytest.raises(DecodeError) as caught:
        content(b"no").json()
    assert caught.value.data == b"no"


def test_repr_shows_no_content():
    assert repr(content(b"abc")) == "<3 bytes of audio/mpeg>"
    assert content(b"", "").encoding is None


@pytest.mark.anyio
async def test_download(server: Any, caller: Any):
    server.play(server.answer(200, b"\x00\xff", content_type="application/octet-stream"))
    async with caller.client() as client:
        file = await caller.do(client.files.content, "file_1")
    assert file.read() == b"\x00\xff"
    [request] = server.requests
    assert (request.method, request.target) == ("GET", "/v1/files/file_1/content")
    assert request.headers["accept"] == "application/binary"
    assert "content-type" not in request.headers
