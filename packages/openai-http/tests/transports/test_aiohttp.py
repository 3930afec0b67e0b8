import asyncio
from typing import Any

from openai_http import Timeout
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
