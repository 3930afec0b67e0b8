"""Calls that users make, never run: mypy and pyright must accept them and infer these types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, assert_type

import httpx
import openai_suite
from openai_realtime import AsyncRealtimeConnection, RealtimeConnection
from openai_suite import (
    NOT_GIVEN,
    APIConnectionError,
    APIStatusError,
    AsyncOpenAI,
    AsyncStream,
    BadRequestError,
    OpenAI,
    RateLimitError,
    Stream,
    StreamTruncatedError,
    Timeout,
    omit,
)
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
    )


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


def test_against_the_mock() -> None:
    with openai_suite.serve() as server:
        OpenAI(api_key=server.api_key, base_url=server.base_url)
        assert_type(server.send_webhook("http://127.0.0.1:1/webhook"), int)
