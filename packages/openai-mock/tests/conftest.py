"""A server for all tests of a worker, a client that has its key, and its WebSocket."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import httpx
import pytest
from openai_mock import MockServer, serve
from openai_mock.state.ids import Identifiers
from websockets.sync.client import ClientConnection, connect

from .posting.receivers import Inbox, receiving

Opened = AbstractContextManager[ClientConnection]
# The library is changing what its function returns; all that is returned can be entered.
opening: Callable[..., Opened] = connect


@pytest.fixture(scope="session")
def mock() -> Iterator[MockServer]:
    with serve() as server:
        yield server


@pytest.fixture(scope="session")
def client(mock: MockServer) -> Iterator[httpx.Client]:
    headers = {"authorization": f"Bearer {mock.api_key}"}
    with httpx.Client(base_url=mock.base_url, headers=headers, trust_env=False) as made:
        yield made


@pytest.fixture
def talk(mock: MockServer) -> Callable[..., Opened]:
    """Opens a WebSocket; by default with the right key."""

    def opened(
        path: str = "/realtime?model=gpt-realtime", key: str = mock.api_key, **options: Any
    ) -> Opened:
        url = mock.base_url.replace("http", "ws") + path
        headers = {"authorization": f"Bearer {key}"}
        return opening(url, additional_headers=headers, proxy=None, **options)

    return opened


@pytest.fixture
def talk_to() -> Callable[..., Opened]:
    """Opens a WebSocket of any server, with its key and more headers."""

    def opened(server: MockServer, path: str, **headers: str) -> Opened:
        sent = {"authorization": f"Bearer {server.api_key}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        url = server.base_url.replace("http", "ws") + path
        return opening(url, additional_headers=sent, proxy=None)

    return opened


@pytest.fixture
def ids() -> Identifiers:
    return Identifiers()


@pytest.fixture
def watched() -> Iterator[MockServer]:
    """A server of its own, whose journal begins with the test."""
    with serve() as server:
        yield server


@pytest.fixture
def caller(watched: MockServer) -> Iterator[httpx.Client]:
    headers = {"authorization": f"Bearer {watched.api_key}"}
    with httpx.Client(base_url=watched.base_url, headers=headers, trust_env=False) as made:
        yield made


@pytest.fixture
def faulty(client: httpx.Client) -> Callable[..., httpx.Response]:
    """Asks for a chat completion with something wrong with it; a stream by default."""

    def asked(fault: str, *, stream: bool = True, path: str = "chat/completions") -> httpx.Response:
        messages = [{"role": "user", "content": "Hi"}]
        what = {"messages": messages} if path.startswith("chat") else {"input": "Hi"}
        body = {"model": "gpt-5.5", "stream": stream, **what}
        return client.post(f"/{path}", json=body, headers={"x-mock-fault": fault})

    return asked


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with receiving() as made:
        yield made
