import pickle
from typing import Any

import pytest
from openai_http import Headers, Request, Response
from openai_types.errors import DecodeError, OpenAIError

SECRET = "sk-test-0123456789"
REQUEST = Request(
    "POST",
    f"https://user:{SECRET}@h/v1/chat?api-key={SECRET}&x=1",
    {"authorization": f"Bearer {SECRET}", "idempotency-key": "i-1", "accept": "*/*"},
    b"{}",
)
RAW = [(b"X-Request-Id", b"req_1"), (b"Via", b"a"), (b"VIA", b"\xe9"), (b"Set-Cookie", b"id=crumb")]


def response(status: int = 200, content: bytes | None = b"{}") -> Response:
    made = Response(status, RAW, REQUEST)
    if content is not None:
        made.content = content
    return made


def copied(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - our own bytes


def test_headers_are_found_in_any_case_and_joined():
    headers = Headers(RAW)
    assert headers["via"] == headers["VIA"] == "a, é"
    assert headers.get("nothing") is None
    assert "VIA" in headers
    assert "nothing" not in headers
    assert b"via" not in headers
    assert list(headers) == ["x-request-id", "via", "set-cookie"]
    assert len(headers) == 3
    assert headers.raw == tuple(RAW)


def test_headers_show_no_secret():
    assert "crumb" not in repr(Headers(RAW))
    assert "req_1" in repr(Headers(RAW))


def test_headers_can_be_pickled():
    assert copied(Headers(RAW)) == Headers(RAW)


def test_request_without_secrets():
    seen = REQUEST.without_secrets()
    assert seen.url == "https://h/v1/chat?api-key=[removed]&x=1"
    assert seen.headers == {
        "authorization": "[removed]",
        "idempotency-key": "i-1",
        "accept": "*/*",
    }
    assert (seen.method, seen.content) == ("POST", b"{}")
    assert REQUEST.endpoint == "POST https://h/v1/chat"


def test_request_of_a_response_has_no_secrets():
    made = response()
    assert made.request == REQUEST.without_secrets()
    assert made.url == made.request.url
    assert made.wire_request is REQUEST
    assert SECRET not in f"{made!r}{made.request!r}"
    assert repr(made) == "<Response 200 to POST https://h/v1/chat>"


@pytest.mark.parametrize(
    ("status", "success"), [(199, False), (200, True), (204, True), (299, True), (300, False)]
)
def test_success_is_the_class_of_the_status(status: int, *, success: bool):
    assert response(status).is_success is success


@pytest.mark.parametrize(
    ("status", "error", "phrase"),
    [(200, False, "OK"), (399, False, ""), (400, True, "Bad Request"), (999, True, "")],
)
def test_error_and_phrase_are_those_of_the_status(status: int, phrase: str, *, error: bool):
    made = response(status)
    assert (made.is_error, made.reason_phrase) == (error, phrase)


def test_response_without_a_stream_is_closed_when_it_has_been_read():
    made = response(content=None)
    made.close()
    assert not made.is_closed
    made.content = b"{}"
    assert made.is_closed


def test_body_as_bytes_text_and_json():
    made = response(content=b'{"a": "\xc3\xa9"}')
    assert made.content == b'{"a": "\xc3\xa9"}'
    assert made.text == '{"a": "é"}'
    assert made.json() == {"a": "é"}
    assert made.request_id == "req_1"


@pytest.mark.parametrize("content", [b"", b"<p>", b"\xff", b"[" * 100_000])
def test_body_that_is_not_json(content: bytes):
    with pytest.raises(DecodeError, match="The body is not JSON") as caught:
        response(content=content).json()
    assert caught.value.data == content
    assert isinstance(response(content=content).text, str)


def test_body_that_is_streamed_has_not_been_read():
    for read in ("content", "text"):
        with pytest.raises(OpenAIError, match="this response is being streamed"):
            getattr(response(content=None), read)


def test_secrets_are_blotted_out_of_a_body():
    made = response(content=f"key {SECRET}!".encode())
    assert made.blot_out_secrets() == made.text == "key [removed]!"
    untouched = response(content=b"\xff")
    assert untouched.blot_out_secrets() == "\ufffd"
    assert untouched.content == b"\xff"


def test_response_can_be_pickled_without_secrets():
    for made in (response(), response(content=None)):
        data = pickle.dumps(made)
        assert SECRET.encode() not in data
        back = copied(made)
        assert (back.status_code, back.request_id) == (200, "req_1")
        assert back.headers == made.headers
        assert back.request == made.request
    assert copied(response(content=b"body")).content == b"body"
