from __future__ import annotations

import pytest
from openai_mock import serve
from openai_suite.demo import receiver as module
from openai_suite.demo.receiver import WebhookReceiver
from openai_types.errors import OpenAIError
from openai_webhooks import InvalidWebhookSignatureError, Webhook


def test_what_was_posted_can_be_verified():
    with serve() as mock, WebhookReceiver() as receiver:
        assert mock.send_webhook(receiver.url) == 204
        body, headers = receiver.next_delivery()
        assert Webhook(mock.webhook_secret).unwrap(body, headers).type == "response.completed"
        with pytest.raises(InvalidWebhookSignatureError):
            Webhook("whsec_b3RoZXI=").unwrap(body, headers)


def test_nothing_in_time_is_an_error(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.0)
    with WebhookReceiver() as receiver, pytest.raises(OpenAIError, match="No webhook came"):
        receiver.next_delivery()
