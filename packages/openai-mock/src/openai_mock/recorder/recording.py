"""Passes requests on to a server, and its answers back, and records both.

Decides in which order that is done (what happened is recorded before the client sees it, so that
nothing that the client does in answer to it is recorded earlier), and what it means that the
client goes away. The server's side is in `upstream`, the client's in `client`.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from typing import TYPE_CHECKING

from openai_mock.recorder.exchange import Accepted, End, Message
from openai_mock.recorder.upstream import RefusedError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from openai_mock.recorder.asked import Asked
    from openai_mock.recorder.client import Client
    from openai_mock.recorder.upstream import Upstream
    from openai_mock.recorder.upstream_socket import UpstreamSocket
    from openai_mock.recorder.writer import Take, TapeWriter

BAD_GATEWAY = 502

logger = logging.getLogger("openai_mock.recorder")


class Recording:
    """Answers each request as a server does, and records it.

    Args:
        upstream: The server.
        writer: Writes the tape.
    """

    def __init__(self, upstream: Upstream, writer: TapeWriter) -> None:
        self._upstream = upstream
        self._writer = writer

    async def __call__(self, client: Client) -> None:
        """Answer one request."""
        asked = await client.asked()
        take = self._writer.begin(asked)
        try:
            if asked.is_websocket:
                await self._talk(client, asked, take)
            else:
                await _unless(client.left(), self._relay(client, asked, take))
        except UnreachableError as error:
            logger.warning("%s is not recorded: %s", take.request, error)
            await client.refuse(BAD_GATEWAY, str(error), code="upstream_unreachable")
            return
        except asyncio.CancelledError:  # the recording ends before the answer does
            self._finish(take)
            raise
        self._finish(take)

    def _finish(self, take: Take) -> None:
        take.add(End("abandoned", take.elapsed()))  # unless it has ended otherwise
        self._writer.finish(take)

    async def _relay(self, client: Client, asked: Asked, take: Take) -> None:
        async with aclosing(self._upstream.exchange(asked, take.elapsed)) as events:
            async for event in events:
                take.add(event)
                await client.play(event)

    async def _talk(self, client: Client, asked: Asked, take: Take) -> None:
        try:
            async with self._upstream.socket(asked, take.elapsed) as socket:
                accepted = Accepted(socket.subprotocol, take.elapsed())
                take.add(accepted)
                await client.play(accepted)
                await _unless(_hear(client, socket, take), _listen(client, socket, take))
        except RefusedError as refused:
            for event in refused.events:
                take.add(event)
                await client.play(event)


async def _listen(client: Client, socket: UpstreamSocket, take: Take) -> None:
    """What the server sends, until it has ended."""
    while not take.ended:
        event = await socket.receive()
        if not take.ended:  # else the client closed it, and the server only confirms that
            take.add(event)
            await client.play(event)


async def _hear(client: Client, socket: UpstreamSocket, take: Take) -> None:
    """What the client sends, until it has ended."""
    while True:
        data = await client.message()
        if isinstance(data, End):
            take.add(End("closed", take.elapsed(), data.by, data.code, data.reason))
            await socket.close(data)
            return
        take.add(Message("client", data, take.elapsed()))
        await socket.send(data)


async def _unless(ending: Coroutine[None, None, None], work: Coroutine[None, None, None]) -> None:
    """Do the work until it is done or something else ends it."""
    tasks = [asyncio.create_task(ending), asyncio.create_task(work)]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result
