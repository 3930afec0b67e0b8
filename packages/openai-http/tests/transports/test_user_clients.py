"""A client of the user's gets back what streams had of it, also those that nobody closed."""

import asyncio
import socket
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai_http import (
    DEFAULT_TIMEOUT,
    NOT_GIVEN,
    APIConnectionError,
    AsyncOpenAI,
    DeadlineExceededError,
    OpenAI,
    RetryPolicy,
)

CHUNK = b'data: {"choices": [{"index": 0, "delta": {"content": "Hello"}}]}\n\n'
LIBRARIES = pytest.mark.parametrize("library", ["httpx", "httpx2"])
CALL: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "Hello?"}]}


def settings(server: Any, library: str, kind: str) -> dict[str, Any]:
    module = import_module(library)
    only_one = module.Limits(max_connections=1)
    client = getattr(module, kind)(limits=only_one, timeout=module.Timeout(60, pool=0))
    return {"api_key": "sk-1", "base_url": server.url, "max_retries": 0, "http_client": client}


@LIBRARIES
def test_stream_that_is_left_gives_its_place_back(library: str, server: Any):
    server.play((server.events(CHUNK), server.until_gone), server.json())
    with OpenAI(**settings(server, library, "Client")) as client:
        for _ in client.chat.completions.create(**CALL, stream=True):
            break
        assert server.gone.wait(60)
        assert client.models.retrieve("m").id == "chatcmpl-1"


@LIBRARIES
def test_asynchronous_stream_that_is_left_gives_its_place_back(library: str, server: Any):
    server.play((server.events(CHUNK), server.until_gone), server.json())

    async def leave() -> None:
        async with AsyncOpenAI(**settings(server, library, "AsyncClient")) as client:
            async for _ in await client.chat.completions.create(**CALL, stream=True):
                break
            assert server.gone.wait(60)
            assert (await client.models.retrieve("m")).id == "chatcmpl-1"

    asyncio.run(leave())


class BudgetError(Exception):
    """Of a user's own."""


@pytest.mark.anyio
@LIBRARIES
@pytest.mark.parametrize(
    ("error", "tries"),
    [(BudgetError("over"), 1), (ValueError("v"), 1), (AssertionError(), 1), (RuntimeError("r"), 2)],
    ids=repr,
)
async def test_whatever_a_client_raises_is_a_connection_error(
    library: str, error: Exception, tries: int, caller: Any
):
    """A mistake in code happens again; event loops and libraries raise RuntimeErrors that pass."""
    module = import_module(library)

    def fail(_: object) -> None:
        raise error

    kind = module.Client if caller.threads else module.AsyncClient
    http_client = kind(transport=module.MockTransport(fail))
    async with caller.client(
        http_client=http_client, max_retries=NOT_GIVEN, retry=RetryPolicy(1, 0)
    ) as client:
        with pytest.raises(APIConnectionError) as caught:
            await caller.chat(client)
    assert caught.value.__cause__ is error
    assert len(caught.value.attempts) == tries
    assert ("the HTTP client failed" in str(caught.value)) is (tries == 1)


@pytest.mark.anyio
@LIBRARIES
async def test_client_that_its_user_closed_is_not_tried_again(library: str, caller: Any):
    module = import_module(library)
    http_client = module.Client() if caller.threads else module.AsyncClient()
    async with caller.client(http_client=http_client, max_retries=2) as client:
        closing = http_client.close() if caller.threads else await http_client.aclose()
        assert closing is None
        with pytest.raises(APIConnectionError, match="client has been closed") as caught:
            await caller.chat(client)
    assert len(caught.value.attempts) == 1


@LIBRARIES
def test_copy_without_limits_has_none_whatever_those_of_the_client_are(library: str):
    seen: list[object] = []
    module = import_module(library)

    def answer(request: Any) -> Any:
        seen.append(request.extensions["timeout"]["read"])
        return module.Response(200, json={"data": []})

    http_client = module.Client(transport=module.MockTransport(answer), timeout=3)
    with OpenAI(api_key="sk-1", http_client=http_client) as client:
        client.models.list()
        client.with_options(timeout=None).models.list()
        client.with_options(max_retries=0).models.list()
    assert seen == [3, None, 3]


@pytest.mark.skipif(sys.platform == "win32", reason="has no such sockets")
@LIBRARIES
def test_deadline_holds_for_a_client_with_a_socket_of_unix(library: str, tmp_path: Path):
    module = import_module(library)
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        http_client = module.Client(transport=module.HTTPTransport(uds=path))
        with (
            OpenAI(api_key="sk-1", http_client=http_client, max_retries=0) as client,
            pytest.raises(DeadlineExceededError),
        ):
            client.models.list(deadline=0.2)


@LIBRARIES
def test_client_may_connect_again_by_itself(library: str):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    module = import_module(library)
    http_client = module.Client(transport=module.HTTPTransport(retries=1))
    with (
        OpenAI(api_key="sk-1", base_url=url, http_client=http_client, max_retries=0) as client,
        pytest.raises(APIConnectionError, match="it was refused"),
    ):
        client.models.list()


def test_copy_with_a_client_of_its_own_has_the_limits_of_that_or_the_usual():
    usual, own = httpx.Client(), httpx.Client(timeout=3)
    with OpenAI(api_key="sk-1", http_client=own) as client:
        assert client.timeout is None
        assert client.with_options(http_client=usual).timeout == DEFAULT_TIMEOUT
        assert client.with_options(http_client=usual, timeout=1).timeout == 1
        assert client.with_options(http_client=own).timeout is None
    usual.close()


@LIBRARIES
def test_hook_that_refuses_the_answer_is_named(library: str):
    module = import_module(library)

    def answer(_: Any) -> Any:
        return module.Response(429, json={"error": {"message": "slow down"}})

    def refuse(response: Any) -> None:
        response.raise_for_status()

    transport, hooks = module.MockTransport(answer), {"response": [refuse]}
    http_client = module.Client(transport=transport, event_hooks=hooks)
    with (
        OpenAI(api_key="sk-1", http_client=http_client, max_retries=0) as client,
        pytest.raises(APIConnectionError, match=r"(?s)a hook .*Leave raise_for_status\(\) out"),
    ):
        client.models.list()
