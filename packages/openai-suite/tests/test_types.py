from __future__ import annotations

import importlib
import subprocess
import sys
from pkgutil import walk_packages

import openai_types
import pytest


@pytest.mark.parametrize(
    ("module", "name", "home", "known"),
    [
        ("chat.chat_completion", "ChatCompletion", "chat", "ChatCompletion"),
        ("chat.chat_completion", "Choice", "chat", "ChatCompletionChoice"),
        ("chat.chat_completion_chunk", "ChoiceDelta", "chat", "ChatCompletionChunkChoiceDelta"),
        ("completion_usage", "CompletionUsage", "shared", "CompletionUsage"),
        ("shared.chat_model", "ChatModel", "shared", "ChatModel"),
        ("chat_model", "ChatModel", "shared", "ChatModel"),
        (
            "chat.chat_completion_message_tool_call",
            "Function",
            "chat",
            "ChatCompletionMessageFunctionCall",
        ),
        ("beta.threads.runs.run_step", "RunStep", "beta.threads.runs", "RunStep"),
        ("admin.organization.admin_api_key", "Owner", "admin.organization", "AdminApiKeyOwner"),
    ],
)
def test_a_module_of_the_official_package_has_its_names(
    module: str, name: str, home: str, known: str
):
    found = getattr(importlib.import_module(f"openai_suite.types.{module}"), name)

    assert found is getattr(importlib.import_module(f"openai_types.{home}"), known)


def test_a_module_needs_no_import_of_its_own():
    types = importlib.import_module("openai_suite.types")

    choice = types.chat.chat_completion.Choice
    assert choice is types.chat.ChatCompletionChoice
    assert importlib.reload(types.chat.chat_completion).Choice is choice


def test_a_name_that_is_nowhere_is_an_attribute_error():
    module = importlib.import_module("openai_suite.types.chat.chat_completion")

    assert not hasattr(module, "Cat")
    with pytest.raises(ImportError):
        importlib.import_module("openai_suite.types.chat.cat")


def test_every_module_of_a_package_can_be_imported():
    package = importlib.import_module("openai_suite.types")
    for module in walk_packages(package.__path__, "openai_suite.types."):
        importlib.import_module(module.name)


def test_a_namespace_has_what_the_types_package_has():
    types = importlib.import_module("openai_suite.types")

    assert types.FileObject is openai_types.FileObject
    assert types.beta.threads.runs.RunStep.__module__ == "openai_types.beta.threads.runs.objects"
    assert {"chat", "FileObject"} <= set(dir(types))


def test_importing_the_packages_loads_no_type():
    code = (
        "import sys, openai_suite.types, openai_suite.types.beta.threads.runs\n"
        "roles = ('objects', 'params', 'events')\n"
        "ours = [name for name in sys.modules if name.startswith('openai_types.')]\n"
        "print([name for name in ours if name.endswith(roles)])\n"
        "print('pydantic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert done.stdout.split("\n")[:2] == ["[]", "False"]
