import pickle

import pytest
from openai_stream import (
    ContentFilterFinishReasonError,
    EventTooLargeError,
    LengthFinishReasonError,
    NotAStreamError,
    NothingInStreamError,
    StreamDecodeError,
    StreamStalledError,
    StreamTruncatedError,
)
from openai_types.chat import ChatCompletion
from openai_types.errors import APIError


@pytest.mark.parametrize(
    "error",
    [
        StreamTruncatedError("cut off"),
        StreamStalledError("stalled", limit="idle_timeout", seconds=3),
        EventTooLargeError("too large"),
        StreamDecodeError("no JSON", data=b"<html>"),
        NotAStreamError("a page", data=b"<html>"),
    ],
)
def test_error_pickled_keeps_all_of_it(error: APIError):
    error.events = [1, 2]
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert type(copy) is type(error)
    assert copy.__dict__ == error.__dict__
    assert str(copy) == error.message


def test_finish_reason_errors_keep_the_completion():
    completion = ChatCompletion.model_validate({"usage": {"completion_tokens": 9}})
    cut = LengthFinishReasonError(completion=completion)
    assert "after 9 tokens" in str(cut)
    without = ChatCompletion.model_validate({"id": "c", "choices": []})
    assert "limit, so" in str(LengthFinishReasonError(completion=without))
    assert ContentFilterFinishReasonError().completion is None
    stopped = ContentFilterFinishReasonError(completion=completion)
    for error in (cut, stopped):
        copy = pickle.loads(pickle.dumps(error))  # noqa: S301
        assert copy.completion == error.completion == completion
        assert str(copy) == str(error)


def test_error_of_what_did_not_come_can_be_pickled():
    error = NothingInStreamError("run", "thread.run.created")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert type(copy) is NothingInStreamError
    assert str(copy) == str(error)
