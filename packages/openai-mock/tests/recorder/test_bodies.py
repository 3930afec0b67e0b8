import gzip
import hashlib
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock.recorder.bodies import described, part_name, without_boundary
from openai_mock.recorder.exchange import JsonObject
from openai_mock.recorder.redaction import Redactor

from .unhurried import unhurried

FORM = (
    b'--B\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n'
    b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n'
    b"Content-Type: application/octet-stream\r\n\r\n\xff\r\n\x00\r\n--B--\r\n"
)


def body(data: bytes, content_type: str = "application/json", encoding: str = "") -> JsonObject:
    return described(
        data,
        content_type=content_type,
        content_encoding=encoding,
        redactor=Redactor(),
    )


@pytest.mark.parametrize(
    ("data", "content_type", "expected"),
    [
        (b"", "application/json", {}),
        (b'{"b": 1, "a": [1.5, null]}', "application/json", {"json": {"b": 1, "a": [1.5, None]}}),
        (b"[]", "", {"json": []}),
        (b"{}", "application/merge-patch+json; charset=utf-8", {"json": {}}),
        (b"{", "application/json", {"text": "{"}),
        (b"1e999", "application/json", {"text": "1e999"}),
        (b'"\\ud800"', "application/json", {"text": '"\\ud800"'}),
        (b"[" * 5000, "application/json", {"text": "[" * 5000}),
        (b"9" * 5000, "application/json", {"text": "9" * 5000}),
        (b"{}", "text/plain", {"text": "{}"}),
        ("é\n".encode(), "application/sdp", {"text": "é\n"}),
        (b"\xff", "application/json", {"base64": "/w=="}),
        (
            b"client_secret=a&b=%7B%22password%22%3A%22c%22%7D",
            "application/x-www-form-urlencoded",
            {"text": "client_secret=[removed]&b=%7B%22password%22%3A%22[removed]%22%7D"},
        ),
        (b'{"api_key": "a"}', "application/json", {"json": {"api_key": "[removed]"}}),
    ],
)
def test_body_has_its_kind(data: bytes, content_type: str, expected: JsonObject):
    assert body(data, content_type) == expected


def test_form_is_its_parts():
    found = body(FORM, "multipart/form-data; boundary=B")
    assert found == {
        "multipart": [
            {"headers": [["content-disposition", 'form-data; name="purpose"']], "text": "batch"},
            {
                "headers": [
                    ["content-disposition", 'form-data; name="file"; filename="a.bin"'],
                    ["content-type", "application/octet-stream"],
                ],
                "base64": "/w0KAA==",
            },
        ]
    }
    assert [part_name(part) for part in found["multipart"]] == ["purpose", "file"]


def test_boundary_makes_no_difference():
    other = body(FORM.replace(b"--B", b"--other"), 'multipart/form-data; boundary="other"')
    assert other == body(FORM, "multipart/form-data; boundary=B")
    assert without_boundary("multipart/form-data; boundary=B") == "multipart/form-data"


@pytest.mark.parametrize(
    "data",
    [
        b"--B\r\n\r\nx",
        b"--B--",
        b"none",
        b"--B\r\nno blank line\r\n--B--",
        b"--Bx\r\n\r\n\r\n--B--",
    ],
)
def test_malformed_form_is_text(data: bytes):
    assert body(data, "multipart/form-data; boundary=B") == {"text": data.decode()}


def test_secret_part_of_a_form_is_removed():
    data = b'--B\r\nContent-Disposition: form-data; name="api_key"\r\n\r\nabc\r\n--B--\r\n'
    (part,) = body(data, "multipart/form-data; boundary=B")["multipart"]
    assert part["text"] == "[removed]"


@unhurried
@given(st.lists(st.binary(), min_size=1))
def test_any_content_of_a_form_survives(contents: list[bytes]):
    boundary = b"boundary-that-no-content-has"
    parts = [b"--" + boundary + b"\r\nA: b\r\n\r\n" + each + b"\r\n" for each in contents]
    found = described(
        b"".join([*parts, b"--" + boundary + b"--"]),
        content_type=f"multipart/form-data; boundary={boundary.decode()}",
        content_encoding="",
        redactor=Redactor(),
    )
    alone = [body(each, "application/octet-stream") or {"text": ""} for each in contents]
    assert [{**each, "headers": [["a", "b"]]} for each in alone] == found["multipart"]


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (gzip.compress(b"[1]", mtime=0), "gzip"),
        (zlib.compress(b"[1]"), "deflate"),
        (b"[1]", "identity"),
    ],
)
def test_packed_body_is_unpacked(packed: bytes, encoding: str):
    assert body(packed, encoding=encoding) == {"json": [1]}


@pytest.mark.parametrize("encoding", ["zstd", "gzip"])
def test_what_cannot_be_unpacked_is_a_digest(encoding: str):
    assert body(b"?", encoding=encoding) == {"sha256": hashlib.sha256(b"?").hexdigest()}
