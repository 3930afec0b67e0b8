import pytest
from openai_mock import MockServerError
from openai_mock.settings import (
    DEFAULT_API_KEY,
    DEFAULT_WEBHOOK_SECRET,
    checked_api_key,
    checked_seconds,
    checked_webhook_secret,
)
from openai_webhooks import WebhookSecretError


def test_defaults_pass():
    assert checked_api_key(DEFAULT_API_KEY) == DEFAULT_API_KEY
    assert checked_webhook_secret(DEFAULT_WEBHOOK_SECRET) == DEFAULT_WEBHOOK_SECRET
    assert DEFAULT_WEBHOOK_SECRET.startswith("whsec_")


@pytest.mark.parametrize("key", ["", " ", "sk-x\n", "sk x", "ключ"])
def test_key_that_no_client_could_send_is_refused_and_not_shown(key: str):
    with pytest.raises(MockServerError, match="Pass another api_key") as caught:
        checked_api_key(key)
    assert "sk" not in str(caught.value)


@pytest.mark.parametrize("secret", ["", "whsec_!", " secret"])
def test_secret_that_cannot_sign_is_refused(secret: str):
    with pytest.raises(WebhookSecretError):
        checked_webhook_secret(secret)


@pytest.mark.parametrize("seconds", [0, 0.5, 3600])
def test_time_may_take_so_long(seconds: float):
    assert checked_seconds(seconds, "job_step_seconds") == seconds


@pytest.mark.parametrize("seconds", [-1, float("nan")])
def test_time_cannot_take_so_long(seconds: float):
    with pytest.raises(MockServerError, match="job_step_seconds"):
        checked_seconds(seconds, "job_step_seconds")
