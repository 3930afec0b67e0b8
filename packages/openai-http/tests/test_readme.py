import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

README = Path(__file__).parent.parent / "README.md"
MESSAGE = {"type": "message", "content": [{"type": "output_text", "text": "Hello."}]}
EVENTS = (
    b'data: {"type": "response.output_text.delta", "delta": "1 2 3"}\n\n'
    b'data: {"type": "response.completed", "response": {}}\n\n'
)


def test_snippet_of_the_readme_runs(server: Any):
    found = re.search(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert found
    server.play(server.json(200, {"output": [MESSAGE]}), (server.events(EVENTS), server.close))
    environment = {**os.environ, "OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": server.url}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", found[1]],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("Hello.\n1 2 3", "")


def test_example_of_hooks_tells_of_a_call(server: Any):
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    (example,) = [block for block in blocks if "hooks=[measure]" in block]
    usage = b'data: {"choices": [], "usage": {"completion_tokens": 3}}\n\n'
    last = b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\n'
    server.play((server.events(last, usage, b"data: [DONE]\n\n"), server.close))
    call = "list(client.chat.completions.create(model='m', messages=[], stream=True))"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", example + call],
        env={**os.environ, "OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": server.url},
        check=True,
        capture_output=True,
        text=True,
    )
    first, ended = done.stdout.splitlines()
    assert re.fullmatch(r"m: first event after \d+\.\d\d s", first)
    assert (ended, done.stderr) == ("chat.completions.create: complete, 3 tokens", "")


def test_example_of_chat_streams_says_what_comes(server: Any):
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    (example,) = [block for block in blocks if "stream.text()" in block]
    text = b'data: {"choices": [{"index": 0, "delta": {"content": "Sunny."}}]}\n\n'
    end = b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\n'
    function = b'{"name": "Weather", "arguments": "{\\"city\\": \\"Paris\\"}"}'
    call = b'{"index": 0, "id": "call_1", "type": "function", "function": %b}' % function
    calls = b'data: {"choices": [{"index": 0, "delta": {"tool_calls": [%b]}}]}\n\n' % call
    done = b"data: [DONE]\n\n"
    server.play(
        (server.events(text, end, done), server.close),
        (server.events(calls, end, done), server.close),
    )
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", example],
        env={**os.environ, "OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": server.url},
        check=True,
        capture_output=True,
        text=True,
    )
    assert (ran.stdout, ran.stderr) == ("Sunny.stop None\ncall_1 city='Paris'\n", "")
