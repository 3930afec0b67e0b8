import json

import pytest
from openai_mock import MockServerError, tool_call
from openai_mock.scripts.texts import ToolCall, as_tool_call


def test_arguments_are_text_on_the_wire():
    assert json.loads(tool_call("f", {"a": [1]}).arguments) == {"a": [1]}
    assert tool_call("f", "no json").arguments == "no json"
    assert tool_call("f") == ToolCall("f", "{}", None)


def test_objects_are_tool_calls():
    given = {"name": "f", "arguments": {"a": 1}, "id": "call_1"}
    assert as_tool_call(given) == tool_call("f", {"a": 1}, "call_1")
    assert as_tool_call(tool_call("f")) == tool_call("f")


@pytest.mark.parametrize(
    "wrong", [{}, {"name": 1}, {"name": "f", "arguments": 5}, {"name": "f", "args": {}}]
)
def test_others_are_told(wrong: dict[str, object]):
    with pytest.raises(MockServerError, match="tool_call"):
        as_tool_call(wrong)
