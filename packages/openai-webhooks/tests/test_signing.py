import base64
import hashlib
import hmac
import time

import pytest
from openai_webhooks import Webhook, WebhookSecretError, sign


def test_sign_follows_the_standard():
    key = b"a key of the endpoint"
    secret = "whsec_" + base64.b64encode(key).decode()
    mac = hmac.new(key, b"wh_1.1760000000.{}", hashlib.sha256).digest()
    assert sign(b"{}", secret=secret, webhook_id="wh_1", timestamp=1_760_000_000) == {
        "webhook-id": "wh_1",
        "webhook-timestamp": "1760000000",
        "webhook-signature": "v1," + base64.b64encode(mac).decode(),
    }


def test_sign_gives_the_signature_that_others_have_published():
    # The example of the libraries from which the standard was made.
    headers = sign(
        '{"test": 2432232314}',
        secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        webhook_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1_614_265_330,
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_sign_sends_whole_seconds():
    options = {"secret": "s", "webhook_id": "i"}
    exact = sign(b"", timestamp=1_760_000_000.9, **options)
    assert exact == sign(b"", timestamp=1_760_000_000, **options)
    Webhook("s", clock=lambda: 1_760_000_000).verify(b"", exact)


def test_sign_with_text_signs_its_utf8():
    text = '{"ü":"€"}'
    assert sign(text, secret="s", webhook_id="i", timestamp=1) == sign(
        text.encode(), secret="s", webhook_id="i", timestamp=1
    )


def test_sign_with_several_secrets_gives_a_signature_by_each():
    def signature(secret: str | list[str]) -> str:
        return sign(b"{}", secret=secret, webhook_id="i", timestamp=1)["webhook-signature"]

    assert signature(["old", "new"]) == f"{signature('old')} {signature('new')}"


def test_sign_by_default_is_now_with_a_new_id_and_the_secret_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("OPENAI_WEBHOOK_SECRET", "whsec_a2V5")
    before = int(time.time())
    first, second = sign(b"{}"), sign(b"{}")
    assert before <= int(first["webhook-timestamp"]) <= time.time()
    assert first["webhook-id"] != second["webhook-id"]
    Webhook("whsec_a2V5").verify(b"{}", first)


def test_sign_without_any_secret(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("OPENAI_WEBHOOK_SECRET", raising=False)
    with pytest.raises(WebhookSecretError, match="set OPENAI_WEBHOOK_SECRET"):
        sign(b"{}")


@pytest.mark.parametrize("webhook_id", ["", " a", "a ", "a\r\nb: c", "a\0", "é" * 257])
def test_sign_with_an_id_that_is_no_header(webhook_id: str):
    with pytest.raises(ValueError, match="cannot be sent as a header"):
        sign(b"{}", secret="s", webhook_id=webhook_id)
