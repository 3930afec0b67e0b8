import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock import TapeError
from openai_mock.recorder.exchange import Accepted, Chunk, End, Event, Head, Message
from openai_mock.recorder.redaction import Redactor

from .unhurried import unhurried

KEY = "sk-proj-Ab3_x-9ZkQ7vT"
AZURE = "0123456789abcdef0123456789abcdef"


def test_request_has_the_same_text_whatever_the_secret_was():
    redactor = Redactor()
    assert redactor.removed(f"a {KEY} b") == redactor.removed("a sk-other-12345678 b")
    assert "[removed]" in redactor.removed(KEY)


@unhurried
@given(st.text())
def test_mask_has_as_many_bytes(text: str):
    encoded = f'{{"password": "{text}"}}'.encode("utf-8", "replace")
    masked = Redactor().masked(encoded.decode()).encode()
    assert len(masked) == len(encoded)


@unhurried
@given(st.text(st.sampled_from('sk-ek_ab1"\\:{}[]?=&*')))
def test_what_was_masked_stays(text: str):
    redactor = Redactor()
    masked = redactor.masked(text)
    assert redactor.masked(masked) == masked


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ([(b"api-key", AZURE.encode())], b""),
        ([(b"Authorization", b"Bearer " + AZURE.encode())], b""),
        ([(b"OpenAI-Organization", AZURE.encode())], b""),
        ([], b"api_key=" + AZURE.encode()),
        ([(b"sec-websocket-protocol", b"a, openai-insecure-api-key." + AZURE.encode())], b""),
    ],
)
def test_secrets_that_came_with_a_request_are_removed_everywhere(
    headers: list[tuple[bytes, bytes]], query: bytes
):
    redactor = Redactor()
    redactor.learn(headers, query)
    assert redactor.masked(f"You sent {AZURE}.") == f"You sent {'*' * 32}."


def test_words_that_some_use_as_keys_are_not_removed():
    redactor = Redactor()
    redactor.learn([(b"authorization", b"Bearer lm-studio"), (b"api-key", b"abc")], b"")
    assert redactor.masked("lm-studio, abc") == "lm-studio, abc"


@pytest.mark.parametrize(
    "written", ["a/b é", json.dumps("a/b é"), "a%2Fb%20%C3%A9", "a%2Fb+%C3%A9"]
)
def test_own_secret_is_found_in_each_of_its_forms(written: str):
    assert "b" not in Redactor(["a/b é"]).masked(f"x {written} y")


@pytest.mark.parametrize(
    ("text", "removed"),
    [
        ("/v1/files?a=1%2F2&b=+", "/v1/files?a=1%2F2&b=+"),
        (f"/v1/{KEY}/x", "/v1/sk-[removed]/x"),
        ("/x?q=%7B%22password%22%3A+%22a%22%7D", "/x?q=%7B%22password%22%3A%20%22[removed]%22%7D"),
        ("/x?next=%2Fy%3Fapi_key%3Dabc&z=1", "/x?next=%2Fy%3Fapi_key%3D[removed]&z=1"),
    ],
)
def test_secrets_in_a_url_are_removed_encoded_or_not(text: str, removed: str):
    assert Redactor().removed_from_url(text) == removed


def test_own_pattern():
    redactor = Redactor([re.compile(r"customer \d+")])
    assert redactor.removed("of customer 12.") == "of [removed]."


@pytest.mark.parametrize("secret", ["", re.compile("a*")])
def test_secret_that_is_everywhere_is_refused(secret: str | re.Pattern[str]):
    with pytest.raises(TapeError, match="empty"):
        Redactor([secret])


def test_overlapping_secrets_are_one():
    redactor = Redactor(["abcdef", "defghi"])
    assert redactor.removed("_abcdefghi_") == "_[removed]_"


def test_every_event_is_redacted():
    redactor = Redactor()
    events: list[Event] = [
        Head(200, (("set-cookie", "a=b"), ("location", f"/x?api_key={KEY}"), ("x-id", KEY)), 1),
        Accepted("realtime", 2),
        Message("server", f"a {KEY}", 3),
        Message("client", f"a {KEY}", 4),
        Message("server", f"a {KEY}".encode() + b"\xff", 5),
        Message("client", f"a {KEY}".encode() + b"\xff", 5),
        End("closed", 6, "server", 1000, f"with {KEY}"),
    ]
    mask = "sk-" + "*" * (len(KEY) - 3)
    assert redactor.events(events) == (
        Head(200, (("location", f"/x?api_key={'*' * len(KEY)}"), ("x-id", mask)), 1),
        Accepted("realtime", 2),
        Message("server", f"a {mask}", 3),
        Message("client", "a sk-[removed]", 4),
        Message("server", f"a {mask}".encode() + b"\xff", 5),
        Message("client", b"a sk-[removed]\xff", 5),
        End("closed", 6, "server", 1000, f"with {mask}"),
    )


@unhurried
@given(
    st.binary(max_size=30),
    st.binary(max_size=30),
    st.lists(st.integers(0, 100), max_size=6),
)
def test_secret_in_a_body_is_masked_however_it_is_split(
    before: bytes, after: bytes, cuts: list[int]
):
    body = before + b" " + KEY.encode() + b" " + after
    places = sorted(min(cut, len(body)) for cut in cuts)
    edges = list(zip([0, *places], [*places, len(body)], strict=True))
    chunks = [Chunk(body[start:end], start) for start, end in edges]
    redacted = [each for each in Redactor().events(chunks) if isinstance(each, Chunk)]
    assert [len(each.data) for each in redacted] == [len(each.data) for each in chunks]
    joined = b"".join(each.data for each in redacted)
    assert KEY.encode() not in joined
    assert joined.replace(b"*", b"") in body.replace(KEY.encode(), b"sk-").replace(b"*", b"")
