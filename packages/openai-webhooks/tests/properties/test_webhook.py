"""Whatever single bit of a delivery changes, it is refused; whatever comes in, nothing crashes."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_webhooks import InvalidWebhookSignatureError, Webhook, sign
from openai_webhooks.headers import HeadersLike

NOW = 1_760_000_000
SECRET = "whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IQ=="
WEBHOOK = Webhook(SECRET, clock=lambda: NOW)
NAMES_SIGNED = ["webhook-id", "webhook-timestamp", "webhook-signature"]
IDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)


def flip(data: bytes, bit: int) -> bytes:
    byte, offset = divmod(bit % (len(data) * 8), 8)
    return data[:byte] + bytes([data[byte] ^ (1 << offset)]) + data[byte + 1 :]


@given(body=st.binary(), webhook_id=IDS, age=st.integers(-300, 300))
def test_signed_delivery_is_accepted(body: bytes, webhook_id: str, age: int):
    headers = sign(body, secret=SECRET, webhook_id=webhook_id, timestamp=NOW - age)
    assert WEBHOOK.verified(body, headers) == (webhook_id, NOW - age, body)


@given(
    body=st.binary(min_size=1, max_size=200),
    webhook_id=IDS,
    key=st.binary(min_size=1, max_size=64),
    part=st.sampled_from(["body", *NAMES_SIGNED]),
    bit=st.integers(0),
)
def test_delivery_with_any_one_changed_bit_is_refused(
    body: bytes, webhook_id: str, key: bytes, part: str, bit: int
):
    secret = "whsec_" + base64.b64encode(key).decode()
    webhook = Webhook(secret, clock=lambda: NOW)
    headers = sign(body, secret=secret, webhook_id=webhook_id, timestamp=NOW)
    webhook.verify(body, headers)
    parts = {"body": body, **{name: value.encode() for name, value in headers.items()}}
    parts[part] = flip(parts[part], bit)
    changed = parts.pop("body")
    with pytest.raises(InvalidWebhookSignatureError):
        webhook.verify(changed, parts)
    with pytest.raises(InvalidWebhookSignatureError):
        webhook.verify(changed, {name: each.decode("latin-1") for name, each in parts.items()})


@pytest.mark.parametrize("part", ["body", *NAMES_SIGNED])
def test_every_single_changed_bit_of_one_delivery_is_refused(part: str):
    body = b'{"id":"evt_1"}'
    headers = sign(body, secret=SECRET, webhook_id="wh_1", timestamp=NOW)
    parts = {"body": body, **{name: value.encode() for name, value in headers.items()}}
    for bit in range(len(parts[part]) * 8):
        changed = {**parts, part: flip(parts[part], bit)}
        with pytest.raises(InvalidWebhookSignatureError):
            WEBHOOK.verify(changed.pop("body"), changed)


@given(body=st.binary(max_size=50), secrets=st.lists(st.text("abc", min_size=1), max_size=3))
def test_delivery_is_accepted_if_one_signature_is_by_one_of_the_secrets(
    body: bytes, secrets: list[str]
):
    sent = [*secrets, "ours"]
    headers = sign(body, secret=sent, webhook_id="wh_1", timestamp=NOW)
    Webhook(["new", "ours"], clock=lambda: NOW).verify(body, headers)
    with pytest.raises(InvalidWebhookSignatureError):
        Webhook(["new", "other"], clock=lambda: NOW).verify(body, headers)


TEXTS = st.text() | st.binary()
NAMES = st.sampled_from(["webhook-id", "Webhook-Timestamp", b"WEBHOOK-SIGNATURE"]) | TEXTS


@given(
    body=st.text() | st.binary(),
    headers=st.dictionaries(NAMES, TEXTS) | st.lists(st.tuples(NAMES, TEXTS)),
)
def test_verify_with_arbitrary_input_refuses(body: bytes | str, headers: HeadersLike):
    with pytest.raises(InvalidWebhookSignatureError):
        WEBHOOK.verify(body, headers)
