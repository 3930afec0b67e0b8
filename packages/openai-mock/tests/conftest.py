"""A server for all tests of a worker, a client that has its key, and its WebSocket."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import httpx
import pytest
from openai_mock import MockServer, serve
from openai_mock.ids import Identifiers
from websockets.sync.client import ClientConnection, connect

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
def ids() -> Identifiers:
    return Identifiers()
