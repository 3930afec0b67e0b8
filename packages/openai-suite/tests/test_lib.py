from __future__ import annotations

import importlib

import pytest


@pytest.mark.parametrize(
    ("module", "name", "home"),
    [
        ("chat", "ChatCompletionStreamState", "openai_stream"),
        ("chat", "ContentDeltaEvent", "openai_stream.chat.events"),
        ("responses", "ResponseStream", "openai_stream"),
    ],
)
def test_streams_are_where_the_official_package_has_them(module: str, name: str, home: str):
    found = importlib.import_module(f"openai_suite.lib.streaming.{module}")

    assert getattr(found, name) is getattr(importlib.import_module(home), name)
    assert name in dir(found)


@pytest.mark.parametrize("module", ["", ".chat", ".responses"])
def test_every_name_of_a_module_of_streams_is_there(module: str):
    found = importlib.import_module(f"openai_suite.lib.streaming{module}")

    for name in found.__all__:
        assert getattr(found, name) is not None


@pytest.mark.parametrize("name", ["pydantic_function_tool", "pydantic_responses_function_tool"])
def test_tools_of_models_are_where_the_official_package_has_them(name: str):
    lib = importlib.import_module("openai_suite.lib")

    assert getattr(lib, name) is getattr(importlib.import_module("openai_tools"), name)
    assert {name, "streaming"} <= set(dir(lib))
