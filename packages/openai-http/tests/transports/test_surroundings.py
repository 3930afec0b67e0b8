"""One client at module level in programs that do something of their own with threads and processes.

Each is a program of its own, run with warnings as errors. That calls are made at the same time is
proven by the server, which answers none of them before all are there.
"""

import os
import subprocess
import sys
import threading
from typing import Any

import pytest

PATIENCE = 60  # seconds
CHUNK = b'data: {"choices": [{"index": 0, "delta": {"content": "Hello"}}]}\n\n'

GEVENT = """
from gevent import monkey; monkey.patch_all()
import sys
import gevent
from openai_http import DeadlineExceededError, Limits, OpenAI
client = OpenAI(api_key="sk-1", base_url=sys.argv[1], max_retries=0)
def ask(_=None, client=client, **options):
    return client.chat.completions.create(model="m", messages=[], **options).id
def read():
    return len(list(client.chat.completions.create(model="m", messages=[], stream=True)))
# At the same time, each with a connection of its own.
print(sorted({job.get() for job in [gevent.spawn(ask) for _ in range(4)]}))
print([job.get() for job in [gevent.spawn(read) for _ in range(2)]])
# More than there are connections.
single = OpenAI(api_key="sk-1", base_url=sys.argv[1], limits=Limits(max_connections=1))
print(len([job.get() for job in [gevent.spawn(ask, client=single) for _ in range(3)]]))
# A limit holds, and a greenlet that is killed lets go of its connection.
try:
    ask(deadline=0.2)
except DeadlineExceededError as error:
    print(type(error).__name__)
job = gevent.spawn(ask)
gevent.sleep(0)
while client.pool.stats().in_use == 0:
    gevent.sleep(0.001)
job.kill()
print(client.pool.stats().in_use)
client.close()
single.close()
"""


def test_row_33_greenlets_share_a_client(server: Any):
    pytest.importorskip("gevent")
    together = threading.Barrier(4)
    pair = threading.Barrier(2)

    def all_there(_: object) -> None:
        together.wait(PATIENCE)

    def both_there(_: object) -> None:
        pair.wait(PATIENCE)

    events, close = server.whole_stream()
    server.play(
        *[(all_there, server.json())] * 4,
        *[(both_there, events, close)] * 2,
        *[server.json()] * 3,
        server.until_gone,
        server.until_gone,
    )
    done = run(GEVENT, server.url)
    assert done.splitlines() == ["['chatcmpl-1']", "[2, 2]", "3", "DeadlineExceededError", "0"]


PREFORK = """
import asyncio, multiprocessing, os, sys, threading
from openai_http import AsyncOpenAI, OpenAI
options = dict(api_key="sk-1", base_url=sys.argv[1], max_retries=0)
client, async_client = OpenAI(**options), AsyncOpenAI(**options)
def ask(_=None):
    return client.chat.completions.create(model="m", messages=[]).id
async def ask_async():
    return (await async_client.chat.completions.create(model="m", messages=[])).id
def task(number):
    # As tasks of a worker do it: threads, and an event loop for each task.
    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return [os.getpid(), asyncio.run(ask_async()), asyncio.run(ask_async())]
ask()
asyncio.run(ask_async())
busy = threading.Thread(target=ask)  # in the middle of a call when the workers are made
busy.start()
print("busy", flush=True)
sys.stdin.readline()
with multiprocessing.get_context("fork").Pool(2) as pool:
    done = pool.map(task, range(4), chunksize=1)
    pool.close()
    pool.join()
print({os.getpid()}.isdisjoint(each[0] for each in done), {*done[0][1:], *done[-1][1:]})
print("free", flush=True)
busy.join()
print(ask())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_row_33_workers_that_are_forked_beside_threads(server: Any):
    """As Celery does it."""
    gate = server.gate()
    server.play(server.json(), server.json(), (gate, server.json()), *[server.json()] * (4 * 4 + 1))
    command = [sys.executable, "-W", "error", "-W", "ignore::DeprecationWarning", "-c", PREFORK]
    with subprocess.Popen(
        [*command, server.url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        assert program.stderr is not None
        try:
            assert program.stdout.readline() == "busy\n"
            gate.wait()
            program.stdin.write("\n")
            program.stdin.flush()
            assert program.stdout.readline() == "True {'chatcmpl-1'}\n"
            assert program.stdout.readline() == "free\n"
        finally:
            gate.open()
        assert program.stdout.readline() == "chatcmpl-1\n"
        assert program.stderr.read() == ""
    assert program.returncode == 0
    # Of the four connections of the parent, no child has used any.
    parents = [request.connection for request in server.requests[:3]]
    children = [request.connection for request in server.requests[3:-1]]
    assert not {*parents} & {*children}
    assert server.requests[-1].connection in parents


NOTEBOOK = """
import asyncio, sys, threading
from openai_http import AsyncOpenAI, OpenAI
options = dict(api_key="sk-1", base_url=sys.argv[1], max_retries=0, transport=sys.argv[2])
client = AsyncOpenAI(**options)
sync_client = OpenAI(**{**options, "transport": None})
async def ask():
    return (await client.chat.completions.create(model="m", messages=[])).id
async def first_cell():
    # Synchronous code in a loop that is running, and a library that runs a loop in a thread.
    print(sync_client.chat.completions.create(model="m", messages=[]).id, await ask())
    thread = threading.Thread(target=lambda: print(asyncio.run(ask())))
    thread.start()
    await asyncio.to_thread(thread.join)
async def interrupted_cell():
    stream = await client.chat.completions.create(model="m", messages=[], stream=True)
    print(len((await anext(stream)).choices))
    asyncio.current_task().cancel()
    await anext(stream)
async def kernel():
    await asyncio.create_task(first_cell())
    try:
        await asyncio.create_task(interrupted_cell())
    except asyncio.CancelledError:
        print("interrupted")
    print(await asyncio.create_task(ask()))
    print(client.pool.stats().in_use)
    await client.close()
    sync_client.close()
asyncio.run(kernel())
"""


@pytest.mark.parametrize("transport", ["httpx", "aiohttp", "pyreqwest"])
def test_row_4_cells_of_a_notebook_share_a_client(transport: str, server: Any):
    server.play(*[server.json()] * 3, (server.events(CHUNK), server.until_gone), server.json())
    done = run(NOTEBOOK, server.url, transport)
    asked = "chatcmpl-1"
    assert done.split() == [asked, asked, asked, "1", "interrupted", asked, "0"]


def run(program: str, *arguments: str) -> str:
    command = [sys.executable, "-W", "error", "-c", program, *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout
