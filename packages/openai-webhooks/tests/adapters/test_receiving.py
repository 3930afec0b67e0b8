import logging

import pytest
from openai_webhooks import Webhook, WebhookPayloadError, WebhookTooLargeError
from openai_webhooks.adapters.receiving import REFUSALS as CAUGHT
from openai_webhooks.adapters.receiving import Answer, Body, answer_to

from .deliveries import SECRET, Application, Case


def test_answer_tells_the_sender_little_and_the_log_what_was_wrong(
    application: Application, case: Case, caplog: pytest.LogCaptureFixture
):
    with pytest.raises(CAUGHT) as caught:
        application.webhook.unwrap(case.body, case.headers)
    assert isinstance(caught.value, CAUGHT)
    assert answer_to(caught.value) == (case.status, case.text)
    assert str(caught.value) not in case.text
    ((name, level, message),) = caplog.record_tuples
    assert (name, level) == ("openai_webhooks", logging.WARNING)
    assert message == f"A webhook was refused: {caught.value}"
    assert SECRET.removeprefix("whsec_") not in message


def test_answer_to_what_openai_sent_may_say_more():
    assert answer_to(WebhookPayloadError("x")) == Answer(400, "The body is not a JSON object.")


def test_body_is_collected_up_to_the_cap():
    body = Body(Webhook("s", max_body_bytes=5))
    for piece in (b"", b"ab", b"cde"):
        body.add(piece)
    assert body.complete() == b"abcde"
    with pytest.raises(WebhookTooLargeError):
        body.add(b"f")
