"""Groups of operations of which a program replaces something, as tests do."""

import gc
import weakref
from copy import copy, deepcopy
from typing import Any, cast
from unittest.mock import Mock, patch

import pytest
from openai_http import AsyncOpenAI, OpenAI
from openai_http.resources.beta import AsyncBetaThreads, BetaThreads
from openai_http.resources.chat import AsyncChat, Chat
from openai_http.resources.responses import AsyncResponses, Responses

# Any: whatever takes the place of a method.


def fake(**params: Any) -> dict[str, Any]:
    return params


@pytest.fixture(params=[OpenAI, AsyncOpenAI])
def client(request: pytest.FixtureRequest) -> Any:
    return request.param(api_key="sk-test")


def test_a_method_can_be_replaced(client: Any):
    client.chat.completions.create = fake

    assert client.chat.completions.create(model="m") == {"model": "m"}


def test_a_method_is_replaced_in_groups_that_were_made_before(client: Any):
    group, raw = client.chat.completions, client.chat.completions.with_raw_response
    usual = group.retrieve

    with patch.object(client.chat.completions, "create", new=fake):
        client.chat.completions.with_raw_response.create = fake
        assert group.create is raw.create is fake

    assert group.create is not fake
    assert group.retrieve == usual


def test_mocks_give_the_method_back(client: Any):
    kind = cast("Any", type(client.responses))

    with patch.object(client.responses, "create", new=fake):
        assert client.responses.create is fake

    assert client.responses.create.__func__ is kind.create


def test_monkeypatch_gives_the_method_back(client: Any, monkeypatch: pytest.MonkeyPatch):
    kind = cast("Any", type(client.beta.threads.runs))

    with monkeypatch.context() as patching:
        patching.setattr(client.beta.threads.runs, "list", fake)
        assert client.beta.threads.runs.list is fake

    assert client.beta.threads.runs.list.__func__ is kind.list


def test_a_group_can_be_replaced(client: Any):
    client.chat.completions = Mock()
    client.responses = Mock()
    client.responses.create.return_value = client.chat.completions.create.return_value = "mine"

    assert client.chat.completions.create(model="m") == client.responses.create() == "mine"
    other = client.with_options(max_retries=1)
    assert isinstance(other.responses, Responses | AsyncResponses)
    assert not isinstance(other.chat.completions, Mock)


def test_mocks_give_the_group_back(client: Any):
    with patch.object(client, "chat") as chat, patch.object(client.beta, "threads") as threads:
        assert client.chat is chat
        assert client.beta.threads is threads

    assert isinstance(client.chat, Chat | AsyncChat)
    assert isinstance(client.beta.threads, BetaThreads | AsyncBetaThreads)


def test_other_clients_and_groups_have_their_own(client: Any):
    client.chat.completions.create = None

    assert client.with_options(max_retries=1).chat.completions.create is not None
    assert client.with_key("sk-other").chat.completions.create is not None
    assert client.completions.create is not None
    assert client.chat.completions.with_raw_response.create is not None


@pytest.mark.parametrize("mode", ["with_raw_response", "with_streaming_response"])
def test_a_method_in_another_mode_can_be_replaced(client: Any, mode: str):
    def method() -> Any:
        return getattr(client.chat.completions, mode).create

    usual = cast("Any", type(client.chat.completions)).create

    with patch.object(getattr(client.chat.completions, mode), "create", new=fake):
        assert method() is fake
        assert getattr(client, mode).chat.completions.create is fake
        assert client.chat.completions.create.__func__ is usual
        assert getattr(client.with_key("sk-other").chat.completions, mode).create is not fake

    assert method().__name__ == "create"
    getattr(client.responses, mode).retrieve = fake
    assert getattr(client.responses, mode).retrieve is fake


@pytest.mark.parametrize("mode", ["with_raw_response", "with_streaming_response"])
def test_a_mode_can_be_replaced(client: Any, mode: str):
    with patch.object(client.chat.completions, mode) as replaced:
        assert getattr(client.chat.completions, mode) is replaced
    with patch.object(client, mode) as replaced:
        assert getattr(client, mode) is replaced
        assert getattr(client.with_key("sk-other"), mode) is not replaced

    assert getattr(client.chat.completions, mode).create is not replaced.create
    assert getattr(client, mode).chat is not replaced.chat


def test_a_copy_of_a_group_is_one_of_the_same_client(client: Any):
    client.responses.create = fake
    for group in (client.responses, client.chat, client.with_raw_response.responses):
        assert type(copy(group)) is type(group)
    assert copy(client.responses).create is fake
    view = copy(client.responses.with_streaming_response)
    assert view.retrieve.__name__ == "retrieve"

    with pytest.raises(TypeError, match="cannot be pickled: it holds connections and a key"):
        deepcopy(client.chat.completions)
    with pytest.raises(TypeError, match="cannot be pickled: it holds connections and a key"):
        deepcopy(client.chat.completions.with_streaming_response)


def test_a_group_can_be_referred_to_weakly(client: Any):
    kept = weakref.WeakKeyDictionary[object, int]()
    group = client.chat.completions
    kept[group] = 1

    assert kept[group] == 1
    del group
    gc.collect()
    assert not kept


def test_a_client_whose_methods_nobody_replaced_is_freed_at_once(client: Any):
    kind = cast("Any", type(client))
    made = kind(api_key="sk-test")
    assert made.chat.completions.create is not None
    gone = weakref.ref(made)
    gc.disable()
    try:
        del made
        assert gone() is None
    finally:
        gc.enable()
