"""The two drivers that run any flow: one calls, one awaits. They decide nothing."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar, cast

from openai_types.keys import ask, ask_async

from openai_http.errors import APIConnectionError
from openai_http.steps import AskKey, Read, Send, Sleep

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from openai_http.steps import Flow, Step
    from openai_http.transport import AsyncReceived, AsyncTransport, Received, Transport

T = TypeVar("T")


def run(flow: Flow[T], transport: Transport) -> T:
    """Run a flow to its end and give what it returns."""
    try:
        step = next(flow)
        while True:
            try:
                outcome = _perform(step, transport)
            except GeneratorExit:
                raise
            except BaseException as error:  # noqa: BLE001 - the flow decides
                step = flow.throw(error)
            else:
                step = flow.send(outcome)
    except StopIteration as done:
        return cast("T", done.value)
    finally:
        flow.close()


def _perform(step: Step, transport: Transport) -> object:
    if isinstance(step, Send):
        if step.watch is None:
            return transport.send(step.request, step.timeout)
        from openai_http.timing.watched import send_watched

        return send_watched(transport, step.request, step.timeout, step.watch)
    if isinstance(step, Read):
        return read(cast("Received", step.exchange))
    if isinstance(step, Sleep):
        return time.sleep(step.seconds)
    if isinstance(step, AskKey):
        return ask(step.function)
    from openai_http.hooks.telling import tell

    return tell(step)


def read(exchange: Received) -> None:
    """Read the body of an exchange into its response and release the connection."""
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
                outcome = await _begin(step, transport)
            except GeneratorExit:
                raise
            except BaseException as error:  # noqa: BLE001 - the flow decides
                step = flow.throw(error)
            else:
                step = flow.send(outcome)
    except StopIteration as done:
        return cast("T", done.value)
    finally:
        flow.close()


def _begin(step: Step, transport: AsyncTransport) -> Awaitable[object]:
    """What is to be awaited for a step. Not a coroutine itself, which each call would pay for."""
    if isinstance(step, Send):
        if step.watch is None:
            return transport.send(step.request, step.timeout)
        from openai_http.timing.watched import send_watched_async

        return send_watched_async(transport, step.request, step.timeout, step.watch)
    if isinstance(step, Read):
        return read_async(cast("AsyncReceived", step.exchange))
    if isinstance(step, Sleep):
        import anyio

        return anyio.sleep(step.seconds)
    if isinstance(step, AskKey):
        return ask_async(step.function)
    from openai_http.hooks.telling import tell_async

    return tell_async(step)


async def read_async(exchange: AsyncReceived) -> None:
    """Read the body of an exchange into its response and release the connection."""
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
