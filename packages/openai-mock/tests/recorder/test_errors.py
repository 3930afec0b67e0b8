import pickle

from openai_mock import TapeError, TapeMismatchError
from openai_types.errors import OpenAIError


def test_errors_are_of_the_suite_and_can_be_pickled():
    error = TapeMismatchError("otherwise", unexpected=["a"], unused=["b"])
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert (str(copy), copy.unexpected, copy.unused) == ("otherwise", ("a",), ("b",))
    assert isinstance(copy, TapeError)
    assert isinstance(copy, OpenAIError)
