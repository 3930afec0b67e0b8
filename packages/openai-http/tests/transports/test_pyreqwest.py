"""What is special of pyreqwest; what it shares with the others is in `test_every_transport`."""

import asyncio
import os
import signal
import subprocess
import sys
import traceback
import types
from typing import Any

import anyio
import pytest
from openai_http import APIConnectionError, APITimeoutError, OpenAI, OpenAIError, Timeout
from openai_http.messages import Request
from openai_http.transports.pyreqwest import AsyncPyreqwestTransport, PyreqwestTransport

PATIENCE = 60  # seconds


@pytest.fixture
def on(caller: Any) -> Any:
    make = caller.make

    def make_with(**options: Any) -> Any:
        return make(**{"transport": "pyreqwest", **options})

    caller.make = make_with
    return caller


@pytest.mark.anyio
async def test_answer_that_is_late_may_have_been_asked_for(on: Any, server: Any):
    """pyreqwest itself says that no connection was made in time."""
    server.play(server.gate())
    with pytest.raises(APITimeoutError, match="the server sent nothing for too long") as caught:
        await on.call(timeout=Timeout(60, read=0.05))
    assert (caught.value.phase, caught.value.outcome) == ("read", "unknown")


@pytest.mark.anyio
async def test_connection_that_is_cut_may_have_been_used(on: Any, server: Any):
    server.play(server.close)
    with pytest.raises(APIConnectionError, match="the answer broke off") as caught:
        await on.call()
    assert (caught.value.phase, caught.value.outcome) == ("read", "unknown")


@pytest.mark.anyio
async def test_reports_with_variables_can_be_made_and_show_no_secret(on: Any, server: Any):
    server.play(server.close, (server.answer(200, "{", length=9), server.close))
    for _ in range(2):
        with pytest.raises(APIConnectionError) as caught:
            await on.call()
        report = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
        told = "".join(report.format())
        assert "request = Request('POST'" in told
        assert on.key not in told


@pytest.mark.anyio
async def test_headers_that_are_not_ascii_are_left_out(on: Any, server: Any):
    head = b"HTTP/1.1 200 OK\r\nx-a: \xe4\r\nx-b: 1\r\nX-B: 2\r\ncontent-length: 2\r\n\r\n{}"
    server.play(head)
    async with on.client() as client:
        raw = await on.do(client.chat.completions.with_raw_response.create, model="m", messages=[])
    assert raw.headers.get("x-a") is None
    assert raw.headers["x-b"] == "1, 2"
    assert raw.http_version == "HTTP/1.1"


@pytest.mark.anyio
async def test_requests_without_a_body_and_name(on: Any, server: Any):
    server.play(server.json(), server.json(200, {"data": []}))
    async with on.client(default_headers={"User-Agent": ""}) as client:
        await on.do(client.post, "/x", cast_to=dict[str, object])
        await on.do(client.models.list)
    posted, got = server.requests
    assert posted.headers["content-length"] == "0"
    assert "content-length" not in got.headers
    assert posted.headers.get("user-agent", "") == ""


@pytest.mark.anyio
@pytest.mark.parametrize("kind", ["asyncio", "trio"], indirect=True)
async def test_call_that_is_cancelled_before_its_answer_ends_at_its_limit(
    kind: str, on: Any, server: Any
):
    """It cannot be broken off before, but who called is gone, and its place is free."""
    del kind
    gate = server.gate()
    server.play((gate, server.until_gone))
    async with on.client(timeout=Timeout(60, read=1)) as client:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(on.chat, client)
            await anyio.to_thread.run_sync(gate.wait)
            tasks.cancel_scope.cancel()
        assert client.pool.stats().in_use == 0
        gate.open()
        assert await anyio.to_thread.run_sync(server.gone.wait, PATIENCE)


def test_connection_that_the_pool_closes_is_that_of_what_is_received(server: Any):
    server.play(*[(server.events(b"data: {}\n\n"), server.until_gone)] * 2)
    request = Request("GET", f"{server.url}/x", {})
    transport = PyreqwestTransport()
    exchange = transport.send(request, Timeout(60))
    transport.close()
    assert server.gone.wait(PATIENCE)
    with pytest.raises(APIConnectionError):
        b"".join(exchange)
    server.gone.clear()

    async def close() -> None:
        transport = AsyncPyreqwestTransport()
        exchange = await transport.send(request, Timeout(60))
        await transport.aclose()
        with pytest.raises(APIConnectionError):
            [piece async for piece in exchange]

    asyncio.run(close())
    assert server.gone.wait(PATIENCE)


def test_threads_of_gevent_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkey = types.SimpleNamespace(is_module_patched={"threading": True}.get)
    monkeypatch.setitem(sys.modules, "gevent.monkey", monkey)
    client = OpenAI(api_key="sk-1", transport="pyreqwest")
    with pytest.raises(OpenAIError, match="does not work with the threads of gevent"):
        client.models.list()


INTERRUPTED = """
import sys
from openai_http import OpenAI
client = OpenAI(api_key="sk-1", base_url=sys.argv[1], max_retries=0, transport="pyreqwest")
try:
    client.models.list()
except KeyboardInterrupt:
    print("interrupted", client.pool.stats().in_use)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="this system has other signals")
def test_thread_that_waits_can_be_interrupted(server: Any):
    gate = server.gate()
    server.play(gate)
    command = [sys.executable, "-W", "error", "-c", INTERRUPTED, server.url]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        gate.wait()
        program.send_signal(signal.SIGINT)
        assert program.communicate(timeout=PATIENCE) == ("interrupted 0\n", "")
    assert program.returncode == 0


FORKING = """
import asyncio, os, sys
from openai_http import AsyncOpenAI, OpenAI, OpenAIError
options = dict(api_key="sk-1", base_url=sys.argv[1], max_retries=0, transport="pyreqwest")
client, async_client = OpenAI(**options), AsyncOpenAI(**options)
def ask():
    return client.chat.completions.create(model="m", messages=[]).id
async def ask_async():
    return (await async_client.chat.completions.create(model="m", messages=[])).id
def in_child():
    for call in (ask, lambda: asyncio.run(ask_async())):
        try:
            print(call())
        except OpenAIError as error:
            print("does not work in this process" in str(error))
    client.close()
def forked():
    sys.stdout.flush()
    child = os.fork()
    if not child:
        in_child()
        sys.stdout.flush()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
forked()  # before the first call
print(ask(), asyncio.run(ask_async()))
forked()
print(ask())
client.close()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_row_33_child_of_a_process_that_has_used_it_is_refused_and_does_not_wait(server: Any):
    server.play(*[server.json()] * 5)
    ignored = ["-W", "ignore::DeprecationWarning"]  # newer Pythons warn of threads that are there
    command = [sys.executable, "-W", "error", *ignored, "-c", FORKING, server.url]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)
    asked = "chatcmpl-1"
    assert done.stderr == ""
    assert done.stdout.split() == [asked, asked, asked, asked, "True", "True", asked]
