"""What becomes of a connection between calls; the rest is in test_every_transport."""

from typing import Any

import anyio
import httpx
import httpx2
import pytest
from openai_http import Limits
from openai_http.transports.one_connection import AsyncOneConnection, OneConnection, keep_one

pytestmark = pytest.mark.anyio
EITHER = pytest.mark.parametrize("library", ["httpx", "httpx2"])


@EITHER
async def test_connection_that_the_server_closed_meanwhile_is_not_used_again(
    caller: Any, server: Any, library: str
):
    server.play((server.json(), server.close), server.json(), server.json())
    async with caller.client(transport=library) as client:
        await caller.chat(client)
        await anyio.to_thread.run_sync(server.gone.wait, 60)
        await caller.chat(client)
        await caller.chat(client)
    assert [request.connection for request in server.requests] == [0, 1, 1]


@EITHER
async def test_connection_that_was_idle_for_too_long_is_not_used_again(
    caller: Any, server: Any, library: str
):
    server.play(server.json(), server.json())
    async with caller.client(transport=library, limits=Limits(keepalive_expiry=0)) as client:
        await caller.chat(client)
        await caller.chat(client)
    assert [request.connection for request in server.requests] == [0, 1]


@EITHER
async def test_connection_that_http_itself_ends_is_not_used_again(
    caller: Any, server: Any, library: str
):
    older = server.json().replace(b"HTTP/1.1", b"HTTP/1.0")
    server.play(older, server.json())
    async with caller.client(transport=library) as client:
        await caller.chat(client)
        await caller.chat(client)
    assert [request.connection for request in server.requests] == [0, 1]


@pytest.mark.parametrize("installed", [httpx, httpx2])
def test_transports_of_the_installed_libraries_take_it(installed: Any):
    transport, other = installed.HTTPTransport(), installed.AsyncHTTPTransport()
    keep_one(transport)
    keep_one(other)
    assert isinstance(transport._pool, OneConnection)
    assert isinstance(other._pool, AsyncOneConnection)


def test_transport_that_keeps_its_pool_elsewhere_is_left_alone():
    transport = httpx.MockTransport(lambda _: httpx.Response(200))
    keep_one(transport)
    assert vars(transport).keys() == {"handler"}
