import pickle
import subprocess
import sys
import time
from typing import Any

import pytest
from openai_webhooks import (
    InvalidWebhookSignatureError,
    Webhook,
    WebhookPayloadError,
    WebhookSecretError,
    WebhookTooLargeError,
    sign,
)
from openai_webhooks.signature import compute, load_key

NOW = 1_760_000_000
SECRET = "whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IQ=="
BODY = (
    b'{"id":"evt_1","object":"event","created_at":1760000000,'
    b'"type":"response.completed","data":{"id":"resp_1"}}'
)


def signed(body: bytes = BODY, *, secret: str = SECRET, timestamp: int = NOW) -> dict[str, str]:
    return sign(body, secret=secret, webhook_id="wh_1", timestamp=timestamp)


def webhook(secret: str | list[str] = SECRET, *, now: float = NOW, tolerance: float = 300):
    return Webhook(secret, clock=lambda: now, tolerance=tolerance)


def test_unwrap_gives_the_typed_event():
    from openai_types.webhooks import ResponseCompletedWebhookEvent

    event = webhook().unwrap(BODY, signed())
    assert isinstance(event, ResponseCompletedWebhookEvent)
    assert event.id == "evt_1"
    assert event.data.id == "resp_1"


def test_unwrap_with_text_gives_the_same_event():
    assert webhook().unwrap(BODY.decode(), signed()) == webhook().unwrap(BODY, signed())


def test_unwrap_with_an_unknown_type_keeps_everything():
    from openai_types.webhooks import UnknownUnwrapWebhookEvent

    body = b'{"id":"evt_2","type":"moon.risen","data":{"phase":0.5,"of":["earth"]},"new":null}'
    event = webhook().unwrap(body, signed(body))
    assert isinstance(event, UnknownUnwrapWebhookEvent)
    assert event.type == "moon.risen"
    assert event.to_dict() == {
        "id": "evt_2",
        "type": "moon.risen",
        "data": {"phase": 0.5, "of": ["earth"]},
        "new": None,
    }


@pytest.mark.parametrize(
    "body", [b"", b"not json", b"[]", b'"text"', b"null", b'{"id":', b'{"id":"\xff"}', b"\x00"]
)
def test_unwrap_with_an_unreadable_body_keeps_it(body: bytes):
    with pytest.raises(WebhookPayloadError, match="genuine, but its body") as caught:
        webhook().unwrap(body, signed(body))
    assert caught.value.payload == body
    assert caught.value.__cause__ is not None


def test_unwrap_with_a_forged_unreadable_body_is_a_forgery():
    with pytest.raises(InvalidWebhookSignatureError):
        webhook().unwrap(b"not json", signed())


def test_verify_with_a_good_request_returns():
    webhook().verify(BODY, signed())


def test_verify_with_one_changed_blank_is_refused():
    with pytest.raises(InvalidWebhookSignatureError, match="No signature"):
        webhook().verify(BODY + b" ", signed())


def test_verify_with_text_that_is_no_unicode_is_refused():
    with pytest.raises(InvalidWebhookSignatureError, match="No signature"):
        webhook().verify("\udcff", signed())


def test_verify_with_another_secret_is_refused_without_help():
    other = signed(secret="whsec_b3RoZXI=")
    with pytest.raises(InvalidWebhookSignatureError) as caught:
        webhook().verify(BODY, other)
    message = str(caught.value)
    assert SECRET not in message
    assert signed()["webhook-signature"].removeprefix("v1,") not in message


@pytest.mark.parametrize("age", [-300, -299.5, 0, 300])
def test_verify_within_the_tolerance(age: float):
    webhook(now=NOW + age).verify(BODY, signed())


@pytest.mark.parametrize(
    ("age", "message"), [(300.5, "too old"), (10**9, "too old"), (-300.5, "too new")]
)
def test_verify_outside_the_tolerance(age: float, message: str):
    with pytest.raises(InvalidWebhookSignatureError, match=message):
        webhook(now=NOW + age).verify(BODY, signed())


def test_verify_with_a_clock_that_is_no_number_is_refused():
    with pytest.raises(InvalidWebhookSignatureError, match="the clock is wrong"):
        webhook(now=float("nan")).verify(BODY, signed())


def test_verify_with_a_tolerance_of_zero_accepts_only_now():
    webhook(tolerance=0).verify(BODY, signed())
    with pytest.raises(InvalidWebhookSignatureError, match="more than 0 seconds"):
        webhook(tolerance=0, now=NOW + 1).verify(BODY, signed())


@pytest.mark.parametrize(
    "timestamp", ["soon", "1e9", "-5", "1.5", " 1760000000", "1760000000\n", "9" * 5000, "١٢٣"]
)
def test_verify_with_a_timestamp_that_is_no_number(timestamp: str):
    with pytest.raises(InvalidWebhookSignatureError, match="not a number of seconds"):
        webhook().verify(BODY, {**signed(), "webhook-timestamp": timestamp})


def test_verify_with_a_missing_header_names_it():
    with pytest.raises(InvalidWebhookSignatureError, match="webhook-id is missing"):
        webhook().verify(BODY, {})


def test_verify_with_a_signature_that_is_not_ascii():
    with pytest.raises(InvalidWebhookSignatureError, match="No signature"):
        webhook().verify(BODY, {**signed(), "webhook-signature": "v1,äöü \udcff"})


def test_verify_with_several_signatures_needs_one():
    headers = {**signed(), "webhook-signature": f"v1,AAAA {signed()['webhook-signature']} v2,B"}
    webhook().verify(BODY, headers)


@pytest.mark.parametrize("used", ["whsec_b2xk", "whsec_bmV3"])
def test_verify_while_the_secret_rotates(used: str):
    webhook(["whsec_b2xk", "whsec_bmV3"]).verify(BODY, signed(secret=used))


def test_webhook_without_a_secret_reads_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_WEBHOOK_SECRET", SECRET)
    Webhook(clock=lambda: NOW).verify(BODY, signed())


def test_webhook_without_any_secret_names_the_variable(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("OPENAI_WEBHOOK_SECRET", raising=False)
    with pytest.raises(WebhookSecretError, match="set OPENAI_WEBHOOK_SECRET"):
        Webhook()


def test_webhook_with_an_empty_environment_variable_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_WEBHOOK_SECRET", "")
    with pytest.raises(WebhookSecretError, match="secret is empty"):
        Webhook()


@pytest.mark.parametrize("secret", ["", [], [SECRET, ""], "whsec_?", f"{SECRET}\n"])
def test_webhook_with_an_unusable_secret_is_refused(secret: str | list[str]):
    with pytest.raises(WebhookSecretError):
        Webhook(secret)


@pytest.mark.parametrize("tolerance", [-1, float("nan")])
def test_webhook_with_an_unusable_tolerance_is_refused(tolerance: float):
    with pytest.raises(ValueError, match="zero or more seconds"):
        Webhook(SECRET, tolerance=tolerance)


def test_webhook_by_default_uses_the_time_of_day():
    Webhook(SECRET).verify(BODY, signed(timestamp=int(time.time())))


def test_verified_gives_what_was_delivered():
    delivery = webhook().verified(BODY.decode(), signed())
    assert delivery == ("wh_1", NOW, BODY)
    assert delivery.event() == webhook().unwrap(BODY, signed())


def test_verified_with_an_id_that_is_no_utf8_gives_text_that_can_be_stored():
    headers: dict[str, str | bytes] = {**signed()}
    headers["webhook-id"] = b"wh_\xff"
    key = load_key(SECRET)
    headers["webhook-signature"] = compute(key, b"wh_\xff", b"%d" % NOW, BODY)
    assert webhook().verified(BODY, headers).id == "wh_\\xff"


def test_body_as_large_as_allowed_is_verified():
    Webhook(SECRET, clock=lambda: NOW, max_body_bytes=len(BODY)).verify(BODY, signed())


def test_body_past_the_cap_is_refused_before_anything_is_computed():
    small = Webhook(SECRET, clock=lambda: NOW, max_body_bytes=len(BODY) - 1)
    with pytest.raises(WebhookTooLargeError, match=f"larger than {len(BODY) - 1} bytes") as caught:
        small.verify(BODY, {})
    assert caught.value.limit == small.max_body_bytes == len(BODY) - 1


def test_cap_counts_bytes_not_characters():
    with pytest.raises(WebhookTooLargeError):
        Webhook(SECRET, max_body_bytes=2).verify("€", {})


def test_webhook_with_a_negative_cap_is_refused():
    with pytest.raises(ValueError, match="zero or more bytes"):
        Webhook(SECRET, max_body_bytes=-1)


@pytest.mark.parametrize("secret", [b"whsec_b2xk", 7, [b"whsec_b2xk"], ["whsec_b2xk", None]])
def test_webhook_with_a_secret_that_is_no_text_is_refused(secret: Any):
    with pytest.raises(WebhookSecretError):
        Webhook(secret)


def test_repr_counts_the_secrets_and_shows_none():
    assert repr(webhook(["first", "second"])) == "Webhook(secrets=2, tolerance=300)"


def test_webhook_is_not_pickled():
    with pytest.raises(TypeError, match="holds signing secrets"):
        pickle.dumps(webhook())


def test_import_and_verification_load_no_models_and_no_http():
    program = f"""
import sys
import openai_webhooks
roots = {{name.partition(".")[0] for name in sys.modules}}
assert not roots & {{"pydantic", "pydantic_core", "httpx", "websockets"}}, roots
webhook = openai_webhooks.Webhook({SECRET!r}, clock=lambda: {NOW})
webhook.verify({BODY!r}, {signed()!r})
assert "openai_types.webhooks" not in sys.modules
webhook.unwrap({BODY!r}, {signed()!r})
assert "openai_types.webhooks" in sys.modules
assert not {{"httpx", "websockets"}} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True)
