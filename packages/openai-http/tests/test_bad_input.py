"""Whatever goes wrong between a call and its answer, on real sockets: its cause and its remedy."""

import gc
import gzip
import logging
import os
import pickle
import socket
import sys
import zlib
from typing import Any

import pytest
from openai_http import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
    InternalServerError,
    Limits,
    NotFoundError,
    OpenAIError,
    StreamTruncatedError,
    Timeout,
)

pytestmark = pytest.mark.anyio

CHUNK = b'data: {"choices": [{"index": 0, "delta": {"content": "Hello"}}]}\n\n'
LAST = b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\n'
PAGE = "<!DOCTYPE html><html><title>Sign in</title><body>Please sign in.</body></html>"


async def test_missing_key(caller: Any):
    with pytest.raises(OpenAIError, match=r"No API key\. Set .* OPENAI_API_KEY, or pass api_key"):
        caller.make(api_key=None)


@pytest.mark.parametrize("source", ["api_key", "OPENAI_API_KEY"])
async def test_row_42_key_with_newline(source: str, caller: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-in-a-file\n")
    given = "sk-in-a-file\n" if source == "api_key" else None
    with pytest.raises(OpenAIError, match=f"API key in {source} contains a line break") as caught:
        caller.make(api_key=given)
    assert "sk-in-a-file" not in str(caught.value)


@pytest.mark.parametrize("empty", ["", "  "])
async def test_row_42_empty_base_url(empty: str, caller: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_BASE_URL", empty)
    with pytest.raises(OpenAIError, match=r"OPENAI_BASE_URL is empty\. Set it to a URL such as"):
        caller.make(base_url=None)


async def test_unknown_model(caller: Any, server: Any):
    error = {"message": "The model `gpt-9` does not exist", "code": "model_not_found"}
    server.play(server.json(404, {"error": error}, x_request_id="req_7"))
    with pytest.raises(NotFoundError) as caught:
        await caller.call()
    raised = caught.value
    assert str(raised) == (
        f"POST {server.url}/chat/completions was answered with 404 Not Found: The model `gpt-9`"
        " does not exist. Check the name of the model or the id, and that base_url is right; it"
        " normally ends in /v1. (Request req_7.)"
    )
    assert (raised.code, raised.body, raised.request_id) == ("model_not_found", error, "req_7")


async def test_refused_connection(caller: Any):
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(APIConnectionError) as caught:
        await caller.call(base_url=f"http://127.0.0.1:{port}/v1")
    assert f"refused (127.0.0.1:{port})" in str(caught.value)
    assert "start the server, or correct base_url" in str(caught.value)
    assert not isinstance(caught.value, APITimeoutError)


async def test_unknown_host(caller: Any):
    with pytest.raises(APIConnectionError, match=r"the host is not known \(h\.invalid\).*base_url"):
        await caller.call(base_url="http://h.invalid/v1")


async def test_body_that_is_a_page_with_200(caller: Any, server: Any):
    server.play(server.answer(200, PAGE, content_type="text/html"))
    with pytest.raises(APIResponseValidationError, match=r"200 and text/html, .*Check that base_"):
        await caller.call()
    server.play(server.answer(200, PAGE * 9))
    with pytest.raises(APIResponseValidationError, match=r"no content type.*Please") as caught:
        await caller.call()
    assert caught.value.body == PAGE * 9
    assert caught.value.status_code == 200


async def test_body_that_is_a_page_with_502(caller: Any, server: Any):
    page = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
    server.play(server.answer(502, page, content_type="text/html"))
    with pytest.raises(InternalServerError, match=r"502 Bad Gateway\. The server failed") as caught:
        await caller.call()
    assert caught.value.body == page


async def test_empty_body_with_200(caller: Any, server: Any):
    server.play(server.answer(200))
    with pytest.raises(APIResponseValidationError, match="Received 0 bytes") as caught:
        await caller.call()
    assert caught.value.body == ""


async def test_empty_body_with_503(caller: Any, server: Any):
    server.play(server.answer(503))
    with pytest.raises(InternalServerError, match=r"503 Service Unavailable: it gave no reason\. "):
        await caller.call()


async def test_cut_body(caller: Any, server: Any):
    server.play((server.answer(200, '{"id": "chat', length=100), server.close))
    with pytest.raises(APIConnectionError, match="the answer broke off") as caught:
        await caller.call()
    assert caught.value.body == b'{"id": "chat'


async def test_cut_body_of_an_error(caller: Any, server: Any):
    server.play((server.answer(500, '{"error": {"mess', length=100), server.close))
    with pytest.raises(APIConnectionError, match="the answer broke off") as caught:
        await caller.call()
    assert caught.value.body == b'{"error": {"mess'


async def test_cut_body_is_asked_for_again(caller: Any, server: Any):
    cut = server.answer(200, "{", length=100)
    server.play((cut, server.close), server.json())
    assert (await caller.call(max_retries=1)).id == "chatcmpl-1"


async def test_server_that_resets(caller: Any, server: Any):
    server.play(server.reset)
    with pytest.raises(
        APIConnectionError, match=r"(was reset|broke off).* \(127\.0\.0\.1:\d+\).*try again"
    ) as caught:
        await caller.call()
    assert caught.value.body is None


async def test_server_that_hangs_up(caller: Any, server: Any):
    server.play(server.close)
    with pytest.raises(APIConnectionError, match=r"broke off or is not HTTP.*Try again"):
        await caller.call()


async def test_server_that_speaks_something_else(caller: Any, server: Any):
    server.play((b"SSH-2.0-OpenSSH_9.6\r\n", server.close))
    with pytest.raises(APIConnectionError, match=r"broke off or is not HTTP.*check base_url"):
        await caller.call()


async def test_timeout_of_the_answer(caller: Any, server: Any):
    server.play(server.gate())
    with pytest.raises(APITimeoutError, match=r"sent nothing for too long.*timeout=Timeout\(") as e:
        await caller.call(timeout=Timeout(60, read=0.01))
    assert "read=seconds" in str(e.value)


async def test_timeout_in_the_middle_of_the_answer(caller: Any, server: Any):
    server.play((server.answer(200, '{"id"', length=100), server.gate()))
    with pytest.raises(APITimeoutError) as caught:
        await caller.call(timeout=Timeout(60, read=0.05))
    assert caught.value.body == b'{"id"'


async def test_timeout_of_a_call_replaces_that_of_the_client(caller: Any, server: Any):
    server.play(server.gate())
    async with caller.client(timeout=None) as client:
        with pytest.raises(APITimeoutError):
            await caller.chat(client, timeout=0.01)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a full backlog wait")
async def test_timeout_of_the_connection(caller: Any):
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for waiting in (first, second):  # who connects now waits for a place
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        base_url = f"http://127.0.0.1:{full.getsockname()[1]}/v1"
        with pytest.raises(APITimeoutError, match=r"no TCP connection was made.*connect=seconds"):
            await caller.call(base_url=base_url, timeout=Timeout(60, connect=0.05))


async def test_timeout_of_the_pool(caller: Any, server: Any):
    server.play((server.events(CHUNK), server.until_gone))
    one = Limits(max_connections=1)
    async with caller.client(timeout=Timeout(60, pool=0.01), limits=one) as client:
        stream = await caller.chat(client, stream=True)
        with pytest.raises(APITimeoutError, match=r"no connection became free.*Make fewer calls"):
            await caller.chat(client)
        await caller.do(stream.close)


async def test_stream_that_stops_half_way(caller: Any, server: Any):
    server.play((server.events(CHUNK, CHUNK), server.close))
    received: list[Any] = []
    with pytest.raises(StreamTruncatedError, match="after 2 events, without") as caught:
        await caller.stream(received)
    assert caught.value.events == received
    assert [event.choices[0].delta.content for event in received] == ["Hello", "Hello"]


async def test_stream_reset_half_way(caller: Any, server: Any):
    gate = server.gate()
    server.play((server.events(CHUNK), gate, server.reset))
    received: list[Any] = []
    async with caller.client(max_retries=5) as client:
        stream = await caller.chat(client, stream=True)
        received.append(await caller.do(next, stream) if caller.threads else await anext(stream))
        gate.open()
        with pytest.raises(APIConnectionError, match=r"was reset|broke off") as caught:
            await caller.collect(stream, received)
    assert caught.value.events == received
    assert len(received) == len(server.requests) == 1


async def test_chunked_stream_cut_half_way(caller: Any, server: Any):
    head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    server.play((head + b"%x\r\n%b\r\nff\r\ndata" % (len(CHUNK), CHUNK), server.close))
    received: list[Any] = []
    with pytest.raises(APIConnectionError, match="the answer broke off") as caught:
        await caller.stream(received)
    assert caught.value.events == received
    assert len(received) == 1


async def test_error_in_a_stream(caller: Any, server: Any):
    error = b'data: {"error": {"message": "Overloaded", "code": "busy"}}\n\n'
    server.play((server.events(CHUNK, error), server.until_gone))
    received: list[Any] = []
    with pytest.raises(APIError, match="Overloaded") as caught:
        await caller.stream(received)
    assert (caught.value.code, caught.value.events) == ("busy", received)
    assert len(received) == 1
    assert server.gone.wait(60)


async def test_error_instead_of_a_stream(caller: Any, server: Any):
    server.play(server.json(400, {"error": {"message": "No.", "param": "model"}}))
    with pytest.raises(APIStatusError, match=r"400 Bad Request: No\. Correct") as caught:
        await caller.stream([])
    assert caught.value.param == "model"


async def test_stream_that_is_one_answer(caller: Any, server: Any):
    server.play(server.json())
    with pytest.raises(APIResponseValidationError, match=r"whole answer.*without stream=True"):
        await caller.stream([])


async def test_stream_that_stalls(caller: Any, server: Any):
    server.play((server.events(CHUNK), server.gate()))
    received: list[Any] = []
    with pytest.raises(APITimeoutError) as caught:
        await caller.stream(received, timeout=Timeout(60, read=0.05))
    assert caught.value.events == received
    assert len(received) == 1


async def test_row_13_stream_closed_early_releases_the_connection(caller: Any, server: Any):
    server.play((server.events(CHUNK, CHUNK), server.until_gone))
    async with caller.client() as client:
        stream = await caller.chat(client, stream=True)
        assert await caller.do(next, stream) if caller.threads else await anext(stream)
        await caller.do(stream.close)
        assert server.gone.wait(60)


async def test_stream_is_closed_by_its_response(caller: Any, server: Any):
    server.play((server.events(CHUNK, CHUNK), server.until_gone))
    async with caller.client() as client:
        stream = await caller.chat(client, stream=True)
        response = stream.response
        assert not response.is_closed
        await caller.do(response.close if caller.threads else response.aclose)
        assert server.gone.wait(60)
        assert response.is_closed
        assert stream.outcome == "cancelled"
        response.close()  # twice, and of an asynchronous stream, is harmless
        del stream
        gc.collect()
        response.close()
        assert response.is_closed


async def test_stream_byte_by_byte(caller: Any, server: Any):
    server.play((server.events(), server.drip(CHUNK + LAST), server.close))
    received: list[Any] = []
    await caller.stream(received)
    assert len(received) == 2


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_compressed_body(caller: Any, server: Any, encoding: str):
    compress = gzip.compress if encoding == "gzip" else zlib.compress
    server.play(server.answer(200, compress(b'{"id": "c"}'), content_encoding=encoding))
    assert (await caller.call()).id == "c"
    assert encoding in server.requests[0].headers["accept-encoding"]


async def test_compressed_stream(caller: Any, server: Any):
    body = gzip.compress(CHUNK + LAST)
    server.play(server.answer(200, body, content_encoding="gzip"))
    received: list[Any] = []
    await caller.stream(received)
    assert len(received) == 2


async def test_corrupt_compressed_body(caller: Any, server: Any):
    server.play(server.answer(200, b"\x1f\x8b not gzip", content_encoding="gzip"))
    with pytest.raises(APIResponseValidationError, match=r"not compressed as.*what is between"):
        await caller.call()


async def test_no_secret_in_whatever_an_error_shows(
    caller: Any, server: Any, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    echo = f"Incorrect key {caller.key}; you sent Cookie: id=crumbs; more=crumbs2."
    headers = {"Cookie": "id=crumbs; more=crumbs2", "X-Gateway-Token": "gate-123"}
    server.play(
        server.json(401, {"error": {"message": echo}}),
        server.answer(200, f"{echo} gate-123"),
        server.close,
    )
    for kind in (APIStatusError, APIResponseValidationError, APIConnectionError):
        with pytest.raises(kind) as caught:
            await caller.call(default_headers=headers, default_query={"api-key": "queried"})
        error: Any = caught.value
        shown = f"{error!r} {error} {error.body} {error.request} {error.request.headers}"
        response: Any = getattr(error, "response", None)
        if response is not None:
            shown += f"{response!r} {response.text} {response.url} {dict(response.request.headers)}"
        shown += pickle.dumps(error).decode(errors="replace")
        for secret in (caller.key, "crumbs", "gate-123", "queried"):
            assert secret not in shown
            assert secret not in caplog.text
    sent = server.requests[0].headers
    assert (sent["authorization"], sent["x-gateway-token"]) == (f"Bearer {caller.key}", "gate-123")


@pytest.mark.parametrize("name", ["HTTP_PROXY", "ALL_PROXY"])
async def test_proxy_that_cannot_be_used(name: str, caller: Any, monkeypatch: pytest.MonkeyPatch):
    for proxy in ("ftp://proxy.test", "http://[::1"):
        monkeypatch.setenv(name, proxy)
        with pytest.raises(OpenAIError, match=r"proxy of the environment.*NO_PROXY") as caught:
            await caller.call(base_url=f"http://{os.urandom(4).hex()}.invalid/v1")
        assert not isinstance(caught.value, APIConnectionError)
