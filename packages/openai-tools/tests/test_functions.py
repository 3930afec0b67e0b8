from __future__ import annotations

import copy
import functools
import json
import pickle
from collections.abc import Callable
from typing import Annotated, Any, Literal

import pytest
from openai_tools import (
    StrictSchemaError,
    ToolArgumentsError,
    ToolDefinitionError,
    function_tool,
    pydantic_function_tool,
    pydantic_responses_function_tool,
)
from openai_types.chat import ChatCompletionFunctionToolParam
from openai_types.responses import FunctionToolParam
from pydantic import BaseModel, Field, TypeAdapter
from pydantic_core import to_json


class Place(BaseModel):
    """A place on earth,

    with its country.
    """

    city: str
    country: str | None = None


class Undocumented(BaseModel):
    x: int


def get_weather(
    place: Place,
    days: Annotated[int, Field(description="how many", ge=1)] = 3,
    *,
    unit: Literal["C", "F"] = "C",
) -> str:
    """Forecast the weather.

    More that models need not know.
    """
    return f"{place} {days} {unit}"


def pickled(tool: Any) -> Any:
    return pickle.loads(pickle.dumps(tool))  # noqa: S301 - made here


def test_pydantic_function_tool_is_a_chat_tool():
    tool = pydantic_function_tool(Place)
    TypeAdapter(ChatCompletionFunctionToolParam).validate_python(tool)
    function: Any = tool["function"]
    assert (tool["type"], function["name"], function["strict"]) == ("function", "Place", True)
    assert function["description"] == "A place on earth,\n\nwith its country."
    assert function["parameters"]["required"] == ["city", "country"]


def test_pydantic_function_tool_with_name_and_description_takes_them():
    function = pydantic_function_tool(Place, name="find", description="Find it.")["function"]
    assert (function["name"], function.get("description")) == ("find", "Find it.")


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickled])
def test_pydantic_function_tool_remembers_its_model(copied: Callable[[Any], Any]):
    function = copied(pydantic_function_tool(Place)["function"])
    assert function.model is Place
    assert function == pydantic_function_tool(Place)["function"]
    assert json.loads(to_json(function)) == {**function}


def test_pydantic_function_tool_without_docstring_has_no_description():
    assert "description" not in pydantic_function_tool(Undocumented)["function"]
    assert pydantic_function_tool(Undocumented, description="")["function"].get("description") == ""


def test_function_tool_is_a_tool_of_the_responses_api():
    tool = function_tool(get_weather)
    TypeAdapter(FunctionToolParam).validate_python(tool.param)
    assert tool.name == "get_weather"
    assert tool.param.get("description") == "Forecast the weather."
    assert tool.param["strict"] is True
    parameters: Any = tool.param["parameters"]
    assert parameters["required"] == ["place", "days", "unit"]
    assert parameters["additionalProperties"] is False
    assert parameters["$defs"]["Place"]["required"] == ["city", "country"]
    assert parameters["properties"]["days"]["description"] == "how many"
    assert "default" not in parameters["properties"]["days"]


def test_function_tool_not_strict_keeps_defaults_and_optional_parameters():
    parameters: Any = function_tool(get_weather, strict=False).param["parameters"]
    assert parameters["required"] == ["place"]
    assert parameters["properties"]["days"]["default"] == 3


def test_function_tool_with_name_and_description_takes_them():
    tool = function_tool(get_weather, name="weather", description="")
    assert (tool.name, tool.param.get("description")) == ("weather", "")


def test_function_tool_without_docstring_has_no_description():
    def bare(x: int) -> int:
        return x

    assert "description" not in function_tool(bare).param


def test_function_tool_without_parameters_takes_no_arguments():
    def now() -> str:
        return "now"

    tool = function_tool(now)
    assert tool.param["parameters"] == {
        "type": "object",
        "properties": {},
        "required": [],
        "additionalProperties": False,
    }
    for arguments in ("", " ", "{}", b"{}", b""):
        assert tool.parse_arguments(arguments).arguments == {}


def test_function_tool_of_an_asynchronous_function():
    async def fetch(url: str) -> str:
        return url

    assert function_tool(fetch).parse_arguments('{"url": "x"}').args == ("x",)


def test_function_tool_of_a_method_leaves_self_out():
    class Shop:
        def buy(self, item: str) -> str:
            return item

    bound = function_tool(Shop().buy).parse_arguments('{"item": "tea"}')
    assert bound.arguments == {"item": "tea"}


def test_function_tool_of_a_partial_needs_a_name_and_leaves_given_ones_optional():
    partial = functools.partial(get_weather, unit="F")
    with pytest.raises(ToolDefinitionError, match="name="):
        function_tool(partial)
    tool = function_tool(partial, name="weather")
    assert "description" not in tool.param
    bound = tool.parse_arguments('{"place": {"city": "Rome"}}')
    assert bound.kwargs["unit"] == "F"


def test_parameters_may_have_any_names():
    def odd(schema: int, copy: int, _private: int, self: int, args: int, kwargs: int) -> int:
        return schema + copy + _private + self + args + kwargs

    names = ["schema", "copy", "_private", "self", "args", "kwargs"]
    tool = function_tool(odd)
    assert tool.param["parameters"] is not None
    assert tool.param["parameters"]["required"] == names
    arguments = "{" + ", ".join(f'"{name}": 1' for name in names) + "}"
    bound = tool.parse_arguments(arguments)
    assert odd(*bound.args, **bound.kwargs) == 6


def test_parse_arguments_gives_typed_values_and_defaults():
    bound = function_tool(get_weather).parse_arguments('{"place": {"city": "Rome"}, "days": "2"}')
    assert bound.arguments == {"place": Place(city="Rome"), "days": 2, "unit": "C"}
    assert get_weather(*bound.args, **bound.kwargs).endswith("2 C")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ("{", "Invalid JSON"),
        ("[[[", "Invalid JSON"),
        ("null", "get_weather do not fit: "),
        ("{}", "place: Missing required argument"),
        ('{"place": {}}', r"place\.city: Field required"),
        ('{"place": {"city": "Rome"}, "days": 0, "unit": "K"}', "days: .*; unit: "),
        ('{"place": {"city": "Rome"}, "when": 1}', "when: Unexpected keyword argument"),
    ],
)
def test_parse_arguments_of_what_does_not_fit_names_each_problem(arguments: str, problem: str):
    with pytest.raises(ToolArgumentsError, match=problem) as caught:
        function_tool(get_weather).parse_arguments(arguments)
    assert caught.value.arguments == arguments
    assert caught.value.__cause__ is not None
    assert "output of the call" in str(caught.value)


def any_names(**rest: int) -> None:
    """Take any names."""


def any_number(*rest: int) -> None:
    """Take any number."""


def by_position(x: int, /) -> None:
    """Take one by position."""


def untyped(x) -> None:  # noqa: ANN001  # pyright: ignore[reportUnknownParameterType, reportMissingParameterType]
    """Say nothing."""


def unknown_type(x: Missing) -> None:  # noqa: F821  # pyright: ignore[reportUndefinedVariable, reportUnknownParameterType]
    """Name a type that is nowhere."""


def not_json(x: ToolDefinitionError) -> None:
    """Take what JSON has not."""


REFUSED: list[tuple[Any, str]] = [
    (any_names, r"any_names: \*\*rest: .*cannot be given by name"),
    (any_number, r"any_number: \*rest: .*cannot be given by name"),
    (by_position, "by_position: x: .*cannot be given by name"),
    (untyped, "untyped: x has no type; annotate it"),
    (unknown_type, "unknown_type: its signature cannot be read: .*Missing"),
    (not_json, "not_json: a parameter has a type that JSON cannot give"),
    (lambda: None, "'<lambda>' cannot be the name of a tool.*name="),
]


@pytest.mark.parametrize(("function", "message"), REFUSED)
def test_function_that_cannot_be_a_tool_is_refused_with_the_reason(function: Any, message: str):
    with pytest.raises(ToolDefinitionError, match=message):
        function_tool(function)


def test_a_model_is_a_tool_for_responses_too():
    tool: Any = pydantic_responses_function_tool(Place, name="find", defer_loading=True)

    assert tool == {
        "type": "function",
        **pydantic_function_tool(Place, name="find")["function"],
        "defer_loading": True,
    }
    assert copy.deepcopy(tool).model is Place
    assert json.loads(to_json(tool)) == tool
    assert "defer_loading" not in pydantic_responses_function_tool(Place)
    with pytest.raises(ToolDefinitionError, match="cannot be the name"):
        pydantic_responses_function_tool(Place, name="a.b")


@pytest.mark.parametrize("name", ["get weather", "ä", "a" * 65, "a.b", "x\n"])
def test_name_that_the_api_does_not_take_is_refused(name: str):
    with pytest.raises(ToolDefinitionError, match="cannot be the name"):
        pydantic_function_tool(Place, name=name)


def test_strict_refusal_has_the_path_to_the_parameter():
    def save(tags: dict[str, str]) -> None:
        del tags

    with pytest.raises(StrictSchemaError, match=r"^save\.tags: open dict not allowed"):
        function_tool(save)
    assert function_tool(save, strict=False).parse_arguments('{"tags": {"a": "b"}}').args == (
        {"a": "b"},
    )
