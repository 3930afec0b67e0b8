from __future__ import annotations

import gzip
import io
from types import NoneType
from typing import Any

import httpx
import pytest
from openai_http import (
    APIResponseValidationError,
    AsyncCursorPage,
    AsyncOpenAI,
    HttpxBinaryResponseContent,
    InvalidArgumentError,
    InvalidTypeError,
    NotFoundError,
    OpenAI,
    Response,
    SyncCursorPage,
    omit,
)
from openai_http.custom.operations import RequestOptions
from openai_stream import AsyncStream, Stream
from openai_types import BaseModel, responses


class Thing(BaseModel):
    id: str
    size: int


@pytest.fixture
def client(server: Any):
    with OpenAI(api_key="sk-test-1", base_url=server.url, max_retries=0) as made:
        yield made


@pytest.mark.parametrize(
    ("cast_to", "expected"),
    [
        (Thing, Thing(id="a", size=1)),
        (dict[str, object], {"id": "a", "size": 1}),
        (object, {"id": "a", "size": 1}),
        (str, '{"id":"a","size":1}'),
        (bytes, b'{"id":"a","size":1}'),
        (NoneType, None),
    ],
)
def test_answer_is_read_as_asked(client: OpenAI, server: Any, cast_to: Any, expected: object):
    server.play(server.answer(200, b'{"id":"a","size":1}', content_type="application/json"))
    assert client.get("/things/a", cast_to=cast_to) == expected


class NoData:
    pass


def test_a_type_that_nothing_can_be_is_refused_before_anything_is_sent(client: OpenAI, server: Any):
    for call in (
        lambda: client.get("/x", cast_to=NoData),
        lambda: client.post("/x", cast_to=object, stream=True, stream_cls=Stream[NoData]),
        lambda: client.get_api_list("/x", model=NoData, page=SyncCursorPage[Any]),
    ):
        with pytest.raises(InvalidTypeError, match="into NoData"):
            call()
    assert not server.requests


@pytest.mark.parametrize("name", ["options", "headers", "params", "extra_json"])
def test_options_are_dicts(client: OpenAI, server: Any, name: str):
    wrong: Any = ["a"] if name == "options" else {name: ["a"]}
    with pytest.raises(InvalidTypeError, match=f"^{name} is of type list"):
        client.post("/x", cast_to=object, body={}, options=wrong)
    assert not server.requests


def test_response_can_be_had_as_it_came(client: OpenAI, server: Any):
    packed = server.answer(
        200, gzip.compress(b"hello"), content_type="text/plain", content_encoding="gzip"
    )
    server.play(*[packed] * 3)
    assert client.get("/x", cast_to=Response).text == "hello"
    assert client.get("/x", cast_to=HttpxBinaryResponseContent).content == b"hello"
    of_httpx = client.get("/x", cast_to=httpx.Response)
    assert isinstance(of_httpx, httpx.Response)
    assert (of_httpx.text, of_httpx.headers["content-type"]) == ("hello", "text/plain")
    assert of_httpx.raise_for_status().request.url == f"{server.url}/x"


def test_model_that_is_named_response_is_a_model(client: OpenAI, server: Any):
    server.play(server.json(200, {"id": "resp_1", "output": []}))
    response = client.get("/responses/resp_1", cast_to=responses.Response)
    assert (response.id, response.output_text) == ("resp_1", "")


def test_what_is_sent(client: OpenAI, server: Any):
    server.play(*[server.json(200, {})] * 5)
    options: RequestOptions = {
        "headers": {"x-mine": "1", "user-agent": omit},
        "params": {"a": [1, 2]},
        "extra_json": {"more": True},
        "idempotency_key": "once",
    }
    for method in (client.post, client.put, client.patch, client.delete):
        method("things?z=0", cast_to=object, body={"size": 1}, options=options)
        sent = server.requests[-1]
        assert sent.method == method.__name__.upper()
        assert sent.target == "/v1/things?z=0&a%5B%5D=1&a%5B%5D=2"
        assert sent.json() == {"size": 1, "more": True}
        assert (sent.headers["x-mine"], sent.headers["idempotency-key"]) == ("1", "once")
        assert "user-agent" not in sent.headers
        assert sent.headers["authorization"] == "Bearer sk-test-1"
    client.post("/things", cast_to=object)
    assert (server.requests[-1].body, "content-type" in server.requests[-1].headers) == (b"", False)


def test_what_is_omitted_is_not_sent(client: OpenAI, server: Any):
    server.play(*[server.json(200, {})] * 4)
    client.post("/x", cast_to=object, body={"a": omit, "b": {"c": omit}})
    assert server.requests[-1].json() == {"b": {}}
    client.post("/x", cast_to=object, body=omit)
    assert server.requests[-1].body == b""
    client.post("/x", cast_to=object, body=omit, options={"extra_json": {"a": 1}})
    assert server.requests[-1].json() == {"a": 1}
    client.post("/x", cast_to=object, body=omit, files={"file": b"abc"})
    assert b'name="file"' in server.requests[-1].body


@pytest.mark.parametrize("body", [[1, 2], "text", 5, True])
def test_body_is_any_json(client: OpenAI, server: Any, body: object):
    server.play(server.json(200, {}))
    client.post("/x", cast_to=object, body=body)
    assert server.requests[0].json() == body


def test_bytes_as_the_body_are_sent_as_they_are(client: OpenAI, server: Any):
    server.play(server.json(200, {}))
    client.post("/x", cast_to=object, body=b"\x00raw")
    assert server.requests[0].body == b"\x00raw"


def test_content_and_files(client: OpenAI, server: Any):
    server.play(*[server.json(200, {})] * 3)
    text: RequestOptions = {"headers": {"content-type": "text/plain"}}
    client.post("/x", cast_to=object, content="ö", options=text)
    assert server.requests[0].body == "ö".encode()
    assert server.requests[0].headers["content-type"] == "text/plain"
    for files in ({"file": ("a.txt", b"abc")}, [("file", ("a.txt", b"abc"))]):
        client.post("/x", cast_to=object, body={"purpose": {"of": "it"}}, files=files)
        sent = server.requests[-1]
        assert sent.headers["content-type"].startswith("multipart/form-data; boundary=")
        assert b'name="purpose[of]"' in sent.body
        assert b'filename="a.txt"' in sent.body


def test_what_cannot_be_sent_is_told(client: OpenAI):
    with pytest.raises(InvalidArgumentError, match="Pass a dict, whose items become the fields"):
        client.post("/x", cast_to=object, body=[1], files={"file": b""})
    with pytest.raises(InvalidArgumentError, match="extra_json cannot be added"):
        client.post("/x", cast_to=object, body=[1], options={"extra_json": {"a": 1}})
    with pytest.raises(InvalidArgumentError, match=r"POST /x cannot be written as JSON"):
        client.post("/x", cast_to=object, body=object())


@pytest.mark.parametrize(
    "path",
    [
        *("http://[bad", "ftp://host/x", "http://h:99999/", "http://h:x/", "://", "http:///x"),
        *("/a\r\nX-Evil: 1", "/\ud800"),
    ],
    ids=ascii,
)
def test_path_to_which_nothing_can_be_sent_is_refused(client: OpenAI, server: Any, path: str):
    with pytest.raises(InvalidArgumentError, match="Pass what comes after base_url, or a whole"):
        client.get(path, cast_to=object)
    assert not server.requests


@pytest.mark.parametrize(
    "wrong",
    [
        *({"content": 5}, {"content": [1, 2]}, {"content": {}}, {"content": io.StringIO("x")}),
        *({"files": 5}, {"files": [b"x"]}, {"files": "file"}, {"files": [("a", b"x", 3)]}),
        {"files": {5: b"x"}},
    ],
)
def test_content_and_files_of_another_type_are_refused(
    client: OpenAI, server: Any, wrong: dict[str, Any]
):
    (name,) = wrong
    with pytest.raises(InvalidTypeError, match=f"{name} (of POST /x|takes a file).*Pass"):
        client.post("/x", cast_to=object, **wrong)
    assert not server.requests


def test_text_that_cannot_be_encoded_is_refused(client: OpenAI, server: Any):
    with pytest.raises(InvalidArgumentError, match="The content of POST /x cannot be encoded"):
        client.post("/x", cast_to=object, content="\ud800")
    assert not server.requests


@pytest.mark.parametrize("page", [list, 5, "SyncPage", None])
def test_page_that_is_none_is_refused(client: OpenAI, server: Any, page: Any):
    with pytest.raises(InvalidTypeError, match="Pass a kind of page, such as SyncCursorPage"):
        client.get_api_list("/x", model=Thing, page=page)
    assert not server.requests


def test_events_are_typed(client: OpenAI, server: Any):
    event = b'data: {"id": "a", "size": 1}\n\n'
    for method in (client.get, client.post):
        server.play((server.events(event, b"data: [DONE]\n\n"), server.close))
        stream = method("/things", cast_to=Thing, stream=True, stream_cls=Stream[Thing])
        assert list(stream) == [Thing(id="a", size=1)]


def test_list_goes_on_with_its_parameters(client: OpenAI, server: Any):
    first = {"data": [{"id": "a", "size": 1}], "has_more": True}
    server.play(
        server.json(200, first),
        server.json(200, {"data": [{"id": "b", "size": 2}], "has_more": False}),
    )
    page = client.get_api_list(
        "/things", model=Thing, page=SyncCursorPage[Thing], options={"params": {"limit": 1}}
    )
    assert [each.size for each in page] == [1, 2]
    assert [each.target for each in server.requests] == [
        "/v1/things?limit=1",
        "/v1/things?limit=1&after=a",
    ]


def test_whole_url_of_another_server_gets_no_key(client: OpenAI, server: Any, other: Any):
    server.play(server.json(200, {}))
    other.play(*[other.json(200, {})] * 2)
    client.get(f"{server.url}/x", cast_to=object)
    assert server.requests[0].headers["authorization"] == "Bearer sk-test-1"
    client.get(f"{other.url}/x", cast_to=object)
    assert "authorization" not in other.requests[0].headers
    client.get(f"{other.url}/x", cast_to=object, options={"headers": {"authorization": "mine"}})
    assert other.requests[1].headers["authorization"] == "mine"


def test_errors_are_as_for_every_operation(client: OpenAI, server: Any):
    server.play(server.answer(404, b'{"error": {"message": "no such thing"}}'))
    with pytest.raises(
        NotFoundError, match=r"GET .*/things/a was answered with 404.*no such thing"
    ):
        client.get("/things/a", cast_to=Thing)
    server.play(server.answer(200, b"<html>", content_type="text/html"))
    with pytest.raises(APIResponseValidationError):
        client.get("/things/a", cast_to=Thing)


def test_retries_are_as_many_as_asked(client: OpenAI, server: Any):
    thing = server.json(200, {"id": "a", "size": 1})
    server.play(server.answer(500, b"", retry_after_ms="0"), thing)
    assert client.get("/things/a", cast_to=Thing, options={"max_retries": 1}).size == 1


def test_text_is_free(client: OpenAI, server: Any):
    page = server.answer(200, b"<html>", content_type="text/html")
    server.play(page, page, server.json(200, {"error": {"message": "as data"}}))
    assert client.get("/x", cast_to=str) == "<html>"
    assert client.get("/x", cast_to=Response).text == "<html>"
    assert client.get("/x", cast_to=str) == '{"error": {"message": "as data"}}'


@pytest.mark.anyio
@pytest.mark.parametrize("kind", ["asyncio", "trio"])
async def test_asynchronous_calls(server: Any, kind: str):
    del kind  # for the backend that it chooses
    server.play(
        server.json(200, {"id": "a", "size": 1}),
        server.answer(200, b"hello"),
        server.answer(200, b"bytes"),
        *[(server.events(b'data: {"id": "a", "size": 1}\n\n'), server.close)] * 2,
        server.json(200, {"data": [{"id": "b", "size": 2}], "has_more": False}),
        *[server.json(200, {})] * 3,
    )
    async with AsyncOpenAI(api_key="sk-1", base_url=server.url) as client:
        assert await client.get("/x", cast_to=Thing) == Thing(id="a", size=1)
        assert (await client.get("/x", cast_to=Response)).text == "hello"
        assert await client.get("/x", cast_to=bytes) == b"bytes"
        stream = await client.post("/x", cast_to=Thing, stream=True, stream_cls=AsyncStream[Thing])
        assert [event async for event in stream] == [Thing(id="a", size=1)]
        stream = await client.get("/x", cast_to=Thing, stream=True, stream_cls=AsyncStream[Thing])
        assert [event async for event in stream] == [Thing(id="a", size=1)]
        page = client.get_api_list("/x", model=Thing, page=AsyncCursorPage[Thing])
        assert [each.id async for each in page] == ["b"]
        for method in (client.put, client.patch, client.delete):
            assert await method("/x", cast_to=object, body={}) == {}
            assert server.requests[-1].method == method.__name__.upper()
