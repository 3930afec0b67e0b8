import pickle

from openai_mock import MockServerError, WebhookDeliveryError
from openai_types.errors import OpenAIError


def test_errors_are_of_the_suite_and_can_be_pickled():
    error = WebhookDeliveryError("refused", url="http://h/", body=b"{}")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert (str(copy), copy.url, copy.body) == ("refused", "http://h/", b"{}")
    assert isinstance(copy, OpenAIError)
    assert issubclass(MockServerError, OpenAIError)
