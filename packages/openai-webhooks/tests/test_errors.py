import pickle

import pytest
from openai_types.errors import OpenAIError
from openai_webhooks import (
    InvalidWebhookSignatureError,
    WebhookPayloadError,
    WebhookSecretError,
    WebhookTooLargeError,
)

KINDS = [
    InvalidWebhookSignatureError,
    WebhookPayloadError,
    WebhookSecretError,
    WebhookTooLargeError,
]


@pytest.mark.parametrize("kind", KINDS)
def test_error_is_an_openai_error_and_a_value_error(kind: type[OpenAIError]):
    assert issubclass(kind, OpenAIError)
    assert issubclass(kind, ValueError)


@pytest.mark.parametrize("kind", KINDS)
def test_no_error_is_another(kind: type[OpenAIError]):
    assert [each for each in KINDS if issubclass(each, kind)] == [kind]


@pytest.mark.parametrize("kind", KINDS)
def test_error_can_be_made_as_tests_of_users_do(kind: type[OpenAIError]):
    assert str(kind("made up")) == "made up"


@pytest.mark.parametrize(
    ("error", "kept"),
    [
        (WebhookPayloadError("unreadable", payload=b"\xff{"), {"payload": b"\xff{"}),
        (InvalidWebhookSignatureError("old", reason="timestamp_too_old"), {}),
        (WebhookTooLargeError("large", limit=7), {"limit": 7, "reason": "too_large"}),
    ],
)
def test_error_survives_pickling_with_what_it_has(error: OpenAIError, kept: dict[str, object]):
    copied = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert type(copied) is type(error)
    assert str(copied) == str(error)
    assert vars(copied) == vars(error)
    assert kept.items() <= vars(copied).items()


def test_reason_of_a_forgery_is_by_default_the_signature():
    assert InvalidWebhookSignatureError("forged").reason == "signature_mismatch"
