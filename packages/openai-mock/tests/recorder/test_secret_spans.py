import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock.recorder.secret_spans import hides_field, hides_header, secret_spans

from .unhurried import unhurried

KEY = "sk-proj-Ab3_x-9ZkQ7vT"


def without(text: str) -> str:
    """The text without what is found."""
    found = {place for start, end in secret_spans(text) for place in range(start, end)}
    return "".join(each for place, each in enumerate(text) if place not in found)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"before {KEY} after", "before sk- after"),
        (f'{{"a": "line\\n{KEY}"}}', '{"a": "line\\nsk-"}'),  # the n is no letter of a word
        (f"a%20{KEY}", "a%20sk-"),
        (f'"\\u000a{KEY}"', '"\\u000ask-"'),
        ("ek_68d0f3a1b2c3d4", "ek_"),
        ("use AKIAIOSFODNN7EXAMPLE here", "use AKIA here"),
        ('{"text":"\\nghp_0123456789abcdefABCDEF"}', '{"text":"\\nghp_"}'),
        ("github_pat_11ABCDEFG0_abcdefghijklmnop", "github_pat_"),
        ("gsk_0123456789abcdefABCDEF", "gsk_"),
        (f"/v1/{KEY}/files", "/v1/sk-/files"),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw+/=", "whsec_"),
        ("whsec_MfKQ\\/9r8GK\\u002BYqr%2Fq", "whsec_"),  # as JSON and URLs escape them
        ("Authorization: Bearer abc.DEF~123", "Authorization: Bearer "),
        ('{"a":"\\nbearer%20abcdefgh12"}', '{"a":"\\nbearer%20"}'),
        ("eyJhbGciOiJI.eyJzdWIiOiIx.c2ln-_", ""),
        ("-----BEGIN A PRIVATE KEY-----M\n=-----END", "-----BEGIN A PRIVATE KEY----------END"),
        ("-----BEGIN PRIVATE KEY-----MIIE", "-----BEGIN PRIVATE KEY-----"),  # broken off
        ("https://me:pass@host/", "https://me:@host/"),
        ("/v1/files?api_key=abc&limit=2", "/v1/files?api_key=&limit=2"),
        ("https://h/b?se=1&sig=a%2Fb%3D&x=1", "https://h/b?se=1&sig=&x=1"),
        ("client_secret=abc&grant=1", "client_secret=&grant=1"),
        ('{"form": "api_key=abc&grant=1"}', '{"form": "api_key=&grant=1"}'),
        ('{"api_key":"a","b":"c"}', '{"api_key":"","b":"c"}'),
        ('{"apiKey" : "a \\" b"}', '{"apiKey" : ""}'),
        ('{"password": "broken off', '{"password": "'),
        ('{"arguments":"{\\"password\\": \\"x y\\"}"}', '{"arguments":"{\\"password\\": \\"\\"}"}'),
        ('"{\\"secret\\":\\"a\\\\\\"b\\",\\"c\\":1}"', '"{\\"secret\\":\\"\\",\\"c\\":1}"'),
        ('"{\\"password\\":\\"broken off', '"{\\"password\\":\\"'),
        ('{"client_secret": {"value": "a", "at": 1}}', '{"client_secret": {"value": "", "at": 1}}'),
        ('{"api_keys": ["a", "b"], "c": "d"}', '{"api_keys": ["", ""], "c": "d"}'),
        (
            '{"domain_secrets": [{"domain": "d", "name": "n", "value": "v"}]}',
            '{"domain_secrets": [{"domain": "d", "name": "n", "value": ""}]}',
        ),
        ('{"headers": {"X-Key": "a", "Accept": "b"}}', '{"headers": {"X-Key": "", "Accept": "b"}}'),
        ('{"token": "abcdefghij0123456789"}', '{"token": ""}'),
    ],
)
def test_secrets_are_found(text: str, left: str):
    assert without(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "a task-management-system and risk-assessments",
        "peek_into_everything",
        "a bearer of news, bearer tokens",
        '{"token": "Hello", "logprob": -0.1, "bytes": [72]}',
        '{"max_tokens": 5, "prompt_cache_key": "user-1", "key": "region", "keys": ["CTRL"]}',
        '{"properties": {"password": {"type": "string", "description": "Yours"}}}',
        '{"required": ["password", "api_key"]}',
        '{"api_key_id": "key_1", "usage": {"total_tokens": 3}}',
        "/v1/files?after=file_1&limit=2&page_token=abc",
        "https://example.com/a:b@c",
        '{"password": "", "secret": null, "credentials": []}',
    ],
)
def test_what_only_looks_like_a_secret_is_left(text: str):
    assert without(text) == text


@pytest.mark.parametrize(
    "name",
    [
        "Authorization",
        "api-key",
        "x-api-key",
        "Cookie",
        "set-cookie",
        "OpenAI-Organization",
        "OpenAI-Project",
        "x-amz-security-token",
    ],
)
def test_headers_that_hide(name: str):
    assert hides_header(name)


@pytest.mark.parametrize(
    "name",
    [
        "x-ratelimit-remaining-tokens",
        "x-request-id",
        "idempotency-key",
        "content-type",
        "openai-version",
        "sec-websocket-key",
    ],
)
def test_headers_that_do_not_hide(name: str):
    assert not hides_header(name)


@pytest.mark.parametrize(
    "name", ["secret", "clientSecret", "x_api_key", "refresh_token", "authorization"]
)
def test_fields_that_hide(name: str):
    assert hides_field(name)


LETTERS = string.ascii_letters + string.digits


@unhurried
@given(
    before=st.text(max_size=20),
    secret=st.text(st.sampled_from(LETTERS + "_-"), min_size=8),
    after=st.text(max_size=20),
    depth=st.integers(0, 3),
)
def test_key_in_any_json_is_found(before: str, secret: str, after: str, depth: int):
    text: object = [f"{before} sk-{secret} {after}"]
    for _ in range(depth):
        text = [json.dumps(text)]
    assert f"sk-{secret}" not in without(json.dumps(text))


@unhurried
@given(secret=st.text(min_size=1), depth=st.integers(0, 2), cut=st.integers(0, 400))
def test_field_of_a_secret_name_is_found_wherever_the_text_breaks_off(
    secret: str, depth: int, cut: int
):
    marked = f"{secret}{'S' * 20}"
    text = json.dumps({"a": [1], "client_secret": marked, "b": "c"})
    for _ in range(depth):
        text = json.dumps({"delta": text})
    assert "SSS" not in without(text[:cut])


@unhurried
@given(st.text())
def test_any_text_is_searched(text: str):
    for start, end in secret_spans(text):
        assert 0 <= start <= end <= len(text)
