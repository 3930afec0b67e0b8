"""Nothing hangs past its limit: servers that stall and drip, on real sockets, for every driver.

No test measures time. A server goes on until the client has closed the connection, so a limit
that does not hold ends in a server's complaint instead of the expected error.
"""

import re
import select
import socket
from collections.abc import Callable, Iterator
from typing import Any

import anyio
import httpx
import pytest
from openai_http import (
    NOT_GIVEN,
    APITimeoutError,
    DeadlineExceededError,
    RetryPolicy,
    StreamStalledError,
    deadline,
)

pytestmark = pytest.mark.anyio

SOON = 0.2  # seconds: a limit that is to be reached
LARGE = bytes(30_000_000)  # more than the system takes for a server that does not read
NEVER = 50  # seconds: one that is not, within the patience of the servers
PATIENCE = 60  # seconds

EVENT = b'data: {"choices": [{"index": 0, "delta": {"content": "Hello"}}]}\n\n'
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


def drip(piece: bytes) -> Callable[[socket.socket], None]:
    """Send a piece again and again, as long as the client is there."""

    def send(connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while not select.select([connection], [], [], SOON / 10)[0]:
            connection.sendall(piece)

    return send


STALLS: dict[str, tuple[Any, ...]] = {
    "before the head": (),
    "in the head, byte by byte": (HEAD + b"x-a: ", drip(b"a")),
    "in the body": (HEAD + b"content-length: 9\r\n\r\n{",),
    "in the body, byte by byte": (HEAD + b"content-length: 999999\r\n\r\n{", drip(b" ")),
    "in the chunks, byte by byte": (
        HEAD + b"transfer-encoding: chunked\r\n\r\n1\r\n{\r\n1;",
        drip(b"a"),
    ),
    "in the body of an error": (
        b"HTTP/1.1 503 Busy\r\ncontent-length: 999999\r\n\r\n{",
        drip(b" "),
    ),
}


@pytest.mark.parametrize("stall", STALLS)
async def test_row_5_deadline_holds_whatever_the_server_does(stall: str, caller: Any, server: Any):
    """Demand row 5: a timeout that means what it says."""
    server.play((*STALLS[stall], server.until_gone))
    with pytest.raises(DeadlineExceededError, match=r"its deadline of 0\.2 s \(deadline=0\.2\)"):
        await caller.call(deadline=SOON, max_retries=5)


@pytest.mark.parametrize("stall", STALLS)
async def test_row_5_deadline_holds_with_a_client_of_the_user_s(
    stall: str, caller: Any, server: Any
):
    server.play((*STALLS[stall], server.until_gone))
    kind = httpx.Client if caller.threads else httpx.AsyncClient
    with pytest.raises(DeadlineExceededError):
        await caller.call(deadline=SOON, http_client=kind())


@pytest.mark.parametrize("stall", STALLS)
async def test_deadline_releases_the_connection(stall: str, caller: Any, server: Any):
    server.play(server.json(), (*STALLS[stall], server.until_gone))
    async with caller.client(max_retries=0) as client:
        await caller.chat(client)  # what is loaded by the first call does not count
        with pytest.raises(DeadlineExceededError):
            await caller.chat(client, deadline=1)
        assert await anyio.to_thread.run_sync(server.gone.wait, PATIENCE)


async def test_deadline_says_what_was_waited_for(caller: Any, server: Any):
    server.play(server.json(), server.until_gone)
    async with caller.client() as client:
        await caller.chat(client)
        with pytest.raises(DeadlineExceededError) as caught:
            await caller.chat(client, deadline=1)
    assert isinstance(caught.value, APITimeoutError)
    assert re.search(r"attempt 1: \d\.\d s \(waiting for the answer\)", str(caught.value))
    assert caught.value.seconds == 1
    assert len(caught.value.attempts) == 1


async def test_row_6_deadline_covers_the_wait_for_a_free_connection(caller: Any, server: Any):
    """Demand row 6: the time in the pool's queue counts."""
    server.play((server.events(EVENT), server.until_gone))
    kind = httpx.Client if caller.threads else httpx.AsyncClient
    http_client = kind(limits=httpx.Limits(max_connections=1))
    async with caller.client(http_client=http_client) as client:
        stream = await caller.chat(client, stream=True)
        with pytest.raises(DeadlineExceededError, match="waiting for a free connection") as caught:
            await caller.chat(client, deadline=SOON)
        assert caught.value.attempts[0].outcome == "never_sent"
        await caller.do(stream.close)


@pytest.fixture
def deaf() -> Iterator[str]:
    """The URL of a server that takes connections and never reads from them."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"


# httpx leaves the generator of a form behind when the sending is cancelled, which trio tells.
@pytest.mark.filterwarnings("ignore:Async generator:ResourceWarning")
async def test_deadline_covers_the_sending_of_the_request(caller: Any, deaf: str):
    async with caller.client(base_url=deaf) as client:
        with pytest.raises(
            DeadlineExceededError
        ):  # what is loaded by the first call does not count
            await caller.do(client.files.create, file=b"", purpose="batch", deadline=SOON)
        with pytest.raises(DeadlineExceededError, match="sending the request"):
            await caller.do(client.files.create, file=LARGE, purpose="batch", deadline=1)


async def test_deadline_of_a_block_holds_for_all_calls_in_it(caller: Any, server: Any):
    server.play(server.json(), server.json(), server.until_gone)
    async with caller.client() as client:
        await caller.chat(client)  # what is loaded by the first call does not count
        with deadline(NEVER), deadline(1), deadline(NEVER):
            assert (await caller.chat(client)).id == "chatcmpl-1"
            with pytest.raises(DeadlineExceededError, match=r"\(with deadline\(1\)\)"):
                await caller.chat(client, deadline=NEVER)


async def test_deadline_that_is_behind_sends_nothing(caller: Any, server: Any):
    with pytest.raises(DeadlineExceededError), deadline(0):
        await caller.call()
    assert server.requests == []


async def test_deadline_of_the_client_and_of_the_call(caller: Any, server: Any):
    server.play(server.until_gone, server.json())
    async with caller.client(deadline=SOON) as client:
        with pytest.raises(DeadlineExceededError):
            await caller.chat(client)
        assert (await caller.chat(client, deadline=None)).id == "chatcmpl-1"
        assert client.with_options(deadline=3).deadline == 3


@pytest.mark.parametrize("kind", ["asyncio", "trio"], indirect=True)
async def test_tasks_inherit_the_deadline_of_the_block(kind: str, caller: Any, server: Any):
    del kind
    server.play(server.until_gone, server.until_gone)
    caught: list[Exception] = []

    async def chat(client: Any) -> None:
        try:
            await caller.chat(client)
        except DeadlineExceededError as error:
            caught.append(error)

    async with caller.client() as client:
        with deadline(SOON):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(chat, client)
                tasks.start_soon(chat, client)
    assert len(caught) == 2


async def test_wait_past_the_deadline_is_not_begun(caller: Any, server: Any):
    server.play(server.json(429, {}, retry_after="100"))
    with pytest.raises(DeadlineExceededError, match=r"due only in 100\.0 s") as caught:
        await caller.call(deadline=NEVER, max_retries=1)
    assert caught.value.attempts[0].status == 429


async def test_call_in_time_is_not_disturbed(caller: Any, server: Any):
    server.play(server.json(503, {}), (server.drip(server.json()),), server.whole_stream())
    received: list[Any] = []
    async with caller.client(max_retries=NOT_GIVEN, retry=RetryPolicy(initial_delay=0)) as client:
        assert (await caller.chat(client, deadline=NEVER)).id == "chatcmpl-1"
        limits = {"deadline": NEVER, "first_event_timeout": NEVER, "idle_timeout": NEVER}
        await caller.collect(await caller.chat(client, stream=True, **limits), received)
    assert len(received) == 2


KEPT_ALIVE = [b": ping\n\n", b"data:\n\n", b"retry: 3000\n\n"]


@pytest.mark.parametrize("ping", KEPT_ALIVE)
async def test_row_5_keep_alive_is_no_event(ping: bytes, caller: Any, server: Any):
    """Demand row 5: comments do not re-arm the limits of a stream."""
    server.play((server.events(EVENT), drip(ping), server.until_gone))
    received: list[Any] = []
    with pytest.raises(StreamStalledError, match=r"Another event .* 0\.2 s \(idle_tim") as caught:
        await caller.stream(received, idle_timeout=SOON)
    assert (caught.value.limit, caught.value.seconds) == ("idle_timeout", SOON)
    assert len(received) == len(caught.value.events) == 1


@pytest.mark.parametrize("limit", ["first_event_timeout", "idle_timeout"])
async def test_row_5_first_event_has_its_limit(limit: str, caller: Any, server: Any):
    server.play((server.events(), drip(b": ping\n\n"), server.until_gone))
    with pytest.raises(StreamStalledError, match=limit) as caught:
        await caller.stream([], **{limit: SOON}, max_retries=5)
    assert caught.value.events == []


async def test_first_event_is_waited_for_from_the_beginning_of_the_call(caller: Any, server: Any):
    server.play(server.until_gone)
    with pytest.raises(StreamStalledError, match="The first event did not come"):
        await caller.stream([], first_event_timeout=SOON)


async def test_limit_of_the_first_event_ends_with_it(caller: Any, server: Any):
    server.play((server.events(EVENT), drip(b": ping\n\n"), server.until_gone))
    received: list[Any] = []
    with pytest.raises(DeadlineExceededError) as caught:
        await caller.stream(received, first_event_timeout=1, deadline=1.5)
    assert len(received) == len(caught.value.events) == 1


async def test_time_that_the_reader_takes_is_not_idle(caller: Any, server: Any):
    gate = server.gate()
    server.play((server.events(EVENT), gate, EVENT, *server.whole_stream()[1:]))
    async with caller.client(idle_timeout=1) as client:
        stream = await caller.chat(client, stream=True)
        first = (lambda: next(stream)) if caller.threads else stream.__anext__
        await caller.do(first)
        await anyio.sleep(1.1)  # longer than the limit: it is the reader who takes this time
        gate.open()
        await caller.do(first)
        await caller.do(stream.close)


async def test_deadline_covers_the_iteration_of_a_stream(caller: Any, server: Any):
    server.play((server.events(EVENT), drip(EVENT), server.until_gone))
    received: list[Any] = []
    with pytest.raises(DeadlineExceededError) as caught:
        await caller.stream(received, deadline=1)
    assert received
    assert caught.value.events == received


async def test_limits_hold_for_raw_responses(caller: Any, server: Any):
    server.play((server.events(EVENT), drip(b": ping\n\n"), server.until_gone))
    async with caller.client(idle_timeout=SOON) as client:
        raw = await caller.do(
            client.chat.completions.with_raw_response.create, model="m", messages=[], stream=True
        )
        received: list[Any] = []
        with pytest.raises(StreamStalledError):
            await caller.collect(raw.parse(), received)
    assert len(received) == 1


async def test_deadline_holds_for_bodies_that_are_read_piece_by_piece(caller: Any, server: Any):
    server.play((HEAD + b"content-length: 999999\r\n\r\n{", drip(b" "), server.until_gone))
    async with caller.client(deadline=SOON) as client:
        create = client.chat.completions.with_streaming_response.create
        manager = create(model="m", messages=[])
        if caller.threads:
            with pytest.raises(DeadlineExceededError), manager as response:
                b"".join(response.iter_bytes())
        else:
            with pytest.raises(DeadlineExceededError):
                async with manager as response:
                    b"".join([piece async for piece in response.iter_bytes()])
