import pickle

import pytest
from openai_tools import StrictSchemaError, ToolArgumentsError, ToolDefinitionError
from openai_types.errors import OpenAIError


@pytest.mark.parametrize(
    "error",
    [
        StrictSchemaError("open dict"),
        ToolDefinitionError("no type"),
        ToolArgumentsError("no JSON", arguments="{"),
    ],
)
def test_error_pickled_keeps_all_of_it(error: OpenAIError):
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert type(copy) is type(error)
    assert copy.__dict__ == error.__dict__
    assert str(copy) == str(error)
