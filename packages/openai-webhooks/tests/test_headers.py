from email.message import Message

import httpx
import pytest
from openai_webhooks import InvalidWebhookSignatureError
from openai_webhooks.headers import HeadersLike, find_headers

PAIRS = [("Webhook-Id", "wh_1"), ("Webhook-Timestamp", "17"), ("Webhook-Signature", "v1,abc")]


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
        pytest.param(
            {
                "wsgi.version": (1, 0),
                "CONTENT_TYPE": "application/json",
                **{f"HTTP_{n.upper().replace('-', '_')}": v for n, v in PAIRS},
            },
            id="Django META",
        ),
        pytest.param(httpx.Headers(PAIRS), id="httpx"),
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
