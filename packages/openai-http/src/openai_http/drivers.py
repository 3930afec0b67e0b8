"""The two drivers that run any flow: one calls, one awaits. They decide nothing."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar, cast

from openai_http.errors import APIConnectionError
from openai_http.flows import Read, Send

if TYPE_CHECKING:
    from openai_http.flows import Flow, Step
    from openai_http.transport import AsyncExchange, AsyncTransport, Exchange, Transport

T = TypeVar("T")


def run(flow: Flow[T], transport: Transport) -> T:
    """Run a flow to its end and give what it returns."""
    try:
        step = next(flow)
        while True:
            try:
                outcome = _perform(step, transport)
            except Exception as error:  # noqa: BLE001 - the flow decides
                step = flow.throw(error)
            else:
                step = flow.send(outcome)
    except StopIteration as done:
        return cast("T", done.value)
    finally:
        flow.close()


def _perform(step: Step, transport: Transport) -> object:
    if isinstance(step, Send):
        return transport.send(step.request, step.timeout)
    if isinstance(step, Read):
        return _read(cast("Exchange", step.exchange))
    time.sleep(step.seconds)
    return None


def _read(exchange: Exchange) -> None:
    pieces: list[bytes] = []
    try:
        pieces.extend(exchange)
    except APIConnectionError as error:
        error.body = b"".join(pieces)
        raise
    finally:
        exchange.close()
    exchange.response.content = b"".join(pieces)


async def run_async(flow: Flow[T], transport: AsyncTransport) -> T:
    """Run a flow to its end and give what it returns."""
    try:
        step = next(flow)
        while True:
            try:
                outcome = await _perform_async(step, transport)
            except Exception as error:  # noqa: BLE001 - the flow decides
                step = flow.throw(error)
            else:
                step = flow.send(outcome)
    except StopIteration as done:
        return cast("T", done.value)
    finally:
        flow.close()


async def _perform_async(step: Step, transport: AsyncTransport) -> object:
    if isinstance(step, Send):
        return await transport.send(step.request, step.timeout)
    if isinstance(step, Read):
        return await _read_async(cast("AsyncExchange", step.exchange))
    import anyio

    await anyio.sleep(step.seconds)
    return None


async def _read_async(exchange: AsyncExchange) -> None:
    pieces: list[bytes] = []
    try:
        async for piece in exchange:
            pieces.append(piece)  # noqa: PERF401 - a comprehension would lose them on an error
    except APIConnectionError as error:
        error.body = b"".join(pieces)
        raise
    finally:
        await exchange.aclose()
    exchange.response.content = b"".join(pieces)
