from email.message import Message
from typing import Any

import django.http.request
import httpx
import multidict
import pytest
import starlette.datastructures
import werkzeug.datastructures
from openai_webhooks import InvalidWebhookSignatureError
from openai_webhooks.headers import HeadersLike, find_headers

PAIRS = [("Webhook-Id", "wh_1"), ("Webhook-Timestamp", "17"), ("Webhook-Signature", "v1,abc")]
META: dict[str, Any] = {  # Any: a server puts more than headers there
    "wsgi.version": (1, 0),
    "CONTENT_TYPE": "application/json",
    **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in PAIRS},
}


class OnlyItems:
    """Flask's headers are like this: `items()`, but not a Mapping."""

    def items(self) -> list[tuple[str, str]]:
        return PAIRS


def message() -> Message:
    built = Message()
    for name, value in PAIRS:
        built[name] = value
    return built


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(dict(PAIRS), id="dict"),
        pytest.param({name.lower(): value for name, value in PAIRS}, id="lower case"),
        pytest.param({name.upper(): value for name, value in PAIRS}, id="upper case"),
        pytest.param(PAIRS, id="list of pairs"),
        pytest.param(iter(PAIRS), id="iterator of pairs"),
        pytest.param([(n.encode(), v.encode()) for n, v in PAIRS], id="ASGI raw headers"),
        pytest.param({n.encode(): v.encode() for n, v in PAIRS}, id="dict of bytes"),
        pytest.param(META, id="Django META"),
        pytest.param(httpx.Headers(PAIRS), id="httpx"),
        pytest.param(starlette.datastructures.Headers(dict(PAIRS)), id="Starlette, FastAPI"),
        pytest.param(werkzeug.datastructures.Headers(PAIRS), id="werkzeug"),
        pytest.param(werkzeug.datastructures.EnvironHeaders(META), id="Flask"),
        pytest.param(django.http.request.HttpHeaders(META), id="Django"),
        pytest.param(multidict.CIMultiDict(PAIRS), id="aiohttp"),
        pytest.param(multidict.CIMultiDictProxy(multidict.CIMultiDict(PAIRS)), id="aiohttp's own"),
        pytest.param(message(), id="http.server"),
        pytest.param(OnlyItems(), id="no mapping"),
    ],
)
def test_find_headers_in_every_shape(headers: HeadersLike):
    assert find_headers(headers) == (b"wh_1", b"17", b"v1,abc")


@pytest.mark.parametrize("missing", [name for name, _ in PAIRS])
def test_find_headers_names_the_missing_one(missing: str):
    headers = [pair for pair in PAIRS if pair[0] != missing]
    with pytest.raises(InvalidWebhookSignatureError, match=f"{missing.lower()} is missing"):
        find_headers(headers)


@pytest.mark.parametrize("empty", [name for name, _ in PAIRS])
def test_find_headers_names_the_empty_one(empty: str):
    with pytest.raises(InvalidWebhookSignatureError, match=f"{empty.lower()} is missing or empty"):
        find_headers({**dict(PAIRS), empty: ""})


def test_find_headers_with_a_name_twice_and_two_values():
    with pytest.raises(InvalidWebhookSignatureError, match="webhook-id is there twice"):
        find_headers([*PAIRS, ("webhook-id", "wh_2")])


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(
            starlette.datastructures.Headers(
                raw=[(b"webhook-id", b"a"), (b"webhook-id", b"b"), (b"x", b"y")]
            ),
            id="Starlette",
        ),
        pytest.param(
            werkzeug.datastructures.Headers([("Webhook-Id", "a"), ("webhook-id", "b")]),
            id="werkzeug",
        ),
        pytest.param(
            multidict.CIMultiDict([("Webhook-Id", "a"), ("webhook-id", "b")]), id="aiohttp"
        ),
        pytest.param({"Webhook-Id": "a", "HTTP_WEBHOOK_ID": b"b"}, id="two spellings"),
    ],
)
def test_find_headers_in_every_shape_with_a_name_twice(headers: HeadersLike):
    with pytest.raises(InvalidWebhookSignatureError, match="webhook-id is there twice"):
        find_headers(headers)


def test_find_headers_with_a_name_twice_and_one_value():
    assert find_headers([*PAIRS, ("webhook-id", "wh_1")]).id == b"wh_1"


def test_find_headers_with_a_value_that_is_no_text():
    with pytest.raises(InvalidWebhookSignatureError, match="webhook-id is list, not text"):
        find_headers({**dict(PAIRS), "Webhook-Id": ["wh_1"]})


def test_find_headers_with_a_similar_name_does_not_take_it():
    headers = [("webhook_id", "forged"), ("x-webhook-id", "forged"), *PAIRS]
    assert find_headers(headers).id == b"wh_1"


def test_find_headers_with_undecodable_text_gives_bytes():
    assert find_headers({**dict(PAIRS), "Webhook-Id": "\udcff"}).id == b"\xed\xb3\xbf"


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        (PAIRS[1:], "header_missing"),
        ([*PAIRS, ("WEBHOOK-ID", b"other")], "header_repeated"),
        ({**dict(PAIRS), "Webhook-Id": 7}, "header_not_text"),
        ({**dict(PAIRS), "Webhook-Id": "w" * 513}, "id_malformed"),
        ({**dict(PAIRS), "Webhook-Id": b"w\0"}, "id_malformed"),
    ],
)
def test_find_headers_gives_the_reason_as_a_word(headers: HeadersLike, reason: str):
    with pytest.raises(InvalidWebhookSignatureError) as caught:
        find_headers(headers)
    assert caught.value.reason == reason


@pytest.mark.parametrize("headers", [None, 7, ["webhook-id"], [("a", "b", "c")], [None]])
def test_find_headers_in_what_are_no_headers(headers: Any):
    with pytest.raises(TypeError, match="pass the request's own headers") as caught:
        find_headers(headers)
    assert caught.value.__cause__ is not None


def test_find_headers_with_names_that_are_no_text_passes_over_them():
    odd: Any = {None: "x", 7: "y", **dict(PAIRS)}
    assert find_headers(odd).id == b"wh_1"
