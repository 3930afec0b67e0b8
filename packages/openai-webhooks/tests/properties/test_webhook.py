"""Whatever single bit of a delivery changes, it is refused; whatever comes in, nothing crashes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai_webhooks import InvalidWebhookSignatureError, Webhook, sign
from openai_webhooks.headers import HeadersLike

NOW = 1_760_000_000
SECRET = "whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IQ=="
WEBHOOK = Webhook(SECRET, clock=lambda: NOW)
IDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)


def flip(data: bytes, bit: int) -> bytes:
    byte, offset = divmod(bit % (len(data) * 8), 8)
    return data[:byte] + bytes([data[byte] ^ (1 << offset)]) + data[byte + 1 :]


@settings(deadline=None)
@given(body=st.binary(), webhook_id=IDS, age=st.integers(-300, 300))
def test_signed_delivery_is_accepted(body: bytes, webhook_id: str, age: int):
    headers = sign(body, secret=SECRET, webhook_id=webhook_id, timestamp=NOW - age)
    WEBHOOK.verify(body, headers)


@settings(deadline=None)
@given(body=st.binary(min_size=1), webhook_id=IDS, bit=st.integers(0))
def test_body_with_one_changed_bit_is_refused(body: bytes, webhook_id: str, bit: int):
    headers = sign(body, secret=SECRET, webhook_id=webhook_id, timestamp=NOW)
    with pytest.raises(InvalidWebhookSignatureError):
        WEBHOOK.verify(flip(body, bit), headers)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_header_with_any_one_changed_bit_is_refused(name: str):
    signed = sign(b"{}", secret=SECRET, webhook_id="wh_1", timestamp=NOW)
    headers = {each: value.encode() for each, value in signed.items()}
    value = headers[name]
    for bit in range(len(value) * 8):
        changed = flip(value, bit)
        with pytest.raises(InvalidWebhookSignatureError):
            WEBHOOK.verify(b"{}", {**headers, name: changed})
        with pytest.raises(InvalidWebhookSignatureError):
            WEBHOOK.verify(b"{}", {**signed, name: changed.decode("latin-1")})


TEXTS = st.text() | st.binary()
NAMES = st.sampled_from(["webhook-id", "Webhook-Timestamp", b"WEBHOOK-SIGNATURE"]) | TEXTS


@settings(deadline=None)
@given(
    body=st.text() | st.binary(),
    headers=st.dictionaries(NAMES, TEXTS) | st.lists(st.tuples(NAMES, TEXTS)),
)
def test_verify_with_arbitrary_input_refuses(body: bytes | str, headers: HeadersLike):
    with pytest.raises(InvalidWebhookSignatureError):
        WEBHOOK.verify(body, headers)
