"""`client.webhooks.unwrap` and `verify_signature` are the check of openai-webhooks."""

import sys
import time
from typing import Any

import pytest
from openai_http import AsyncOpenAI, OpenAI
from openai_types.errors import OpenAIError

webhooks = pytest.importorskip("openai_webhooks")

SECRET = "whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IQ=="
BODY = b'{"id":"evt_1","type":"response.completed","data":{"id":"resp_1"}}'
BOTH_CLIENTS = pytest.mark.parametrize("made", [OpenAI, AsyncOpenAI])


def signed(secret: str = SECRET, *, age: int = 0) -> dict[str, str]:
    return webhooks.sign(BODY, secret=secret, webhook_id="wh_1", timestamp=int(time.time()) - age)


@BOTH_CLIENTS
@pytest.mark.parametrize("body", [BODY, BODY.decode()])
def test_unwrap_with_the_secret_of_the_client(made: Any, body: bytes | str):
    client = made(api_key="sk-1", webhook_secret=SECRET)
    event = client.webhooks.unwrap(body, signed())
    assert (event.type, event.data.id) == ("response.completed", "resp_1")
    assert client.webhooks.verify_signature(body, signed()) is None


@BOTH_CLIENTS
@pytest.mark.parametrize("secret", ["other", ["new", "other"]])
def test_secret_of_the_call_goes_first(made: Any, secret: str | list[str]):
    client = made(api_key="sk-1", webhook_secret=SECRET)
    assert client.webhooks.unwrap(BODY, signed("other"), secret=secret).id == "evt_1"
    with pytest.raises(webhooks.InvalidWebhookSignatureError):
        client.webhooks.verify_signature(BODY, signed(), secret=secret)


@BOTH_CLIENTS
def test_forged_and_unreadable_are_told_apart(made: Any):
    client = made(api_key="sk-1", webhook_secret=SECRET)
    with pytest.raises(webhooks.InvalidWebhookSignatureError, match="No signature"):
        client.webhooks.unwrap(BODY + b" ", signed())
    headers = webhooks.sign(b"[]", secret=SECRET, webhook_id="i", timestamp=int(time.time()))
    with pytest.raises(webhooks.WebhookPayloadError):
        client.webhooks.unwrap(b"[]", headers)


@BOTH_CLIENTS
def test_tolerance_is_that_of_the_call(made: Any):
    client = made(api_key="sk-1", webhook_secret=SECRET)
    client.webhooks.verify_signature(BODY, signed(age=3600), tolerance=7200)
    with pytest.raises(webhooks.InvalidWebhookSignatureError, match="too old"):
        client.webhooks.verify_signature(BODY, signed(age=3600))


@BOTH_CLIENTS
def test_missing_secret_is_told(made: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("OPENAI_WEBHOOK_SECRET", raising=False)
    with pytest.raises(webhooks.WebhookSecretError, match="OPENAI_WEBHOOK_SECRET"):
        made(api_key="sk-1").webhooks.unwrap(BODY, signed())


@BOTH_CLIENTS
@pytest.mark.parametrize("method", ["unwrap", "verify_signature"])
def test_package_that_is_not_installed_is_named(
    made: Any, method: str, monkeypatch: pytest.MonkeyPatch
):
    group, headers = made(api_key="sk-1", webhook_secret=SECRET).webhooks, signed()
    monkeypatch.setitem(sys.modules, "openai_webhooks", None)
    with pytest.raises(OpenAIError, match=rf"{method} needs the package openai-webhooks"):
        getattr(group, method)(BODY, headers)
