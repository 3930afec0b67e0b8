"""How hooks are called: awaited or not, at the end all the same, and harmless when they fail."""

import logging
from typing import Any

import pytest
from anyio import create_task_group, to_thread
from anyio.lowlevel import checkpoint
from openai_http import AsyncOpenAI, OpenAI
from openai_http.hooks.events import CallEnded, CallEvent
from openai_http.logs import logger

pytestmark = pytest.mark.anyio

COMPLETION: dict[str, Any] = {"id": "chatcmpl-1", "object": "chat.completion", "choices": []}
ATTEMPT = ["AttemptBegan", "AttemptAnswered"]

in_tasks = pytest.mark.parametrize("kind", ["asyncio", "trio"])


async def test_hook_that_fails_is_logged_and_breaks_nothing(
    caller: Any, server: Any, told: Any, caplog: pytest.LogCaptureFixture
):
    class FailingHook:
        def __call__(self, event: CallEvent) -> None:
            raise RuntimeError(f"at {type(event).__name__}")

    server.play(server.answer(500, retry_after_ms="0"), server.json(200, COMPLETION))
    async with caller.client(hooks=[FailingHook(), told], max_retries=1) as client:
        assert (await caller.chat(client)).id == "chatcmpl-1"
    assert told.only(CallEnded).outcome == "complete"
    for name in told.names:
        words = f"FailingHook failed at {name} of chat.completions.create; the call goes on"
        assert words in caplog.text
        assert f"RuntimeError: at {name}" in caplog.text
    records = [record for record in caplog.records if record.name == logger.name]
    assert {record.levelno for record in records} == {logging.ERROR}


def test_hook_that_turns_out_to_be_asynchronous_is_logged(
    server: Any, caplog: pytest.LogCaptureFixture
):
    async def awaited(event: CallEvent) -> None:
        raise AssertionError(f"It is never awaited: {event}")

    def hook(event: CallEvent) -> Any:
        return awaited(event)

    hooks: Any = [hook]
    server.play(server.json())
    with OpenAI(api_key="k", base_url=server.url, hooks=hooks) as client:
        client.models.retrieve("m")
    assert "It has to be awaited, which OpenAI cannot do" in caplog.text


@in_tasks
async def test_coroutine_functions_are_awaited(server: Any, told: Any):
    async def hook(event: CallEvent) -> None:
        await checkpoint()
        told(event)

    server.play(server.json(200, COMPLETION))
    async with AsyncOpenAI(api_key="k", base_url=server.url, hooks=[hook, told]) as client:
        await client.models.retrieve("m")
    assert told.names[::2] == told.names[1::2] == ["CallBegan", *ATTEMPT, "CallEnded"]


@in_tasks
async def test_end_of_a_cancelled_call_is_told(caller: Any, server: Any, told: Any):
    """The hook is awaited in the task that is being cancelled."""

    async def hook(event: CallEvent) -> None:
        await checkpoint()
        told(event)

    gate = server.gate()
    server.play(gate)
    async with caller.client(hooks=[hook]) as client, create_task_group() as group:
        group.start_soon(caller.chat, client)
        await to_thread.run_sync(gate.wait)
        group.cancel_scope.cancel()
    assert told.names == ["CallBegan", "AttemptBegan", "CallEnded"]
    ended = told.only(CallEnded)
    assert ended.outcome == "cancelled"
    assert not isinstance(ended.error, Exception)
