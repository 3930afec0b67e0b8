import asyncio
from typing import Any

import anyio
import pytest
from openai_http import OpenAIError, Timeout
from openai_http.connections.network import Network
from openai_http.messages import Request
from openai_http.transports.aiohttp import AiohttpTransport


def test_connection_that_the_pool_closes_is_that_of_what_is_received(server: Any):
    server.play((server.events(b"data: {}\n\n"), server.until_gone))

    async def close() -> None:
        transport = AiohttpTransport()
        exchange = await transport.send(Request("GET", f"{server.url}/x", {}), Timeout(60))
        assert exchange._loan is not None
        await exchange._loan.connection.aclose()
        assert exchange._received.closed
        await transport.aclose()

    asyncio.run(close())
    assert server.gone.wait(60)


def test_trio_is_refused(server: Any):
    async def call() -> None:
        with pytest.raises(OpenAIError, match=r"asyncio and uvloop only\. Leave transport out"):
            await AiohttpTransport().send(Request("GET", f"{server.url}/x", {}), None)

    anyio.run(call, backend="trio")
    assert not server.requests


def test_socks_is_refused(server: Any):
    async def call() -> None:
        transport = AiohttpTransport(Network(proxy="socks5://127.0.0.1:1"))
        with pytest.raises(OpenAIError, match=r"no SOCKS proxies\. Leave transport out"):
            await transport.send(Request("GET", f"{server.url}/x", {}), None)

    asyncio.run(call())
    assert not server.requests
