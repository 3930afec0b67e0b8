"""Calls that users make, never run: mypy and pyright must accept them and infer these types."""

from __future__ import annotations

from collections.abc import AsyncIterable, Mapping, Sequence
from typing import Literal, assert_type

import httpx
import openai_suite
from openai_realtime import AsyncRealtimeConnection, RealtimeConnection
from openai_stream.starlette import EventStreamResponse
from openai_suite import (
    NOT_GIVEN,
    APIConnectionError,
    APIError,
    APIResponse,
    APIStatusError,
    AssistantEventHandler,
    AsyncAPIResponse,
    AsyncAssistantEventHandler,
    AsyncChatCompletionStream,
    AsyncCursorPage,
    AsyncOpenAI,
    AsyncRelay,
    AsyncResponseStream,
    AsyncStream,
    Attempt,
    AttemptFailed,
    BadRequestError,
    CallBegan,
    CallEnded,
    CallEvent,
    ChatCompletionStream,
    ChatCompletionStreamState,
    Hook,
    HttpxBinaryResponseContent,
    LegacyAPIResponse,
    OpenAI,
    RateLimitError,
    Relay,
    ResponseAccumulator,
    ResponseStream,
    ResponseStreamState,
    RetryPolicy,
    RunSnapshot,
    Stream,
    StreamTruncatedError,
    StructuredOutput,
    SyncCursorPage,
    Timeout,
    deadline,
    omit,
    response_format_of,
    text_format_of,
)
from openai_suite.types import Completion, CompletionUsage, FileObject, ImagesResponse
from openai_suite.types.audio import Transcription, TranscriptionDiarized
from openai_suite.types.beta.threads import Message, Run, Text, TextDelta
from openai_suite.types.chat import (
    ChatCompletion,
    ChatCompletionChunk,
    ChatCompletionMessageParam,
    ChatCompletionToolUnionParam,
)
from openai_suite.types.responses import Response, ResponseStreamEvent, ResponseTextDeltaEvent
from openai_suite.types.webhooks import ResponseCompletedWebhookEvent
from openai_tools import function_tool, pydantic_function_tool, strict_json_schema
from openai_webhooks import Webhook
from pydantic import BaseModel


def make_clients() -> None:
    OpenAI()
    OpenAI(api_key="k", organization="o", project="p", base_url="https://h/v1")
    OpenAI(base_url=httpx.URL("https://h/v1"), http_client=httpx.Client())
    OpenAI(timeout=20, max_retries=0, default_headers={"a": "b"}, default_query={"c": 1})
    OpenAI(timeout=Timeout(60, connect=5))
    OpenAI(timeout=httpx.Timeout(60, connect=5))
    OpenAI(timeout=None, default_headers={"user-agent": omit})
    AsyncOpenAI(http_client=httpx.AsyncClient())
    with OpenAI() as client:
        assert_type(client, OpenAI)
        assert_type(client.with_options(max_retries=5), OpenAI)
        assert_type(client.copy(api_key="other"), OpenAI)


def keyed(client: OpenAI, async_client: AsyncOpenAI) -> None:
    def token() -> str:
        return "k"

    async def awaited() -> str:
        return "k"

    OpenAI(api_key=lambda: "k").copy(api_key=token)
    AsyncOpenAI(api_key=awaited).copy(api_key=lambda: "k")
    OpenAI(api_key=awaited)  # type: ignore[arg-type]
    client.api_key = token
    client.api_key = awaited  # type: ignore[assignment]
    async_client.api_key = awaited
    assert_type(client.api_key, str)
    openai_suite.api_key = token


def hooked() -> None:
    def plain(event: CallEvent) -> None:
        match event:
            case CallEnded(outcome=outcome, seconds=seconds, error=error, attempts=attempts):
                assert_type(seconds, float)
                assert_type(error, BaseException | None)
                assert_type(attempts, Sequence[Attempt])
                assert outcome != "cancelled"
            case AttemptFailed(error=failure, wait=wait):
                assert_type(failure, APIError)
                assert_type(wait, float | None)
            case CallBegan(headers=headers):
                assert_type(headers, dict[str, str])
            case _:
                assert_type(event.call.model, str | None)

    async def awaited(event: CallEvent) -> None:
        assert_type(event.call.operation, str)

    hooks: list[Hook] = [plain]
    OpenAI(hooks=[plain]).with_options(hooks=hooks)
    AsyncOpenAI(hooks=[plain, awaited]).with_options(hooks=[awaited])


def raw(client: OpenAI, messages: list[ChatCompletionMessageParam]) -> None:
    chat = client.chat.completions
    response = chat.with_raw_response.create(model="gpt-5.5", messages=messages)
    assert_type(response, LegacyAPIResponse[ChatCompletion])
    assert_type(response.parse(), ChatCompletion)
    assert_type(response.parse(to=str), str)
    stream = client.with_raw_response.chat.completions.create(
        model="gpt-5.5", messages=messages, stream=True
    )
    assert_type(stream.parse(), Stream[ChatCompletionChunk])
    with chat.with_streaming_response.create(model="gpt-5.5", messages=messages) as received:
        assert_type(received, APIResponse[ChatCompletion])
        assert_type(received.parse(), ChatCompletion)
    assert_type(client.files.with_raw_response.list().parse(), SyncCursorPage[FileObject])
    with client.files.with_streaming_response.content("file_1") as file:
        assert_type(file, APIResponse[HttpxBinaryResponseContent])
    text = client.audio.transcriptions.with_raw_response.create(
        file=b"", model="whisper-1", response_format="text"
    )
    assert_type(text.parse(), str)


async def raw_async(client: AsyncOpenAI, messages: list[ChatCompletionMessageParam]) -> None:
    chat = client.chat.completions
    response = await chat.with_raw_response.create(model="gpt-5.5", messages=messages)
    assert_type(response, LegacyAPIResponse[ChatCompletion])
    create = chat.with_streaming_response.create
    async with create(model="gpt-5.5", messages=messages, stream=True) as received:
        assert_type(received, AsyncAPIResponse[AsyncStream[ChatCompletionChunk]])
        assert_type(await received.parse(), AsyncStream[ChatCompletionChunk])
    page = await client.files.with_raw_response.list()
    assert_type(page.parse(), AsyncCursorPage[FileObject])
    async with client.files.with_streaming_response.list() as listed:
        assert_type(listed, AsyncAPIResponse[AsyncCursorPage[FileObject]])


class Person(BaseModel):
    name: str


def chat_streams(client: OpenAI, messages: list[ChatCompletionMessageParam]) -> None:
    completions = client.chat.completions
    with completions.stream(
        model="gpt-5.5", messages=messages, response_format=Person, idle_timeout=5
    ) as stream:
        assert_type(stream, ChatCompletionStream[Person])
        for event in stream:
            if event.type == "content.delta":
                assert_type(event.delta, str)
                assert_type(event.snapshot, str)
            elif event.type == "content.done":
                assert_type(event.parsed, Person | None)
            elif event.type == "tool_calls.function.arguments.done":
                assert_type(event.tool_call.id, str)
            elif event.type == "chunk":
                assert_type(event.chunk, ChatCompletionChunk)
        assert_type(stream.usage, CompletionUsage | None)
        completion = stream.get_final_completion()
        assert_type(completion.choices[0].message.parsed, Person | None)
        assert_type(stream.partial.choices[0].message.parsed, Person | None)
    with client.beta.chat.completions.stream(
        model="gpt-5.5",
        messages=messages,
        tools=[pydantic_function_tool(Person)],
        response_format={"type": "json_object"},
    ) as stream_of_calls:
        assert_type(stream_of_calls, ChatCompletionStream[None])
        for call in stream_of_calls.tool_calls():
            assert_type(call.function.name, str)
    with completions.stream(model="gpt-5.5", messages=messages) as plain:
        assert_type(plain, ChatCompletionStream[None])
        assert_type("".join(plain.text()), str)
    state = ChatCompletionStreamState(response_format=Person)
    for chunk in completions.create(model="gpt-5.5", messages=messages, stream=True):
        state.handle_chunk(chunk)
    assert_type(state.get_final_completion().choices[0].message.parsed, Person | None)


async def async_chat_streams(
    client: AsyncOpenAI, messages: list[ChatCompletionMessageParam]
) -> None:
    completions = client.chat.completions
    async with completions.stream(
        model="gpt-5.5", messages=messages, response_format=Person
    ) as stream:
        assert_type(stream, AsyncChatCompletionStream[Person])
        async for text in stream.text():
            assert_type(text, str)
        completion = await stream.get_final_completion()
        assert_type(completion.choices[0].message.parsed, Person | None)


def response_streams(client: OpenAI) -> None:
    with client.responses.stream(
        model="gpt-5.5", input="Hi", text_format=Person, idle_timeout=5
    ) as stream:
        assert_type(stream, ResponseStream[Person])
        for event in stream:
            if event.type == "response.output_text.delta":
                assert_type(event.snapshot, str)
            elif event.type == "response.output_text.done":
                assert_type(event.parsed, Person | None)
            elif event.type == "response.function_call_arguments.delta":
                assert_type(event.snapshot, str)
            elif event.type == "response.completed":
                assert_type(event.response.output_parsed, Person | None)
            elif event.type == "response.refusal.done":
                assert_type(event.refusal, str)
        assert_type(stream.partial.output_text, str)
        assert_type(stream.get_final_response().output_parsed, Person | None)
        assert_type(client.resume(stream.token), Stream[ResponseStreamEvent])
    with client.responses.stream(model="gpt-5.5", input="Hi", background=True) as plain:
        assert_type(plain, ResponseStream[None])
        assert_type("".join(plain.text()), str)
    with client.responses.stream(response_id="resp_1", starting_after=3) as again:
        for call in again.tool_calls():
            assert_type(call.name, str)
    state, accumulator = ResponseStreamState(text_format=Person), ResponseAccumulator()
    for told in client.responses.create(model="gpt-5.5", input="Hi", stream=True):
        accumulator.add(told)
        state.handle_event(told)
    assert_type(state.final().output_parsed, Person | None)
    assert_type(accumulator.snapshot(), Response)


async def async_response_streams(client: AsyncOpenAI) -> None:
    async with client.responses.stream(model="gpt-5.5", input="Hi", text_format=Person) as stream:
        assert_type(stream, AsyncResponseStream[Person])
        async for text in stream.text():
            assert_type(text, str)
        assert_type((await stream.get_final_response()).output_parsed, Person | None)
    assert_type(await client.resume("token"), AsyncStream[ResponseStreamEvent])


def chat(client: OpenAI, messages: list[ChatCompletionMessageParam], streamed: bool) -> None:
    completion = client.chat.completions.create(model="gpt-5.5", messages=messages)
    assert_type(completion, ChatCompletion)
    assert_type(completion.choices[0].message.content, str | None)
    stream = client.chat.completions.create(model="gpt-5.5", messages=messages, stream=True)
    assert_type(stream, Stream[ChatCompletionChunk])
    for chunk in stream:
        assert_type(chunk, ChatCompletionChunk)
        assert_type(chunk.choices[0].delta.content, str | None)
    either = client.chat.completions.create(model="gpt-5.5", messages=messages, stream=streamed)
    assert_type(either, ChatCompletion | Stream[ChatCompletionChunk])
    client.chat.completions.create(
        model="gpt-5.5",
        messages=[
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "Hello?"}]},
        ],
        temperature=0.5 if streamed else NOT_GIVEN,
        extra_headers={"x-a": "b"},
        extra_query={"q": 1},
        extra_body={"vendor": True},
        timeout=5,
        deadline=20,
        retry=RetryPolicy(max_retries=4, resend_unknown=False),
        idempotency_key="mine",
        idle_timeout=None,
    )


def limit(client: OpenAI) -> None:
    with deadline(20):
        client.models.list(deadline=None, retry=0)
        client.responses.create(model="gpt-5.5", input="Hello?", stream=True, idle_timeout=5)
        client.with_options(deadline=3, retry=Patient(), first_event_timeout=5)
    assert_type(client.retry, RetryPolicy)


class Patient(RetryPolicy):
    def decide(self, attempts: Sequence[Attempt]) -> float | None:
        last = attempts[-1]
        assert_type(last.outcome, Literal["never_sent", "unknown", "answered"])
        return 60 if last.status == 503 else super().decide(attempts)


def tried(error: APIError) -> tuple[Attempt, ...]:
    return error.attempts


def respond(client: OpenAI) -> None:
    response = client.responses.create(model="gpt-5.5", input="Hello?")
    assert_type(response, Response)
    assert_type(response.output_text, str)
    for item in response.output:
        if item.type == "message":
            assert_type(item.role, Literal["assistant"])
    with client.responses.create(model="gpt-5.5", input="Hello?", stream=True) as events:
        assert_type(events, Stream[ResponseStreamEvent])
        for event in events:
            if event.type == "response.output_text.delta":
                assert_type(event, ResponseTextDeltaEvent)
                assert_type(event.delta, str)


async def respond_async(client: AsyncOpenAI) -> None:
    assert_type(await client.responses.create(model="gpt-5.5", input="Hello?"), Response)
    events = await client.responses.create(model="gpt-5.5", input="Hello?", stream=True)
    assert_type(events, AsyncStream[ResponseStreamEvent])
    async with events:
        async for event in events:
            if event.type == "response.completed":
                assert_type(event.response, Response)


def relay(stream: Stream[ChatCompletionChunk], received: Sequence[bytes]) -> None:
    assert_type(stream.to_sse(), Relay)
    for piece in stream.to_ndjson(lambda chunk: chunk.choices or None):
        assert_type(piece, bytes)
    assert_type(Stream.from_sse(received, ChatCompletionChunk), Stream[ChatCompletionChunk])
    events: Stream[ResponseStreamEvent] = Stream.from_ndjson(received, ResponseStreamEvent)
    assert_type(next(events.to_sse()), bytes)


async def relay_async(client: AsyncOpenAI, received: AsyncIterable[bytes]) -> None:
    stream = AsyncStream.from_sse(received, ChatCompletionChunk)
    assert_type(stream, AsyncStream[ChatCompletionChunk])
    assert_type(stream.to_sse(), AsyncRelay)
    EventStreamResponse(stream, lambda chunk: chunk.choices or None)
    EventStreamResponse(client.responses.create(model="m", input="Hello?", stream=True))
    EventStreamResponse(client.chat.completions.stream(model="m", messages=[]))
    EventStreamResponse(client.responses.stream(model="m", input="Hello?"))


def handle_errors(client: OpenAI) -> None:
    try:
        client.responses.create(model="gpt-5.5", input="Hello?")
    except BadRequestError as error:
        assert_type(error.status_code, Literal[400])
        assert_type(error.param, str | None)
    except RateLimitError as error:
        assert_type(error.response.headers, Mapping[str, str])
        assert_type(error.response.text, str)
    except APIStatusError as error:
        assert_type(error.request_id, str | None)
    except StreamTruncatedError as error:
        assert_type(error.events, list[object])
    except APIConnectionError as error:
        assert_type(error.message, str)


def talk(client: OpenAI) -> None:
    with client.realtime.connect(model="gpt-realtime") as connection:
        assert_type(connection, RealtimeConnection)
        connection.session.update(session={"type": "realtime", "output_modalities": ["text"]})
        for event in connection:
            if event.type == "response.output_text.delta":
                assert_type(event.delta, str)


async def talk_async(client: AsyncOpenAI) -> None:
    async with client.realtime.connect(model="gpt-realtime") as connection:
        assert_type(connection, AsyncRealtimeConnection)
        await connection.response.create()


def receive_with_a_client(client: OpenAI, body: bytes, headers: dict[str, str]) -> None:
    event = client.webhooks.unwrap(body, headers, secret=["whsec_bmV3", "whsec_b2xk"])
    if event.type == "batch.failed":
        assert_type(event.data.id, str)
    client.webhooks.verify_signature(body, headers, tolerance=60)


def receive(body: bytes, headers: dict[str, str]) -> None:
    event = Webhook("whsec_c2VjcmV0").unwrap(body, headers)
    if event.type == "response.completed":
        assert_type(event, ResponseCompletedWebhookEvent)
        assert_type(event.data.id, str)


class Order(openai_suite.BaseModel):
    """A structured output."""

    number: int


def weather(city: str) -> str:
    return city


def tools(client: OpenAI) -> None:
    tool = function_tool(weather)
    client.responses.create(model="gpt-5.5", input="Rome?", tools=[tool.param])
    for_chat: list[ChatCompletionToolUnionParam] = [pydantic_function_tool(Order)]
    client.chat.completions.create(model="gpt-5.5", messages=[], tools=for_chat)
    assert_type(strict_json_schema(Order), dict[str, object])


def structured_outputs(client: OpenAI) -> None:
    client.chat.completions.create(
        model="gpt-5.5", messages=[], response_format=response_format_of(Order)
    )
    client.responses.create(
        model="gpt-5.5", input="", text={"format": text_format_of(Order)}, stream=True
    )
    answer = StructuredOutput(Order)
    answer.feed("{")
    assert_type(answer.final(), Order)
    assert_type(StructuredOutput(list[Order]).final(), list[Order])
    assert_type([part.value for part in answer.completed()], list[object])


def partials(client: OpenAI) -> None:
    image = client.images.generate(prompt="A cat", stream=True)
    assert_type(image.partial, ImagesResponse)
    edited = client.images.edit(prompt="A dog", image=b"", stream=True)
    assert_type(edited.partial, ImagesResponse)
    speech = client.audio.speech.stream(model="gpt-4o-mini-tts", input="Hi", voice="alloy")
    assert_type(speech.partial, bytes)
    for event in speech:
        if event.type == "speech.audio.delta":
            assert_type(event.audio, str)
    transcript = client.audio.transcriptions.create(model="whisper-1", file=b"", stream=True)
    assert_type(transcript.partial, Transcription | TranscriptionDiarized)
    completion = client.completions.create(model="m", prompt="Hi", stream=True)
    assert_type(completion.partial, Completion)
    run = client.beta.threads.runs.create("thread", assistant_id="a", stream=True)
    assert_type(run.partial, RunSnapshot)


class Handler(AssistantEventHandler):
    def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        assert_type(delta.value, str | None)
        assert_type(snapshot.value, str)
        assert_type(self.current_run, Run | None)


def runs(client: OpenAI) -> None:
    threads = client.beta.threads
    with threads.create_and_run_stream(assistant_id="a", event_handler=Handler()) as stream:
        assert_type(stream, Handler)
        assert_type(stream.get_final_run(), Run)
    with threads.runs.stream(thread_id="t", assistant_id="a") as plain:
        assert_type(plain, AssistantEventHandler)
    with threads.runs.submit_tool_outputs_stream(
        run_id="r", thread_id="t", tool_outputs=[{"output": "1"}], idle_timeout=3
    ) as plain:
        assert_type(plain.partial.messages, list[Message])


async def asynchronous_runs(client: AsyncOpenAI) -> None:
    async with client.beta.threads.runs.create_and_stream(
        thread_id="t", assistant_id="a"
    ) as stream:
        assert_type(stream, AsyncAssistantEventHandler)
        assert_type(await stream.get_final_messages(), list[Message])
    speech = await client.audio.speech.stream(model="tts", input="Hi", voice="alloy")
    assert_type(speech.partial, bytes)


def test_against_the_mock() -> None:
    with openai_suite.serve() as server:
        OpenAI(api_key=server.api_key, base_url=server.base_url)
        assert_type(server.send_webhook("http://127.0.0.1:1/webhook"), int)
