"""Servers that answer like a provider, and what a client says to them."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from openai_mock import MockServer, serve
from openai_mock.calls import Call

# Reading certificates would take longer than all else here.
OPTIONS: Any = {"trust_env": False, "verify": False}
TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}


class Provider:
    """A server like a provider, with a client."""

    def __init__(self, server: MockServer, client: httpx.Client) -> None:
        self.server = server
        self.client = client
        self.on: Any = server.on

    def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        return self.client.post(path, json=body, headers=headers)

    def ask(self, words: str = "Hi", **more: Any) -> httpx.Response:
        messages = more.pop("messages", [{"role": "user", "content": words}])
        body = {"model": "gpt-5.5", "messages": messages, **more}
        return self.post("/chat/completions", body)

    def chat(self, words: str = "Hi", **more: Any) -> Any:
        answer = self.ask(words, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def choice(self, words: str = "Hi", **more: Any) -> Any:
        return self.chat(words, **more)["choices"][0]

    def chunks(self, words: str = "Hi", **more: Any) -> list[Any]:
        answer = self.ask(words, stream=True, **more)
        assert answer.status_code == 200, answer.text
        lines = [line.removeprefix("data: ") for line in answer.text.splitlines()]
        return [json.loads(line) for line in lines if line.startswith("{")]

    def deltas(self, field: str, words: str = "Hi", **more: Any) -> list[Any]:
        """The values of a field in the deltas of a stream."""
        choices = [each["choices"][0] for each in self.chunks(words, **more) if each["choices"]]
        deltas: list[Any] = [each.get("delta") or {} for each in choices]
        return [each[field] for each in deltas if each.get(field)]

    def sees(self) -> list[Any]:
        """The bodies of chats as the server gets them, beginning with the next."""
        bodies: list[Any] = []

        def keep(call: Call) -> bool:
            bodies.append(call.body)
            return True

        self.server.on.chat.completions.create().where(keep).always()
        return bodies

    def refuses(self, status: int = 400, words: str = "Hi", **more: Any) -> Any:
        """The body of a refusal."""
        answer = self.ask(words, **more)
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture
def like() -> Iterator[Callable[[str], Provider]]:
    with ExitStack() as stack:

        def made(name: str) -> Provider:
            server = stack.enter_context(serve(personality=name))
            headers = {"authorization": f"Bearer {server.api_key}"}
            client = httpx.Client(base_url=server.base_url, headers=headers, **OPTIONS)
            return Provider(server, stack.enter_context(client))

        yield made


@pytest.fixture
def tools() -> list[Any]:
    return [TOOL]


@pytest.fixture
def turn() -> Callable[..., list[Any]]:
    """A conversation whose model has called a function; with more in that message."""

    def made(more: Any = None, in_call: Any = None) -> list[Any]:
        function = {"name": "f", "arguments": "{}"}
        call: dict[str, Any] = {
            "id": "call_1",
            "type": "function",
            "function": function,
            **(in_call or {}),
        }
        return [
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": "", "tool_calls": [call], **(more or {})},
            {"role": "tool", "tool_call_id": "call_1", "content": "5"},
        ]

    return made
