import json
from typing import Any

import pytest
from openai_mock.content.errors import SchemaError, ToolChoiceError
from openai_mock.content.tool_calls import (
    ToolCall,
    tool_calls_of_chat,
    tool_calls_of_response,
)
from openai_types import Decoder
from openai_types.chat import ChatCompletionMessage
from openai_types.responses import ResponseOutputItem

Json = dict[str, Any]  # Any: JSON

WEATHER: Json = {
    "name": "get_weather",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 1}},
        "required": ["city", "days"],
        "additionalProperties": False,
    },
}
TIME: Json = {"name": "get_time", "parameters": {"type": "object", "properties": {}}}
SHELL: Json = {"name": "shell"}
HOSTED: Json = {"type": "web_search"}


def chat(said: str = "Rome for 3 days", **request: Any) -> tuple[ToolCall, ...]:
    tools = [
        {"type": "function", "function": WEATHER},
        {"type": "function", "function": TIME},
        {"type": "custom", "custom": SHELL},
    ]
    messages = [{"role": "user", "content": said}]
    return tool_calls_of_chat({"messages": messages, "tools": tools, **request}, seed="chatcmpl_1")


def respond(said: Any = "Rome for 3 days", **request: Any) -> tuple[ToolCall, ...]:
    tools = [
        HOSTED,
        {"type": "function", **WEATHER},
        {"type": "function", **TIME},
        {"type": "custom", **SHELL},
    ]
    return tool_calls_of_response({"tools": tools, **request}, said, seed="resp_1")


def function(parameters: Json) -> Json:
    return {"type": "function", "name": "f", "parameters": parameters}


def grammar(syntax: str, definition: str) -> Json:
    format_ = {"type": "grammar", "syntax": syntax, "definition": definition}
    return {"type": "custom", "name": "c", "format": format_}


def of_chat(tool: Json) -> Json:
    inner = {name: part for name, part in tool.items() if name != "type"}
    if "format" in inner:
        plain = {name: part for name, part in inner["format"].items() if name != "type"}
        inner["format"] = {"type": "grammar", "grammar": plain}
    return {"type": tool["type"], tool["type"]: inner}


def names(calls: tuple[ToolCall, ...]) -> list[str]:
    return [call.name for call in calls]


@pytest.mark.parametrize("ask", [chat, respond])
def test_first_tool_is_called_with_arguments_that_its_schema_allows(ask: Any):
    (call,) = ask()
    assert (call.kind, call.name) == ("function", "get_weather")
    assert json.loads(call.input) == {"city": "Rome for 3 days", "days": 3}
    assert call.call_id.startswith("call_")
    assert ask() == (call,)


@pytest.mark.parametrize("ask", [chat, respond])
def test_tools_that_the_user_names_are_called_together_if_they_may(ask: Any):
    said = "Get time, then shell; not get_weathers"
    assert names(ask(said)) == ["get_time", "shell"]
    assert names(ask(said, tool_choice="required")) == ["get_time", "shell"]
    assert names(ask(said, parallel_tool_calls=False)) == ["get_time"]
    first, second = ask(said)
    assert first.call_id != second.call_id
    assert (first.input, second.kind, second.input) == ("{}", "custom", said)


@pytest.mark.parametrize(
    ("choice", "called"),
    [
        (None, ["get_weather"]),
        ("auto", ["get_weather"]),
        ("required", ["get_weather"]),
        ("none", []),
        ({"type": "function", "function": {"name": "get_time"}}, ["get_time"]),
        ({"type": "custom", "custom": {"name": "shell"}}, ["shell"]),
        (
            {
                "type": "allowed_tools",
                "allowed_tools": {
                    "mode": "auto",
                    "tools": [
                        {"type": "custom", "custom": {"name": "shell"}},
                        {"type": "function", "function": {"name": "get_time"}},
                    ],
                },
            },
            ["get_time"],
        ),
    ],
)
def test_choice_of_chat(choice: object, called: list[str]):
    assert names(chat(tool_choice=choice)) == called


@pytest.mark.parametrize(
    ("choice", "called"),
    [
        (None, ["get_weather"]),
        ("required", ["get_weather"]),
        ("none", []),
        ({"type": "function", "name": "get_time"}, ["get_time"]),
        ({"type": "custom", "name": "shell"}, ["shell"]),
        ({"type": "web_search_preview"}, []),
        ({"type": "mcp", "server_label": "s"}, []),
        (
            {
                "type": "allowed_tools",
                "mode": "required",
                "tools": [HOSTED, {"type": "function", "name": "get_time"}],
            },
            ["get_time"],
        ),
        ({"type": "allowed_tools", "mode": "auto", "tools": [HOSTED]}, []),
    ],
)
def test_choice_of_a_response(choice: object, called: list[str]):
    assert names(respond(tool_choice=choice)) == called


@pytest.mark.parametrize("choice", ["auto", "required", {"type": "function", "name": "get_time"}])
def test_result_of_a_tool_is_answered_in_text(choice: object):
    call = {"type": "function_call", "call_id": "c", "name": "get_time", "arguments": "{}"}
    result = {"type": "function_call_output", "call_id": "c", "output": "12:00"}
    items = [{"role": "user", "content": "get_time"}, call, result]
    assert respond(items, tool_choice=choice) == ()
    assert names(respond([*items, {"role": "user", "content": "shell"}])) == ["shell"]


def test_result_of_a_tool_in_chat_is_answered_in_text():
    messages = [
        {"role": "user", "content": "get_time"},
        {"role": "assistant", "tool_calls": [{"id": "c"}]},
        {"role": "tool", "tool_call_id": "c", "content": "12:00"},
    ]
    assert chat(messages=messages) == ()
    assert chat(messages=messages[:2]) == ()
    assert names(chat(messages=messages[:1])) == ["get_time"]


@pytest.mark.parametrize(
    ("choice", "called"),
    [
        (None, ["get_weather"]),
        ("none", []),
        ("auto", ["get_weather"]),
        ({"name": "get_time"}, ["get_time"]),
    ],
)
def test_functions_of_old_are_called_one_at_a_time(choice: object, called: list[str]):
    request = {
        "messages": [{"role": "user", "content": "Hi"}],
        "functions": [WEATHER, TIME],
        "function_call": choice,
    }
    assert names(tool_calls_of_chat(request, seed="")) == called
    request["messages"] = [{"role": "user", "content": "get_weather and get_time"}]
    assert len(tool_calls_of_chat(request, seed="")) <= 1


def test_nothing_is_called_where_nothing_is_offered():
    assert chat(tools=None) == ()
    assert chat(tools=[], tool_choice="auto") == ()
    assert respond(tools=[HOSTED], tool_choice="required") == ()
    # A stored prompt may have tools.
    assert respond(tools=None, prompt={"id": "pmpt_1"}, tool_choice="required") == ()


@pytest.mark.parametrize("tools", [None, []])
def test_nothing_can_be_called_where_there_are_no_tools(tools: object):
    for ask in (chat, respond):
        with pytest.raises(ToolChoiceError, match="there are none"):
            ask(tools=tools, tool_choice="required")


def test_tools_of_a_namespace_are_called_and_deferred_ones_are_not():
    (call,) = respond(
        tools=[
            {"type": "function", **TIME, "defer_loading": True},
            {"type": "namespace", "name": "home", "tools": [{"type": "function", **WEATHER}]},
        ]
    )
    assert (call.name, call.namespace) == ("get_weather", "home")
    assert call.as_item("fc_1")["namespace"] == "home"


def test_call_is_a_part_of_a_message_of_the_description():
    calls = [call.in_message() for call in chat("get_weather, shell")]
    message = {"role": "assistant", "content": None, "refusal": None, "tool_calls": calls}
    decoded = Decoder[Any](ChatCompletionMessage, strict=True)(json.dumps(message))
    assert decoded.tool_calls
    assert [call.type for call in decoded.tool_calls] == ["function", "custom"]


def test_call_is_an_item_of_the_description():
    decode = Decoder[Any](ResponseOutputItem, strict=True)
    calls = respond("get_weather, shell")
    function, custom = (decode(json.dumps(call.as_item("i", "in_progress"))) for call in calls)
    assert (function.type, function.call_id) == ("function_call", calls[0].call_id)
    assert (custom.type, custom.input) == ("custom_tool_call", "get_weather, shell")


@pytest.mark.parametrize(
    ("ask", "choice"),
    [
        (chat, {"type": "function", "function": {"name": "missing"}}),
        (chat, {"type": "custom", "custom": {"name": "get_time"}}),
        (respond, {"type": "function", "name": "missing"}),
        (respond, {"type": "allowed_tools", "mode": "auto", "tools": [function({})]}),
    ],
)
def test_choice_of_what_is_not_offered_is_told(ask: Any, choice: object):
    with pytest.raises(ToolChoiceError, match="'get_weather', 'get_time', 'shell'") as caught:
        ask(tool_choice=choice)
    assert caught.value.place == "tool_choice"


UNMET: Json = {"type": "object", "required": ["a"], "properties": {"a": False}}
WRONG: Json = {"type": "objekt"}


@pytest.mark.parametrize(
    ("ask", "tool", "place"),
    [
        (chat, of_chat(function({"type": "string"})), "tools[0].function.parameters"),
        (respond, function(UNMET), "tools[0].parameters"),
        (
            respond,
            {"type": "namespace", "name": "n", "tools": [function(WRONG)]},
            "tools[0].tools[0].parameters",
        ),
        (respond, grammar("regex", "["), "tools[0].format"),
        (chat, of_chat(grammar("regex", "a^")), "tools[0].custom.format"),
    ],
)
def test_schema_that_no_arguments_meet_is_told_with_its_place(ask: Any, tool: Json, place: str):
    with pytest.raises(SchemaError) as caught:
        ask(tools=[tool])
    assert caught.value.place == place
    assert f"'{place}'" in str(caught.value)


def test_custom_tool_with_a_regular_expression_gets_a_text_that_it_matches():
    expression = grammar("regex", r"\d{4}|[a-z]+ now")
    assert chat("Do it in 2031!", tools=[of_chat(expression)])[0].input == "2031"
    assert respond("Do it", tools=[expression])[0].input == "1234"
    assert respond("Do it", tools=[grammar("lark", "?")])[0].input == "Do it"
