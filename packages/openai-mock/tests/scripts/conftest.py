"""A server of its own for each test, and clients of it; its script is checked by the tests."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from openai_mock import MockServer, serve

# Reading certificates would take longer than all else here.
OPTIONS: Any = {"trust_env": False, "verify": False}


class Scripted:
    """A server whose end is not checked, and what a client says to it."""

    def __init__(self, server: MockServer) -> None:
        self.server = server
        self.on: Any = server.on
        headers = {"authorization": f"Bearer {server.api_key}"}
        self.client = httpx.Client(base_url=server.base_url, headers=headers, **OPTIONS)

    def chat(self, words: str = "Hi", **more: object) -> httpx.Response:
        body = {"model": "gpt-5.5", "messages": [{"role": "user", "content": words}], **more}
        return self.client.post("/chat/completions", json=body)

    def respond(self, words: str = "Hi", **more: object) -> httpx.Response:
        return self.client.post("/responses", json={"model": "gpt-5.5", "input": words, **more})


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    with serve() as server:
        made = Scripted(server)
        with made.client:
            yield made
        server.script.clear()
