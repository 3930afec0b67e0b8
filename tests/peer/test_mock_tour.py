"""A tour of the mock server with the official package as the client: what a user of it expects.

The client of this project and the server come from one description and may be wrong together; the
official package judges by itself. Each namespace is used as its documentation says.
"""

from __future__ import annotations

import base64
import io
import json
import queue
import threading
import wave
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pydantic
import pytest
from openai_mock import MockServer, serve

pytestmark = pytest.mark.peer
openai = pytest.importorskip("openai", reason="the official package is not installed here")

# Any: the classes of the official package, which is not there in every session of nox.

MODEL = "gpt-5.5"
USER = [{"role": "user", "content": "Is anybody there?"}]
WEATHER = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
FUNCTION = {"name": "weather", "parameters": WEATHER, "strict": True}
LINES = b'{"messages": [{"role": "user", "content": "Hi"}]}\n' * 10


class Person(pydantic.BaseModel):
    name: str
    age: int


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with serve(job_step_seconds=0) as server:
        yield server


@pytest.fixture(scope="module")
def client(mock: MockServer) -> Iterator[Any]:
    with openai.OpenAI(
        api_key=mock.api_key,
        admin_api_key=mock.admin_api_key,
        base_url=mock.base_url,
        webhook_secret=mock.webhook_secret,
        max_retries=0,
    ) as made:
        yield made


@pytest.fixture
async def async_client(mock: MockServer) -> AsyncIterator[Any]:
    async with openai.AsyncOpenAI(
        api_key=mock.api_key, base_url=mock.base_url, max_retries=0
    ) as made:
        yield made


class Receiver:
    """Receives webhooks on a real socket, and keeps them as they came."""

    def __init__(self) -> None:
        self.requests: queue.Queue[tuple[dict[str, str], bytes]] = queue.Queue()
        requests = self.requests

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                requests.put((dict(self.headers.items()), body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def assert_gone(retrieve: Any, *identifiers: str, **more: str) -> None:
    with pytest.raises(openai.NotFoundError):
        retrieve(*identifiers, **more)


def ids(page: Any) -> list[str]:
    return [each.id for each in page]


# Errors


def test_wrong_key_is_the_error_of_the_package(mock: MockServer):
    with (
        openai.OpenAI(api_key="sk-wrong", base_url=mock.base_url, max_retries=0) as stranger,
        pytest.raises(openai.AuthenticationError, match="Incorrect API key"),
    ):
        stranger.models.list()


def test_wrong_parameter_is_named(client: Any):
    with pytest.raises(openai.BadRequestError) as raised:
        client.responses.create(model=MODEL, input="Hi", temperature="hot")
    assert (raised.value.param, raised.value.type) == ("temperature", "invalid_request_error")


# Models and text


def test_models(client: Any):
    assert MODEL in ids(client.models.list())
    assert client.models.retrieve(MODEL).object == "model"
    with pytest.raises(openai.NotFoundError, match="gpt-0"):
        client.models.retrieve("gpt-0")


def test_chat(client: Any):
    completion = client.chat.completions.create(model=MODEL, messages=USER)
    choice = completion.choices[0]
    assert (choice.finish_reason, choice.message.role) == ("stop", "assistant")
    assert "Is anybody there?" in choice.message.content
    usage = completion.usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens > 0


def test_chat_streamed(client: Any):
    whole = client.chat.completions.create(model=MODEL, messages=USER)
    options = {"include_usage": True}
    chunks = [
        *client.chat.completions.create(
            model=MODEL, messages=USER, stream=True, stream_options=options
        )
    ]
    text = "".join(each.choices[0].delta.content or "" for each in chunks if each.choices)
    assert text == whole.choices[0].message.content
    assert chunks[-1].usage == whole.usage


def test_chat_stream_helper_puts_the_completion_together(client: Any):
    with client.chat.completions.stream(model=MODEL, messages=USER) as stream:
        kinds = {event.type for event in stream}
        completion = stream.get_final_completion()
    assert {"chunk", "content.delta", "content.done"} <= kinds
    assert "Is anybody there?" in completion.choices[0].message.content


def test_chat_calls_tools_and_goes_on_with_their_answers(client: Any):
    tools = [{"type": "function", "function": FUNCTION}]
    messages: list[Any] = [{"role": "user", "content": "What is the weather?"}]
    first = client.chat.completions.create(
        model=MODEL, messages=messages, tools=tools, tool_choice="required"
    )
    assert first.choices[0].finish_reason == "tool_calls"
    (call,) = first.choices[0].message.tool_calls
    assert call.function.name == "weather"
    assert isinstance(json.loads(call.function.arguments)["city"], str)
    messages += [
        first.choices[0].message,
        {"role": "tool", "tool_call_id": call.id, "content": "sunny"},
    ]
    second = client.chat.completions.create(model=MODEL, messages=messages, tools=tools)
    assert second.choices[0].finish_reason == "stop"


def test_chat_parses_into_a_pydantic_model(client: Any):
    completion = client.chat.completions.parse(model=MODEL, messages=USER, response_format=Person)
    assert isinstance(completion.choices[0].message.parsed, Person)


def test_chat_completions_are_stored_changed_and_deleted(client: Any):
    stored = client.chat.completions
    made = stored.create(model=MODEL, messages=USER, store=True, metadata={"k": "1"})
    assert stored.retrieve(made.id).choices[0].message.content
    assert stored.update(made.id, metadata={"k": "2"}).metadata == {"k": "2"}
    assert made.id in ids(stored.list())
    assert [each.content for each in stored.messages.list(made.id)] == ["Is anybody there?"]
    assert stored.delete(made.id).deleted is True
    assert_gone(stored.retrieve, made.id)


def test_text_completions(client: Any):
    whole = client.completions.create(model="gpt-3.5-turbo-instruct", prompt="Once upon a time")
    stream = client.completions.create(
        model="gpt-3.5-turbo-instruct", prompt="Once upon a time", stream=True
    )
    assert "".join(each.choices[0].text for each in stream) == whole.choices[0].text != ""


# Responses and conversations


def test_response(client: Any):
    response = client.responses.create(model=MODEL, input="Is anybody there?")
    assert response.status == "completed"
    assert "Is anybody there?" in response.output_text
    assert response.usage.total_tokens > 0


def test_response_streamed(client: Any):
    events = [*client.responses.create(model=MODEL, input="Hi", stream=True)]
    assert [event.sequence_number for event in events] == [*range(len(events))]
    assert (events[0].type, events[-1].type) == ("response.created", "response.completed")
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert "".join(deltas) == events[-1].response.output_text


def test_response_stream_helper_puts_the_response_together(client: Any):
    with client.responses.stream(model=MODEL, input="Hi", text_format=Person) as stream:
        for _ in stream:
            pass
        assert isinstance(stream.get_final_response().output_parsed, Person)


def test_response_parses_into_a_pydantic_model(client: Any):
    response = client.responses.parse(model=MODEL, input="Who?", text_format=Person)
    assert isinstance(response.output_parsed, Person)


def test_response_calls_tools_and_goes_on_with_their_answers(client: Any):
    tools = [{"type": "function", **FUNCTION}]
    first = client.responses.create(
        model=MODEL, input="What is the weather?", tools=tools, tool_choice="required"
    )
    (call,) = [item for item in first.output if item.type == "function_call"]
    assert (call.name, list(json.loads(call.arguments))) == ("weather", ["city"])
    output = {"type": "function_call_output", "call_id": call.call_id, "output": "sunny"}
    second = client.responses.create(
        model=MODEL, input=[output], previous_response_id=first.id, tools=tools
    )
    assert second.previous_response_id == first.id
    assert second.output_text
    question = {"role": "user", "content": "What is the weather?"}
    by_hand = client.responses.create(
        model=MODEL, input=[question, *first.output, output, *second.output], tools=tools
    )
    assert by_hand.output_text


def test_responses_are_stored_with_their_input_and_deleted(client: Any):
    made = client.responses.create(model=MODEL, input="Hi")
    assert client.responses.retrieve(made.id).output_text == made.output_text
    (item,) = client.responses.input_items.list(made.id)
    assert item.content[0].text == "Hi"
    assert client.responses.input_tokens.count(model=MODEL, input="Hi").input_tokens > 0
    client.responses.delete(made.id)
    assert_gone(client.responses.retrieve, made.id)
    with pytest.raises(openai.BadRequestError, match=made.id):
        client.responses.create(model=MODEL, input="And?", previous_response_id=made.id)


def test_response_in_the_background(client: Any):
    queued = client.responses.create(model=MODEL, input="Hi", background=True)
    assert queued.status == "queued"
    assert client.responses.retrieve(queued.id).status == "completed"
    with serve() as server:
        waiting = client.with_options(base_url=server.base_url)
        other = waiting.responses.create(model=MODEL, input="Hi", background=True)
        assert waiting.responses.cancel(other.id).status == "cancelled"


def test_stream_of_a_background_response_goes_on_where_it_was_left(client: Any):
    begun = client.responses.create(model=MODEL, input="Hi", background=True, stream=True)
    first = next(iter(begun))
    begun.close()
    rest = client.responses.retrieve(first.response.id, stream=True, starting_after=0)
    assert [event.sequence_number for event in rest][:2] == [1, 2]


def test_conversations(client: Any):
    message = {"type": "message", "role": "user", "content": "Hi"}
    conversation = client.conversations.create(items=[message], metadata={"k": "1"})
    assert client.conversations.retrieve(conversation.id).metadata == {"k": "1"}
    client.responses.create(model=MODEL, input="And?", conversation=conversation.id)
    kinds = [item.role for item in client.conversations.items.list(conversation.id, order="asc")]
    assert kinds == ["user", "user", "assistant"]
    (added,) = client.conversations.items.create(conversation.id, items=[message]).data
    client.conversations.items.delete(added.id, conversation_id=conversation.id)
    assert_gone(client.conversations.items.retrieve, added.id, conversation_id=conversation.id)
    client.conversations.update(conversation.id, metadata={"k": "2"})
    assert client.conversations.delete(conversation.id).deleted is True
    assert_gone(client.conversations.retrieve, conversation.id)


# Vectors, judgements, pictures and sound


def test_embeddings(client: Any):
    texts = ["a cat", "a cat"]
    made = client.embeddings.create(model="text-embedding-3-small", input=texts, dimensions=8)
    first, second = (each.embedding for each in made.data)
    assert first == second
    assert len(first) == 8


def test_moderations(client: Any):
    (result,) = client.moderations.create(input="Good morning.").results
    assert result.flagged is False
    assert result.category_scores.violence < 0.5


def test_images(client: Any):
    made = client.images.generate(model="gpt-image-1", prompt="A cat", size="1024x1024")
    picture = base64.b64decode(made.data[0].b64_json)
    assert picture.startswith(b"\x89PNG")
    edited = client.images.edit(model="gpt-image-1", image=("cat.png", picture), prompt="A dog")
    assert base64.b64decode(edited.data[0].b64_json).startswith(b"\x89PNG")
    events = [*client.images.generate(model="gpt-image-1", prompt="A cat", stream=True)]
    assert events[-1].type == "image_generation.completed"


@pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning")
def test_what_is_spoken_is_heard_again(client: Any):
    voice = {"model": "gpt-4o-mini-tts", "voice": "alloy", "input": "Good morning."}
    sound = client.audio.speech.create(**voice, response_format="wav").content
    with wave.open(io.BytesIO(sound)) as recording:
        assert recording.getnframes() > 0
    heard = client.audio.transcriptions.create(model="whisper-1", file=("speech.wav", sound))
    assert heard.text == "Good morning."
    english = client.audio.translations.create(model="whisper-1", file=("speech.wav", sound))
    assert english.text
    with client.audio.speech.with_streaming_response.create(**voice) as response:
        assert b"".join(response.iter_bytes())


@pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")
def test_videos(client: Any):
    video = client.videos.create_and_poll(
        model="sora-2", prompt="A cat", seconds="4", poll_interval_ms=1
    )
    assert video.status == "completed"
    assert client.videos.download_content(video.id).content[4:8] == b"ftyp"
    assert video.id in ids(client.videos.list())
    client.videos.delete(video.id)
    assert_gone(client.videos.retrieve, video.id)


# Files, stores and jobs


def test_files(client: Any):
    made = client.files.create(file=("notes.txt", b"Some notes."), purpose="user_data")
    assert (made.filename, made.bytes) == ("notes.txt", 11)
    assert client.files.content(made.id).content == b"Some notes."
    assert made.id in ids(client.files.list(purpose="user_data"))
    assert client.files.delete(made.id).deleted is True
    assert_gone(client.files.retrieve, made.id)


def test_pages_hold_everything_once(client: Any):
    made = [client.files.create(file=(f"{n}.txt", b"x"), purpose="vision").id for n in range(5)]
    listed = ids(client.files.list(purpose="vision", limit=2, order="asc"))
    assert listed == made


def test_uploads_are_joined(client: Any):
    upload = client.uploads.create(
        filename="long.txt", bytes=6, mime_type="text/plain", purpose="user_data"
    )
    parts = [client.uploads.parts.create(upload.id, data=data).id for data in (b"abc", b"def")]
    done = client.uploads.complete(upload.id, part_ids=parts)
    assert done.status == "completed"
    assert client.files.content(done.file.id).content == b"abcdef"
    other = client.uploads.create(
        filename="long.txt", bytes=6, mime_type="text/plain", purpose="user_data"
    )
    assert client.uploads.cancel(other.id).status == "cancelled"


def test_vector_stores(client: Any):
    store = client.vector_stores.create(name="Notes")
    file = client.vector_stores.files.upload_and_poll(
        vector_store_id=store.id, file=("cats.txt", b"Cats sleep all day long.")
    )
    assert file.status == "completed"
    found = client.vector_stores.search(store.id, query="cats")
    assert [each.file_id for each in found] == [file.id]
    assert client.vector_stores.retrieve(store.id).file_counts.completed == 1
    client.vector_stores.files.delete(file.id, vector_store_id=store.id)
    assert ids(client.vector_stores.files.list(store.id)) == []
    assert client.vector_stores.delete(store.id).deleted is True
    assert_gone(client.vector_stores.retrieve, store.id)


def test_batches_write_files(client: Any):
    body = {"model": MODEL, "messages": USER}
    line = {"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": body}
    file = client.files.create(file=("in.jsonl", json.dumps(line).encode()), purpose="batch")
    batch = client.batches.create(
        input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
    )
    batch = client.batches.retrieve(batch.id)
    assert (batch.status, batch.request_counts.completed) == ("completed", 1)
    answered = json.loads(client.files.content(batch.output_file_id).text)
    assert answered["custom_id"] == "1"
    message = answered["response"]["body"]["choices"][0]["message"]
    assert "Is anybody there?" in message["content"]
    assert batch.id in ids(client.batches.list())


def test_fine_tuning_leaves_a_model(client: Any):
    file = client.files.create(file=("train.jsonl", LINES), purpose="fine-tune")
    job = client.fine_tuning.jobs.create(model="gpt-4o-mini-2024-07-18", training_file=file.id)
    job = client.fine_tuning.jobs.retrieve(job.id)
    assert job.status == "succeeded"
    assert client.models.retrieve(job.fine_tuned_model).id == job.fine_tuned_model
    assert ids(client.fine_tuning.jobs.list_events(job.id))
    assert ids(client.fine_tuning.jobs.checkpoints.list(job.id))
    assert job.id in ids(client.fine_tuning.jobs.list())


def test_evals(client: Any):
    grader = {
        "type": "string_check",
        "name": "same",
        "input": "{{item.a}}",
        "reference": "{{item.b}}",
        "operation": "eq",
    }
    schema = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}
    config = {"type": "custom", "item_schema": schema}
    made = client.evals.create(data_source_config=config, testing_criteria=[grader], name="Same")
    rows = [{"item": {"a": "x", "b": "x"}}, {"item": {"a": "x", "b": "y"}}]
    source = {"type": "jsonl", "source": {"type": "file_content", "content": rows}}
    run = client.evals.runs.create(made.id, data_source=source)
    run = client.evals.runs.retrieve(run.id, eval_id=made.id)
    assert (run.status, run.result_counts.passed, run.result_counts.failed) == ("completed", 1, 1)
    assert len(ids(client.evals.runs.output_items.list(run.id, eval_id=made.id))) == 2
    assert made.id in ids(client.evals.list())
    client.evals.delete(made.id)
    assert_gone(client.evals.retrieve, made.id)


def test_containers(client: Any):
    container = client.containers.create(name="Box")
    file = client.containers.files.create(container.id, file=("a.txt", b"abc"))
    content = client.containers.files.content.retrieve(file.id, container_id=container.id)
    assert content.content == b"abc"
    assert ids(client.containers.files.list(container.id)) == [file.id]
    client.containers.files.delete(file.id, container_id=container.id)
    client.containers.delete(container.id)
    assert_gone(client.containers.retrieve, container.id)


# Assistants


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_assistants_threads_and_runs(client: Any, mock: MockServer):
    beta = client.beta
    assistant = beta.assistants.create(model=MODEL, name="Helper")
    assert assistant.id in ids(beta.assistants.list())
    thread = beta.threads.create()
    beta.threads.messages.create(thread.id, role="user", content="Is anybody there?")
    run = beta.threads.runs.create(thread.id, assistant_id=assistant.id)
    mock.clock.advance(60)
    assert beta.threads.runs.retrieve(run.id, thread_id=thread.id).status == "completed"
    answer, question = beta.threads.messages.list(thread.id)
    assert (answer.role, question.role) == ("assistant", "user")
    assert "Is anybody there?" in answer.content[0].text.value
    assert ids(beta.threads.runs.steps.list(run.id, thread_id=thread.id))
    beta.threads.delete(thread.id)
    assert_gone(beta.threads.retrieve, thread.id)
    beta.assistants.delete(assistant.id)
    assert_gone(beta.assistants.retrieve, assistant.id)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_run_streams_its_events(client: Any):
    assistant = client.beta.assistants.create(model=MODEL)
    thread = client.beta.threads.create(messages=USER)
    with client.beta.threads.runs.stream(thread_id=thread.id, assistant_id=assistant.id) as stream:
        text = "".join(stream.text_deltas)
        run = stream.get_final_run()
    assert run.status == "completed"
    assert "Is anybody there?" in text


# Secrets, webhooks and administration


def test_realtime_client_secrets(client: Any):
    session = {"type": "realtime", "model": "gpt-realtime"}
    secret = client.realtime.client_secrets.create(session=session)
    assert secret.value.startswith("ek_")
    assert secret.session.model == "gpt-realtime"


def test_webhook_is_unwrapped(client: Any, mock: MockServer, receiver: Receiver):
    mock.send_webhook(receiver.url, "response.completed", data={"id": "resp_1"})
    headers, body = receiver.requests.get_nowait()
    event = client.webhooks.unwrap(body, headers)
    assert (event.type, event.data.id) == ("response.completed", "resp_1")
    with pytest.raises(openai.InvalidWebhookSignatureError):
        client.webhooks.unwrap(body + b" ", headers)


def test_administration(client: Any):
    projects = client.admin.organization.projects
    project = projects.create(name="Tour")
    assert projects.retrieve(project.id).name == "Tour"
    assert projects.update(project.id, name="Over").name == "Over"
    assert project.id in ids(projects.list())
    account = projects.service_accounts.create(project.id, name="Robot")
    assert account.id in ids(projects.service_accounts.list(project.id))
    projects.service_accounts.delete(account.id, project_id=project.id)
    assert projects.archive(project.id).status == "archived"


# Asynchronously


@pytest.mark.anyio
async def test_async_chat_and_stream(async_client: Any):
    whole = await async_client.chat.completions.create(model=MODEL, messages=USER)
    stream = await async_client.chat.completions.create(model=MODEL, messages=USER, stream=True)
    text = "".join([each.choices[0].delta.content or "" async for each in stream if each.choices])
    assert text == whole.choices[0].message.content


@pytest.mark.anyio
async def test_async_response_and_pages(async_client: Any):
    made = await async_client.responses.create(model=MODEL, input="Hi")
    found = [item async for item in async_client.responses.input_items.list(made.id)]
    assert found[0].content[0].text == "Hi"


@pytest.mark.anyio
async def test_async_files(async_client: Any):
    made = await async_client.files.create(file=("a.txt", b"abc"), purpose="user_data")
    assert (await async_client.files.content(made.id)).content == b"abc"
    await async_client.files.delete(made.id)
    with pytest.raises(openai.NotFoundError):
        await async_client.files.retrieve(made.id)


# Sockets


@pytest.mark.filterwarnings("ignore:connect.. must be used:DeprecationWarning")
def test_realtime_socket(client: Any):
    with client.realtime.connect(model="gpt-realtime") as connection:
        assert connection.recv().type == "session.created"
        connection.session.update(session={"type": "realtime", "output_modalities": ["text"]})
        assert connection.recv().type == "session.updated"
        content = [{"type": "input_text", "text": "Is anybody there?"}]
        connection.conversation.item.create(
            item={"type": "message", "role": "user", "content": content}
        )
        connection.response.create()
        text = ""
        for event in connection:
            if event.type == "response.output_text.delta":
                text += event.delta
            if event.type == "response.done":
                break
        assert "Is anybody there?" in text


@pytest.mark.anyio
async def test_async_realtime_socket(async_client: Any):
    async with async_client.realtime.connect(model="gpt-realtime") as connection:
        assert (await connection.recv()).type == "session.created"
        await connection.send({"type": "session.destroy"})
        assert (await connection.recv()).error.param == "type"
