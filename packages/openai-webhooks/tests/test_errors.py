import pickle

import pytest
from openai_types.errors import OpenAIError
from openai_webhooks import InvalidWebhookSignatureError, WebhookPayloadError, WebhookSecretError


@pytest.mark.parametrize(
    "kind", [InvalidWebhookSignatureError, WebhookPayloadError, WebhookSecretError]
)
def test_error_is_an_openai_error_and_a_value_error(kind: type[OpenAIError]):
    assert issubclass(kind, OpenAIError)
    assert issubclass(kind, ValueError)


def test_payload_error_survives_pickling_with_its_payload():
    error = WebhookPayloadError("unreadable", payload=b"\xff{")
    copied = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert type(copied) is WebhookPayloadError
    assert str(copied) == "unreadable"
    assert copied.payload == b"\xff{"


def test_forged_and_unreadable_share_no_class_but_the_base():
    assert not issubclass(WebhookPayloadError, InvalidWebhookSignatureError)
    assert not issubclass(InvalidWebhookSignatureError, WebhookPayloadError)
