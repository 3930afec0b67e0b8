"""Where the modes are reached from, and that groups are themselves in each of them."""

import inspect
from collections.abc import Callable
from operator import attrgetter
from typing import Any

import pytest
from openai_http import (
    APIResponse,
    AsyncOpenAI,
    AsyncResponseContextManager,
    LegacyAPIResponse,
    OpenAI,
    ResponseContextManager,
)

# Any: attributes that are reached by name.

CALL: dict[str, Any] = {"model": "gpt-test", "messages": []}
RAW_PATHS = [
    "chat.completions.with_raw_response",
    "chat.with_raw_response.completions",
    "with_raw_response.chat.completions",
    "beta.with_raw_response.chat.completions",
    "with_raw_response.with_raw_response.chat.completions",
    "with_streaming_response.chat.with_raw_response.completions",
]


@pytest.mark.anyio
@pytest.mark.parametrize("path", RAW_PATHS)
async def test_raw_mode_from_every_level(path: str, server: Any, caller: Any):
    server.play(server.json())
    async with caller.client() as client:
        response: Any = await caller.do(attrgetter(path)(client).create, **CALL)

    assert response.parse().id == "chatcmpl-1"
    assert isinstance(response, LegacyAPIResponse)


@pytest.mark.parametrize("path", [each.replace("raw", "streaming") for each in RAW_PATHS[:4]])
def test_streaming_mode_from_every_level(path: str, server: Any):
    server.play(server.json())
    with OpenAI(api_key="k", base_url=server.url) as client:
        manager: Any = attrgetter(path)(client).create(**CALL)
        with manager as response:
            assert response.parse().id == "chatcmpl-1"
            assert isinstance(response, APIResponse)
        assert isinstance(manager, ResponseContextManager)


def test_asynchronous_clients_give_asynchronous_managers():
    client = AsyncOpenAI(api_key="k")

    manager = client.files.with_streaming_response.list()

    assert isinstance(manager, AsyncResponseContextManager)


def test_pages_lead_to_the_following_ones(server: Any):
    page = {"object": "list", "data": [{"id": "file-1"}], "has_more": True}
    server.play(
        server.json(200, page),
        server.json(200, {**page, "data": [{"id": "file-2"}], "has_more": False}),
    )
    with OpenAI(api_key="k", base_url=server.url) as client:
        response = client.files.with_raw_response.list(limit=1)
        assert [each.id for each in response.parse()] == ["file-1", "file-2"]
    assert [each.target for each in server.requests] == [
        "/v1/files?limit=1",
        "/v1/files?limit=1&after=file-1",
    ]


@pytest.mark.parametrize("path", ["with_raw_response", "with_streaming_response"])
def test_methods_keep_their_signatures_and_their_documentation(path: str):
    files = OpenAI(api_key="k").files
    method: Callable[..., object] = attrgetter(f"{path}.retrieve")(files)

    assert inspect.signature(method) == inspect.signature(files.retrieve)
    assert inspect.getdoc(method) == inspect.getdoc(files.retrieve) == "Get a file."
    assert "retrieve" in dir(attrgetter(path)(files))


def test_coroutine_functions_stay_what_they_are():
    """Libraries that wrap the methods of clients decide by this how they do it."""
    client = AsyncOpenAI(api_key="k")

    assert inspect.iscoroutinefunction(client.files.retrieve)
    assert inspect.iscoroutinefunction(client.chat.completions.create)
    assert inspect.iscoroutinefunction(client.files.with_raw_response.retrieve)


def test_unknown_parameters_are_refused_in_every_mode():
    client = OpenAI(api_key="k")

    with pytest.raises(TypeError, match="modell"):
        attrgetter("chat.completions.with_raw_response.create")(client)(**CALL, modell="x")
    manager = attrgetter("chat.completions.with_streaming_response.create")(client)(**CALL, n2=1)
    with pytest.raises(TypeError, match="n2"), manager:
        pass
