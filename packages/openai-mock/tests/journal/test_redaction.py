import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from openai_mock.journal.redaction import (
    secrets_of,
    shown_body,
    shown_headers,
    shown_query,
)

SECRETS = st.text(string.ascii_letters + string.digits + "-_", min_size=12, max_size=40)
NAMES = st.sampled_from(
    [
        *("authorization", "api-key", "X-Api-Key", "cookie", "Set-Cookie", "proxy-authorization"),
        *("webhook-signature", "x-client-secret", "x-auth-token"),
    ]
)


@given(name=NAMES, scheme=st.sampled_from(["", "Bearer ", "Basic "]), secret=SECRETS)
def test_secret_of_a_header_is_nowhere(name: str, scheme: str, secret: str):
    assume(secret not in name)
    raw = [(name.encode(), f"{scheme}{secret}".encode()), (b"accept", b"*/*")]
    assert secret not in repr(shown_headers(raw))
    echoed = shown_body(b"I was sent %b." % secret.encode(), secrets_of(raw, b""))
    assert echoed == b"I was sent [removed]."


@given(secret=SECRETS)
def test_secret_of_a_query_is_nowhere(secret: str):
    query = f"model=gpt-5.5&api_key={secret}&include[]=a&include[]=b".encode()
    shown = shown_query(query)
    assert secret not in str(shown)
    assert (shown["model"], shown.getlist("include[]")) == ("gpt-5.5", ["a", "b"])
    assert secret.encode() not in shown_body(secret.encode(), secrets_of([], query))


def test_key_that_browsers_put_into_subprotocols_is_hidden():
    value = b"realtime, openai-insecure-api-key.ek_abc123, openai-beta.realtime-v1"
    raw = [(b"sec-websocket-protocol", value)]
    shown = shown_headers(raw)["sec-websocket-protocol"]
    assert shown == "realtime, openai-insecure-api-key.[removed], openai-beta.realtime-v1"
    assert secrets_of(raw, b"") == {b"ek_abc123"}


@pytest.mark.parametrize(
    "name",
    ["x-ratelimit-remaining-tokens", "idempotency-key", "content-type", "x-request-id"],
)
def test_what_is_no_secret_is_shown(name: str):
    assert shown_headers([(name.encode(), b"17")])[name] == "17"


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b'{"authorization": "Bearer x"}', b'{"authorization": "[removed]"}'),
        (b'{"client_secret":"a\\"b","n":1}', b'{"client_secret":"[removed]","n":1}'),
        (b'{"headers": {"X-API-Key": "k"}}', b'{"headers": {"X-API-Key": "[removed]"}}'),
        (b'{"value": "ek_0123456789abcdef0"}', b'{"value": "[removed]"}'),
        (b"my key is sk-proj-0123456789abcdef", b"my key is [removed]"),
        (b'{"prompt_cache_key": "a", "max_tokens": 5}', None),
        (b'{"secret": null, "text": "task-0123456789abcdef"}', None),
        (b"\x00\xff\xfe", None),
    ],
)
def test_secrets_in_bodies(body: bytes, shown: bytes | None):
    assert shown_body(body, ()) == (body if shown is None else shown)


def test_short_values_are_not_searched_for():
    assert secrets_of([(b"cookie", b"a=b")], b"") == set()
