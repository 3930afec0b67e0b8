import pytest
from openai_mock.checking.complaints import to_refusal, written
from openai_mock.checking.schemas import operation_validator
from openai_mock.refusals import Refusal
from pydantic_core import ValidationError

HI = [{"role": "user", "content": "Hi"}]


def complaint(operation: str, request: dict[str, object]) -> Refusal:
    with pytest.raises(ValidationError) as caught:
        operation_validator(operation).validate_python(request, strict=True)
    return to_refusal(caught.value)


Case = tuple[dict[str, object], str, str, str]
CHATS: list[Case] = [
    ({"mesages": HI}, "unknown_parameter", "mesages", "spelling"),
    ({"messages": None}, "invalid_type", "messages", "an array, but got null"),
    ({"messages": [5]}, "invalid_type", "messages[0]", "an object, but got an integer"),
    ({"messages": [{}]}, "missing_required_parameter", "messages[0].role", "Missing"),
    (
        {"messages": [{"role": "usr", "content": "Hi"}]},
        "invalid_value",
        "messages[0].role",
        "'developer', 'system', 'user', 'assistant', 'tool' and 'function'",
    ),
    ({"messages": [{"role": 5}]}, "invalid_type", "messages[0].role", "a string, but got an"),
    (
        {"messages": [{"role": "tool", "content": "x"}]},
        "missing_required_parameter",
        "messages[0].tool_call_id",
        "Missing",
    ),
    (
        {"messages": [{"role": "user", "content": 5}]},
        "invalid_type",
        "messages[0].content",
        "one of a string or an array, but got an integer",
    ),
    (
        {"messages": [{"role": "user", "content": [{"type": "text", "txt": "x"}]}]},
        "unknown_parameter",
        "messages[0].content[0].txt",
        "Unknown",
    ),
    ({"stream": "yes"}, "invalid_type", "stream", "a boolean, but got a string"),
    ({"temperature": "hot"}, "invalid_type", "temperature", "a decimal, but got a string"),
    ({"n": 1.5}, "invalid_type", "n", "an integer, but got a decimal"),
    ({"n": True}, "invalid_type", "n", "an integer, but got a boolean"),
    ({"metadata": {"a": 1}}, "invalid_type", "metadata.a", "a string, but got an integer"),
    ({"service_tier": "x"}, "invalid_value", "service_tier", "Supported values are: 'auto'"),
    (
        {"response_format": {"type": "xml"}},
        "invalid_value",
        "response_format.type",
        "'text', 'json_schema' and 'json_object'",
    ),
    (
        {"tools": [{"type": "function", "function": {}}]},
        "missing_required_parameter",
        "tools[0].function.name",
        "Missing",
    ),
]


@pytest.mark.parametrize(("changes", "code", "param", "words"), CHATS)
def test_complaints_about_a_chat(changes: dict[str, object], code: str, param: str, words: str):
    request = {"model": "gpt-5.5", "messages": HI} | changes
    refusal = complaint("chat.completions.create", request)
    assert (refusal.status, refusal.code, refusal.param) == (400, code, param)
    assert words in refusal.message
    assert param in refusal.message or code == "invalid_value"


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"input": 5}, "invalid_type", "input"),
        ({"input": [{"role": "usr", "content": "x"}]}, "invalid_value", "input[0].role"),
        ({"input": [{"role": "user", "content": 5}]}, "invalid_type", "input[0].content"),
        ({"input": [{"type": "teleport"}]}, "invalid_value", "input[0].type"),
        (
            {"input": [{"role": "user", "content": [{"type": "input_text"}]}]},
            "missing_required_parameter",
            "input[0].content[0].text",
        ),
        (
            {"input": [{"type": "function_call", "name": "f", "arguments": "{}"}]},
            "missing_required_parameter",
            "input[0].call_id",
        ),
        ({"reasoning": {"effort": "huge"}}, "invalid_value", "reasoning.effort"),
        ({"include": ["everything"]}, "invalid_value", "include[0]"),
        ({"tool_choice": "maybe"}, "invalid_value", "tool_choice"),
    ],
)
def test_complaints_about_a_response(changes: dict[str, object], code: str, param: str):
    refusal = complaint("responses.create", {"model": "gpt-5.5", "input": "Hi"} | changes)
    assert (refusal.status, refusal.code, refusal.param) == (400, code, param)


def test_fault_without_a_name_of_its_own_is_an_invalid_value():
    error = ValidationError.from_exception_data(
        "x", [{"type": "finite_number", "loc": ("top_p",), "input": 1.0}]
    )
    refusal = to_refusal(error)
    assert (refusal.code, refusal.param) == ("invalid_value", "top_p")


def test_path_is_written_as_the_api_writes_it():
    assert written(("messages", 0, "content", 12, "text")) == "messages[0].content[12].text"
