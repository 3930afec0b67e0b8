from __future__ import annotations

import inspect
import subprocess
import sys
import threading
from collections.abc import Iterator

import openai_suite
import pytest
from openai_suite import MockServer, module_client, serve
from openai_suite.resources.chat import Chat


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MockServer]:
    with serve() as made:
        monkeypatch.setitem(vars(openai_suite), "base_url", made.base_url)
        monkeypatch.setitem(vars(openai_suite), "api_key", made.api_key)
        yield made


def headers_of(server: MockServer) -> dict[str, str]:
    return {name.lower(): value for name, value in server.requests[-1].request.headers.items()}


def test_calls_go_with_the_settings_of_the_module(server: MockServer):
    answer = openai_suite.responses.create(model="gpt-5.5", input="Hi")
    assert answer.output_text == "You wrote: Hi"
    completion = openai_suite.chat.completions.create(
        model="gpt-5.5", messages=[{"role": "user", "content": "Hi"}]
    )
    assert completion.choices[0].message.content == "You wrote: Hi"
    assert len(server.requests) == 2


def test_settings_may_be_set_again(server: MockServer, monkeypatch: pytest.MonkeyPatch):
    openai_suite.models.list()
    monkeypatch.setitem(vars(openai_suite), "organization", "org-1")
    openai_suite.models.list()
    assert headers_of(server)["openai-organization"] == "org-1"
    headers = {"x-mine": "1"}
    monkeypatch.setitem(vars(openai_suite), "default_headers", headers)
    openai_suite.models.list()
    assert headers_of(server)["x-mine"] == "1"
    headers["x-mine"] = "2"
    openai_suite.models.list()
    assert headers_of(server)["x-mine"] == "2"
    monkeypatch.setitem(vars(openai_suite), "default_headers", None)
    openai_suite.models.list()
    assert "x-mine" not in headers_of(server)


def test_key_may_be_a_function(server: MockServer, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []

    def token() -> str:
        asked.append(server.api_key)
        return server.api_key

    openai_suite.models.list()
    monkeypatch.setitem(vars(openai_suite), "api_key", token)
    for _ in range(2):
        openai_suite.models.list()
    assert asked == [server.api_key] * 2
    assert module_client._client.load() is module_client._client.load()


@pytest.mark.usefixtures("server")
def test_same_settings_give_the_same_client():
    assert module_client._client.load() is module_client._client.load()


@pytest.mark.usefixtures("server")
def test_clients_for_other_keys_share_the_connections(monkeypatch: pytest.MonkeyPatch):
    openai_suite.models.list()
    first = module_client._client.load()
    monkeypatch.setitem(vars(openai_suite), "organization", "org-1")
    second = module_client._client.load()
    assert second is not first
    assert second._connections is first._connections


@pytest.mark.usefixtures("server")
def test_threads_share_one_client():
    clients: list[object] = []
    threads = [
        threading.Thread(target=lambda: clients.append(module_client._client.load()))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(client) for client in clients}) == 1


def test_setting_of_nothing_is_none(server: MockServer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(vars(openai_suite), "organization", "org-1")
    openai_suite.models.list()
    monkeypatch.setitem(vars(openai_suite), "organization", None)
    openai_suite.models.list()
    assert "openai-organization" not in headers_of(server)


def test_missing_key_is_told_at_the_call(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(openai_suite.OpenAIError, match="OPENAI_API_KEY"):
        openai_suite.models.list()


def test_groups_are_there_without_a_key(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    members = dict(inspect.getmembers(openai_suite))
    assert module_client.groups() <= members.keys()
    assert isinstance(members["chat"], Chat)
    assert callable(openai_suite.chat.completions.create)
    assert "model" in inspect.signature(openai_suite.responses.create).parameters


def test_method_can_be_replaced_without_a_key(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with monkeypatch.context() as replacing:
        replacing.setattr(openai_suite.chat.completions, "create", lambda **_: "replaced")
        assert openai_suite.chat.completions.create(model="m", messages=[]) == "replaced"
    with pytest.raises(openai_suite.OpenAIError, match="OPENAI_API_KEY"):
        openai_suite.chat.completions.create(model="m", messages=[])


def test_group_that_was_kept_goes_by_the_settings_of_each_call(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    models = openai_suite.models
    with serve() as server:
        monkeypatch.setitem(vars(openai_suite), "base_url", server.base_url)
        monkeypatch.setitem(vars(openai_suite), "api_key", server.api_key)
        assert models.list().data
        assert models.with_raw_response.list().status_code == 200
        monkeypatch.setitem(vars(openai_suite), "organization", "org-1")
        models.list()
        assert headers_of(server)["openai-organization"] == "org-1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("api_key", None),
        ("timeout", openai_suite.DEFAULT_TIMEOUT),
        ("max_retries", openai_suite.DEFAULT_MAX_RETRIES),
    ],
)
def test_settings_that_were_not_set(name: str, value: object):
    assert getattr(openai_suite, name) == value
    assert name not in vars(openai_suite)


def test_editors_see_the_settings_and_all_groups_and_no_more():
    assert {*module_client.SETTINGS, *module_client.groups()} <= {*dir(openai_suite)}
    source = inspect.getsource(module_client)
    for group in module_client.groups():
        assert f"    {group} = _typed.{group}\n" in source


def test_nothing_is_made_until_a_group_is_used():
    code = (
        "import sys, openai_suite; openai_suite.api_key = 'sk-1';"
        "assert openai_suite.responses; print('httpx' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
