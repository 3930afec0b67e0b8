"""A hook that fails is logged and harms nothing."""

import pytest
from openai_webhooks.inbox.metrics import NoMetrics, tell


def test_what_a_hook_raises_is_logged(caplog: pytest.LogCaptureFixture):
    def broken(_type: str) -> None:
        raise ValueError("no connection")

    tell(broken, "response.completed")
    assert "no connection" in caplog.text


def test_without_metrics_nothing_is_counted(caplog: pytest.LogCaptureFixture):
    metrics = NoMetrics()
    for told in (metrics.stored, metrics.duplicate, metrics.dead):
        tell(told, "a")
    for told in (metrics.handled, metrics.failed):
        tell(told, "a", "handler", 0.1)
    assert caplog.text == ""
