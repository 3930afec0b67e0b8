"""Answers with the status of success that are not what the operation returns."""

import gzip
import json
from typing import Any

import pytest
from openai_http import (
    NOT_GIVEN,
    APIError,
    APIResponseValidationError,
    APIStatusError,
    InternalServerError,
    OpenAI,
    QuotaExceededError,
    RateLimitError,
    RetryPolicy,
    StreamTruncatedError,
)
from openai_http.messages import Response

pytestmark = pytest.mark.anyio

CHUNK = b'data: {"choices": [{"index": 0, "delta": {"content": "Hello"}}]}\n\n'
LAST = b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\n'
PAGE = "<!DOCTYPE html><html><title>Sign in</title><body>Please sign in.</body></html>"

# Any: JSON of any shape.
ERRORS: list[Any] = [
    pytest.param({"error": {"message": "Overloaded", "code": "busy"}}, id="object"),
    pytest.param({"error": "Overloaded"}, id="text"),
    pytest.param({"error": ["Overloaded"]}, id="list"),
    pytest.param([{"error": {"message": "Overloaded"}}], id="in a list"),
    pytest.param({"object": "error", "message": "Overloaded", "code": 400}, id="flat"),
    pytest.param({"message": "Overloaded", "code": "x"}, id="message and code"),
    pytest.param({"id": "1", "message": "Overloaded", "code": 5}, id="with an id"),
    pytest.param({"detail": "Overloaded"}, id="detail"),
    pytest.param({"detail": [{"loc": ["body"], "msg": "Overloaded"}]}, id="FastAPI"),
    pytest.param({"success": False, "msg": "Overloaded"}, id="msg"),
    pytest.param({"base_resp": {"status_code": 1002, "status_msg": "Overloaded"}}, id="MiniMax"),
    pytest.param({"id": "c", "choices": [], "error": {"message": "Overloaded"}}, id="beside"),
    pytest.param({"error": {"message": '{"message": "Overloaded"}'}}, id="JSON in text"),
]
NOTHING: list[Any] = [
    pytest.param("", id="nothing"),
    pytest.param("null", id="null"),
    pytest.param("5", id="number"),
    pytest.param('"text"', id="JSON text"),
    pytest.param("upstream died", id="text"),
    pytest.param("[]", id="empty list"),
    pytest.param('[{"id": "x"}]', id="list"),
    pytest.param("{}", id="empty object"),
    pytest.param('{"ok": true}', id="other object"),
    pytest.param('{"error": 5}', id="number as error"),
    pytest.param('{"error": []}', id="empty error"),
    pytest.param('{"error": {}, "object": "chat.completion"}', id="error without a word"),
    pytest.param('{"id": "cut', id="cut"),
    pytest.param(PAGE, id="page"),
    pytest.param("[" * 100_000, id="deep"),
    pytest.param("[" * 100_000 + "]" * 100_000, id="deep and closed"),
    pytest.param('{"a":' * 100_000 + "1" + "}" * 100_000, id="deep objects"),
    pytest.param('{"choices": ' + "[" * 100_000 + "]" * 100_000 + "}", id="deep in a result"),
    pytest.param('{"id": ' + "9" * 10_000 + ', "choices"', id="huge number"),
]


@pytest.mark.parametrize("body", ERRORS)
async def test_row_10_errors_inside_200(caller: Any, server: Any, body: Any):
    server.play(server.json(200, body, x_request_id="req_1"))
    with pytest.raises(APIStatusError, match=r"but with an error in it: .*Overloaded") as caught:
        await caller.call()
    assert caught.value.response.status_code == 200
    assert caught.value.request_id == "req_1"


@pytest.mark.parametrize("body", NOTHING)
async def test_row_10_answer_that_is_no_result(caller: Any, server: Any, body: str):
    server.play(server.answer(200, body, content_type="application/json"))
    with pytest.raises(APIResponseValidationError, match="not with what the API desc") as caught:
        await caller.call()
    assert caught.value.body == body
    assert len(str(caught.value)) < 2000


@pytest.mark.parametrize("body", [*ERRORS, *NOTHING])
async def test_page_of_a_list_is_no_error_and_no_nothing(caller: Any, server: Any, body: Any):
    text = body if isinstance(body, str) else json.dumps(body)
    server.play(server.answer(200, text, content_type="application/json"))
    async with caller.client() as client:
        with pytest.raises((APIStatusError, APIResponseValidationError)):
            await caller.do(client.models.list) if caller.threads else await client.models.list()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (502, InternalServerError),
        ("429", RateLimitError),
        (402, QuotaExceededError),
        ("insufficient_quota", QuotaExceededError),
        ("rate_limit_exceeded", RateLimitError),
        ("server_error", InternalServerError),
    ],
)
async def test_row_10_class_is_that_of_the_code(
    caller: Any, server: Any, code: object, kind: type[APIStatusError]
):
    error = {"error": {"message": "No", "code": code}}
    server.play(server.json(200, error), (server.events(CHUNK, sse(error)), server.close))
    with pytest.raises(kind) as caught:
        await caller.call()
    assert str(caught.value.code) == str(code)
    received: list[Any] = []
    with pytest.raises(kind, match="with an error in the stream: No") as caught:
        await caller.stream(received)
    assert caught.value.events == received
    assert len(received) == 1
    assert caught.value.request is not None


def sse(data: Any) -> bytes:
    return b"data: " + json.dumps(data).encode() + b"\n\n"


@pytest.mark.parametrize(
    "body",
    [
        {"id": "m", "object": "model"},
        {"id": "m"},
        {"id": "m", "object": "model", "owned_by": "o", "error": None},
        {"id": "m", "owned_by": "o", "error": {"message": "", "code": None, "type": ""}},
        {"id": "m", "owned_by": "o", "base_resp": {"status_code": 0, "status_msg": "success"}},
        {"id": "m", "owned_by": "o", "message": "welcome", "detail": "d"},
    ],
)
async def test_result_of_a_sparing_server_is_one(caller: Any, server: Any, body: Any):
    server.play(server.json(200, body))
    async with caller.client() as client:
        assert (await caller.do(client.models.retrieve, "m")).id == "m"


async def test_response_that_failed_is_a_result(caller: Any, server: Any):
    failed: Any = {
        "id": "resp_1",
        "object": "response",
        "status": "failed",
        "error": {"code": "server_error", "message": "The model failed."},
        "output": [],
    }
    server.play(server.json(200, failed), server.json(200, {"error": failed["error"]}))
    async with caller.client() as client:
        got = await caller.do(client.responses.create, model="m", input="x")
        assert got.error.message == "The model failed."
        with pytest.raises(APIStatusError, match="The model failed"):
            await caller.do(client.responses.create, model="m", input="x")


@pytest.mark.parametrize("body", ERRORS[:8])
@pytest.mark.parametrize("kind", ["application/json", ""])
async def test_row_10_json_instead_of_a_stream(caller: Any, server: Any, body: Any, kind: str):
    text = "\n " + json.dumps(body, indent=1)
    server.play(server.answer(200, text, content_type=kind))
    with pytest.raises(APIStatusError, match="200 OK, but with an error in it: Over") as caught:
        await caller.stream([])
    assert caught.value.events == []


@pytest.mark.parametrize(
    "body", ["{}", "[]", PAGE, '{"id": "c", "choices": []}', '{"cut', "{" * 99_999]
)
async def test_row_10_something_else_instead_of_a_stream(caller: Any, server: Any, body: str):
    server.play(server.answer(200, body))
    with pytest.raises(
        APIResponseValidationError, match=r"a whole answer.*without stream"
    ) as caught:
        await caller.stream([])
    assert caught.value.body == body


async def test_stream_with_a_false_content_type_is_read(caller: Any, server: Any):
    server.play(server.answer(200, b"\xef\xbb\xbf" + CHUNK + LAST, content_type="application/json"))
    received: list[Any] = []
    await caller.stream(received)
    assert len(received) == 2


async def test_empty_stream_is_a_truncated_one(caller: Any, server: Any):
    server.play(server.answer(200))
    with pytest.raises(StreamTruncatedError, match="before its first event"):
        await caller.stream([])


async def test_event_that_is_no_json_says_which_call(caller: Any, server: Any):
    server.play(
        (server.events(CHUNK, b"data: {broken " + caller.key.encode() + b"\n\n"), server.close)
    )
    with pytest.raises(APIError, match="Event 2 of the stream") as caught:
        await caller.stream([])
    shown = f"{caught.value!r} {vars(caught.value)} {caught.value.__cause__!r}"
    assert caller.key not in shown


@pytest.mark.parametrize("body", ERRORS[:3])
async def test_row_10_error_instead_of_bytes(caller: Any, server: Any, body: Any):
    for _ in range(2):
        server.play(server.json(200, body))
    async with caller.client() as client:
        with pytest.raises(APIStatusError, match="Overloaded"):
            await caller.do(client.files.content, "file_1")
        with pytest.raises(APIStatusError, match="Overloaded"):
            await caller.do(client.audio.speech.create, model="m", input="x", voice="alloy")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(PAGE, "text/html"), ('{"ok": true}', "application/json"), ("", "audio/mpeg")],
)
async def test_something_else_instead_of_speech(
    caller: Any, server: Any, body: str, content_type: str
):
    server.play(server.answer(200, body, content_type=content_type))
    async with caller.client() as client:
        with pytest.raises(APIResponseValidationError):
            await caller.do(client.audio.speech.create, model="m", input="x", voice="alloy")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (PAGE, "text/html"),
        ('{"ok": true}', "application/json"),
        ('[{"error": "of a user"}]\n', "application/octet-stream"),
        ('{"id": "1", "error": {"message": "of a row"}}\n{"id": "2"}', "application/json"),
        ("", "application/octet-stream"),
    ],
)
async def test_file_may_be_anything_that_is_no_error(
    caller: Any, server: Any, body: str, content_type: str
):
    server.play(server.answer(200, body, content_type=content_type))
    async with caller.client() as client:
        assert (await caller.do(client.files.content, "file_1")).text == body


async def test_row_10_error_or_page_instead_of_text(caller: Any, server: Any):
    given: dict[str, Any] = {"model": "m", "file": b"RIFF", "response_format": "text"}
    server.play(
        server.answer(200, "Hello {world}", content_type="text/plain"),
        server.json(200, {"error": {"message": "Overloaded"}}),
        server.answer(200, PAGE, content_type="text/html"),
        server.answer(200, PAGE),
    )
    async with caller.client() as client:
        create = client.audio.transcriptions.create
        assert await caller.do(create, **given) == "Hello {world}"
        with pytest.raises(APIStatusError, match="Overloaded"):
            await caller.do(create, **given)
        for _ in range(2):
            with pytest.raises(APIResponseValidationError, match="page for browsers"):
                await caller.do(create, **given)


async def test_row_10_error_or_page_instead_of_nothing(caller: Any, server: Any):
    server.play(
        server.answer(200),
        server.json(200, {"error": "Overloaded"}),
        server.answer(200, PAGE, content_type="text/html"),
    )
    async with caller.client() as client:
        assert await caller.do(client.responses.delete, "resp_1") is None
        with pytest.raises(APIStatusError, match="Overloaded"):
            await caller.do(client.responses.delete, "resp_1")
        with pytest.raises(APIResponseValidationError, match="page for browsers"):
            await caller.do(client.responses.delete, "resp_1")


async def test_charset_of_an_answer_does_not_matter_but_its_bytes_do(caller: Any, server: Any):
    kind = "application/json; charset=utf-16"
    server.play(
        server.answer(200, '{"id": "é", "choices": []}', content_type=kind),
        server.answer(200, '{"id": "é", "choices": []}'.encode("utf-16"), content_type=kind),
        server.answer(
            200, '{"id": "é", "choices": []}'.encode("latin-1"), content_type="x; charset=?"
        ),
    )
    assert (await caller.call()).id == "é"
    for _ in range(2):
        with pytest.raises(APIResponseValidationError):
            await caller.call()


async def test_raw_responses_refuse_the_same(caller: Any, server: Any):
    for _ in range(2):
        server.play(server.json(200, {"error": "Overloaded"}))
    server.play(server.json())
    async with caller.client() as client:
        raw = client.chat.completions.with_raw_response
        response = await caller.do(raw.create, model="m", messages=[])
        with pytest.raises(APIStatusError, match="Overloaded"):
            response.parse()
        file = await caller.do(client.files.with_raw_response.content, "file_1")
        with pytest.raises(APIStatusError, match="Overloaded"):
            file.parse()
        stream = await caller.do(raw.create, model="m", messages=[], stream=True)
        with pytest.raises(APIResponseValidationError, match="without stream=True"):
            await caller.collect(stream.parse(), [])


async def test_body_that_holds_the_key_has_it_nowhere(caller: Any, server: Any):
    server.play(server.answer(200, f"no JSON but {caller.key}", content_type="text/plain"))
    with pytest.raises(APIResponseValidationError) as caught:
        await caller.call()
    error = caught.value
    assert isinstance(error.response, Response)
    assert caller.key not in f"{error} {error.body} {error.response.text}"
    assert error.__cause__ is None
    assert error.__context__ is None


def test_result_is_checked_without_reading_the_body_again(server: Any):
    """Whole results, which nearly all are, cost no second parse."""
    server.play(
        server.answer(200, gzip.compress(b'{"id": "c", "choices": []}'), content_encoding="gzip")
    )
    with OpenAI(api_key="sk-test", base_url=server.url, max_retries=0) as client:
        raw = client.chat.completions.with_raw_response.create(model="m", messages=[])
    content = raw.http_response.content

    class Counted(bytes):
        reads = 0

        def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
            Counted.reads += 1
            return super().decode(encoding, errors)

    raw.http_response.content = Counted(content)
    assert raw.parse().id == "c"
    assert Counted.reads == 0


@pytest.mark.parametrize(
    "events",
    [
        pytest.param(b'error: {"code": 500, "message": "Overloaded"}\n\n', id="old llama.cpp"),
        pytest.param(
            b'data: {"error": {"code": 500, "message": "Overloaded"}}\n\n', id="llama.cpp"
        ),
        pytest.param(
            b'data: {"id": "g", "choices": [{"index": 0, "delta": {}, "finish_reason": "error"}],'
            b' "error": {"code": 502, "message": "Overloaded", "metadata": {"raw": "x"}}}\n\n',
            id="OpenRouter",
        ),
        pytest.param(b'event: error\ndata: {"message": "Overloaded", "code": 503}\n\n', id="named"),
    ],
)
async def test_row_10_errors_of_servers_in_streams(caller: Any, server: Any, events: bytes):
    server.play((server.events(CHUNK, events, b"data: [DONE]\n\n"), server.close))
    received: list[Any] = []
    with pytest.raises(InternalServerError, match="error in the stream: Overloaded") as caught:
        await caller.stream(received)
    assert caught.value.status_code in {500, 502, 503}
    assert not caught.value.is_permanent
    assert len(caught.value.events) == 1


async def test_row_10_error_before_the_first_event_is_retried(caller: Any, server: Any):
    passing = sse({"error": {"code": 502, "message": "Overloaded"}})
    server.play((server.events(passing), server.close), server.whole_stream())
    received: list[Any] = []
    await caller.stream(received, max_retries=1)
    assert (len(received), len(server.requests)) == (2, 2)


@pytest.mark.parametrize("code", ["insufficient_quota", 400, None])
async def test_row_20_error_that_stays_is_not_retried(caller: Any, server: Any, code: object):
    lasting = sse({"error": {"code": code, "message": "No"}})
    server.play((server.events(lasting), server.close))
    with pytest.raises(APIStatusError, match="error in the stream: No") as caught:
        await caller.stream([], max_retries=5)
    assert len(server.requests) == len(caught.value.attempts) == 1


async def retried(caller: Any, server: Any, first: bytes, second: bytes, call: Any) -> Any:
    """The result of a call whose first answer is an error that passes, with status 200."""
    server.play(first, second)
    async with caller.client(max_retries=1) as client:
        result = await caller.do(call, client)
    assert len(server.requests) == 2
    return result


@pytest.mark.parametrize("code", [429, 500, "503"])
async def test_row_10_error_inside_200_that_may_pass_is_retried(
    caller: Any, server: Any, code: object
):
    passing = server.json(
        200, {"error": {"code": code, "message": "Overloaded"}}, retry_after_ms="0"
    )
    model = server.json(200, {"id": "m", "object": "model"})

    def retrieve(client: Any) -> Any:
        return client.models.retrieve("m")

    assert (await retried(caller, server, passing, model, retrieve)).id == "m"


async def test_row_10_error_instead_of_a_file_that_may_pass_is_retried(caller: Any, server: Any):
    passing = server.json(
        200, {"error": {"code": 502, "message": "Overloaded"}}, retry_after_ms="0"
    )
    speech = server.answer(200, b"ID3", content_type="audio/mpeg")

    def speak(client: Any) -> Any:
        return client.audio.speech.create(model="m", voice="v", input="i")

    assert (await retried(caller, server, passing, speech, speak)).content == b"ID3"


async def test_row_10_error_inside_200_that_stays_tells_its_attempts(caller: Any, server: Any):
    failing = server.json(200, {"error": {"code": 500, "message": "No"}}, retry_after_ms="0")
    server.play(failing, failing)
    with pytest.raises(InternalServerError, match=r"2 attempts in") as caught:
        await caller.call(max_retries=1)
    assert [each.status for each in caught.value.attempts] == [500, 500]
    assert not caught.value.attempts[-1].permanent


@pytest.mark.parametrize("code", ["insufficient_quota", 400, 401, None])
async def test_row_20_error_inside_200_that_stays_is_not_retried(
    caller: Any, server: Any, code: object
):
    server.play(server.json(200, {"error": {"code": code, "message": "No"}}))
    with pytest.raises(APIStatusError, match="with an error in it: No") as caught:
        await caller.call(max_retries=5)
    assert "base_url" not in str(caught.value)
    assert len(server.requests) == len(caught.value.attempts) == 1


@pytest.mark.parametrize("content_type", ["application/x-ndjson", "application/jsonl"])
async def test_stream_of_lines_of_json_is_read_as_such(content_type: str, caller: Any, server: Any):
    lines = [
        b'{"choices": [{"index": 0, "delta": {"content": "Hello"}}]}\n',
        b'{"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n',
    ]
    server.play(server.answer(200, b"".join(lines), content_type=content_type))
    received: list[Any] = []
    await caller.stream(received)
    assert [chunk.choices[0].finish_reason for chunk in received] == [None, "stop"]


async def test_lines_of_json_are_retried_as_what_the_next_answer_is(caller: Any, server: Any):
    server.play(server.answer(200, b"", content_type="application/jsonl"), server.whole_stream())
    received: list[Any] = []
    await caller.stream(received, max_retries=NOT_GIVEN, retry=RetryPolicy(2, initial_delay=0))
    assert len(received) == 2


async def test_error_in_lines_of_json_is_raised(caller: Any, server: Any):
    line = b'{"error": {"message": "No", "code": "busy"}}\n'
    server.play(server.answer(200, line, content_type="application/x-ndjson"))
    with pytest.raises(APIError, match="No"):
        await caller.stream([])
