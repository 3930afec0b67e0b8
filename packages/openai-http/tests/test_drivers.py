import threading
import time
from collections.abc import AsyncIterator, Generator, Iterator
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint
from openai_http.drivers import run, run_async
from openai_http.errors import APIConnectionError
from openai_http.messages import Request, Response
from openai_http.steps import Read, Send, Sleep
from openai_types.errors import OpenAIError

pytestmark = pytest.mark.anyio

REQUEST = Request("POST", "http://h/v1", {})
ASYNCHRONOUS = pytest.mark.parametrize("kind", ["asyncio", "trio"], indirect=True)


class Exchange:
    """A body in memory, for both drivers; an exception among the pieces is raised in its place."""

    def __init__(self, *pieces: bytes | BaseException) -> None:
        self.response = Response(200, [], REQUEST)
        self.pieces = pieces
        self.released = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            if isinstance(piece, BaseException):
                raise piece
            yield piece

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            await checkpoint()
            yield piece

    def close(self) -> None:
        self.released += 1

    async def aclose(self) -> None:
        self.close()
        await checkpoint()


class Transport:
    def __init__(self, exchange: Any) -> None:
        self.exchange = exchange
        self.sent: list[tuple[Request, object]] = []

    def send(self, request: Request, timeout: object) -> Any:
        self.sent.append((request, timeout))
        if isinstance(self.exchange, BaseException):
            raise self.exchange
        return self.exchange

    def close(self) -> None:
        raise NotImplementedError


class AsyncTransport(Transport):
    async def send(self, request: Request, timeout: object) -> Any:
        await checkpoint()
        return super().send(request, timeout)

    async def aclose(self) -> None:
        raise NotImplementedError


class Ran:
    """A flow, which notes whether it was closed, and the driver for it."""

    def __init__(self, kind: str, exchange: Any = None) -> None:
        self.threads = kind == "threads"
        self.transport: Any = Transport(exchange) if self.threads else AsyncTransport(exchange)
        self.outcomes: list[object] = []
        self.ended = False

    def flow(self, *steps: Any) -> Generator[Any, Any, str]:
        try:
            for step in steps:
                try:
                    self.outcomes.append((yield step))
                except APIConnectionError as error:
                    self.outcomes.append(error)
            return "result"
        finally:
            self.ended = True

    async def run(self, *steps: Any) -> str:
        flow = self.flow(*steps)
        if self.threads:
            return run(flow, self.transport)
        return await run_async(flow, self.transport)


async def test_outcomes_are_sent_into_the_flow(kind: str):
    exchange = Exchange(b"He", b"llo")
    ran = Ran(kind, exchange)
    assert await ran.run(Send(REQUEST, None), Read(exchange), Sleep(0)) == "result"
    assert ran.outcomes == [exchange, None, None]
    assert ran.transport.sent == [(REQUEST, None)]
    assert exchange.response.content == b"Hello"
    assert exchange.released == 1


async def test_flow_without_steps_gives_its_result(kind: str):
    assert await Ran(kind).run() == "result"


async def test_error_of_a_step_is_thrown_into_the_flow(kind: str):
    error = APIConnectionError()
    ran = Ran(kind, error)
    assert await ran.run(Send(REQUEST, None)) == "result"
    assert ran.outcomes == [error]


async def test_error_that_the_flow_does_not_take_ends_it(kind: str):
    ran = Ran(kind, OpenAIError("a proxy needs a package"))
    with pytest.raises(OpenAIError, match="package"):
        await ran.run(Send(REQUEST, None), Sleep(0))
    assert ran.ended
    assert ran.outcomes == []


async def test_body_that_breaks_off_is_on_the_error(kind: str):
    error = APIConnectionError()
    exchange = Exchange(b"He", b"l", error)
    ran = Ran(kind)
    await ran.run(Read(exchange))
    assert ran.outcomes == [error]
    assert error.body == b"Hel"
    assert exchange.released == 1


@pytest.mark.parametrize("kind", ["threads"], indirect=True)
@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), SystemExit(1), GeneratorExit()])
async def test_interruption_closes_the_flow_and_passes(kind: str, interruption: BaseException):
    ran = Ran(kind, interruption)
    with pytest.raises(type(interruption)):
        await ran.run(Send(REQUEST, None))
    assert ran.ended
    assert ran.outcomes == []


@pytest.mark.parametrize("kind", ["threads"], indirect=True)
async def test_interruption_while_a_body_is_read_releases_the_connection(kind: str):
    exchange = Exchange(b"He", KeyboardInterrupt())
    ran = Ran(kind)
    with pytest.raises(KeyboardInterrupt):
        await ran.run(Read(exchange))
    assert ran.ended
    assert exchange.released == 1


@pytest.mark.parametrize("kind", ["threads"], indirect=True)
async def test_sleep_blocks_the_thread_for_as_long_as_the_flow_says(
    kind: str, monkeypatch: pytest.MonkeyPatch
):
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    await Ran(kind).run(Sleep(0.5))
    assert slept == [0.5]


@ASYNCHRONOUS
async def test_cancelled_sleep_closes_the_flow(kind: str):
    ran = Ran(kind)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ran.run, Sleep(3600))
        await anyio.wait_all_tasks_blocked()
        assert not ran.ended
        tasks.cancel_scope.cancel()
    assert ran.ended
    assert ran.outcomes == []


@ASYNCHRONOUS
async def test_row_13_cancelled_reading_releases_the_connection(kind: str):
    class Stalled(Exchange):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b"He"
            await anyio.sleep_forever()

    exchange = Stalled()
    ran = Ran(kind)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ran.run, Read(exchange))
        await anyio.wait_all_tasks_blocked()
        tasks.cancel_scope.cancel()
    assert ran.ended
    assert exchange.released == 1


@ASYNCHRONOUS
async def test_row_13_cancelled_call_releases_its_connection(kind: str, caller: Any, server: Any):
    del kind
    gate = server.gate()
    server.play((server.answer(200, "{", length=100), gate, server.until_gone))
    async with caller.client() as client, anyio.create_task_group() as tasks:
        tasks.start_soon(caller.chat, client)
        await anyio.to_thread.run_sync(gate.wait)
        gate.open()
        await anyio.wait_all_tasks_blocked()
        tasks.cancel_scope.cancel()
    assert server.gone.wait(60)


@ASYNCHRONOUS
async def test_cancelled_wait_for_another_attempt_frees_the_client(
    kind: str, caller: Any, server: Any
):
    del kind
    gate = server.gate()
    server.play((server.json(503, {}, retry_after="100"), gate), server.json())
    async with caller.client(max_retries=1) as client:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(caller.chat, client)
            await anyio.to_thread.run_sync(gate.wait)
            await anyio.wait_all_tasks_blocked()
            tasks.cancel_scope.cancel()
        gate.open()
        assert (await caller.chat(client)).id == "chatcmpl-1"
    assert [request.connection for request in server.requests] == [0, 0]


def test_thread_that_waits_does_not_hold_up_others():
    reached = threading.Event()
    nothing: Any = Transport(None)

    def sleeping() -> None:
        reached.set()
        run(Ran("threads").flow(Sleep(0.01)), nothing)

    thread = threading.Thread(target=sleeping)
    thread.start()
    assert reached.wait(60)
    assert run(Ran("threads").flow(), nothing) == "result"
    thread.join()
