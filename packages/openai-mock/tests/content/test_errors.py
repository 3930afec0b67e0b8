import pickle

import pytest
from openai_mock.content import errors
from openai_types.errors import OpenAIError


@pytest.mark.parametrize(
    "kind",
    [errors.SchemaError, errors.PatternError, errors.ToolChoiceError, errors.MediaFormatError],
)
def test_errors_are_of_the_library_and_keep_their_place(kind: type[errors.ContentError]):
    error = kind("message", place="tools[0]")
    assert isinstance(error, OpenAIError)
    assert isinstance(error, errors.ContentError)
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (str(copy), copy.place) == ("message", "tools[0]")
