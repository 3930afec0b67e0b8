from typing import Any

import pytest
from openai_mock import MockServerError
from openai_mock.settings import Settings
from openai_webhooks import WebhookSecretError


def test_defaults_pass():
    assert Settings().webhook_secret.startswith("whsec_")


@pytest.mark.parametrize("name", ["api_key", "admin_api_key"])
@pytest.mark.parametrize("key", ["", " ", "sk-x\n", "sk x", "ключ"])
def test_key_that_no_client_could_send_is_refused_and_not_shown(name: str, key: str):
    keys: dict[str, Any] = {name: key}
    with pytest.raises(MockServerError, match=f"Pass another {name}") as caught:
        Settings(**keys)
    assert "sk" not in str(caught.value)


@pytest.mark.parametrize("secret", ["", "whsec_!", " secret"])
def test_secret_that_cannot_sign_is_refused(secret: str):
    with pytest.raises(WebhookSecretError):
        Settings(webhook_secret=secret)


@pytest.mark.parametrize("url", ["", "a", "ftp://a/", "http:///a", "http://[::1/a", "http://a:b/"])
def test_url_that_nothing_can_be_posted_to_is_refused(url: str):
    with pytest.raises(MockServerError, match="webhook_url"):
        Settings(webhook_url=url)


@pytest.mark.parametrize("seconds", [0, 0.5, 3600])
def test_time_may_take_so_long(seconds: float):
    assert Settings(job_step_seconds=seconds, indexing_seconds=seconds).job_step_seconds == seconds


@pytest.mark.parametrize("name", ["job_step_seconds", "indexing_seconds"])
@pytest.mark.parametrize("seconds", [-1, float("nan")])
def test_time_cannot_take_so_long(name: str, seconds: float):
    numbers: dict[str, Any] = {name: seconds}
    with pytest.raises(MockServerError, match=name):
        Settings(**numbers)
