import importlib.util
import ssl
import threading
from typing import Any

import httpx
import pytest
from openai_http import AsyncOpenAI, Limits, OpenAI, OpenAIError, PoolStats
from openai_http.connections import shared as module
from openai_http.connections.network import Network


class Own:
    """A transport of a user's."""

    def __init__(self) -> None:
        self.closed = 0

    def send(self, request: Any, timeout: Any) -> Any:
        del request, timeout
        raise AssertionError

    def stats(self) -> PoolStats:
        return PoolStats(1, 1, 0, 0, None)

    def close(self) -> None:
        self.closed += 1


def test_transport_of_the_user_s_is_used_and_closed():
    own = Own()
    with OpenAI(api_key="sk-1", transport=own) as client:
        assert client.pool.stats().open == 1
    assert own.closed == 1


@pytest.mark.parametrize("name", ["http2", "httpx2", "pyreqwest"])
def test_transport_whose_package_is_missing_says_what_to_install(
    name: str, monkeypatch: pytest.MonkeyPatch
):
    def find(_: str) -> None:
        return None

    monkeypatch.setattr(module, "find_spec", find)
    with pytest.raises(OpenAIError, match=rf'"{name}" needs the package .*openai-http\[{name}\]'):
        OpenAI(api_key="sk-1", transport=name)  # type: ignore[arg-type]
    with pytest.raises(OpenAIError, match=r"openai-http\[aiohttp\], or openai-suite\[aiohttp\]"):
        AsyncOpenAI(api_key="sk-1", transport="aiohttp")
    assert importlib.util.find_spec("httpx")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"transport": "curl"}, 'transport is "curl". Pass one of "httpx", "http2", "httpx2"'),
        ({"transport": "aiohttp"}, "is for AsyncOpenAI"),
        (
            {"transport": "pyreqwest", "verify": ssl.create_default_context()},
            "takes no ssl.SSLContext. Pass ca=file",
        ),
        ({"transport": object()}, "transport is of type object"),
        ({"transport": Own}, "transport is a class"),
        ({"transport": Own(), "proxy": None}, "not for a transport of your own"),
        ({"http_client": httpx.Client(), "limits": Limits(1)}, "not for a http_client of your own"),
        ({"http_client": httpx.Client(), "transport": "httpx"}, "not both"),
    ],
)
def test_what_does_not_go_together_is_refused(wrong: dict[str, Any], message: str):
    with pytest.raises(OpenAIError, match=message):
        OpenAI(api_key="sk-1", **wrong)


def test_transport_of_the_other_kind_is_refused():
    wrong: Any = Own()
    with pytest.raises(OpenAIError, match="AsyncOpenAI needs an AsyncTransport"):
        AsyncOpenAI(api_key="sk-1", transport=wrong)


def test_statistics_before_the_first_call_and_of_a_client_that_tells_none():
    assert OpenAI(api_key="sk-1", limits=Limits(7)).pool.stats() == PoolStats(0, 0, 0, 0, 7)
    client = OpenAI(api_key="sk-1", http_client=httpx.Client())
    with client, pytest.raises(OpenAIError, match="Leave http_client out"):
        client.pool.stats()


def test_client_of_the_user_s_is_closed_though_nothing_was_sent():
    own = httpx.Client()
    OpenAI(api_key="sk-1", http_client=own).close()
    assert own.is_closed


def test_client_that_is_closed_while_its_transport_is_made_sends_nothing():
    """The first call of a process takes a while to make it."""

    class Slow(module.Connections[Any, Any]):
        def _made(self) -> Any:
            made = super()._made()
            self.closed = True
            assert self.transport_to_close is None  # so nobody else closes it
            return made

    connections = Slow(None, None, Network(), asynchronous=False)
    for _ in range(2):
        with pytest.raises(OpenAIError, match="This client is closed"):
            _ = connections.transport


def test_threads_that_begin_at_once_share_a_transport():
    count, made = 4, list[object]()
    barrier = threading.Barrier(count)

    class Slow(module.Connections[Any, Any]):
        def _made(self) -> Any:
            barrier.wait(60)  # until all threads are here
            return super()._made()

    connections = Slow(None, None, Network(), asynchronous=False)
    threads = [
        threading.Thread(target=lambda: made.append(connections.transport)) for _ in range(count)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [connections.transport] * count
