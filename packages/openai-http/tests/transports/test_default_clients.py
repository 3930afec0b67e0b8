import sys
from typing import Any

import httpx
import httpx2
import pytest
import respx
from openai_http import (
    DEFAULT_TIMEOUT,
    AsyncOpenAI,
    DefaultAioHttpClient,
    DefaultAsyncHttpx2Client,
    DefaultAsyncHttpxClient,
    DefaultHttpx2Client,
    DefaultHttpxClient,
    OpenAI,
    OpenAIError,
)

pytestmark = pytest.mark.anyio
ON_ASYNCIO: Any = pytest.mark.parametrize("kind", ["asyncio"], indirect=True)
ANSWER: dict[str, Any] = {"id": "c", "choices": []}


def test_default_clients_have_the_defaults_of_the_official_package():
    with DefaultHttpxClient() as client:
        assert client.timeout == httpx.Timeout(600, connect=5)
        assert client.follow_redirects
        assert OpenAI(api_key="sk-1", http_client=client).timeout is None  # it has its own
    with DefaultHttpxClient(timeout=3, follow_redirects=False) as client:
        assert (client.timeout, client.follow_redirects) == (httpx.Timeout(3), False)


def test_default_clients_of_httpx2_have_the_same_defaults():
    with DefaultHttpx2Client() as client:
        assert isinstance(client, httpx2.Client)
        assert client.timeout == httpx2.Timeout(600, connect=5)
        assert client.follow_redirects
    with DefaultHttpx2Client(timeout=3, follow_redirects=False) as client:
        assert (client.timeout, client.follow_redirects) == (httpx2.Timeout(3), False)


def test_default_client_of_httpx2_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "httpx2", None)
    with pytest.raises(OpenAIError, match=r"Install openai-http\[httpx2\]"):
        DefaultAsyncHttpx2Client()


@pytest.mark.parametrize("kind", ["threads", "asyncio", "trio"], indirect=True)
@pytest.mark.parametrize(
    "made",
    [
        (DefaultHttpxClient, DefaultAsyncHttpxClient),
        (DefaultHttpx2Client, DefaultAsyncHttpx2Client),
    ],
    ids=["httpx", "httpx2"],
)
async def test_default_clients_send(caller: Any, server: Any, made: Any):
    server.play(server.json(), server.whole_stream())
    own: Any = made[0]() if caller.threads else made[1]()
    received: list[Any] = []
    async with caller.client(http_client=own) as client:
        assert (await caller.chat(client)).id == "chatcmpl-1"
        await caller.collect(await caller.chat(client, stream=True), received)
    assert len(received) == 2
    assert own.is_closed


@ON_ASYNCIO
async def test_default_client_with_aiohttp_sends_with_hooks(caller: Any, server: Any):
    server.play(server.json(200, ANSWER, content_type="application/json"), server.whole_stream())
    seen: list[str] = []

    async def hook(request: httpx.Request) -> None:
        seen.append(request.method)

    own = DefaultAioHttpClient(event_hooks={"request": [hook]}, headers={"x-own": "1"})
    received: list[Any] = []
    async with caller.client(http_client=own) as client:
        assert (await caller.chat(client)).id == "c"
        await caller.collect(await caller.chat(client, stream=True), received)
    assert (len(received), seen) == (2, ["POST", "POST"])
    assert server.requests[0].headers["x-own"] == "1"
    assert own.is_closed


def test_default_client_with_aiohttp_says_what_is_missing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "openai_http.transports.aiohttp", None)
    with pytest.raises(OpenAIError, match=r"Install openai-http\[aiohttp\]"):
        DefaultAioHttpClient()


@pytest.mark.parametrize("kind", ["threads", "asyncio", "trio"], indirect=True)
async def test_row_27_client_of_httpx2_is_used_as_it_is(caller: Any, server: Any):
    server.play(server.json(), server.whole_stream(), server.gate())
    own: Any = httpx2.Client(headers={"x-own": "1"}) if caller.threads else httpx2.AsyncClient()
    received: list[Any] = []
    async with caller.client(http_client=own) as client:
        assert client.timeout == DEFAULT_TIMEOUT
        assert (await caller.chat(client)).id == "chatcmpl-1"
        await caller.collect(await caller.chat(client, stream=True), received)
        with pytest.raises(OpenAIError, match="read=seconds"):
            await caller.chat(client, timeout=0.05)
    assert len(received) == 2
    assert own.is_closed


@respx.mock
def test_row_24_respx_answers_instead_of_the_network():
    route = respx.post("https://api.test/v1/chat/completions").respond(json=ANSWER)
    client = OpenAI(api_key="sk-1", base_url="https://api.test/v1", max_retries=0)
    assert client.chat.completions.create(model="m", messages=[]).id == "c"
    assert route.calls.last.request.headers["authorization"] == "Bearer sk-1"


@ON_ASYNCIO
@respx.mock
async def test_row_24_respx_answers_asynchronous_clients_too(kind: str):
    del kind
    respx.post("https://api.test/v1/chat/completions").respond(json=ANSWER)
    client = AsyncOpenAI(api_key="sk-1", base_url="https://api.test/v1", max_retries=0)
    assert (await client.chat.completions.create(model="m", messages=[])).id == "c"
    await client.close()
