"""No half answer is taken for a whole one: streams that break, on real sockets, for every driver.

Each ends in the documented error, with what came before on it, and the stream says how it ended.
"""

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from openai_http import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APIStatusError,
    DeadlineExceededError,
    InternalServerError,
    StreamStalledError,
    StreamTruncatedError,
)
from openai_stream.errors import StreamDecodeError

pytestmark = pytest.mark.anyio

SOON = 0.2  # seconds: a limit that is to be reached


def event(**fields: object) -> bytes:
    return b"data: " + json.dumps(fields, ensure_ascii=False).encode() + b"\n\n"


def chunk(content: str) -> bytes:
    return event(choices=[{"index": 0, "delta": {"content": content}}])


def delta(text: str, number: int) -> bytes:
    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0, "sequence_number": number}
    return event(type="response.output_text.delta", delta=text, **place)


@dataclass(frozen=True)
class Api:
    """One that streams: what two events of it are, and what an answer with the first says."""

    first: bytes
    second: bytes
    last: bytes
    ask: Callable[[Any], Callable[..., Any]]
    params: dict[str, Any]
    text: Callable[[Any], str]


CHAT = Api(
    chunk("He€"),
    chunk("llo €"),
    b"data: [DONE]\n\n",
    lambda client: client.chat.completions.create,
    {"messages": []},
    lambda partial: partial.choices[0].message.content,
)
RESPONSES = Api(
    delta("He€", 1),
    delta("llo €", 2),
    event(type="response.completed", response={"id": "r", "output": []}, sequence_number=3),
    lambda client: client.responses.create,
    {"input": "Hi"},
    lambda partial: partial.output_text,
)
APIS = {"chat": CHAT, "responses": RESPONSES}
EURO = "€".encode()

# What comes after the first event before the connection is closed.
CUTS: dict[str, Callable[[Api], bytes]] = {
    "inside a character": lambda api: api.second[: api.second.index(EURO) + 1],
    "inside a line": lambda api: api.second[:10],
    "inside the name of a field": lambda _: b"da",
    "inside an event": lambda api: api.second.rstrip(b"}\n") + b"\n",
    "inside an event of several lines": lambda _: b'data: {"choices":\ndata: [\n',
    "inside a line end": lambda _: b": ping\r",
    "between events": lambda _: b"",
    "after a comment": lambda _: b": ping\n\n",
}
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"


def chunked(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def flushed(data: bytes) -> bytes:
    """What is compressed so that it can be read, and may be followed by more."""
    gzip = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)
    return gzip.compress(data) + gzip.flush(zlib.Z_SYNC_FLUSH)


# An answer whose first event comes whole, and which HTTP itself shows to be broken then.
BROKEN: dict[str, Callable[[Api], bytes]] = {
    "cut inside a chunk": lambda api: (
        b"transfer-encoding: chunked\r\n\r\n" + chunked(api.first) + b"99\r\n" + api.second[:9]
    ),
    "cut between chunks": lambda api: b"transfer-encoding: chunked\r\n\r\n" + chunked(api.first),
    "no size of a chunk": lambda api: (
        b"transfer-encoding: chunked\r\n\r\n" + chunked(api.first) + b"zz\r\n" + api.second
    ),
    "shorter than its length": lambda api: (
        b"content-length: %d\r\n\r\n" % (len(api.first) + 9) + api.first
    ),
}


class Broken:
    """One stream that was read to its end, which was an error."""

    def __init__(self, received: list[Any], stream: Any, error: APIError) -> None:
        self.received = received
        self.stream = stream
        self.error = error

    def is_told(self, outcome: str, api: Api, text: str | None = "He€") -> None:
        """The error has what came before it, and so has the stream, which says how it ended."""
        assert self.stream.outcome == outcome
        assert self.error.events == self.received
        for partial in (self.stream.partial, self.error.partial):
            if text is not None:
                assert api.text(partial) == text
        assert (len(self.received) == 0) == (text is None)
        assert self.error.request is not None


@pytest.fixture
def broken(caller: Any) -> Any:
    async def read(api: Api, kind: type[APIError], **options: Any) -> Broken:
        received: list[Any] = []
        async with caller.client(**options) as client:
            stream = await caller.do(api.ask(client), model="m", stream=True, **api.params)
            with pytest.raises(kind) as caught:
                await caller.collect(stream, received)
            assert type(caught.value) is kind
            return Broken(received, stream, caught.value)

    return read


@pytest.mark.parametrize(
    ("name", "cut"),
    [
        *(("chat", cut) for cut in CUTS),
        ("responses", "between events"),
        ("responses", "inside an event"),
    ],
)
async def test_row_1_stream_that_is_cut_is_truncated(cut: str, name: str, broken: Any, server: Any):
    api = APIS[name]
    server.play((server.events(api.first, CUTS[cut](api)), server.close))
    (await broken(api, StreamTruncatedError)).is_told("truncated", api)


@pytest.mark.parametrize("fault", BROKEN)
async def test_stream_that_http_shows_to_be_broken_is_truncated(
    fault: str, broken: Any, server: Any
):
    server.play((HEAD + BROKEN[fault](CHAT), server.close))
    (await broken(CHAT, APIConnectionError)).is_told("truncated", CHAT)


async def test_compressed_stream_that_is_cut_is_truncated(broken: Any, server: Any):
    head = HEAD + b"content-encoding: gzip\r\nconnection: close\r\n\r\n"
    server.play((head + flushed(CHAT.first), server.close))
    (await broken(CHAT, APIResponseValidationError)).is_told("truncated", CHAT)


@pytest.mark.parametrize("name", APIS)
async def test_stream_that_stalls_says_so(name: str, broken: Any, server: Any):
    api = APIS[name]
    server.play((server.events(api.first), server.until_gone))
    (await broken(api, StreamStalledError, idle_timeout=SOON)).is_told("stalled", api)


async def test_stream_that_stalls_inside_an_event_says_so(broken: Any, server: Any):
    server.play((server.events(CHAT.first, CHAT.second[:30]), server.until_gone))
    (await broken(CHAT, StreamStalledError, idle_timeout=SOON)).is_told("stalled", CHAT)


async def test_deadline_of_a_stream_leaves_it_truncated(caller: Any, server: Any):
    server.play(server.whole_stream(), (server.events(CHAT.first), server.until_gone))
    received: list[Any] = []
    async with caller.client() as client:
        await caller.collect(await caller.chat(client, stream=True), [])  # loads what it needs
        stream = await caller.chat(client, stream=True, deadline=1)
        with pytest.raises(DeadlineExceededError) as caught:
            await caller.collect(stream, received)
    Broken(received, stream, caught.value).is_told("truncated", CHAT)


ERRORS: dict[str, tuple[bytes, type[APIError]]] = {
    "object": (event(error={"message": "Busy", "code": "busy"}), APIStatusError),
    "named": (b'event: error\ndata: {"message": "Busy", "code": "busy"}\n\n', APIStatusError),
    "field": (b'error: {"message": "Busy", "code": "busy"}\n\ndata: [DONE]\n\n', APIStatusError),
    "status": (event(error={"message": "Busy", "code": 502}), InternalServerError),
    "list": (b'data: [{"error": {"message": "Busy"}}]\n\n', APIStatusError),
    "without a blank line": (event(error={"message": "Busy"}).rstrip(), APIStatusError),
}


@pytest.mark.parametrize(
    ("name", "form"), [*(("chat", form) for form in ERRORS), ("responses", "object")]
)
async def test_error_in_the_middle_is_raised(form: str, name: str, broken: Any, server: Any):
    api, (data, kind) = APIS[name], ERRORS[form]
    server.play((server.events(api.first, data), server.close))
    found = await broken(api, kind)
    found.is_told("errored", api)
    assert "Busy" in str(found.error)


@pytest.mark.parametrize("data", [b"data: <html>\n\n", b"data: [1]\n\n", b"data: {'a': 1}\n\n"])
async def test_event_that_is_none_is_raised(data: bytes, broken: Any, server: Any):
    server.play((server.events(CHAT.first, data, CHAT.second), server.close))
    found = await broken(CHAT, StreamDecodeError)
    found.is_told("errored", CHAT)
    assert found.error.data in data


WHOLE: dict[str, tuple[dict[str, Any] | str, type[APIError]]] = {
    "completion": ({"id": "c", "object": "chat.completion"}, APIResponseValidationError),
    "error": ({"error": {"message": "No", "code": "no"}}, APIStatusError),
    "page": ("<!doctype html><title>Sign in</title>", APIResponseValidationError),
}


@pytest.mark.parametrize("body", WHOLE)
@pytest.mark.parametrize("content_type", ["application/json", "text/event-stream"])
async def test_answer_that_is_no_stream_is_told(
    body: str, content_type: str, broken: Any, server: Any
):
    data, kind = WHOLE[body]
    text = data if isinstance(data, str) else json.dumps(data)
    server.play(server.answer(200, text, content_type=content_type))
    (await broken(CHAT, kind)).is_told("errored", CHAT, None)


async def test_lines_of_json_that_are_cut_are_truncated(broken: Any, server: Any):
    lines = CHAT.first.removeprefix(b"data: ").rstrip() + b"\n" + b'{"choices": [{"ind'
    server.play(server.answer(200, lines, content_type="application/x-ndjson"))
    (await broken(CHAT, StreamTruncatedError)).is_told("truncated", CHAT)


@pytest.mark.parametrize("name", APIS)
@pytest.mark.parametrize("end", ["reset", "close", "until_gone"])
async def test_whole_answer_is_whole_whatever_the_connection_does_then(
    name: str, end: str, caller: Any, server: Any
):
    api = APIS[name]
    gate = server.gate()
    then = () if end == "until_gone" else (gate,)  # a reset may overtake what was sent before it
    server.play((server.events(api.first, api.last), *then, getattr(server, end)))
    received: list[Any] = []
    async with caller.client() as client:
        stream = await caller.do(api.ask(client), model="m", stream=True, **api.params)
        await caller.collect(stream, received)
        gate.open()
    assert stream.outcome == "complete"
    assert received


async def test_error_that_is_passed_on_has_no_secret(caller: Any, server: Any):
    """A server may repeat the key, and whoever reads the relayed stream must not see it."""
    told = event(error={"message": f"Bad key {caller.key}", "code": caller.key})
    server.play((server.events(CHAT.first, told), server.close))
    pieces: list[bytes] = []
    async with caller.client() as client:
        stream = await caller.chat(client, stream=True)
        await caller.collect(stream.to_sse(), pieces)
    _, last = pieces
    assert last.startswith(b"event: error\n")
    assert b"Bad key" in last
    assert caller.key.encode() not in last
