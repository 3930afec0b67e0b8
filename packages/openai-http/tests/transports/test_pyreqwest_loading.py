import subprocess
import sys

import pytest

# The first thread loads pyreqwest, and ends.
CALLS = """
import asyncio, sys, threading
from openai_http import APIConnectionError, AsyncOpenAI, OpenAI

options = {"api_key": "sk-1", "base_url": "http://127.0.0.1:1", "max_retries": 0}

async def call_async():
    async with AsyncOpenAI(transport="pyreqwest", **options) as client:
        try:
            await client.models.list()
        except APIConnectionError:
            print("refused")

def call():
    for _ in range(20):
        if sys.argv[1] == "asyncio":
            asyncio.run(call_async())
            continue
        with OpenAI(transport="pyreqwest", **options) as client:
            try:
                client.models.list()
            except APIConnectionError:
                print("refused")

for _ in range(4):
    thread = threading.Thread(target=call)
    thread.start()
    thread.join()
"""


@pytest.mark.parametrize("kind", ["threads", "asyncio"])
def test_thread_of_the_first_call_may_end(kind: str):
    command = [sys.executable, "-W", "error", "-c", CALLS, kind]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    assert done.stdout.split() == ["refused"] * 80
    assert not done.stderr
