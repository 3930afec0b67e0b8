from collections.abc import Iterator
from typing import Any

import pytest
from openai_http import BadRequestError, NotFoundError, OpenAI
from openai_mock import MockServer, serve
from openai_mock.settings import DEFAULT_JOB_STEP_SECONDS as STEP

TOOLS: Any = [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}]


@pytest.fixture
def server() -> Iterator[MockServer]:
    with serve() as made:
        made.clock.freeze(at=1_750_000_000)
        yield made


@pytest.fixture
def client(server: MockServer) -> Iterator[OpenAI]:
    with OpenAI(
        api_key=server.api_key,
        base_url=server.base_url,
        max_retries=0,
        _strict_response_validation=True,
    ) as made:
        yield made


@pytest.fixture
def api(client: OpenAI) -> Any:
    return client.beta


@pytest.fixture
def assistant(api: Any) -> str:
    return api.assistants.create(model="gpt-5.5").id


@pytest.fixture
def thread(api: Any) -> str:
    return api.threads.create(messages=[{"role": "user", "content": "Hi"}]).id


def texts(api: Any, thread: str) -> list[str]:
    return [m.content[0].text.value for m in api.threads.messages.list(thread, order="asc")]


def test_run_goes_on_by_the_clock(server: MockServer, api: Any, assistant: str, thread: str):
    run = api.threads.runs.create(thread, assistant_id=assistant)
    assert run.status == "queued"
    server.clock.advance(STEP)
    assert api.threads.runs.retrieve(run.id, thread_id=thread).status == "in_progress"
    assert texts(api, thread) == ["Hi"]
    server.clock.advance(STEP)
    assert texts(api, thread) == ["Hi", "You wrote: Hi"]
    (done,) = api.threads.runs.list(thread)
    assert (done.status, done.completed_at) == ("completed", server.clock.seconds())
    assert done.usage.total_tokens > 0
    (step,) = api.threads.runs.steps.list(run.id, thread_id=thread)
    (said,) = api.threads.messages.list(thread, run_id=run.id)
    assert step.step_details.message_creation.message_id == said.id
    assert api.threads.runs.steps.retrieve(step.id, run_id=run.id, thread_id=thread) == step


def test_functions_are_run_by_the_client(server: MockServer, api: Any, assistant: str, thread: str):
    run = api.threads.runs.create(thread, assistant_id=assistant, tools=TOOLS)
    server.clock.advance(2 * STEP)
    waiting = api.threads.runs.retrieve(run.id, thread_id=thread)
    assert waiting.status == "requires_action"
    (call,) = waiting.required_action.submit_tool_outputs.tool_calls
    outputs = [{"tool_call_id": call.id, "output": "7"}]
    with pytest.raises(BadRequestError, match=call.id):
        api.threads.runs.submit_tool_outputs(run.id, thread_id=thread, tool_outputs=[])
    again = api.threads.runs.submit_tool_outputs(run.id, thread_id=thread, tool_outputs=outputs)
    assert (again.status, again.required_action) == ("queued", None)
    server.clock.advance(2 * STEP)
    assert api.threads.runs.retrieve(run.id, thread_id=thread).status == "completed"
    assert texts(api, thread)[-1] == "The tools gave: 7"
    steps = list(api.threads.runs.steps.list(run.id, thread_id=thread, order="asc"))
    assert [step.type for step in steps] == ["tool_calls", "message_creation"]
    assert steps[0].step_details.tool_calls[0].function.output == "7"
    with pytest.raises(BadRequestError, match="completed"):
        api.threads.runs.submit_tool_outputs(run.id, thread_id=thread, tool_outputs=outputs)


def test_stream_tells_all_with_functions(api: Any, assistant: str, thread: str):
    with api.threads.runs.create(
        thread, assistant_id=assistant, tools=TOOLS, stream=True
    ) as stream:
        events = list(stream)
    assert [events[0].event, events[-1].event] == [
        "thread.run.created",
        "thread.run.requires_action",
    ]
    run = events[-1].data
    (call,) = run.required_action.submit_tool_outputs.tool_calls
    with api.threads.runs.submit_tool_outputs(
        run.id,
        thread_id=thread,
        tool_outputs=[{"tool_call_id": call.id, "output": "7"}],
        stream=True,
    ) as stream:
        events = list(stream)
    assert [events[0].event, events[-1].event] == [
        "thread.run.step.completed",
        "thread.run.completed",
    ]
    deltas = [e.data.delta.content[0].text.value for e in events if "message.delta" in e.event]
    assert "".join(deltas) == texts(api, thread)[-1] == "The tools gave: 7"


def test_thread_is_made_with_its_run(server: MockServer, api: Any, assistant: str):
    asked: Any = {"messages": [{"role": "user", "content": "Hello"}]}
    events = list(api.threads.create_and_run(assistant_id=assistant, thread=asked, stream=True))
    assert events[0].event == "thread.created"
    assert texts(api, events[0].data.id) == ["Hello", "You wrote: Hello"]
    run = api.threads.create_and_run(assistant_id=assistant, thread=asked)
    server.clock.advance(2 * STEP)
    assert texts(api, run.thread_id) == ["Hello", "You wrote: Hello"]


def test_run_is_cancelled(server: MockServer, api: Any, assistant: str, thread: str):
    run = api.threads.runs.create(thread, assistant_id=assistant)
    assert api.threads.runs.cancel(run.id, thread_id=thread).status == "cancelling"
    cancelled = api.threads.runs.retrieve(run.id, thread_id=thread)
    assert (cancelled.status, cancelled.cancelled_at) == ("cancelled", server.clock.seconds())
    server.clock.advance(2 * STEP)
    assert texts(api, thread) == ["Hi"]
    with pytest.raises(BadRequestError, match="cancelled"):
        api.threads.runs.cancel(run.id, thread_id=thread)


def test_run_that_nobody_answers_expires(server: MockServer, api: Any, assistant: str, thread: str):
    run = api.threads.runs.create(thread, assistant_id=assistant, tools=TOOLS)
    server.clock.advance(2 * STEP)
    waiting = api.threads.runs.retrieve(run.id, thread_id=thread)
    server.clock.freeze(at=waiting.expires_at)
    assert api.threads.runs.retrieve(run.id, thread_id=thread).status == "expired"
    (step,) = api.threads.runs.steps.list(run.id, thread_id=thread)
    assert step.status == "expired"


def test_thread_is_closed_while_a_run_works(
    server: MockServer, api: Any, assistant: str, thread: str
):
    run = api.threads.runs.create(thread, assistant_id=assistant)
    with pytest.raises(BadRequestError, match=run.id):
        api.threads.messages.create(thread, role="user", content="more")
    with pytest.raises(BadRequestError, match=run.id):
        api.threads.runs.create(thread, assistant_id=assistant)
    server.clock.advance(2 * STEP)
    api.threads.messages.create(thread, role="user", content="more")
    api.threads.runs.create(
        thread,
        assistant_id=assistant,
        additional_messages=[{"role": "user", "content": "and more"}],
    )
    server.clock.advance(2 * STEP)
    assert texts(api, thread)[-2:] == ["and more", "You wrote: and more"]


def test_schema_that_nothing_meets_fails_the_run(
    server: MockServer, api: Any, assistant: str, thread: str
):
    schema = {"name": "n", "schema": {"type": "integer", "minimum": 3, "maximum": 2}}
    run = api.threads.runs.create(
        thread,
        assistant_id=assistant,
        response_format={"type": "json_schema", "json_schema": schema},
    )
    server.clock.advance(2 * STEP)
    failed = api.threads.runs.retrieve(run.id, thread_id=thread)
    assert (failed.status, failed.last_error.code) == ("failed", "invalid_prompt")


def test_assistant_has_to_be_there(api: Any, thread: str):
    with pytest.raises(NotFoundError, match="asst_no"):
        api.threads.runs.create(thread, assistant_id="asst_no")


def test_metadata_of_a_run_is_changed(api: Any, assistant: str, thread: str):
    run = api.threads.runs.create(thread, assistant_id=assistant)
    changed = api.threads.runs.update(run.id, thread_id=thread, metadata={"k": "v"})
    assert (changed.metadata, changed.status) == ({"k": "v"}, "queued")


def test_run_that_is_not_there_is_told(api: Any, thread: str):
    with pytest.raises(NotFoundError, match="run_0"):
        api.threads.runs.cancel("run_0", thread_id=thread)
