"""Records how the mock server answers like each provider, streamed and not: `python record.py`.

Needs openai-mock. What it writes is committed: tests read it, and need no server.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import httpx
from openai_mock import serve
from openai_mock.personalities import personalities

FOLDER = Path(__file__).parent / "chat"

# Any: JSON.

WEATHER: dict[str, Any] = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
    "required": ["city", "days"],
    "additionalProperties": False,
}
TOOLS: dict[str, Any] = {
    "tools": [
        {"type": "function", "function": {"name": "weather", "parameters": WEATHER}},
    ],
    "tool_choice": {"type": "function", "function": {"name": "weather"}},
}
# Those whose tool calls differ from others, or come with something of their own.
WITH_TOOLS = ("azure", "deepseek", "gemini", "groq", "mistral", "ollama", "openrouter", "vllm")
VENDOR_MODELS = ("openrouter", "together", "zenmux", "chutes")
# What providers do only when they are asked for it.
MORE: dict[str, dict[str, Any]] = {
    "minimax-split": {"reasoning_split": True},
    "minimax-snapshots": {"reasoning_split": True, "words": "Is anybody there? [snapshots]"},
    "mistral-thinking": {"model": "magistral-medium"},
    "gemini-odd": {"words": "Is anybody there? [SAFETY]"},
}


def record(case: str, name: str, **asked: Any) -> None:
    """Write the answer of a provider to a question, as events and as JSON."""
    model = "openai/gpt-5.5" if name in VENDOR_MODELS else "gpt-5.5"
    words = asked.pop("words", "Is anybody there?")
    body = {"model": model, "messages": [{"role": "user", "content": words}], **asked}
    with serve(personality=name) as server:
        headers = {"authorization": f"Bearer {server.api_key}"}
        options: dict[str, Any] = {
            "base_url": server.base_url,
            "headers": headers,
            "trust_env": False,
        }
        with httpx.Client(**options, verify=False) as client:  # noqa: S501 - it is no https
            whole = client.post("/chat/completions", json=body)
            body["stream"] = True
            if name != "mistral":  # which sends the usage unasked, and refuses to be asked
                body["stream_options"] = {"include_usage": True}
            streamed = client.post("/chat/completions", json=body)
    whole.raise_for_status()
    streamed.raise_for_status()
    (FOLDER / f"{case}.sse").write_bytes(streamed.content)
    (FOLDER / f"{case}.json").write_text(json.dumps(whole.json(), indent=1) + "\n")


def main() -> None:
    """Record all of them anew."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    for old in FOLDER.iterdir():
        old.unlink()
    for name in personalities():
        record(name, name)
    for name in WITH_TOOLS:
        record(f"{name}-tools", name, **TOOLS)
    for case, asked in MORE.items():
        record(case, case.partition("-")[0], **asked)


if __name__ == "__main__":
    main()
