import pytest
from openai_webhooks import (
    InvalidWebhookSignatureError,
    Webhook,
    WebhookMetrics,
    WebhookPayloadError,
    WebhookTooLargeError,
    sign,
)
from openai_webhooks.errors import RefusalReason

NOW = 1_760_000_000


class Seen:
    """Counts like a user's metrics, and is falsy as an empty collection would be."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def __len__(self) -> int:
        return 0

    def received(self) -> None:
        self.calls.append("received")

    def accepted(self) -> None:
        self.calls.append("accepted")

    def refused(self, reason: RefusalReason) -> None:
        self.calls.append(reason)


def signed(body: bytes, *, timestamp: int = NOW) -> dict[str, str]:
    return sign(body, secret="secret", webhook_id="wh_1", timestamp=timestamp)


def webhook(metrics: WebhookMetrics, *, max_body_bytes: int = 100) -> Webhook:
    return Webhook("secret", clock=lambda: NOW, metrics=metrics, max_body_bytes=max_body_bytes)


def test_metrics_of_a_genuine_request():
    seen = Seen()
    webhook(seen).verify(b"{}", signed(b"{}"))
    assert seen.calls == ["received", "accepted"]


def test_metrics_of_a_genuine_request_that_is_unreadable():
    seen = Seen()
    with pytest.raises(WebhookPayloadError):
        webhook(seen).unwrap(b"[]", signed(b"[]"))
    assert seen.calls == ["received", "accepted"]


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "header_missing"),
        ({**signed(b"{}"), "Webhook-Id": "other"}, "header_repeated"),
        ({**signed(b"{}"), "webhook-id": "other"}, "signature_mismatch"),
        ({**signed(b"{}"), "webhook-timestamp": "now"}, "timestamp_malformed"),
        (signed(b"{}", timestamp=1), "timestamp_too_old"),
        (signed(b"{}", timestamp=NOW * 2), "timestamp_too_new"),
    ],
)
def test_metrics_of_a_refused_request(headers: dict[str, str], reason: str):
    seen = Seen()
    with pytest.raises(InvalidWebhookSignatureError) as caught:
        webhook(seen).unwrap(b"{}", headers)
    assert seen.calls == ["received", reason]
    assert caught.value.reason == reason


def test_metrics_of_a_request_that_is_too_large():
    seen = Seen()
    with pytest.raises(WebhookTooLargeError):
        webhook(seen, max_body_bytes=1).unwrap(b"{}", signed(b"{}"))
    assert seen.calls == ["received", "too_large"]
