"""Responses that httpx is receiving: how their bodies are read, and their connections released.

Knows no more of httpx than what a response of it can do; httpx itself is named in `httpx`.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, cast

from anyio import CancelScope, current_time

from openai_http.bodies.inflating import inflater_of
from openai_http.errors import APIResponseValidationError
from openai_http.messages import Response
from openai_http.transports.aborting import abort_http1
from openai_http.transports.exchanges import MOMENT, Receiving
from openai_http.transports.explaining import raise_explained
from openai_http.transports.finishing import finish
from openai_http.transports.generators import begun, first
from openai_http.transports.httpx_errors import meaning_of
from openai_http.transports.limited_backend import LimitedStream

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable, Iterator

    from openai_http.bodies.inflating import Inflater
    from openai_http.messages import Request
    from openai_http.transports.httpx import (
        AsyncConnection,
        AsyncHttpxTransport,
        HttpxTransport,
        Received,
        SyncConnection,
    )
    from openai_http.transports.pools import AsyncPool, SyncPool

_MOST_BUFFERED = 10_000  # pieces of a body that were received and not read yet


class HttpxExchange(Receiving["SyncConnection"]):
    """A response that httpx is receiving."""

    __slots__ = ("_pool", "_received")

    def __init__(
        self, request: Request, received: Received, owner: HttpxTransport | None = None
    ) -> None:
        super().__init__(_head(request, received), owner)
        self._received = received

    def hold(self, pool: SyncPool[SyncConnection], connection: SyncConnection) -> None:
        """Have a connection, which goes back to its pool when this is closed, or is gone."""
        abort = partial(abort_http1, self.response.http_version, self._received.extensions)
        self._pool, self._loan = pool, pool.lend(connection, self, abort)

    def __iter__(self) -> Iterator[bytes]:
        is_own = self._owner is not None
        inflater = _inflater(self.response, self._received, is_own=is_own)
        is_raw = _is_raw(inflater, is_own=is_own)
        stream = cast("Iterable[bytes]", self._received.stream)
        pieces = iter(stream if is_raw else self._received.iter_bytes())
        try:
            for piece in pieces:
                yield from (piece,) if inflater is None else inflater.feed(piece)
            if inflater is not None:
                inflater.finish()
        except GeneratorExit:
            self._whole = self._ends_now(pieces)
            raise
        except Exception as error:  # noqa: BLE001 - it is raised again
            raise_explained(meaning_of, error, self.response.wire_request)
        self._whole = True

    def _ends_now(self, pieces: Iterator[bytes]) -> bool:
        """Whether nothing is left of the body but its end, so that the connection serves again."""
        stream = self._received.extensions.get("network_stream")
        is_own = self._received.http_version != "HTTP/2"  # otherwise others read it, too
        if self._ends and is_own and isinstance(stream, LimitedStream):
            with stream.limited_to(MOMENT), suppress(Exception):
                return next(pieces, None) is None
        return False

    def close(self) -> None:
        """Release the connection."""
        reusable = False
        try:
            self._received.close()
            reusable = self._whole and _stays_open(self.response)
        finally:
            if self._loan is not None:
                self._pool.give_back(self._loan, reusable=reusable)


class AsyncHttpxExchange(Receiving["AsyncConnection"]):
    """A response that httpx is receiving, for asynchronous code."""

    __slots__ = ("_is_shared", "_pool", "_received")

    def __init__(
        self, request: Request, received: Received, owner: AsyncHttpxTransport | None = None
    ) -> None:
        super().__init__(_head(request, received), owner)
        self._received = received
        self._is_shared = False

    def hold(
        self, pool: AsyncPool[AsyncConnection], connection: AsyncConnection, *, is_shared: bool
    ) -> None:
        """Have a connection, which goes back to its pool when this is closed, or is gone.

        One that is shared has a pool of its library below it.
        """
        abort = partial(abort_http1, self.response.http_version, self._received.extensions)
        self._pool, self._loan = pool, pool.lend(connection, self, abort)
        self._is_shared = is_shared

    def __aiter__(self) -> AsyncIterator[bytes]:
        return begun(self._read())

    async def _read(self) -> AsyncGenerator[bytes]:
        yield b""  # here it begins
        is_own = self._owner is not None
        inflater = _inflater(self.response, self._received, is_own=is_own)
        stream = cast("AsyncIterable[bytes]", self._received.stream)
        is_raw = _is_raw(inflater, is_own=is_own)
        pieces = aiter(stream if is_raw else self._received.aiter_bytes())
        try:
            piece = await first(pieces)
            while piece is not None:
                for inflated in (piece,) if inflater is None else inflater.feed(piece):
                    yield inflated
                piece = await anext(pieces, None)
            if inflater is not None:
                inflater.finish()
        except (GeneratorExit, APIResponseValidationError):
            self._whole = await _unwind(pieces, ends=self._ends)
            raise
        except Exception as error:  # noqa: BLE001 - it is raised again
            raise_explained(meaning_of, error, self.response.wire_request)
        self._whole = True

    async def aclose(self) -> None:
        """Release the connection."""
        reusable = False
        try:
            closing = self._received.aclose()
            await (finish(closing) if self._is_shared else closing)
            reusable = self._whole and _stays_open(self.response)
        finally:
            if self._loan is not None:
                await self._pool.give_back(self._loan, reusable=reusable)


def _inflater(response: Response, received: Received, *, is_own: bool) -> Inflater | None:
    """What inflates the body; a client of the user's asks for what it can inflate itself."""
    is_inflated = received.is_stream_consumed
    return inflater_of(response, is_inflated=is_inflated, asks_itself=not is_own)


def _is_raw(inflater: Inflater | None, *, is_own: bool) -> bool:
    """Whether the body is taken as it was sent, past all that httpx does with it for clients."""
    return is_own if inflater is None else inflater.inflates


def _head(request: Request, received: Received) -> Response:
    return Response(
        received.status_code,
        received.headers.raw,
        request,
        http_version=received.http_version,
    )


def _stays_open(response: Response) -> bool:
    return response.headers.get("connection", "").lower() != "close"


async def _unwind(pieces: AsyncIterator[bytes], *, ends: bool) -> bool:
    """End generators that are nested in each other, of which only the outermost can be closed.

    The innermost one waits for the network: cancelling that wait ends them all. Otherwise the
    garbage collector would, some time, in tasks of its own.

    Returns:
        Whether nothing was left of the body but its end, so that the connection serves again.
    """
    with CancelScope() as scope, suppress(Exception):
        if ends:
            scope.deadline = current_time() + MOMENT
            if await anext(pieces, None) is None:
                return True
        scope.cancel()
        for _ in range(_MOST_BUFFERED):
            await anext(pieces)
    return False
