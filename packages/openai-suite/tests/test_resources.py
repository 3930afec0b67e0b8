from __future__ import annotations

import importlib
import subprocess
import sys
from functools import reduce

import openai_realtime
import pytest
from openai_suite import AsyncOpenAI, OpenAI, resources
from openai_types.catalogue import operations

PATHS = [each.name.split(".")[:-1] for each in operations().values()]
# Some groups have no operations themselves, only groups with them.
GROUPS = sorted({".".join(path[: n + 1]) for path in PATHS for n in range(len(path))})


@pytest.mark.parametrize("client", [OpenAI, AsyncOpenAI])
@pytest.mark.parametrize("path", GROUPS)
def test_class_of_each_group_is_in_the_module_of_its_path(
    path: str, client: type[OpenAI | AsyncOpenAI]
):
    group = reduce(getattr, path.split("."), client(api_key="k"))
    module = importlib.import_module(f"openai_suite.resources.{path}")
    within = path.rpartition(".")[2]

    found = [getattr(module, name) for name in module.__all__]
    assert type(group) in found
    if hasattr(module, "__path__"):  # other groups are below it
        own = importlib.import_module(f"openai_suite.resources.{path}.{within}")
        assert type(group) in [getattr(own, name) for name in own.__all__]


def test_connections_are_where_the_official_package_has_them():
    module = importlib.import_module("openai_suite.resources.realtime.realtime")

    for name in ("RealtimeConnection", "RealtimeConnectionManager"):
        assert getattr(module, name) is getattr(openai_realtime, name)
        assert getattr(module, f"Async{name}") is getattr(openai_realtime, f"Async{name}")
        assert {name, f"Async{name}"} <= set(module.__all__)


def test_a_method_that_is_replaced_is_that_of_the_clients(monkeypatch: pytest.MonkeyPatch):
    def create(_: object, **params: object) -> object:
        return params

    monkeypatch.setattr(resources.chat.completions.Completions, "create", create)

    assert OpenAI(api_key="k").chat.completions.create(model="m", messages=[]) == {
        "model": "m",
        "messages": [],
    }


def test_modules_below_need_no_import_of_their_own():
    code = "from openai_suite import resources as r; print(r.chat.completions.messages.Messages)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "<class 'openai_http.resources.chat.Messages'>"


def test_groups_of_the_clients_are_in_the_package_itself():
    assert resources.Chat is resources.chat.Chat
    assert {"AsyncChat", "Embeddings", "chat"} <= set(dir(resources))
