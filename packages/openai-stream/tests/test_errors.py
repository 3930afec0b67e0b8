import pickle

import pytest
from openai_stream import EventTooLargeError, StreamDecodeError, StreamTruncatedError
from openai_types.errors import APIError


@pytest.mark.parametrize(
    "error",
    [
        StreamTruncatedError("cut off"),
        EventTooLargeError("too large"),
        StreamDecodeError("no JSON", data=b"<html>"),
    ],
)
def test_error_pickled_keeps_all_of_it(error: APIError):
    error.events = [1, 2]
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert type(copy) is type(error)
    assert copy.__dict__ == error.__dict__
    assert str(copy) == error.message
