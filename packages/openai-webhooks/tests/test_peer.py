"""What we sign others accept, and the other way round."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_webhooks import InvalidWebhookSignatureError, Webhook, sign

pytestmark = pytest.mark.peer
openai = pytest.importorskip("openai", reason="the official package is not installed here")
standardwebhooks = pytest.importorskip("standardwebhooks", reason="it is not installed here")

SECRET = "whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IQ=="
BODY = (
    '{"id":"evt_1","object":"event","created_at":1760000000,'
    '"type":"response.completed","data":{"id":"resp_ü€😀"}}'
)


def now() -> int:
    return int(datetime.now(UTC).timestamp())


@pytest.mark.parametrize("body", [BODY, "", "{}", " {}\n", "\x00", "no.json.with.dots"])
@pytest.mark.parametrize("webhook_id", ["wh_1", "msg.with.dots", "ü"])
def test_sign_makes_the_signature_of_standardwebhooks(body: str, webhook_id: str):
    timestamp = 1_760_000_000
    theirs = standardwebhooks.Webhook(SECRET).sign(
        webhook_id, datetime.fromtimestamp(timestamp, UTC), body
    )
    ours = sign(body, secret=SECRET, webhook_id=webhook_id, timestamp=timestamp)
    assert ours["webhook-signature"] == theirs
    headers = {**ours, "webhook-signature": theirs}
    Webhook(SECRET, clock=lambda: timestamp).verify(body, headers)


@given(
    body=st.text(),
    webhook_id=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1),
    key=st.binary(min_size=1, max_size=64),
    timestamp=st.integers(0, 4_000_000_000),
)
def test_what_standardwebhooks_signs_we_verify(
    body: str, webhook_id: str, key: bytes, timestamp: int
):
    secret = "whsec_" + base64.b64encode(key).decode()
    headers = {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": standardwebhooks.Webhook(secret).sign(
            webhook_id, datetime.fromtimestamp(timestamp, UTC), body
        ),
    }
    assert sign(body, secret=secret, webhook_id=webhook_id, timestamp=timestamp) == headers
    verified = Webhook(secret, clock=lambda: timestamp).verified(body, headers)
    assert verified == (webhook_id, timestamp, body.encode())


@given(key=st.binary(min_size=1, max_size=64), others=st.lists(st.text("ab", min_size=1)))
def test_what_we_sign_with_several_secrets_standardwebhooks_verifies(key: bytes, others: list[str]):
    secret = "whsec_" + base64.b64encode(key).decode()
    headers = sign(BODY, secret=[*others, secret], webhook_id="wh_1", timestamp=now())
    assert standardwebhooks.Webhook(secret).verify(BODY, headers)


def test_standardwebhooks_verifies_what_we_sign():
    headers = sign(BODY, secret=SECRET, webhook_id="wh_1", timestamp=now())
    assert standardwebhooks.Webhook(SECRET).verify(BODY, headers)


@pytest.mark.parametrize("secret", [SECRET, "a raw secret"])
@pytest.mark.parametrize("body", [BODY, BODY.encode()])
def test_official_package_unwraps_what_we_sign(secret: str, body: str | bytes):
    client = openai.OpenAI(api_key="none", webhook_secret=secret)
    headers = sign(body, secret=secret, webhook_id="wh_1", timestamp=now())
    theirs = client.webhooks.unwrap(body, headers)
    ours = Webhook(secret).unwrap(body, headers)
    assert ours.to_dict() == theirs.to_dict()


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"webhook-id": "wh_2"},
        {"webhook-timestamp": "1"},
        {"webhook-timestamp": "99999999999"},
        {"webhook-timestamp": "soon"},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "v1,ü"},
        {"webhook-signature": ""},
    ],
)
def test_official_package_refuses_what_we_refuse(changes: dict[str, str]):
    client = openai.OpenAI(api_key="none", webhook_secret=SECRET)
    signed = sign(BODY, secret=SECRET, webhook_id="wh_1", timestamp=now())
    headers = {**signed, **changes}
    if changes:
        with pytest.raises((openai.InvalidWebhookSignatureError, ValueError, TypeError)):
            client.webhooks.verify_signature(BODY, headers)
        with pytest.raises(InvalidWebhookSignatureError):
            Webhook(SECRET).verify(BODY, headers)
    else:
        client.webhooks.verify_signature(BODY, headers)
        Webhook(SECRET).verify(BODY, headers)
