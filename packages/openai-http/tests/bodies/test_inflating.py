"""Compressed bodies: read in whatever pieces, refused where they are false, cut or a trap."""

import gzip
import json
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai_http import (
    APIConnectionError,
    APIResponseValidationError,
    InternalServerError,
    OpenAI,
)
from openai_http.bodies import inflating
from openai_http.bodies.inflating import STEP, Inflater
from openai_http.messages import Request, Response

pytestmark = pytest.mark.anyio

BODY = b'{"id": "c", "choices": []}'
CHUNK = b'data: {"choices": [{"index": 0, "delta": {"content": "Hello"}}]}\n\n'


def raw_deflate(data: bytes) -> bytes:
    compress = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compress.compress(data) + compress.flush()


def in_parts(data: bytes) -> bytes:
    half = len(data) // 2
    return gzip.compress(data[:half]) + gzip.compress(data[half:]) + b"\0\0"


def twice(data: bytes) -> bytes:
    return gzip.compress(zlib.compress(data))


CODINGS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("gzip", gzip.compress),
    ("GZIP", gzip.compress),
    ("x-gzip", gzip.compress),
    ("identity, gzip", gzip.compress),
    ("gzip", in_parts),
    ("deflate", zlib.compress),
    ("deflate", raw_deflate),
    ("deflate, gzip", twice),
]


def head(coding: str, status: int = 200) -> Response:
    request = Request("GET", "https://h/v1/x", {"authorization": "Bearer sk-0123456789"})
    return Response(status, [(b"content-encoding", coding.encode())], request)


def inflated(inflater: Inflater, data: bytes, size: int) -> bytes:
    chunks = [data[start : start + size] for start in range(0, len(data), size)]
    result = b"".join(piece for chunk in chunks for piece in inflater.feed(chunk))
    inflater.finish()
    return result


@pytest.mark.parametrize(("coding", "compress"), CODINGS)
@settings(max_examples=40)
@given(
    data=st.binary() | st.binary(min_size=1).map(lambda part: part * 300), size=st.integers(1, 99)
)
def test_any_pieces_inflate_to_the_same(
    coding: str, compress: Callable[[bytes], bytes], data: bytes, size: int
):
    inflater = Inflater(head(coding))
    assert inflater.inflates
    assert inflated(inflater, compress(data), size) == data


@given(data=st.binary(min_size=1), size=st.integers(1, 99), status=st.sampled_from([200, 500]))
def test_any_bytes_inflate_or_are_refused(data: bytes, size: int, status: int):
    for coding in ("gzip", "deflate", "gzip, deflate"):
        inflater = Inflater(head(coding, status))
        with suppress(APIResponseValidationError):
            inflated(inflater, data, size)


@pytest.mark.parametrize("coding", ["gzip", "deflate, gzip"])
@given(size=st.integers(1, 99))
def test_error_that_is_not_compressed_is_whole_in_any_pieces(coding: str, size: int):
    body = b'{"error": {"message": "upstream died"}}'
    assert inflated(Inflater(head(coding, 503)), body, size) == body


@pytest.mark.parametrize("cut", [1, 8, 12])
@pytest.mark.parametrize(("coding", "compress"), CODINGS[:1] + CODINGS[5:6])
def test_cut_compression_is_refused(coding: str, compress: Callable[[bytes], bytes], cut: int):
    data = compress(BODY)[:-cut]
    with pytest.raises(APIResponseValidationError, match="breaks off: it was cut") as caught:
        inflated(Inflater(head(coding)), data, 100)
    assert caught.value.body == data


def test_steps_are_small():
    inflater = Inflater(head("gzip"))
    pieces = [*inflater.feed(gzip.compress(b"\0" * 10_000_000))]
    assert max(map(len, pieces)) <= STEP
    assert sum(map(len, pieces)) == 10_000_000


def test_body_past_the_size_is_cut(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(inflating, "MAX_SIZE", 2**20)
    given: list[bytes] = []
    inflater = Inflater(head("gzip"))
    with pytest.raises(APIResponseValidationError, match=r"more than 1048576 bytes.*MAX_SIZE"):
        given.extend(inflater.feed(gzip.compress(b"\0" * 10_000_000)))
    assert sum(map(len, given)) <= 2**20


def test_body_that_grows_too_much_is_cut():
    """By the limits as they are: a hundred kilobytes that would make a hundred megabytes."""
    inflater = Inflater(head("gzip"))
    with pytest.raises(APIResponseValidationError, match=r"more than 250 times .*as attacks do"):
        for _ in inflater.feed(gzip.compress(b"\0" * 100_000_000)):
            pass


@pytest.mark.parametrize("inner", ["gzip", "deflate"])
def test_trap_in_a_trap_takes_no_memory(monkeypatch: pytest.MonkeyPatch, inner: str):
    monkeypatch.setattr(inflating, "MAX_SIZE", 2**22)
    bomb = gzip.compress((gzip.compress if inner == "gzip" else zlib.compress)(b"\0" * 100_000_000))
    inflater = Inflater(head(f"{inner}, gzip"))
    given: list[bytes] = []
    with pytest.raises(APIResponseValidationError, match="MAX_SIZE"):
        given.extend(inflater.feed(bomb))
    assert max(map(len, given)) <= STEP
    assert sum(map(len, given)) <= 2**22
    with pytest.raises(APIResponseValidationError, match="compressed 3 times"):
        next(Inflater(head("gzip, gzip, gzip")).feed(bomb))


def test_coding_that_is_not_known_is_counted_only(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(inflating, "MAX_SIZE", 10)
    for inflater in (Inflater(head("br")), Inflater(head("gzip"), is_inflated=True)):
        assert not inflater.inflates
        assert [*inflater.feed(b"12345")] == [b"12345"]
        inflater.finish()
        with pytest.raises(APIResponseValidationError):
            next(inflater.feed(b"123456"))


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
async def test_false_or_cut_compression_is_an_error_with_the_body(
    caller: Any, server: Any, coding: str
):
    whole = gzip.compress(BODY) if coding == "gzip" else zlib.compress(BODY)
    for false in (b"no compression", whole[:-9]):
        server.play(server.answer(200, false, content_encoding=coding))
        with pytest.raises(APIResponseValidationError, match="cannot be read") as caught:
            await caller.call()
        assert caught.value.body == false
        assert caught.value.response.content == false


async def test_error_with_false_compression_is_still_the_error(caller: Any, server: Any):
    server.play(server.answer(503, "upstream died", content_encoding="gzip"))
    with pytest.raises(InternalServerError, match="503 Service Unavailable: upstream died"):
        await caller.call()


async def test_body_that_breaks_off_is_a_broken_connection(caller: Any, server: Any):
    data = gzip.compress(BODY)
    server.play(
        (server.answer(200, data[:10], length=len(data), content_encoding="gzip"), server.close)
    )
    with pytest.raises(APIConnectionError, match="broke off"):
        await caller.call()


async def test_trap_on_the_wire_is_cut(caller: Any, server: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(inflating, "MAX_SIZE", 2**20)
    bomb = gzip.compress(b" " * 20_000_000)
    server.play(*[server.answer(200, bomb, content_encoding="gzip")] * 3)
    with pytest.raises(APIResponseValidationError, match="MAX_SIZE"):
        await caller.call()
    with pytest.raises(APIResponseValidationError, match="MAX_SIZE"):
        await caller.stream([])
    async with caller.client() as client:
        with pytest.raises(APIResponseValidationError, match="MAX_SIZE"):
            await caller.do(client.files.content, "f")


async def test_stream_in_steps_is_given_in_steps(caller: Any, server: Any):
    compress = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)
    first = compress.compress(CHUNK) + compress.flush(zlib.Z_SYNC_FLUSH)
    gate = server.gate()
    begin = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n"
    rest = compress.compress(b"data: [DONE]\n\n") + compress.flush()
    server.play((begin + first, gate, rest, server.close))
    async with caller.client() as client:
        stream = await caller.chat(client, stream=True)
        event = await caller.do(next, stream) if caller.threads else await anext(stream)
        assert event.choices[0].delta.content == "Hello"
        gate.open()
        more: list[Any] = []
        await caller.collect(stream, more)
    assert more == []


def test_user_s_client_that_has_read_the_answer_is_taken_at_its_word():
    def handler(_: httpx.Request) -> httpx.Response:
        return httpx.Response(
            200,
            content=gzip.compress(json.dumps({"id": "m"}).encode()),
            headers={"content-encoding": "gzip"},
        )

    with httpx.Client(transport=httpx.MockTransport(handler)) as http_client:
        client = OpenAI(api_key="sk-test", http_client=http_client)
        assert client.models.retrieve("m").id == "m"


def test_coding_that_nobody_asked_for_is_refused():
    inflater = Inflater(head("br"), knows_more=False)
    assert inflater.inflates
    with pytest.raises(APIResponseValidationError, match="as br, which nobody asked for"):
        next(inflater.feed(b"\x0b"))
    failed = Inflater(head("br", 500), knows_more=False)
    assert [*failed.feed(b"\x0b")] == [b"\x0b"]
    failed.finish()


async def test_brotli_is_neither_asked_for_nor_inflated(caller: Any, server: Any):
    """One bit of it can stand for gigabytes, and the libraries cannot inflate it in steps."""
    server.play(
        server.answer(200, b"\x0b\x02\x80{}\x03", content_encoding="br"),
        server.answer(503, "upstream died", content_encoding="br"),
    )
    with pytest.raises(APIResponseValidationError, match="which nobody asked for") as caught:
        await caller.call()
    assert caught.value.body == b"\x0b\x02\x80{}\x03"
    with pytest.raises(InternalServerError, match="upstream died"):
        await caller.call()
    assert "br" not in server.requests[0].headers["accept-encoding"]
