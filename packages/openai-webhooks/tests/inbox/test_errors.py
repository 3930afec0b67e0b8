"""All errors of the inbox are errors of the suite, and can be told apart."""

import pickle

import pytest
from openai_types.errors import OpenAIError
from openai_webhooks.inbox import (
    InboxConfigurationError,
    InboxError,
    InboxEventError,
    InboxStoreError,
)
from openai_webhooks.inbox.store import LeaseLostError


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (InboxConfigurationError, ValueError),
        (InboxEventError, LookupError),
        (InboxStoreError, InboxError),
        (LeaseLostError, InboxStoreError),
    ],
)
def test_error_is_one_of_the_suite_and_can_be_pickled(
    error: type[InboxError], kind: type[Exception]
):
    assert issubclass(error, InboxError)
    assert issubclass(error, OpenAIError)
    assert issubclass(error, kind)
    copy = pickle.loads(pickle.dumps(error("what to do")))  # noqa: S301 - our own
    assert (type(copy), str(copy)) == (error, "what to do")
