"""Event handlers of assistants beside those of the official package: the same hooks, in order.

In two things they differ on purpose. The official package calls `on_tool_call_done` again at the
end of each later step and of the run; here a call is done once, and the comparison leaves
repetitions out. And its final steps are as they were in progress; here they are as they ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import openai_suite
import pytest
from openai_mock import MockServer, serve

pytestmark = [
    pytest.mark.peer,
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of all that assistants do
]
openai = pytest.importorskip("openai", reason="the official package is not installed here")

# Any: the classes of both packages, one of which is not there in every session of nox.

THREAD = {"messages": [{"role": "user", "content": "Is anybody there?"}]}
WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}
HOOKS = [each for each in vars(openai_suite.AssistantEventHandler) if each.startswith("on_")]
CASES: dict[str, dict[str, Any]] = {
    "text": {},
    "text that is cut": {"max_completion_tokens": 3},
    "function": {"tools": [WEATHER], "tool_choice": "required"},
    "code interpreter": {
        "tools": [{"type": "code_interpreter"}],
        "tool_choice": {"type": "code_interpreter"},
    },
    "file search": {"tools": [{"type": "file_search"}], "tool_choice": {"type": "file_search"}},
}


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with serve() as server:
        yield server


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"  # the official client's default transport


def plain(value: Any) -> Any:
    """What is compared of an argument: all but what differs from call to call."""
    return without_ids(value.to_dict(mode="json")) if hasattr(value, "to_dict") else value


def without_ids(value: object) -> object:
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        return {
            key: without_ids(inner)
            for key, inner in fields.items()
            if key != "id" and not key.endswith(("_id", "_at")) and key != "index"
        }
    if isinstance(value, list):
        return [without_ids(each) for each in cast("list[object]", value)]
    return value


def noting(base: type[Any], log: list[Any], *, asynchronous: bool) -> Any:
    def hook(name: str) -> Any:
        def note(self: Any, *arguments: Any) -> None:
            del self
            log.append((name, *map(plain, arguments)))

        async def note_async(self: Any, *arguments: Any) -> None:
            note(self, *arguments)

        return note_async if asynchronous else note

    return type("Noting", (base,), {name: hook(name) for name in HOOKS})()


def once(log: list[Any]) -> list[Any]:
    """The hooks without calls of tools that are said to be done for a second time."""
    found: list[Any] = []
    for each in log:
        if each[0] != "on_tool_call_done" or each[0] not in [hook for hook, *_ in found]:
            found.append(each)
    return found


def finals(run: Any, steps: Any, messages: Any) -> Any:
    ended = [without_ids(each.to_dict(mode="json")) for each in (run, *messages)]
    return ended, [each.type for each in steps]


def sync_run(package: Any, mock: MockServer, params: dict[str, Any]) -> tuple[Any, Any]:
    log: list[Any] = []
    handler = noting(package.AssistantEventHandler, log, asynchronous=False)
    with package.OpenAI(api_key=mock.api_key, base_url=mock.base_url) as client:
        assistant = client.beta.assistants.create(model="gpt-5.5").id
        thread = client.beta.threads.create(**THREAD).id
        with client.beta.threads.runs.stream(
            thread_id=thread, assistant_id=assistant, event_handler=handler, **params
        ) as stream:
            run = stream.get_final_run()
        steps = stream.get_final_run_steps()
        messages: list[Any] = []
        if run.status != "requires_action":
            messages = stream.get_final_messages()
    return log, finals(run, steps, messages)


async def async_run(package: Any, mock: MockServer, params: dict[str, Any]) -> tuple[Any, Any]:
    log: list[Any] = []
    handler = noting(package.AsyncAssistantEventHandler, log, asynchronous=True)
    async with package.AsyncOpenAI(api_key=mock.api_key, base_url=mock.base_url) as client:
        assistant = (await client.beta.assistants.create(model="gpt-5.5")).id
        async with client.beta.threads.create_and_run_stream(
            assistant_id=assistant, thread=THREAD, event_handler=handler, **params
        ) as stream:
            run = await stream.get_final_run()
        steps = await stream.get_final_run_steps()
        messages: list[Any] = (
            [] if run.status == "requires_action" else await stream.get_final_messages()
        )
    return log, finals(run, steps, messages)


@pytest.mark.parametrize("case", CASES)
def test_hooks_and_finals_are_those_of_the_official_package(mock: MockServer, case: str):
    theirs, their_finals = sync_run(openai, mock, CASES[case])
    ours, our_finals = sync_run(openai_suite, mock, CASES[case])
    assert once(ours) == once(theirs)
    assert ours == once(ours)
    assert our_finals == their_finals


@pytest.mark.parametrize("case", ["text", "function"])
async def test_asynchronous_hooks_are_those_of_the_official_package(mock: MockServer, case: str):
    theirs, their_finals = await async_run(openai, mock, CASES[case])
    ours, our_finals = await async_run(openai_suite, mock, CASES[case])
    assert once(ours) == once(theirs)
    assert our_finals == their_finals
