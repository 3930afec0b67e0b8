"""Time decoding through the official package and through this one, from bytes to objects.

`python -m benchmarks.decoding`. No network: what the official client does with a body is its own
`construct_type` on the parsed JSON. The first decoding in a process comes last, which is slower.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from benchmarks.__main__ import Timing, in_turn

FILES = 1000
REPEAT = 200  # small bodies are decoded this often a run

FILE: dict[str, object] = {
    "id": "file-6F2ksmvXxt4VdoqmHRw6kL",
    "object": "file",
    "bytes": 120000,
    "created_at": 1677610602,
    "filename": "salesOverview.pdf",
    "purpose": "assistants",
    "status": "processed",
}
PAGE: dict[str, object] = {"object": "list", "data": [FILE] * FILES, "has_more": False}
MESSAGE: dict[str, object] = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "status": "completed",
    "content": [
        {"type": "output_text", "text": "A rabbit found a clover field. " * 8, "annotations": []}
    ],
}
RESPONSE: dict[str, object] = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1741476542,
    "status": "completed",
    "error": None,
    "incomplete_details": None,
    "instructions": None,
    "max_output_tokens": None,
    "model": "gpt-5.5",
    "output": [
        {
            "id": "rs_1",
            "type": "reasoning",
            "summary": [{"type": "summary_text", "text": "Short."}],
        },
        {
            "id": "fc_1",
            "type": "function_call",
            "call_id": "call_1",
            "name": "weather",
            "arguments": '{"place": "Paris"}',
            "status": "completed",
        },
        MESSAGE,
    ],
    "parallel_tool_calls": True,
    "previous_response_id": None,
    "reasoning": {"effort": "low", "summary": None},
    "store": True,
    "temperature": 1.0,
    "text": {"format": {"type": "text"}},
    "tool_choice": "auto",
    "tools": [
        {
            "type": "function",
            "name": "weather",
            "description": "The weather of a place.",
            "parameters": {"type": "object", "properties": {"place": {"type": "string"}}},
            "strict": True,
        }
    ],
    "top_p": 1.0,
    "truncation": "disabled",
    "usage": {
        "input_tokens": 36,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": 87,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 123,
    },
    "user": None,
    "metadata": {},
}
COMPLETION: dict[str, object] = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1741569952,
    "model": "gpt-5.5",
    "choices": [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": "Hello! How can I assist you today?",
                "refusal": None,
                "annotations": [],
            },
            "logprobs": None,
            "finish_reason": "stop",
        }
    ],
    "usage": {
        "prompt_tokens": 19,
        "completion_tokens": 10,
        "total_tokens": 29,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    },
    "service_tier": "default",
}
CHUNK: dict[str, object] = {
    "id": "chatcmpl-1",
    "object": "chat.completion.chunk",
    "created": 1741569952,
    "model": "gpt-5.5",
    "system_fingerprint": "fp_44709d6fcb",
    "choices": [
        {"index": 0, "delta": {"content": " today"}, "logprobs": None, "finish_reason": None}
    ],
}
EVENT: dict[str, object] = {
    "type": "response.output_text.delta",
    "item_id": "msg_1",
    "output_index": 0,
    "content_index": 0,
    "delta": " today",
    "sequence_number": 14,
    "logprobs": [],
}
# The first decoding of a process makes what all later ones use. All is imported before. The time is
# the processor's: of a single run, what else the machine does would be a large part.
FIRST = """
import json, time
from {module} import {name}
{imports}
body = {body!r}
started = time.process_time()
{decode}
print(time.process_time() - started)
"""
OFFICIAL = {
    "imports": "from openai._models import construct_type",
    "decode": "construct_type(value=json.loads(body), type_={name})",
}
OURS = {
    "imports": "from openai_types.decoding import Decoder",
    "decode": "Decoder({name})(body)",
}


def run(code: str) -> str:
    """What a Python process prints that runs this code, byte code kept as in an installation."""
    kept = Path(tempfile.gettempdir()) / "benchmarks-bytecode"
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env["PYTHONPYCACHEPREFIX"] = str(kept)
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=env)
    return done.stdout.strip()


def first_decoding(place: str, name: str, body: object, runs: int) -> Timing:
    """Decode one body in a process of its own, as its first; the time is that of the decoding."""
    timing = Timing(f"first in a process: {name}", [], [])
    sides = (("openai.types", OFFICIAL, timing.official), ("openai_types", OURS, timing.ours))
    for warm in range(runs + 1):
        for package, code, seconds in sides:
            parts = {key: line.format(name=name) for key, line in code.items()}
            module = f"{package}.{place}"
            took = run(FIRST.format(module=module, name=name, body=json.dumps(body), **parts))
            if warm:  # not the first, which writes the byte code
                seconds.append(float(took))
    return timing


def _decoding(
    name: str, body: object, types: tuple[object, object], *, repeat: int, runs: int
) -> Timing:
    """Decode one body over and over; the row is of `repeat` times."""
    from openai._models import construct_type
    from openai_types import Decoder

    official_type, our_type = types
    data = json.dumps(body).encode()
    decode: Decoder[object] = Decoder(our_type)

    def official() -> None:
        for _ in range(repeat):
            construct_type(value=json.loads(data), type_=official_type)

    def ours() -> None:
        for _ in range(repeat):
            decode(data)

    label = f"{name} x {repeat}" if repeat > 1 else name
    return in_turn(label, runs, official, ours)


def measure(runs: int) -> Iterable[Timing]:
    """Every comparison, one after another."""
    import openai.types.chat
    import openai.types.responses
    import openai_types
    from openai.pagination import SyncCursorPage
    from openai_types import chat, responses

    class Page(openai_types.BaseModel):
        data: list[openai_types.FileObject]
        has_more: bool | None = None

    types = openai.types
    yield _decoding(
        f"page of {FILES} files",
        PAGE,
        (SyncCursorPage[openai.types.FileObject], Page),
        repeat=1,
        runs=runs,
    )
    rows: list[tuple[str, object, object, object]] = [
        ("Response", RESPONSE, types.responses.Response, responses.Response),
        ("ChatCompletion", COMPLETION, types.chat.ChatCompletion, chat.ChatCompletion),
        ("chat chunk", CHUNK, types.chat.ChatCompletionChunk, chat.ChatCompletionChunk),
        ("stream event", EVENT, types.responses.ResponseStreamEvent, responses.ResponseStreamEvent),
    ]
    for name, body, theirs, mine in rows:
        yield _decoding(name, body, (theirs, mine), repeat=REPEAT, runs=runs)
    yield first_decoding("responses", "Response", RESPONSE, runs)
    yield first_decoding("responses", "ResponseStreamEvent", EVENT, runs)
    yield first_decoding("chat", "ChatCompletionChunk", CHUNK, runs)


def main() -> None:
    """Print the table, a line as soon as it is known."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.decoding", description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="pairs of each (default: %(default)s)")
    options = parser.parse_args()
    print(f"{'median milliseconds a run':<44} {'official':>9} {'ours':>9} {'ratio':>7}")
    for timing in measure(options.runs):
        print(timing.row(), flush=True)


if __name__ == "__main__":
    main()
