from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import openai_suite
import openai_types
import pytest
from openai_suite.parts import names

PARTS = (
    "openai_http",
    "openai_mock",
    "openai_realtime",
    "openai_stream",
    "openai_tools",
    "openai_webhooks",
    "openai_suite.official_names",
)
# The other names of `openai_types` are types, and are in `openai_suite.types`.
BASES = {
    "APIError",
    "BaseModel",
    "DecodeError",
    "Decoder",
    "OpenAIError",
    "RequestLike",
    "ResponseLike",
    "UnknownMember",
}


@pytest.mark.parametrize("part", PARTS)
def test_every_public_name_of_a_part_is_here_and_the_same(part: str):
    module = import_module(part)
    for name in set(module.__all__) - {"__version__"}:
        assert getattr(openai_suite, name) is getattr(module, name)


@pytest.mark.parametrize("name", sorted(BASES))
def test_bases_of_all_types_are_here(name: str):
    assert getattr(openai_suite, name) is getattr(openai_types, name)


def test_nothing_is_here_that_no_part_has():
    everything = {name for part in PARTS for name in import_module(part).__all__}
    assert set(names()) == everything | BASES


def test_names_of_types_are_those_of_the_types_package():
    from openai_suite.types import CompletionUsage
    from openai_suite.types.chat import ChatCompletion
    from openai_types import CompletionUsage as Usage
    from openai_types.chat import ChatCompletion as Completion

    assert ChatCompletion is Completion
    assert CompletionUsage is Usage


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'ChatGPT'"):
        getattr(openai_suite, "ChatGPT")  # noqa: B009 - type checkers refuse the plain form


@pytest.mark.parametrize("name", ["lib", "pagination", "resources", "types"])
def test_packages_inside_need_no_import_of_their_own(name: str):
    code = f"import openai_suite; print(openai_suite.{name}.__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"openai_suite.{name}"
    assert name in dir(openai_suite)


def test_importing_it_and_making_a_client_imports_no_part_that_is_not_used():
    code = (
        "import sys; from openai_suite import OpenAI; OpenAI(api_key='k');"
        "heavy = {'httpx', 'pydantic', 'fastapi', 'websockets', 'anyio', 'openai_types.chat',"
        " 'openai_mock', 'openai_realtime', 'openai_stream'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_pages_are_where_users_of_the_official_package_look_for_them():
    from openai_suite import pagination

    assert all(getattr(pagination, n) is getattr(openai_suite, n) for n in pagination.__all__)
